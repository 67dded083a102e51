"""Approvers who can no longer decide are dropped, and somebody else is asked; never silently."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.delivery.errors import DeliveryError, Permanent
from bot.delivery.failures.undelivered import announce_dead, announce_skipped
from bot.services.approvals.asking import ask_people
from bot.services.approvals.dropping import drop_who_left
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.unfit import drop_person, drop_unfit
from models.approval_rule import Approvers, Source
from models.approvals.approval import Decision, StepState
from models.lifecycle import Agreement
from models.outbox.delivery import Delivery
from models.outbox.details import AgreementLineDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.person import Person
from models.tickets.ticket import Ticket
from tests.support.agreements import (
    OF_HOLDER,
    all_of,
    asked_in,
    change_person,
    decides,
    find_fallback,
    posts,
    requested,
    set_steps,
    step_of,
)
from tests.support.scenarios import again
from tests.support.use_case_desk import NOW, SmallDesk

HOUR = timedelta(hours=1)
LATER = NOW + HOUR
TO_OLIVER = replace(OF_HOLDER, fallback=Approvers(Source.PEOPLE, ("U0OLIVER",)))


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    set_steps(shared_desk, OF_HOLDER)
    return shared_desk


def asked_of_all(desk: SmallDesk, *names: str) -> Ticket:
    """A request that all of these people are to agree to."""
    set_steps(desk, all_of(*names))
    ticket = requested(desk)

    def ask_them(uow: UnitOfWork) -> None:
        [approval] = approvals_of(uow.session, ticket.id)
        people = [desk.actor(name).id for name in names]
        rows = uow.session.scalars(select(Person).where(Person.id.in_(people))).all()
        ask_people(uow, uow.session.get_one(Ticket, ticket.id), approval, rows)

    desk.do(ask_them)
    return ticket


def team_lines(desk: SmallDesk) -> list[Delivery]:
    return [each for each in desk.deliveries() if isinstance(each.details, AgreementLineDetails)]


@pytest.mark.parametrize("change", ["is_deactivated", "is_bot", "is_workflow", "is_guest", "is_stranger"])
def test_who_can_no_longer_decide_is_dropped_and_the_requester_chooses(desk: SmallDesk, change: str) -> None:
    ticket = requested(desk)
    change_person(desk, "lea", **{change: True})
    desk.do(drop_unfit, now=LATER)
    step = step_of(desk, ticket)
    assert (step.state, step.approvers[0].dropped_at) == (StepState.CHOICE, LATER)
    assert len(posts(desk, DeliveryKind.AGREEMENT_WAIT, "camille")) == 1
    assert len(team_lines(desk)) == 1
    desk.do(drop_unfit, now=LATER + HOUR)
    assert len(team_lines(desk)) == 1


def test_the_fallback_is_asked_at_once(desk: SmallDesk) -> None:
    set_steps(desk, TO_OLIVER)
    ticket = requested(desk)
    change_person(desk, "lea", is_deactivated=True)
    desk.do(lambda uow: drop_person(uow, "U0LEA"), now=LATER)
    find_fallback(desk, ticket, "oliver", LATER)
    assert (step_of(desk, ticket).state, asked_in(desk, ticket)) == (StepState.ASKED, ["Oliver"])
    assert len(posts(desk, DeliveryKind.AGREEMENT, "oliver")) == 1
    assert posts(desk, DeliveryKind.AGREEMENT_WAIT) == []
    assert decides(desk, ticket, "oliver", Decision.AGREE).agreement is Agreement.GIVEN


def test_others_who_are_fit_go_on(desk: SmallDesk) -> None:
    ticket = asked_of_all(desk, "lea", "oliver")
    change_person(desk, "lea", is_deactivated=True)
    desk.do(drop_unfit, now=LATER)
    assert (step_of(desk, ticket).state, asked_in(desk, ticket)) == (StepState.ASKED, ["Oliver"])
    assert decides(desk, ticket, "oliver", Decision.AGREE).agreement is Agreement.GIVEN


def test_when_all_who_are_left_have_agreed_the_work_begins(desk: SmallDesk) -> None:
    ticket = asked_of_all(desk, "lea", "oliver")
    decides(desk, ticket, "oliver", Decision.AGREE)
    change_person(desk, "lea", is_deactivated=True)
    desk.do(drop_unfit, now=LATER)
    given = again(desk, ticket)
    assert (given.agreement, given.agreed_at, given.clock_since) == (Agreement.GIVEN, LATER, LATER)


def test_who_left_the_group_is_dropped_and_who_joined_is_not_asked(desk: SmallDesk) -> None:
    ticket = asked_of_all(desk, "lea", "oliver")
    members = {desk.actor("oliver").id, desk.actor("karim").id}

    def read_again(uow: UnitOfWork) -> None:
        [approval] = approvals_of(uow.session, ticket.id)
        drop_who_left(uow, uow.session.get_one(Ticket, ticket.id), approval, members)

    desk.do(read_again, now=LATER)
    assert asked_in(desk, ticket) == ["Oliver"]


def end_of(desk: SmallDesk, delivery: Delivery, end: DeliveryError | Reason) -> None:
    """Slack refuses a message for good, or there is nobody to send it to."""
    with desk.sessions.begin() as session:
        row = session.get_one(Delivery, delivery.id)
        if isinstance(end, Reason):
            announce_skipped(session, row, end, now=LATER)
        else:
            announce_dead(session, row, end, now=LATER)


@pytest.mark.parametrize(
    "end",
    [Permanent(Reason.REFUSED, "chat.postMessage", "cannot_dm_bot"), Reason.ACCOUNT_DEACTIVATED],
    ids=str,
)
def test_an_approver_whom_no_message_reaches_is_dropped(desk: SmallDesk, end: DeliveryError | Reason) -> None:
    ticket = requested(desk)
    [message] = posts(desk, DeliveryKind.AGREEMENT, "lea")
    end_of(desk, message, end)
    assert step_of(desk, ticket).state is StepState.CHOICE
    assert (len(posts(desk, DeliveryKind.AGREEMENT_WAIT, "camille")), len(team_lines(desk))) == (1, 1)


def test_a_message_that_is_lost_after_the_decision_changes_nothing(desk: SmallDesk) -> None:
    ticket = requested(desk)
    [message] = posts(desk, DeliveryKind.AGREEMENT, "lea")
    decides(desk, ticket, "lea", Decision.AGREE)
    end_of(desk, message, Reason.ACCOUNT_DEACTIVATED)
    assert (again(desk, ticket).agreement, team_lines(desk)) == (Agreement.GIVEN, [])


def test_a_reminder_that_is_answered_before_drops_nobody(desk: SmallDesk) -> None:
    ticket = requested(desk)
    [message] = posts(desk, DeliveryKind.AGREEMENT, "lea")
    end_of(desk, message, Reason.ANSWERED_BEFORE)
    assert asked_in(desk, ticket) == ["Lea"]
