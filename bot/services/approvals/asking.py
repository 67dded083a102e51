"""Asks the present step of a ticket's agreement: at once whom the form names, through the worker whom only
Slack knows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.rows import subject_of
from models.approval_rule import Source
from models.approvals.approval import Absence, Approval, Decision, StepState
from models.approvals.process import Asked, advance, ask, current, decide
from models.person import Person
from models.tickets.ticket import Ticket


def bring_on(uow: UnitOfWork, ticket: Ticket, approvals: Sequence[Approval]) -> None:
    """Ask the current step as far as that is possible without Slack; the next one too, when the requester's
    own agreement is recorded."""
    while (approval := current(approvals)) is not None and _is_in_the_form(approval):
        [question] = approval.rule.who.names
        named = next((each.value for each in ticket.answers if each.id == question), None)
        people = uow.session.scalars(select(Person).where(Person.slack_id == named)).all() if named else []
        ask_people(uow, ticket, approval, people)
        if approval.state is StepState.GIVEN:
            advance(ticket, approvals, uow.now)


def _is_in_the_form(approval: Approval) -> bool:
    """Whether the step has still to be asked, and the form names whom: others are for the worker to find."""
    return approval.state is StepState.LOOKUP and approval.rule.who.source is Source.QUESTION


def ask_people(
    uow: UnitOfWork,
    ticket: Ticket,
    approval: Approval,
    people: Sequence[Person],
    *,
    is_fallback: bool = False,
) -> None:
    """Ask those of them who are fit, and who decides for the absent ones. The requester's own agreement is
    recorded where the catalogue says so."""
    asked = list(_with_substitutes(uow.session, ticket, approval, people, uow.now))
    if is_fallback:
        asked = [Asked(each.person, each.stands_in_for, is_fallback=True) for each in asked]
    ask(approval, asked, subject_of(uow.session, ticket), uow.now)
    if approval.rule.own_is_recorded and any(each.person.id == ticket.requester_id for each in asked):
        decide(approval, ticket.requester, Decision.AGREE, None, uow.now)


def is_fit(ticket: Ticket, person: Person) -> bool:
    """Whether somebody may be asked for an agreement to the ticket."""
    is_theirs = person.id in {ticket.requester_id, ticket.filed_by_id}
    return not (is_theirs or person.is_unattended or person.is_stranger or person.is_guest)


def _with_substitutes(
    session: Session, ticket: Ticket, approval: Approval, people: Sequence[Person], now: datetime
) -> Iterator[Asked]:
    asked = set[int]()
    for person in people:
        is_own = approval.rule.own_is_recorded and person.id == ticket.requester_id
        if person.id not in asked and (is_own or is_fit(ticket, person)):
            asked.add(person.id)
            yield Asked(person)
    for person in people:
        substitute = _substitute(session, person, now)
        if substitute and substitute.id not in asked and is_fit(ticket, substitute):
            asked.add(substitute.id)
            yield Asked(substitute, stands_in_for=person)


def _substitute(session: Session, person: Person, now: datetime) -> Person | None:
    """Who decides for somebody today; not who decides for that one in turn."""
    absence = session.get(Absence, person.id)
    if absence is None or not absence.first_day <= _today(person, now) <= absence.last_day:
        return None
    return absence.substitute


def _today(person: Person, now: datetime) -> date:
    return now.astimezone(ZoneInfo(person.time_zone)).date()
