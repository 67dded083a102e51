"""Asks the present step of a ticket's agreement: at once whom the form names, through the worker whom only
Slack knows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.maintenance.lookups import look_up
from bot.services.approvals.days import begin_days
from bot.services.approvals.fitness import unfit
from bot.services.approvals.rows import approvals_of, subject_of
from models.approval_rule import Source
from models.approvals.approval import Absence, Approval, Decision, StepState
from models.approvals.changes import Decided
from models.approvals.process import Asked, ask, current
from models.lifecycle import Action, Role
from models.person import Person
from models.tickets import transitions
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger


def bring_on(uow: UnitOfWork, ticket: Ticket, approvals: Sequence[Approval]) -> list[Event]:
    """Ask the current step: at once whom a form names, others as the worker finds them; the next step too,
    when the requester's own agreement is enough. Returns the events of such agreements, to be announced."""
    events = list[Event]()
    while (approval := current(approvals)) is not None and is_new(approval):
        if not _is_in_a_form(approval):
            look_up(uow, approval)
            break
        if event := ask_people(uow, ticket, approval, _people(uow.session, _named(ticket, approval))):
            events.append(event)
        if approval.state is not StepState.GIVEN:
            break
    return events


def is_new(approval: Approval) -> bool:
    """Whether neither its approvers nor its fallback were asked or looked up."""
    return approval.state is StepState.LOOKUP and not approval.has_fallback


def _is_in_a_form(approval: Approval) -> bool:
    """Whether a form names who is asked: others are for the worker to find."""
    return approval.rule.who.source is Source.QUESTION or approval.requested_by_id is not None


def _named(ticket: Ticket, approval: Approval) -> Sequence[str]:
    """The Slack ids of those whom the form names: the requester's, or a technician's."""
    names = approval.rule.who.names
    if approval.rule.who.source is not Source.QUESTION:
        return names
    answers = (each.value for each in ticket.answers if each.id in names)
    return [value for value in answers if isinstance(value, str)]


def _people(session: Session, slack_ids: Sequence[str]) -> Sequence[Person]:
    return session.scalars(select(Person).where(Person.slack_id.in_(slack_ids))).all() if slack_ids else []


def ask_people(
    uow: UnitOfWork,
    ticket: Ticket,
    approval: Approval,
    people: Sequence[Person],
    *,
    is_fallback: bool = False,
) -> Event | None:
    """Ask those of them who are fit, and who decides for the absent ones. When a step that is to be asked
    first has nobody fit, its fallback is looked up.

    Where the catalogue says so the requester's own agreement is recorded: returns its event, which the caller
    announces.
    """
    asked = list(_with_substitutes(uow.session, ticket, approval, people, uow.now))
    if is_fallback:
        asked = [replace(each, is_fallback=True) for each in asked]
    if not asked and is_new(approval) and approval.rule.fallback is not None:
        look_up(uow, approval, is_fallback=True)
        return None
    before = approval.state
    ask(approval, asked, subject_of(uow.session, ticket), uow.now)
    if before is StepState.INCOMPLETE and approval.state is StepState.ASKED:
        approval.state = before  # the requester has still to complete it, and its days stand
    elif approval.state is not before:
        begin_days(uow, ticket, approval)
    is_own = any(each.person.id == ticket.requester_id for each in asked)
    return _agree_oneself(uow, ticket, approval) if approval.rule.own_is_recorded and is_own else None


def _agree_oneself(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> Event:
    """The requester is an approver, and has agreed by requesting: an event, which the clocks follow."""
    change = Decided(approvals_of(uow.session, ticket.id), approval, ticket.requester, Decision.AGREE)
    surface, levels = uow.surface, StoredLevels(uow.session)
    requester = Trigger(ticket.requester, {Role.APPROVER}, uow.now, surface, levels)
    event = transitions.apply(ticket, Action.AGREE, requester, change=change)
    uow.session.add(event)
    uow.session.flush()
    return event


def ask_substitutes_in(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> bool:
    """Ask who decides for those of a step who have become absent; they agree to what the others were asked.
    Returns whether somebody new is asked."""
    known = {each.person_id for each in approval.approvers}
    new = [
        Asked(each.person, each.stands_in_for, is_fallback=open_row.is_fallback)
        for open_row in approval.asked
        if open_row.is_open and open_row.stands_in_for is None
        for each in _with_substitutes(uow.session, ticket, approval, [open_row.person], uow.now)
        if each.stands_in_for is not None and each.person.id not in known
    ]
    if new and approval.subject is not None:
        ask(approval, new, approval.subject, uow.now)
    return bool(new)


def _with_substitutes(
    session: Session, ticket: Ticket, approval: Approval, people: Sequence[Person], now: datetime
) -> Iterator[Asked]:
    asked = set[int]()
    for person in people:
        reason = unfit(ticket, person, own_is_recorded=approval.rule.own_is_recorded)
        if person.id not in asked and reason is None:
            asked.add(person.id)
            yield Asked(person)
    for person in people:
        substitute = _substitute(session, person, now)
        if substitute and substitute.id not in asked and unfit(ticket, substitute) is None:
            asked.add(substitute.id)
            yield Asked(substitute, stands_in_for=person)


def _substitute(session: Session, person: Person, now: datetime) -> Person | None:
    """Who decides for somebody today; not who decides for that one in turn."""
    absence = session.get(Absence, person.id)
    return absence.substitute if absence is not None and is_absent(absence, person, now) else None


def is_absent(absence: Absence, person: Person, now: datetime) -> bool:
    """Whether somebody is away now."""
    return absence.first_day <= today_of(person, now) <= absence.last_day


def today_of(person: Person, now: datetime) -> date:
    """The day, where they are."""
    return now.astimezone(ZoneInfo(person.time_zone)).date()
