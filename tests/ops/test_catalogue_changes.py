"""A catalogue that is changed while the help desk runs: reports, refusals, and channels that teams keep."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.articles.contents import Contents
from bot.catalogue.schema import CatalogueFile
from bot.cli import main
from bot.context.actor import person_by_slack_id
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.session import Sessions
from bot.ops import release
from bot.ops.catalogue_load import ArchivesOpenTickets, Load, load_into, preview
from bot.ops.database import open_database
from bot.services.channels import Conversation
from bot.settings import Settings
from models.base import Base
from models.catalogue import Service, Site, Team
from models.lifecycle import Action
from models.tickets.ticket import Ticket
from tests.support.factories import NOW, create_ticket, make_person
from tests.support.use_case_desk import SmallDesk, at_once

Row = dict[str, Any]
NETWORK: Row = {"id": "reseau", "name": "Réseau", "channel": "#dnum-reseau"}
FAX = "service fax (Fax)"


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """Its catalogue is the whole file's; its team's channels are found."""
    load_into(engine_of(shared_desk), Load(Contents(file())))
    with shared_desk.sessions.begin() as session:
        for team in session.scalars(select(Team)):
            team.channel_read_at = NOW
    return shared_desk


def engine_of(desk: SmallDesk) -> Engine:
    engine = desk.sessions.kw["bind"]
    assert isinstance(engine, Engine)
    return engine


def service(service_id: str, team: str = "assistance") -> Row:
    name = service_id.capitalize()
    return {"id": service_id, "name": name, "description": name, "team": team, "offers": ("incident",)}


def file(
    *, sites: Sequence[str] = ("iut", "ferme"), network: Row | None = NETWORK, fax: bool = True
) -> CatalogueFile:
    """The small desk's, or without a part of it."""
    services = [service("imprimante"), *([service("fax")] if fax else [])]
    if network:
        services.append(service("wifi", "reseau"))
    group = {"id": "tout", "name": "Tout", "description": "Tout", "services": tuple(services)}
    assistance = {"id": "assistance", "name": "Assistance", "channel": "#dnum-assistance", "default": True}
    return CatalogueFile.model_validate(
        {
            "sites": tuple({"id": site, "name": site.capitalize()} for site in sites),
            "teams": (assistance, *([network] if network else [])),
            "catalogue": (group,),
        }
    )


def moved(channel: str) -> CatalogueFile:
    return file(network={**NETWORK, "channel": channel})


def tickets(desk: SmallDesk, count: int, **more: Any) -> None:
    """Open tickets of Camille's."""
    with desk.sessions.begin() as session:
        requester = person_by_slack_id(session, "U0CAMILLE")
        for _number in range(count):
            create_ticket(session, requester=requester, **more)


def is_archived(desk: SmallDesk, table: type[Service | Team | Site], row_id: str) -> bool:
    with desk.sessions() as session:
        return session.get_one(table, row_id).archived


# What open tickets hold


def test_what_has_open_tickets_is_not_archived_and_nothing_else_is_loaded(desk: SmallDesk) -> None:
    tickets(desk, 2, service_id="fax")
    with pytest.raises(ArchivesOpenTickets) as refused:
        load_into(engine_of(desk), Load(Contents(file(fax=False, sites=("iut",)))))
    assert refused.value.held == [f"{FAX}, open tickets: 1, 2"]
    assert not is_archived(desk, Service, "fax")
    assert not is_archived(desk, Site, "ferme")


def test_with_yes_it_is_archived(desk: SmallDesk) -> None:
    tickets(desk, 1, service_id="fax")
    load_into(engine_of(desk), Load(Contents(file(fax=False)), yes=True))
    assert is_archived(desk, Service, "fax")
    load_into(engine_of(desk), Load(Contents(file(fax=False))))  # nothing is left to say yes to


def test_a_team_a_site_and_a_group_are_named_as_well(desk: SmallDesk) -> None:
    tickets(desk, 1, service_id="wifi", team_id="reseau", site_id="ferme")
    other = {"id": "autre", "name": "Autre", "description": "Autre", "services": (service("imprimante"),)}
    wanted = file(network=None, sites=("iut",)).model_dump(by_alias=True) | {"catalogue": (other,)}
    with pytest.raises(ArchivesOpenTickets) as refused:
        load_into(engine_of(desk), Load(Contents(CatalogueFile.model_validate(wanted))))
    assert refused.value.held == [
        "site ferme (Ferme), open tickets: 1",
        "team reseau (Réseau), open tickets: 1",
        "group tout (Tout), open tickets: 1",
        "service wifi (Wifi), open tickets: 1",
    ]


def test_closed_tickets_hold_nothing(desk: SmallDesk) -> None:
    ticket: Ticket = desk.open(desk.draft(service_id="fax"))
    desk.act(ticket, Action.CANCEL, desk.actor("camille"), "Réparé")
    load_into(engine_of(desk), Load(Contents(file(fax=False))))
    assert is_archived(desk, Service, "fax")


# Said, and not done


def test_a_dry_run_names_each_row_and_its_open_tickets_and_changes_nothing(
    desk: SmallDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    tickets(desk, 23, service_id="fax")
    tickets(desk, 1, team_id="reseau")
    wanted = moved("#nouveau").model_dump(by_alias=True)
    wanted["catalogue"][0]["services"] = (
        service("telephone"),
        service("wifi", "assistance"),
        service("imprimante"),
    )
    preview(engine_of(desk), Load(Contents(CatalogueFile.model_validate(wanted))))
    assert capsys.readouterr().out.splitlines() == [
        "~ team reseau (Réseau): channel #dnum-reseau → #nouveau; open tickets: 24",
        "+ service telephone (Telephone)",
        "~ service wifi (Wifi): team, its place",
        "~ service imprimante (Imprimante): its place",
        f"- {FAX}; open tickets: {', '.join(map(str, range(1, 21)))} and 3 more",
        "entries with open tickets would be archived: `guichet catalogue load` needs --yes",
        "team reseau: keeps the channel C0RESEAU until the bot is invited to #nouveau",
        "catalogue (dry run): 1 added, 3 changed, 1 archived",
        "articles (dry run): 0 added, 0 changed, 0 archived",
    ]
    assert not is_archived(desk, Service, "fax")
    preview(engine_of(desk), Load(Contents(file())))
    assert capsys.readouterr().out == (
        "catalogue (dry run): 0 added, 0 changed, 0 archived\n"
        "articles (dry run): 0 added, 0 changed, 0 archived\n"
    )


# A team's channel


def test_a_load_that_may_ask_slack_finds_the_new_channel_at_once(
    desk: SmallDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = [Conversation("C0ASSIST", "dnum-assistance"), Conversation("C0NOUVEAU", "nouveau")]
    load_into(engine_of(desk), Load(Contents(moved("#nouveau")), seen))
    with desk.sessions() as session:
        assert session.get_one(Team, "reseau").channel_id == "C0NOUVEAU"
    assert "until" not in capsys.readouterr().out


@pytest.mark.parametrize("seen", [None, [Conversation("C0RESEAU", "dnum-reseau")]])
def test_a_load_that_does_not_find_the_channel_reports_that_the_team_keeps_its_own(
    desk: SmallDesk, seen: Sequence[Conversation] | None, capsys: pytest.CaptureFixture[str]
) -> None:
    load_into(engine_of(desk), Load(Contents(moved("#nouveau")), seen))
    with desk.sessions() as session:
        assert session.get_one(Team, "reseau").channel_id == "C0RESEAU"
    assert (
        "team reseau: keeps the channel C0RESEAU until the bot is invited to #nouveau"
        in capsys.readouterr().out
    )


# Two at once


def test_of_two_loads_at_once_one_comes_after_the_other(desk: SmallDesk) -> None:
    one, other = file(fax=False, sites=("iut",)), moved("#nouveau")
    at_once(
        [
            lambda: load_into(engine_of(desk), Load(Contents(one))),
            lambda: load_into(engine_of(desk), Load(Contents(other))),
        ]
    )
    with desk.sessions() as session:
        was_last = session.get_one(Service, "fax").archived
        assert session.get_one(Site, "ferme").archived is was_last
        assert (session.get_one(Team, "reseau").channel == "#dnum-reseau") is was_last


def test_two_first_loads_at_once_make_one_catalogue(tables_url: str) -> None:
    engine = create_db(tables_url, timeout=WORKER_TIMEOUT)
    Base.metadata.create_all(engine)
    at_once([lambda: load_into(engine, Load(Contents(file())))] * 2)
    with Sessions(engine)() as session:
        assert len(session.scalars(select(Service)).all()) == 3
    engine.dispose()


# The commands


OTHER = """
sites: [{id: autre, name: Autre}]
teams: [{id: assistance, name: Assistance, channel: "#dnum-assistance", default: true}]
catalogue: []
"""


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of a desk with a ticket at the IUT, and a file that does not know the IUT."""
    path = tmp_path / "catalogue.yaml"
    path.write_text(OTHER, encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("CATALOGUE", str(path))
    monkeypatch.setenv("ARTICLES", str(tmp_path / "articles"))
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    settings = Settings(_env_file=None)
    with open_database(settings) as engine, Sessions(engine).begin() as session:
        create_ticket(session, requester=make_person())
    return settings


def status(*command: str) -> object:
    """What the command ends with."""
    with pytest.raises(SystemExit) as ended:
        main(command)
    return ended.value.code


def iut(settings: Settings) -> Site:
    with open_database(settings) as engine, Sessions(engine)() as session:
        return session.get_one(Site, "iut")


def test_the_command_asks_for_yes_and_ends_with_status_2(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("catalogue", "load", "--dry-run") == 0
    assert status("catalogue", "load") == 2
    said = capsys.readouterr()
    assert "- site iut (IUT); open tickets: 1" in said.out
    assert "site iut (IUT), open tickets: 1" in said.err
    assert not iut(settings).archived
    assert status("catalogue", "load", "--yes") == 0
    assert iut(settings).archived


def test_run_keeps_the_previous_catalogue_and_reports_it_in_one_line(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    release.prepare(settings)
    [line] = capsys.readouterr().out.splitlines()
    assert "was not loaded" in line
    assert "open tickets: 1" in line
    assert not iut(settings).archived
