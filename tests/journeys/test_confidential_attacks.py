"""Ways by which a confidential ticket's words could reach others: each is tried, and none works."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from blocks import ids
from bot.context.unit_of_work import UnitOfWork
from bot.delivery.errors import Superseded
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import RenderedFile, RenderedMessage
from bot.ops.release import load_checked
from bot.services.children.targets import targets
from bot.services.confidential.marking import hide_words
from models.catalogue import ChannelProblem, Service, Team
from models.lifecycle import Ending, Status
from models.outbox.delivery import Delivery
from models.outbox.details import FileDetails, UntakenDetails
from models.outbox.kinds import DeliveryKind
from models.tickets.attachment import Attachment
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket
from tests.journeys.test_children import attach
from tests.support.help_desk import DETAIL, FORM, TRIAGE, Desk, Person, file

TITLE, SAID, ASKED, NAME = "Harcèlement signalé", "Je suis visé", "Depuis quand", "Camille Bernard"
NETWORK = "#dnum-reseau"
SENDING = ("chat.postMessage", "chat.update", "views.publish", "chat.postEphemeral")
ORIGINAL = "Numéro du ticket d’origine"


def mark(desk: Desk, number: int | None = None) -> None:
    """Have the catalogue mark a service that this ticket is for, or without one the team Assistance."""
    with desk.sessions.begin() as session:
        if number is None:
            session.get_one(Team, "assistance").is_confidential = True
        else:
            service = session.get_one(Service, "vpn")
            session.get_one(Ticket, number).service, service.is_confidential = service, True


def calls(desk: Desk) -> list[dict[str, object]]:
    return list(desk.slack.control.get("calls")["calls"])


def sent(desk: Desk, since: int = 0) -> str:
    """All that was posted, edited or published since that many calls."""
    return " ".join(
        json.dumps(each["arguments"], ensure_ascii=False)
        for each in calls(desk)[since:]
        if each["method"] in SENDING
    )


def file_for_network(camille: Person) -> None:
    camille.command("/catalogue", "VPN")
    camille.press("Ouvrir le service Accès distant (VPN)")
    camille.press("Signaler un problème")
    camille.submit({**FORM, "Titre": TITLE})


@pytest.mark.parametrize("who", ["karim", "lea"])
def test_a_home_names_nobody_who_acted_on_it(desk: Desk, who: str) -> None:
    mark(desk)
    camille, technician, reader = desk.person("camille"), desk.person("karim"), desk.person(who)
    reader.visit_home()
    camille.file_ticket(TITLE)
    technician.take()
    technician.press("Répondre", TRIAGE)
    technician.submit({"Votre réponse": f"{ASKED} ?"})
    camille.write(SAID, "@guichet", thread_ts=camille.messages()[0]["ts"])
    reader.visit_home()
    technician.resolve("Fait.")
    reader.visit_home()
    assert [each for each in (TITLE, SAID, ASKED, NAME) if each in sent(desk)] == []


def test_one_that_is_attached_and_becomes_confidential_is_a_number_on_the_card(
    desk: Desk, karim: Person
) -> None:
    desk.person("oliver").file_ticket("Panne du bâtiment A")
    camille = desk.person("camille")
    camille.file_ticket(TITLE)
    attach(karim, "n°\xa01 · Panne du bâtiment A")
    mark(desk, 2)
    since = len(calls(desk))
    karim.forge_click(ids.TAKE, 1, TRIAGE)
    text = sent(desk, since)
    assert "bâtiment A" in text
    assert TITLE not in text
    assert camille.slack_id not in text


@pytest.mark.parametrize("words", ["", "Harcèlement", "2"])
def test_it_is_not_offered_to_attach_to(desk: Desk, karim: Person, words: str) -> None:
    desk.person("oliver").file_ticket("Panne du bâtiment A")
    desk.person("camille").file_ticket(TITLE)
    directory = desk.parts.directory
    actor = directory.with_teams(directory.actor(karim.slack_id))

    def offered() -> list[int]:
        with desk.sessions.begin() as session:
            return [each.id for each in targets(UnitOfWork(session, desk.now, actor), 1, words).tickets]

    assert offered() == [2]
    mark(desk, 2)
    assert offered() == []


def test_the_requester_of_its_duplicate_reads_its_number(desk: Desk, karim: Person) -> None:
    camille = desk.person("camille")
    camille.file_ticket(TITLE)
    camille.file_ticket("Autre chose")
    mark(desk, 1)
    since = len(calls(desk))
    karim.press(DETAIL, TRIAGE)
    karim.press("Signaler un doublon…")
    karim.submit({ORIGINAL: "1"})
    assert desk.ticket(2).duplicate_of_id == 1
    assert "doublon du n° 1" in "".join(camille.reads())
    assert TITLE not in sent(desk, since)


def test_another_team_does_not_learn_that_there_is_one(desk: Desk, karim: Person) -> None:
    camille = desk.person("camille")
    file_for_network(camille)
    camille.file_ticket("Autre chose")
    mark(desk, 1)
    karim.press(DETAIL, TRIAGE)
    karim.press("Signaler un doublon…")
    refused = karim.submit({ORIGINAL: "1"})["errors"]
    assert refused == karim.submit({ORIGINAL: "99"})["errors"]
    assert refused
    assert desk.ticket(2).status is Status.NEW


@pytest.mark.parametrize("is_offered", [True, False])
def test_what_continues_it_goes_to_its_team_or_has_no_word_of_it(desk: Desk, is_offered: bool) -> None:
    camille = desk.person("camille")
    file_for_network(camille)
    mark(desk, 1)
    with desk.sessions.begin() as session:
        ticket = session.get_one(Ticket, 1)
        ticket.status, ticket.ending, ticket.closed_at = Status.CLOSED, Ending.APPROVED, desk.now
        session.get_one(Service, "vpn").archived = not is_offered
    desk.ahead += timedelta(days=60)
    camille.forge_click(ids.DETAIL, 1)
    camille.press("Ouvrir un ticket de suite")
    assert camille.modal["values"]["Titre"] == (TITLE if is_offered else None)
    camille.submit({} if is_offered else {"Titre": "Une suite"})
    followed = desk.ticket(2)
    assert followed.follows_id == 1
    assert followed.team_id == ("reseau" if is_offered else "assistance")
    assert TITLE not in "".join(desk.person("karim").reads(TRIAGE))


@pytest.mark.parametrize("mark_of", ['- id: assistance\n    name: {fr: "Assistance de', "- id: vpn\n"])
def test_the_cards_of_open_tickets_lose_their_words_when_the_file_marks_them(
    desk: Desk, karim: Person, tmp_path: Path, mark_of: str
) -> None:
    oliver, camille = desk.person("oliver"), desk.person("camille")
    oliver.file_ticket("Panne du bâtiment A")
    camille.file_ticket(TITLE)
    attach(karim, "n°\xa01 · Panne du bâtiment A")
    camille.file_ticket(f"{TITLE} encore")
    with desk.sessions.begin() as session:
        for number in (2, 3):
            session.get_one(Ticket, number).service = session.get_one(Service, "vpn")
    text = desk.settings.catalogue.read_text("utf-8")
    marked = text.replace(mark_of, mark_of.replace("name:", "confidential: true\n    name:"), 1)
    if "vpn" in mark_of:
        marked = text.replace(mark_of, f"{mark_of}            confidential: true\n", 1)
    assert marked != text
    path = tmp_path / "catalogue.yaml"
    path.write_text(marked, "utf-8")
    load_checked(desk.settings.model_copy(update={"catalogue": path}))
    desk.deliver()
    former = "Rattaché au n° 1"  # what that card has become is no living card
    shown = [each for each in (*karim.reads(TRIAGE), *camille.reads()) if former not in each]
    assert len(shown) == 4
    assert [each for each in shown if TITLE in each] == []


def requalify_to_vpn(karim: Person, number: int) -> None:
    karim.forge_click(ids.DETAIL, number, TRIAGE)
    karim.press("Requalifier, passer à une équipe…")
    karim.submit({"Service": "Accès distant (VPN)", "Équipe": "Assistance de proximité"})


@pytest.mark.parametrize("which", [1, 2])
def test_what_becomes_confidential_is_attached_to_nothing(desk: Desk, karim: Person, which: int) -> None:
    desk.person("oliver").file_ticket("Panne du bâtiment A")
    desk.person("camille").file_ticket(TITLE)
    attach(karim, "n°\xa01 · Panne du bâtiment A")
    with desk.sessions.begin() as session:
        session.get_one(Service, "vpn").is_confidential = True
    requalify_to_vpn(karim, which)
    desk.deliver()
    assert desk.ticket(2).parent_id is None
    assert not desk.ticket(2).is_outage_child
    last = [each for each in karim.reads(TRIAGE) if "rattaché" in each and "1 ticket" in each]
    assert last == []


def test_the_list_of_untaken_tickets_takes_none_to_another_channel(desk: Desk) -> None:
    file_for_network(desk.person("camille"))
    delivery = Delivery(
        kind=DeliveryKind.UNTAKEN,
        recipient="team:reseau",
        team_id="reseau",
        details=UntakenDetails((1,)),
        started_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),  # a Monday
    )

    def listed() -> str:
        with desk.sessions() as session:
            rendered = render(session, delivery, locale="fr")
        assert isinstance(rendered, RenderedMessage)
        return rendered.text

    with desk.sessions.begin() as session:
        session.get_one(Ticket, 1).taken_reminded = 75
        session.get_one(Team, "reseau").channel_problem = ChannelProblem.READ_ONLY
    assert "n°\xa01" in listed()
    mark(desk, 1)
    with pytest.raises(Superseded):
        listed()
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").channel_problem = None
    assert TITLE not in listed()


def test_what_is_behind_an_outage_and_becomes_confidential_is_free(desk: Desk, karim: Person) -> None:
    desk.person("camille").file_ticket(TITLE)
    karim.command("/panne", "Wi-Fi")
    karim.submit()
    if karim.has_modal:
        karim.close()
    with desk.sessions.begin() as session:
        number = session.scalars(select(Outage.id)).one()
        ticket = session.get_one(Ticket, 1)
        ticket.outage_id, ticket.is_outage_child = number, True
        session.get_one(Service, "vpn").is_confidential = True
    requalify_to_vpn(karim, 1)
    ticket = desk.ticket(1)
    assert (ticket.outage_id, ticket.is_outage_child) == (None, False)
    assert "🔒 n° 1 · Nouveau" in karim.reads(TRIAGE)[0]


@pytest.mark.parametrize("change", ["archived", "shared"])
@pytest.mark.parametrize("has_card", [True, False])
def test_words_and_files_wait_for_its_own_channel(desk: Desk, change: str, has_card: bool) -> None:
    desk.stop_clock()
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").is_confidential = True
    camille, marc = desk.person("camille"), desk.person("marc")

    def turn(is_unfit: bool) -> None:
        assert desk.slack.control.post("channel", channel=NETWORK, **{change: is_unfit})["ok"]
        desk.deliver()

    if has_card:
        file_for_network(camille)
        turn(True)
    else:
        turn(True)
        file_for_network(camille)
    camille.write(SAID, thread_ts=camille.messages()[0]["ts"], files=[file("certificat.pdf")])
    for _ in range(4):
        desk.ahead += timedelta(hours=5)
        desk.deliver()
    waits = " ".join(desk.undelivered())
    assert "file" in waits
    assert "dead" not in waits
    assert desk.person("karim").messages(TRIAGE) == []
    turn(False)
    desk.__enter__()
    desk.ahead += timedelta(hours=2)
    desk.deliver()
    assert desk.undelivered() == []
    assert marc.thread_files(NETWORK) == ["certificat.pdf"]
    assert [each for each in (TITLE, SAID) if each in sent(desk)] == []


def test_a_former_team_does_not_read_what_is_edited_later(desk: Desk, karim: Person) -> None:
    camille = desk.person("camille")
    camille.file_ticket("Un souci")
    camille.write("Un premier mot", thread_ts=camille.messages()[0]["ts"])
    desk.deliver()
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").is_confidential = True
    karim.menu("Requalifier, passer à une équipe…")
    karim.submit({"Équipe": "Réseau et téléphonie", "Pourquoi, pour l’autre équipe": "Pour vous."})
    since = len(calls(desk))
    camille._do("edit", channel="@guichet", ts=camille.messages()[0]["replies"][0]["ts"], text=SAID)
    desk.deliver()
    assert SAID not in sent(desk, since)
    assert [each for each in karim.reads(TRIAGE) if "souci" in each] == []


def test_a_card_that_went_to_another_channel_before_returns_to_its_own(desk: Desk, karim: Person) -> None:
    marc = desk.person("marc")
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").channel_problem = ChannelProblem.READ_ONLY
    file_for_network(desk.person("camille"))
    assert TITLE in karim.reads(TRIAGE)[0]
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").channel_problem = None
        session.get_one(Service, "vpn").is_confidential = True
        session.flush()
        hide_words(UnitOfWork(session, desk.now), (), ("vpn",))
    desk.deliver()
    assert TITLE not in karim.reads(TRIAGE)[0]
    marc.forge_click(ids.TAKE, 1, NETWORK)
    desk.deliver()
    assert [each.partition("\n")[0] for each in marc.reads(NETWORK)] == ["🔒 n° 1 · En cours"]
    assert TITLE not in "".join(karim.reads(TRIAGE))
    assert desk.undelivered() == []


@pytest.mark.parametrize("who", ["karim", "camille"])
def test_a_copy_that_was_asked_for_before_a_hand_over_is_for_the_requester_only(desk: Desk, who: str) -> None:
    mark(desk)
    reader = desk.person(who)
    desk.person("camille").file_ticket(TITLE, **{"Pièces attachées": [file("certificat.pdf")]})
    reader.press(DETAIL, TRIAGE if who == "karim" else "@guichet")
    reader.close()
    with desk.sessions() as session:
        event_id = session.scalars(select(Event.id)).first()
        attachment_id = session.scalars(select(Attachment.id)).one()
    person_id = desk.parts.directory.actor(reader.slack_id).id
    copy = Delivery(
        kind=DeliveryKind.FILE,
        recipient=f"dm:{person_id}",
        person_id=person_id,
        ticket_id=1,
        event_id=event_id,
        details=FileDetails(attachment_id, is_asked_for=True),
        started_at=desk.now,
    )

    def is_posted() -> bool:
        with desk.sessions() as session:
            rendered = render(session, copy, locale="fr")
        assert isinstance(rendered, RenderedFile)
        return bool(rendered.channel or rendered.slack_id)

    assert is_posted()
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").is_confidential = True
        session.get_one(Ticket, 1).team_id = "reseau"
    assert is_posted() is (who == "camille")
