"""What is left of somebody who was erased: nothing in their own tickets, no name in those of others."""

import json

from sqlalchemy import text
from sqlalchemy.orm import joinedload

from blocks.i18n import translator
from blocks.labels import done
from bot.context.actor import Actor
from bot.services.personal_data.erasing import steps
from bot.services.tickets.actions import act
from models.base import Base
from models.lifecycle import Action, Ending, Status
from models.outbox.kinds import DeliveryState
from models.person import Person
from models.tickets.changes.holder import Assignment
from models.tickets.ticket import Ticket
from tests.services.erasure.conftest import Erase, person
from tests.support.use_case_desk import NOW, SmallDesk


def all_rows(desk: SmallDesk) -> str:
    """The whole database as text, as it is stored."""
    with desk.sessions() as session:
        return (
            "\n".join(
                f"{table.name}: {json.dumps([str(value) for value in row], ensure_ascii=False)}"
                for table in Base.metadata.sorted_tables
                for row in session.execute(text(f'SELECT * FROM "{table.name}"'))
            )
            .encode()
            .decode("unicode_escape", errors="replace")
        )


def ticket_of(desk: SmallDesk, number: int) -> Ticket:
    with desk.sessions() as session:
        options = [joinedload(each) for each in (Ticket.requester, Ticket.assignee)]
        return session.get_one(Ticket, number, options=options)


def test_a_requesters_tickets_are_forgotten_and_their_row_is_an_empty_shell(
    small_desk: SmallDesk, camille: Actor, karim: Actor, erase: Erase
) -> None:
    closed = small_desk.ticket_in_state(Action.TAKE, Action.RESOLVE, Action.APPROVE)
    still_open = small_desk.open(small_desk.draft("Aiguille"))
    erase(camille)
    for ticket in (closed, still_open):
        now = ticket_of(small_desk, ticket.id)
        assert (now.forgotten_at, now.requester_id == camille.id) == (NOW, False)
    assert ticket_of(small_desk, still_open.id).ending is Ending.CANCELLED
    row = person(small_desk, camille)
    assert (row.slack_id, row.email, row.erased_at) == (f"person:{camille.id}", None, NOW)
    assert {
        each for each in ("U0CAMILLE", "Camille", "Aiguille", "camille@") if each in all_rows(small_desk)
    } == set()


def test_cancelling_their_open_tickets_sends_them_nothing(
    small_desk: SmallDesk, camille: Actor, erase: Erase
) -> None:
    small_desk.open()
    erase(camille)
    pending = [each for each in small_desk.deliveries() if each.state is DeliveryState.PENDING]
    assert [each.recipient for each in pending if each.person_id == camille.id] == []


def test_a_technician_is_nobody_in_the_tickets_of_others(
    small_desk: SmallDesk, camille: Actor, karim: Actor, erase: Erase
) -> None:
    lea = small_desk.actor("lea", "assistance")
    ticket = small_desk.ticket_in_state(Action.TAKE, Action.NOTE, Action.RESOLVE, Action.APPROVE)
    other = small_desk.open(small_desk.draft("Vu avec @Karim et <@U0KARIM>"))
    with small_desk.sessions() as session:
        to = session.get_one(Person, karim.id)
    small_desk.do(
        lambda uow: act(uow, other.id, Action.ASSIGN, change=Assignment(uow.session.get_one(Person, to.id))),
        lea,
    )
    erase(karim)
    assert {each for each in ("U0KARIM", "Karim", "karim") if each in all_rows(small_desk)} == set()
    now = ticket_of(small_desk, ticket.id)
    assert (now.status, now.solution, now.assignee and now.assignee.name) == (
        Status.CLOSED,
        "resolve…",
        "un technicien",
    )
    lines = [[done(translator(each), event) for event in small_desk.history(other)] for each in ("fr", "en")]
    assert lines[0][1] == "Affecté à un technicien par Lea"
    assert lines[1][1] == "Assigned to a technician by Lea"


def test_a_technicians_open_tickets_go_back_to_the_queue(
    small_desk: SmallDesk, karim: Actor, erase: Erase
) -> None:
    taken = small_desk.ticket_in_state(Action.TAKE)
    waiting = small_desk.ticket_in_state(Action.TAKE, Action.ASK)
    erase(karim)
    states = [
        (each.assignee_id, each.status)
        for each in (ticket_of(small_desk, one.id) for one in (taken, waiting))
    ]
    assert states == [(None, Status.NEW), (None, Status.PENDING)]


def test_an_erasure_that_was_interrupted_anywhere_goes_on(
    small_desk: SmallDesk, karim: Actor, camille: Actor, erase: Erase
) -> None:
    small_desk.ticket_in_state(Action.TAKE, Action.NOTE, Action.RESOLVE)
    for portions in range(1, len(steps())):
        erase(karim, portions=portions)
        assert person(small_desk, karim).slack_id == "U0KARIM"
    erase(karim)
    assert "arim" not in all_rows(small_desk)
