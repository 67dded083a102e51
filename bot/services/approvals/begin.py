"""Which agreements a new request needs, and whom they ask at once."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.asking import bring_on
from bot.services.approvals.fitness import unfit
from models.approval_rule import ApprovalStep, Source, steps_for
from models.approvals.process import begin
from models.fields import Field, FieldRefused
from models.lifecycle import Kind
from models.person import Person
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def steps_needed(ticket: Ticket) -> Sequence[ApprovalStep]:
    """The steps of its service that its answers ask for; an incident has none."""
    if ticket.kind is not Kind.REQUEST or ticket.service is None:
        return []
    return steps_for(ticket.service.approval, {each.id: each.value for each in ticket.answers})


def check_approvers(uow: UnitOfWork, ticket: Ticket, steps: Sequence[ApprovalStep]) -> None:
    """Raise `FieldRefused`, with the question, for an approver whom its requester may not choose."""
    for step in steps:
        if step.who.source is Source.QUESTION:
            [question] = step.who.names
            chosen = _chosen(uow.session, ticket, question)
            if chosen is not None and (reason := unfit(ticket, chosen, own_is_recorded=step.own_is_recorded)):
                raise FieldRefused(Field.QUESTION, reason, question)


def begin_approval(uow: UnitOfWork, ticket: Ticket, *, is_given: bool = False) -> list[Event]:
    """Write the steps of a new ticket, which was flushed, and ask the first one, unless it was given. Returns
    the events that are to be announced after the ticket itself: its requester's own agreements."""
    approvals = begin(ticket, steps_needed(ticket))
    uow.session.add_all(approvals)
    return [] if is_given else bring_on(uow, ticket, approvals)


def _chosen(session: Session, ticket: Ticket, question: str) -> Person | None:
    slack_id = next((each.value for each in ticket.answers if each.id == question), None)
    return session.scalar(select(Person).where(Person.slack_id == slack_id)) if slack_id else None
