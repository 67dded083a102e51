"""The same input again, or several at once: one effect."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from models.errors import TransitionRefused
from models.lifecycle import Action, Status
from models.tickets.comment import Comment
from models.tickets.ticket import Ticket
from tests.support.scenarios import note, reply
from tests.support.use_case_desk import SmallDesk, at_once

TIMES = 10


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """A desk that several threads may use at once, on each database."""
    return shared_desk


def lines(desk: SmallDesk, ticket: Ticket) -> list[Action]:
    return [event.action for event in desk.history(ticket)]


def clicked(works: list[Callable[[], Any]]) -> tuple[list[Any], list[TransitionRefused]]:
    """What was done, and who was told that it was too late."""
    results = at_once(works)
    refused = [each for each in results if isinstance(each, TransitionRefused)]
    return [each for each in results if each not in refused], refused


def test_a_button_clicked_ten_times_at_once_is_one_click(desk: SmallDesk) -> None:
    ticket, karim = desk.ticket_in_state(), desk.actor("karim", "assistance")
    done, refused = clicked([lambda: desk.act(ticket, Action.TAKE, karim)] * TIMES)
    assert (len(done), len(refused)) == (1, TIMES - 1)
    assert {each.last_actor for each in refused} == {"Karim"}
    assert lines(desk, ticket) == [Action.OPEN, Action.TAKE]


def test_an_approval_clicked_ten_times_at_once_closes_once(desk: SmallDesk) -> None:
    ticket, camille = desk.ticket_in_state(Action.RESOLVE), desk.actor("camille")
    done, refused = clicked([lambda: desk.act(ticket, Action.APPROVE, camille)] * TIMES)
    assert (len(done), len(refused)) == (1, TIMES - 1)
    assert lines(desk, ticket)[-2:] == [Action.RESOLVE, Action.APPROVE]
    assert len(desk.deliveries(3)) == len({delivery.key for delivery in desk.deliveries(3)})


def test_of_two_technicians_who_take_one_has_the_ticket(desk: SmallDesk) -> None:
    ticket = desk.ticket_in_state()
    both = [desk.actor(name, "assistance") for name in ("karim", "lea")]
    done, [refusal] = clicked([lambda who=who: desk.act(ticket, Action.TAKE, who) for who in both])  # type: ignore[misc]
    assert refusal.last_actor == done[0].assignee.name
    assert lines(desk, ticket) == [Action.OPEN, Action.TAKE]


def test_of_an_approval_a_refusal_and_a_word_of_mouth_one_counts(desk: SmallDesk) -> None:
    ticket = desk.ticket_in_state(Action.RESOLVE)
    camille, karim = desk.actor("camille"), desk.actor("karim", "assistance")
    lea = desk.actor("lea", "assistance")
    done, refused = clicked(
        [
            lambda: desk.act(ticket, Action.APPROVE, camille),
            lambda: desk.act(ticket, Action.REFUSE, camille, "Non."),
            lambda: desk.act(ticket, Action.RECORD_APPROVAL, karim, "Par téléphone."),
            lambda: desk.act(ticket, Action.RECORD_APPROVAL, lea, "Au guichet."),
        ]
    )
    assert (len(done), len(refused)) == (1, 3)
    assert len(lines(desk, ticket)) == 3
    assert done[0].status in {Status.CLOSED, Status.IN_PROGRESS}


def test_a_reply_sent_again_and_again_is_one_reply(desk: SmallDesk) -> None:
    ticket, karim, drawn = desk.ticket_in_state(Action.TAKE), desk.actor("karim", "assistance"), str(uuid4())
    at_once([lambda: reply(desk, ticket, karim, "Essayez.", submission=drawn)] * TIMES)
    reply(desk, ticket, karim, "Essayez.", submission=drawn)
    assert lines(desk, ticket).count(Action.REPLY) == 1
    assert desk.count(Comment) == 1


def test_a_note_sent_again_is_one_note(desk: SmallDesk) -> None:
    ticket, karim, drawn = desk.ticket_in_state(), desk.actor("karim", "assistance"), str(uuid4())
    for _ in range(2):
        note(desk, ticket, karim, "Vu.", submission=drawn)
    assert lines(desk, ticket) == [Action.OPEN, Action.NOTE]


def test_ten_submissions_of_one_form_are_one_ticket(desk: SmallDesk) -> None:
    draft = desk.draft()
    opened = at_once([lambda: desk.open(draft)] * TIMES)
    assert len({ticket.id for ticket in opened}) == desk.count(Ticket) == 1
