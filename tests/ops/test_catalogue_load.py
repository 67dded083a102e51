"""`guichet catalogue load` looks at the teams' channels before it takes a file."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.catalogue.file import CatalogueError
from bot.ops.release import load, load_checked
from bot.settings import Settings
from models.catalogue import Team
from tests.support.help_desk import TRIAGE, Desk

NETWORK = "#dnum-reseau"


def change(desk: Desk, **changes: Any) -> None:
    assert desk.slack.control.post("channel", channel=NETWORK, **changes)["ok"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"private": False}, "is public"),
        ({"shared": True}, "is shared with another organisation"),
    ],
)
def test_a_channel_that_is_unfit_is_refused_by_name(desk: Desk, changes: dict[str, bool], said: str) -> None:
    change(desk, **changes)
    with pytest.raises(CatalogueError) as refused:
        load_checked(desk.settings)
    [line] = str(refused.value).splitlines()
    assert f"team reseau: {NETWORK} {said}" in line


def test_a_fit_file_is_taken(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    load_checked(desk.settings)
    assert capsys.readouterr().out == (
        "catalogue: 0 added, 0 changed, 0 archived\narticles: 0 added, 0 changed, 0 archived\n"
    )


def test_without_slack_the_catalogue_is_loaded_with_a_notice(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    token = SecretStr("xoxb-revoked")
    load_checked(desk.settings.model_copy(update={"slack_bot_token": token}))
    assert capsys.readouterr().out.startswith(
        "the teams' channels could not be checked in Slack: Slack answers invalid_auth\n"
    )


def with_channel(desk: Desk, folder: Path, old: str, new: str) -> Settings:
    """A file that names another channel than the desk's."""
    text = desk.settings.catalogue.read_text(encoding="utf-8").replace(f'"{old}"', f'"{new}"')
    path = folder / "catalogue.yaml"
    path.write_text(text, encoding="utf-8")
    return desk.settings.model_copy(update={"catalogue": path})


def test_tickets_go_to_the_old_channel_until_the_bot_is_in_the_new_one(desk: Desk, tmp_path: Path) -> None:
    camille, karim, control = desk.person("camille"), desk.person("karim"), desk.slack.control
    load_checked(with_channel(desk, tmp_path, TRIAGE, "#accueil"))
    camille.file_ticket("La première")
    assert len(karim.messages(TRIAGE)) == 1
    assert control.post("new_channel", name="accueil", private=True, members=["karim"])["ok"]
    assert control.post("invite", user="guichet", channel="#accueil", by="karim")["ok"]
    desk.deliver()
    camille.file_ticket("La seconde")
    assert "La seconde" in karim.reads("#accueil")[0]
    karim.take(TRIAGE)
    assert "En charge : @Karim Benali" in karim.reads(TRIAGE)[0], "the first one's card stays where it is"


def test_an_id_that_is_another_now_is_not_taken_back_by_the_file(desk: Desk, tmp_path: Path) -> None:
    with desk.sessions() as session:
        old = session.get_one(Team, "reseau").channel_id
    settings = with_channel(desk, tmp_path, NETWORK, str(old))
    load(settings)
    change(desk, new_id=True)
    load(settings)
    with desk.sessions() as session:
        assert session.scalars(select(Team.channel_id).where(Team.id == "reseau")).one() not in {old, None}
