"""The working days of a step: when its approvers are reminded, when others are told that nobody decides.

They count in the ticket's calendar, since the step was asked, and stand while an information is missing.
"""

from datetime import datetime

from bot.catalogue.calendar.stored import calendar_for
from bot.context.unit_of_work import UnitOfWork
from models.approvals.approval import Approval, StepState
from models.calendar.working_days import later, working_days_between
from models.tickets.ticket import Ticket

WEEK = 5
"""Working days between two lines that nobody decides."""


def begin_days(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> None:
    """Count from now: somebody was asked, or is to be chosen."""
    approval.counted_from, approval.reminded, approval.paused_at = uow.now, 0, None
    plan_days(uow, ticket, approval)


def pause_days(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> None:
    """An information is missing: nothing is due of its approvers, and the requester is told again in a
    week."""
    approval.paused_at = approval.paused_at or uow.now
    approval.remind_at = later(calendar_for(uow.session, ticket), uow.now, WEEK)


def resume_days(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> None:
    """Count on, without the working days that they stood."""
    if approval.paused_at is None or approval.counted_from is None:
        return
    calendar = calendar_for(uow.session, ticket)
    if stood := working_days_between(calendar, approval.paused_at, uow.now):
        approval.counted_from = later(calendar, approval.counted_from, stood)
    approval.paused_at = None
    plan_days(uow, ticket, approval)


def plan_days(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> None:
    """When something is due next; after a moment that was missed, not on the same day again."""
    at = due_at(uow, ticket, approval)
    if at is not None and approval.reminded and at <= uow.now:
        at = later(calendar_for(uow.session, ticket), uow.now, 1)
    approval.remind_at = at


def due_at(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> datetime | None:
    """When something is due next, by the calendar as it is; `None` when it does not open again."""
    since = approval.counted_from or uow.now
    return later(calendar_for(uow.session, ticket), since, due_day(approval))


def due_day(approval: Approval) -> int:
    """After how many working days something is due next: a reminder, the end of the term, then each week."""
    if approval.state is StepState.CHOICE:
        return WEEK * (approval.reminded + 1)
    first = approval.rule.moments
    weeks = approval.reminded - len(first) + 1
    return first[approval.reminded] if weeks <= 0 else approval.rule.within + WEEK * weeks


def is_over(approval: Approval) -> bool:
    """Whether what is due now is due because the term is over, and not a reminder alone."""
    if approval.state is StepState.CHOICE:
        return True
    days = due_day(approval) - approval.rule.within
    return days >= 0 and days % WEEK == 0
