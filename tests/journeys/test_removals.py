"""A forgotten ticket leaves Slack: Guichet's messages and files vanish, what people wrote is listed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.services.removals.queue import remove_posts_of
from models.outbox.delivery import Delivery
from models.outbox.details import UntakenDetails
from models.outbox.kinds import DeliveryKind
from models.person import Person as PersonRow
from models.removals.removal import Removal, RemovalState
from models.tickets.ticket import Ticket
from playground.state.workspace import BOT_USER_ID, File, Message
from tests.support.help_desk import APPROVE, DIRECT, REFUSE, TRIAGE, Desk, Person, file

WHY = "Qu'est-ce qui ne marche toujours pas ?"
OWN = {"synchronize_session": False}
TURN = timedelta(seconds=3)


def said_by_guichet(desk: Desk) -> list[Message]:
    """Guichet's messages that people can read, in all of Slack."""
    channels = desk.slack.slack.workspace.channels.values()
    messages = [each for channel in channels for each in channel.messages.values()]
    return [each for each in messages if each.user == BOT_USER_ID and not each.deleted]


def files_of_guichet(desk: Desk) -> list[File]:
    files = desk.slack.slack.workspace.files.values()
    return [each for each in files if each.user == BOT_USER_ID and not each.deleted]


def forget(desk: Desk, number: int = 1) -> None:
    transact(desk.sessions, lambda session: remove_posts_of(UnitOfWork(session, desk.now), number))


def work_off(desk: Desk) -> None:
    desk.deliver()
    for _turn in range(100):
        desk.ahead += TURN
        if not desk.worker.remover.step():
            return
    raise AssertionError("the queue does not end")


def left(desk: Desk) -> list[Removal]:
    with desk.sessions() as session:
        return list(session.scalars(select(Removal).order_by(Removal.id)))


@pytest.fixture
def closed(desk: Desk, camille: Person, karim: Person) -> None:
    """A ticket with a bit of everything, which Camille has closed."""
    desk.stop_clock()
    camille.file_ticket("Imprimante en panne", **{"Pièces attachées": [file("photo.pdf")]})
    karim.take()
    card = karim.messages(TRIAGE)[-1]
    karim.write("Vu sur place.", TRIAGE, thread_ts=card["ts"], files=[file("notice.pdf")])
    desk.deliver()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Quelle imprimante ?", "Pièces attachées": [file("plan.pdf")]})
    camille.write("Celle du B204", thread_ts=camille.messages()[-1]["ts"], files=[file("mur.pdf")])
    desk.deliver()
    karim.resolve()
    camille.press(REFUSE, DIRECT)
    camille.submit({WHY: "Le toner manque encore"})
    karim.resolve("Toner changé, cette fois.")
    camille.press(APPROVE, DIRECT)


def test_all_that_guichet_posted_about_a_ticket_vanishes(
    desk: Desk, closed: None, camille: Person, karim: Person
) -> None:
    assert len(said_by_guichet(desk)) > 5
    assert len(files_of_guichet(desk)) > 2
    forget(desk)
    work_off(desk)
    assert said_by_guichet(desk) == []
    assert files_of_guichet(desk) == []
    assert {row.state for row in left(desk)} == {RemovalState.OTHERS}


def test_a_list_of_tickets_that_names_it_vanishes(desk: Desk, camille: Person) -> None:
    desk.stop_clock(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))  # a Monday
    for title in ("Imprimante en panne", "Écran noir"):
        camille.file_ticket(title)
    with desk.sessions.begin() as session:
        session.execute(update(Ticket).values(taken_reminded=75), execution_options=OWN)
        whole = {"method": "chat.postMessage", "key": "untaken", "created_at": desk.now, "due_at": desk.now}
        details = UntakenDetails((1, 2))
        session.add(
            Delivery(
                kind=DeliveryKind.UNTAKEN,
                recipient="team:assistance",
                team_id="assistance",
                details=details,
                **whole,
            )
        )
    desk.deliver()
    lists = [
        each
        for each in said_by_guichet(desk)
        if "Imprimante en panne" in str(each) and "Écran noir" in str(each)
    ]
    assert len(lists) == 1
    forget(desk, 2)
    work_off(desk)
    assert [each for each in said_by_guichet(desk) if "Écran noir" in str(each)] == []
    assert [each for each in said_by_guichet(desk) if "Imprimante en panne" in str(each)] != []


def test_the_requesters_home_is_drawn_anew(desk: Desk, closed: None, camille: Person) -> None:
    assert "Imprimante en panne" in camille.home()
    title = update(Ticket).where(Ticket.id == 1)
    with desk.sessions.begin() as session:
        session.execute(title.values(title="—"), execution_options={"synchronize_session": False})
    forget(desk)
    work_off(desk)
    desk.deliver()
    assert "Imprimante en panne" not in camille.home_text


def test_the_home_of_who_is_erased_is_emptied(desk: Desk, closed: None, camille: Person) -> None:
    assert "Imprimante en panne" in camille.home()
    forget(desk)
    with desk.sessions.begin() as session:
        session.execute(update(PersonRow).where(PersonRow.slack_id == camille.slack_id).values(slack_id="X"))
    work_off(desk)
    desk.deliver()
    assert camille.home_text == ""


def test_what_people_wrote_and_uploaded_is_listed_and_nothing_else(
    desk: Desk, closed: None, camille: Person, karim: Person
) -> None:
    forget(desk)
    work_off(desk)
    workspace = desk.slack.slack.workspace
    listed = left(desk)
    written = {
        (each.channel, each.ts, each.user)
        for channel in workspace.channels.values()
        for each in channel.messages.values()
        if each.user in {camille.slack_id, karim.slack_id} and (each.text or each.files)
    }
    files = {each.id for each in workspace.files.values() if not each.deleted}
    assert written == {(row.channel, row.ts, row.owner) for row in listed if row.ts}
    assert len(written) == 2
    assert files == {row.slack_file_id for row in listed if row.slack_file_id}
    assert all(row.permalink for row in listed if row.slack_file_id)


def test_no_edit_brings_a_card_of_a_forgotten_ticket_back(
    desk: Desk, closed: None, camille: Person, karim: Person
) -> None:
    forget(desk)
    work_off(desk)  # Slack told of each deletion, also of the cards'
    desk.ahead += timedelta(days=1)
    desk.worker.look_after()
    desk.deliver()
    assert said_by_guichet(desk) == []


def test_an_entry_is_over_once_its_author_has_deleted_it(
    desk: Desk, closed: None, camille: Person, karim: Person
) -> None:
    forget(desk)
    work_off(desk)
    for person in (camille, karim):
        for row in left(desk):
            if row.owner == person.slack_id and row.ts:
                _delete(desk, person, row)
    assert [row for row in left(desk) if row.ts] == []


def test_so_is_a_file_of_a_form_that_is_in_no_message(desk: Desk, closed: None, camille: Person) -> None:
    forget(desk)
    work_off(desk)
    (photo,) = [
        f for f in desk.slack.slack.workspace.files.values() if f.name == "photo.pdf" and not f.deleted
    ]
    assert photo.id in {row.slack_file_id for row in left(desk)}
    assert desk.slack.control.post("file", file=photo.id, deleted=True)["ok"]
    desk.deliver()
    assert photo.id not in {row.slack_file_id for row in left(desk)}


def _delete(desk: Desk, person: Person, row: Removal) -> None:
    answer: dict[str, Any] = desk.slack.control.post(
        "delete", user=person.name, channel=row.channel, ts=row.ts
    )
    assert answer["ok"], answer
    desk.deliver()


def test_nothing_waits_to_be_sent_about_a_forgotten_ticket(
    desk: Desk, closed: None, camille: Person, karim: Person
) -> None:
    forget(desk)
    work_off(desk)
    assert desk.undelivered() == []
    with desk.sessions() as session:
        assert session.scalars(select(Delivery.state)).all()
