"""Reminders of approvers, the end of their term, and the days on which nothing counts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.catalogue.calendar.build import shipped_calendar
from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.asking import ask_people
from bot.services.approvals.days import resume_days
from bot.services.approvals.lookup import name_approvers
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.reminders import remind_approvers
from bot.services.approvers.unfit import drop_unfit
from bot.services.tickets.waits.recompute import recompute_waits
from models.approval_rule import ApprovalStep, Approvers, Source
from models.approvals.approval import Decision, StepState
from models.approvals.process import complete
from models.calendar.calendar import Calendar
from models.catalogue import CatalogueState
from models.lifecycle import Agreement
from models.outbox.details import AgreementLineDetails, MailDetails
from models.outbox.kinds import DeliveryKind
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
from tests.support.use_case_desk import NOW, SmallDesk, at_once

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TO_OLIVER = replace(OF_HOLDER, fallback=Approvers(Source.PEOPLE, ("U0OLIVER",)))


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """Its printers need the agreement of a budget holder. It is Monday."""
    set_steps(shared_desk, OF_HOLDER)
    return shared_desk


def days_pass(desk: SmallDesk, days: float, since: datetime = NOW) -> datetime:
    """Run the job each hour; returns when that was."""
    for hour in range(int(days * 24) + 1):
        desk.work_off(remind_approvers, since + timedelta(hours=hour) + MINUTE)
    return since + timedelta(days=days)


def lines(desk: SmallDesk) -> int:
    return sum(isinstance(each.details, AgreementLineDetails) for each in desk.deliveries())


def test_an_approver_is_reminded_after_two_and_four_working_days(desk: SmallDesk) -> None:
    requested(desk)
    counts = []
    for day in range(5):
        days_pass(desk, 0, NOW + day * DAY)
        counts.append(len(posts(desk, DeliveryKind.AGREEMENT, "lea")))
    assert counts == [1, 1, 2, 2, 3]


def test_a_weekend_does_not_count(desk: SmallDesk) -> None:
    ticket = requested(desk, now=NOW + 4 * DAY)  # a Friday
    assert step_of(desk, ticket).remind_at == NOW + 8 * DAY


def test_one_e_mail_goes_with_the_first_reminder(desk: SmallDesk) -> None:
    ticket = requested(desk)
    days_pass(desk, 4)
    [mail] = posts(desk, DeliveryKind.MAIL, "lea")
    details = mail.details_as(MailDetails)
    assert (details.template, details.approval_id) == ("agreement", step_of(desk, ticket).id)
    assert mail.created_at == NOW + 2 * DAY + MINUTE


def test_at_the_end_of_the_term_the_fallback_is_asked_too(desk: SmallDesk) -> None:
    set_steps(desk, TO_OLIVER)
    ticket = requested(desk)
    days_pass(desk, 6.5)
    assert asked_in(desk, ticket) == ["Lea"]
    find_fallback(desk, ticket, "oliver")
    assert asked_in(desk, ticket) == ["Lea"], "not yet"
    days_pass(desk, 0, NOW + 7 * DAY)
    find_fallback(desk, ticket, "oliver")
    assert (asked_in(desk, ticket), step_of(desk, ticket).has_fallback) == (["Lea", "Oliver"], True)
    assert len(posts(desk, DeliveryKind.AGREEMENT, "oliver")) == 1
    assert (lines(desk), posts(desk, DeliveryKind.AGREEMENT_WAIT)) == (0, [])


@pytest.mark.parametrize(("step", "weeks"), [(OF_HOLDER, 3), (TO_OLIVER, 2)], ids=["no fallback", "fallback"])
def test_then_team_and_requester_are_told_each_week(desk: SmallDesk, step: ApprovalStep, weeks: int) -> None:
    set_steps(desk, step)
    requested(desk)
    days_pass(desk, 21)
    assert (lines(desk), len(posts(desk, DeliveryKind.AGREEMENT_WAIT, "camille"))) == (weeks, weeks)


def test_silence_never_agrees(desk: SmallDesk) -> None:
    set_steps(desk, TO_OLIVER)
    ticket = requested(desk)
    days_pass(desk, 40)
    find_fallback(desk, ticket, "oliver")
    assert step_of(desk, ticket).state is StepState.ASKED
    assert asked_in(desk, ticket) == ["Lea", "Oliver"]


def test_a_step_that_is_decided_reminds_nobody(desk: SmallDesk) -> None:
    ticket = requested(desk)
    decides(desk, ticket, "lea", Decision.AGREE, now=NOW + DAY)
    assert step_of(desk, ticket).remind_at is None
    days_pass(desk, 8)
    assert len(posts(desk, DeliveryKind.AGREEMENT, "lea")) == 1


def completed(desk: SmallDesk, ticket: Ticket, now: datetime) -> None:
    """The requester has said what was missing."""

    def work(uow: UnitOfWork) -> None:
        [approval] = approvals_of(uow.session, ticket.id)
        assert approval.subject is not None
        complete(approval, approval.subject)
        resume_days(uow, uow.session.get_one(Ticket, ticket.id), approval)

    desk.do(work, now=now)


def test_the_days_stand_while_an_information_is_missing(desk: SmallDesk) -> None:
    ticket = requested(desk)
    decides(desk, ticket, "lea", Decision.ASK, "Quelle taille ?", now=NOW + DAY)
    days_pass(desk, 9)
    assert len(posts(desk, DeliveryKind.AGREEMENT, "lea")) == 1
    assert len(posts(desk, DeliveryKind.AGREEMENT_WAIT)) == 2, "the requester is told again after a week"
    completed(desk, ticket, NOW + 9 * DAY)
    assert step_of(desk, ticket).remind_at == NOW + 10 * DAY, "one working day of two had passed"


def test_what_nobody_is_asked_is_told_each_week(desk: SmallDesk) -> None:
    ticket = requested(desk)
    change_person(desk, "lea", is_deactivated=True)
    desk.do(drop_unfit)
    assert (lines(desk), len(posts(desk, DeliveryKind.AGREEMENT_WAIT))) == (1, 1)
    days_pass(desk, 14)
    assert (lines(desk), len(posts(desk, DeliveryKind.AGREEMENT_WAIT))) == (3, 3)
    assert step_of(desk, ticket).state is StepState.CHOICE


def test_a_decision_during_the_reminder_stands(desk: SmallDesk) -> None:
    ticket = requested(desk)
    now = NOW + 2 * DAY
    at_once(
        [
            lambda: desk.work_off(remind_approvers, now),
            lambda: decides(desk, ticket, "lea", Decision.AGREE, now=now),
        ]
    )
    step = step_of(desk, ticket)
    assert (step.state, step.remind_at, again(desk, ticket).agreement) == (
        StepState.GIVEN,
        None,
        Agreement.GIVEN,
    )


def asks(desk: SmallDesk, ticket: Ticket, name: str, now: datetime) -> None:
    """Somebody who is asked beside the others, as a fallback is."""

    def work(uow: UnitOfWork) -> None:
        [approval] = approvals_of(uow.session, ticket.id)
        person = uow.session.get_one(Person, desk.actor(name).id)
        ask_people(uow, uow.session.get_one(Ticket, ticket.id), approval, [person], is_fallback=True)

    desk.do(work, now=now)


def test_who_is_chosen_later_gets_an_e_mail_too_and_nobody_two(desk: SmallDesk) -> None:
    ticket = requested(desk)
    days_pass(desk, 2)
    for name, former, chosen, due in (("oliver", "lea", 3, 7), ("lea", "oliver", 8, 10)):
        now = NOW + chosen * DAY
        change_person(desk, former, is_deactivated=True)
        desk.do(drop_unfit, now=now)
        change_person(desk, former, is_deactivated=False)
        asks(desk, ticket, name, now)
        days_pass(desk, 0, NOW + due * DAY)
    assert [len(posts(desk, DeliveryKind.MAIL, name)) for name in ("lea", "oliver")] == [1, 1]
    assert (asked_in(desk, ticket), step_of(desk, ticket).reminded) == (["Lea"], 1)


def test_the_days_stand_when_a_fallback_is_found_meanwhile(desk: SmallDesk) -> None:
    ticket = requested(desk)
    decides(desk, ticket, "lea", Decision.ASK, "Quelle taille ?", now=NOW + DAY)
    asks(desk, ticket, "oliver", NOW + DAY)
    step = step_of(desk, ticket)
    assert (step.counted_from, step.paused_at, step.remind_at) == (NOW, NOW + DAY, NOW + 8 * DAY)


def test_two_workers_remind_once(desk: SmallDesk) -> None:
    requested(desk)
    for _worker in range(2):
        desk.work_off(remind_approvers, NOW + 2 * DAY)
    assert len(posts(desk, DeliveryKind.AGREEMENT, "lea")) == 2


def calendar_is(desk: SmallDesk, calendar: Calendar, fingerprint: str) -> None:
    with desk.sessions.begin() as session:
        session.merge(CatalogueState(id=1, fingerprint=fingerprint, calendar=calendar))


def test_a_changed_calendar_moves_the_reminders(desk: SmallDesk) -> None:
    desk.work_off(recompute_waits)
    ticket = requested(desk, now=NOW + 3 * DAY)  # a Thursday
    assert step_of(desk, ticket).remind_at == NOW + 7 * DAY
    for calendar, days in ((Calendar.always("Europe/Paris"), 5), (shipped_calendar(), 7)):
        calendar_is(desk, calendar, f"{days}")
        for job in (recompute_waits, remind_approvers):
            desk.work_off(job, NOW + 3 * DAY + MINUTE)
        assert step_of(desk, ticket).remind_at == NOW + days * DAY
    assert len(posts(desk, DeliveryKind.AGREEMENT, "lea")) == 1


def test_who_agrees_without_the_information_leaves_the_others_asked(desk: SmallDesk) -> None:
    """Nobody waits for it any more: the days of the others go on, the requester has nothing to complete."""
    set_steps(desk, all_of("lea", "oliver"))
    ticket = requested(desk)
    number = step_of(desk, ticket).id
    desk.do(lambda uow: name_approvers(uow, number, ["U0LEA", "U0OLIVER"]))
    decides(desk, ticket, "lea", Decision.ASK, "Quelle taille ?", now=NOW + DAY)
    assert step_of(desk, ticket).state is StepState.INCOMPLETE
    decides(desk, ticket, "lea", Decision.AGREE, now=NOW + 2 * DAY)
    step = step_of(desk, ticket)
    assert (step.state, step.paused_at, asked_in(desk, ticket)) == (StepState.ASKED, None, ["Oliver"])
