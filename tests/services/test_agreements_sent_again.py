"""What arrives twice, late, or to somebody who was asked before, in the steps of an agreement."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest

from bot.services.approvals.rows import approvals_of
from bot.services.approvers.complete import choose_approver, complete_request
from bot.services.approvers.reminders import remind_approvers
from bot.services.approvers.unfit import drop_unfit
from models.approvals.approval import CURRENT, Decision, StepState
from models.fields import FieldReason, FieldRefused
from models.lifecycle import Action, Agreement, Status
from models.outbox.kinds import DeliveryKind
from models.tickets.draft import NewAnswer
from models.tickets.ticket import Ticket
from tests.support.agreements import (
    OF_HOLDER,
    asked_in,
    change_person,
    decides,
    posts,
    requested,
    set_steps,
    step_of,
)
from tests.support.use_case_desk import NOW, SmallDesk, at_once

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    set_steps(shared_desk, OF_HOLDER)
    return shared_desk


def complete(desk: SmallDesk, ticket: Ticket, text: str, holder: str = "lea") -> Ticket:
    answers = (NewAnswer("holder", "Responsable du budget", f"U0{holder.upper()}"),)
    return desk.do(
        lambda uow: complete_request(uow, ticket.id, text, answers=answers, submission="one"),
        desk.actor("camille"),
        NOW + 2 * HOUR,
    )


def choose(desk: SmallDesk, ticket: Ticket, name: str, after: timedelta) -> None:
    chosen = desk.actor(name)
    desk.do(lambda uow: choose_approver(uow, ticket.id, chosen), desk.actor("camille"), NOW + after)


def count(desk: SmallDesk, ticket: Ticket, *actions: Action) -> int:
    return len([each for each in desk.history(ticket) if each.action in actions])


def let_the_term_pass(desk: SmallDesk) -> None:
    for days in range(1, 12):
        desk.do(remind_approvers, now=NOW + days * DAY)


def test_a_request_that_is_completed_twice_with_the_same_form_is_completed_once(desk: SmallDesk) -> None:
    ticket = requested(desk)
    decides(desk, ticket, "lea", Decision.ASK, "Quelle taille ?", now=NOW + HOUR)
    for _ in range(2):
        complete(desk, ticket, "A3.")
    assert count(desk, ticket, Action.COMPLETE) == 1
    assert len(posts(desk, DeliveryKind.AGREEMENT, "lea")) == 2
    decides(desk, ticket, "lea", Decision.AGREE, now=NOW + 2 * HOUR)
    complete(desk, ticket, "A3.")
    assert count(desk, ticket, Action.COMMENT, Action.COMPLETE) == 1
    complete(desk, ticket, "Et en couleur.")
    assert count(desk, ticket, Action.COMMENT, Action.COMPLETE) == 2


def test_other_answers_without_a_word_may_be_sent_twice(desk: SmallDesk) -> None:
    ticket = requested(desk)
    for _ in range(2):
        complete(desk, ticket, "", "oliver")
    assert count(desk, ticket, Action.COMPLETE) == 1
    assert asked_in(desk, ticket, 2) == ["Oliver"]


def test_of_two_equal_completions_at_once_one_is_written(desk: SmallDesk) -> None:
    ticket = requested(desk)
    decides(desk, ticket, "lea", Decision.ASK, "Quelle taille ?", now=NOW + HOUR)
    at_once([partial(complete, desk, ticket, "A3.")] * 2)
    assert count(desk, ticket, Action.COMPLETE) == 1


def test_the_same_information_is_asked_for_once(desk: SmallDesk) -> None:
    ticket = requested(desk)
    for _time in range(2):
        decides(desk, ticket, "lea", Decision.ASK, "Quelle taille ?", now=NOW + HOUR)
    assert count(desk, ticket, Action.QUERY) == 1


@pytest.mark.parametrize("dropped", [True, False])
def test_who_is_chosen_again_has_another_message(desk: SmallDesk, dropped: bool) -> None:
    ticket = requested(desk)
    if dropped:
        change_person(desk, "lea", is_deactivated=True)
        desk.do(drop_unfit, now=NOW + HOUR)
        change_person(desk, "lea", is_deactivated=False)
    else:
        let_the_term_pass(desk)
    before = len(posts(desk, DeliveryKind.AGREEMENT, "lea"))
    choose(desk, ticket, "lea", 12 * DAY)
    assert len(posts(desk, DeliveryKind.AGREEMENT, "lea")) == before + 1
    [approver] = step_of(desk, ticket).approvers
    # A group that is read again drops no fallback.
    assert (approver.is_open, approver.is_fallback) == (True, dropped)


def test_a_technician_who_names_themself_is_told_just_that(desk: SmallDesk) -> None:
    ticket, karim = requested(desk), desk.actor("karim", "assistance")
    let_the_term_pass(desk)
    with pytest.raises(FieldRefused) as refused:
        desk.do(lambda uow: choose_approver(uow, ticket.id, karim), karim, NOW + 12 * DAY)
    assert refused.value.reason is FieldReason.YOURSELF


def test_a_decision_and_what_changes_the_request_at_once_leave_one_outcome(desk: SmallDesk) -> None:
    for _ in range(4):
        ticket = requested(desk)
        works = [
            partial(decides, desk, ticket, "lea", Decision.AGREE, now=NOW + HOUR),
            partial(complete, desk, ticket, "", "oliver"),
            partial(desk.act, ticket, Action.CANCEL, desk.actor("camille"), "Plus besoin."),
        ]
        at_once(works)
        with desk.sessions() as session:
            after = session.get_one(Ticket, ticket.id)
            states = [each.state for each in approvals_of(session, ticket.id)]
        assert (after.agreement is Agreement.ASKED) == (current_count(states) == 1)
        assert after.status is Status.CLOSED


def current_count(states: Sequence[StepState]) -> int:
    return len([each for each in states if each in CURRENT])
