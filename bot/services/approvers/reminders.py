"""Reminds approvers, asks the fallback at the end of the term, then tells team and requester each week."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from bot.catalogue.calendar.stored import calendar_for
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.maintenance.lookups import look_up
from bot.notifications.waits.approvals import ask_requester, show_approvals
from bot.notifications.waits.unanswered import queue_agreement_mails, tell_team
from bot.services.approvals.days import due_at, due_day, is_over, pause_days, plan_days
from bot.services.approvals.rows import approvals_of, last_event
from bot.services.tickets.waits.apart import do_apart
from models.approval_rule import REMINDERS, Source
from models.approvals.approval import Approval, StepState
from models.approvals.process import current
from models.calendar.calendar import Calendar
from models.calendar.working_days import is_open, later
from models.tickets.event import Event
from models.tickets.ticket import Ticket

PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it."""
_READ_AGAIN = frozenset({Source.GROUP, Source.CHANNEL})


def remind_approvers(uow: UnitOfWork) -> bool:
    """Do a portion of what is due. Returns whether others may be left."""
    due = uow.session.scalars(
        select(Ticket)
        .join(Approval, Approval.ticket_id == Ticket.id)
        .where(Approval.remind_at.is_not(None), Approval.remind_at <= uow.now)
        .order_by(Approval.remind_at, Ticket.id)
        .limit(PORTION)
        .with_for_update(of=Ticket, skip_locked=True)  # before its steps, as a decision does
    ).all()
    do_apart(uow, due, partial(_look_at, uow), partial(_put_off, uow))
    return len(due) == PORTION


def _put_off(uow: UnitOfWork, ticket: Ticket, until: datetime) -> None:
    if (approval := current(approvals_of(uow.session, ticket.id))) is not None:
        approval.remind_at = until


def _look_at(uow: UnitOfWork, ticket: Ticket) -> None:
    approval = current(approvals_of(uow.session, ticket.id))
    if approval is None or approval.remind_at is None or approval.remind_at > uow.now:
        return  # somebody decided before the ticket was locked
    calendar = calendar_for(uow.session, ticket)
    if approval.state is StepState.LOOKUP:
        approval.remind_at = None
    elif approval.state is StepState.INCOMPLETE:
        _ask_for_information(uow, ticket, approval, calendar)
    elif (at := due_at(uow, ticket, approval)) is None or at > uow.now:
        approval.remind_at = at  # the calendar has changed
    elif not is_open(calendar, uow.now):
        approval.remind_at = later(calendar, uow.now, 0)
    else:
        _do_what_is_due(uow, ticket, approval)


def _ask_for_information(uow: UnitOfWork, ticket: Ticket, approval: Approval, calendar: Calendar) -> None:
    """The requester has not completed the request for a week."""
    if not is_open(calendar, uow.now):
        approval.remind_at = later(calendar, uow.now, 0)
        return
    ask_requester(uow, last_event(uow.session, ticket), approval, why=_why(uow))
    pause_days(uow, ticket, approval)


def _do_what_is_due(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> None:
    before, event = approval.state, last_event(uow.session, ticket)
    if before is StepState.ASKED and due_day(approval) in REMINDERS:
        _remind(uow, event, approval)
    if approval.state is before and is_over(approval):
        _tell(uow, event, approval)
    if approval.state is before:  # else its days began anew, or it is over
        approval.reminded += 1
        plan_days(uow, ticket, approval)


def _remind(uow: UnitOfWork, event: Event, approval: Approval) -> None:
    """Another message for each who has not decided; with the first one an e-mail."""
    if approval.rule.who.source in _READ_AGAIN:
        look_up(uow, approval)
    show_approvals(uow, event, why=_why(uow), again=True)
    if due_day(approval) == REMINDERS[0]:
        queue_agreement_mails(uow, event, approval, [each for each in approval.asked if each.is_open])


def _tell(uow: UnitOfWork, event: Event, approval: Approval) -> None:
    """The fallback is asked, once; then it is said that nobody decides."""
    if approval.rule.fallback is not None and not approval.has_fallback:
        approval.has_fallback = True
        look_up(uow, approval, is_fallback=True)
        show_approvals(uow, event, why=f"{_why(uow)}:fallback")
    else:
        tell_team(uow, event, approval)
        ask_requester(uow, event, approval, why=_why(uow))


def _why(uow: UnitOfWork) -> str:
    return f"days:{uow.now.timestamp():.0f}"
