"""Asks the approvers that the worker found in Slack."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.notifications.cards import refresh_card, refresh_requester_card
from bot.notifications.waits.approvals import show_approvals
from bot.services.approvals.asking import ask_people, bring_on, is_new
from bot.services.approvals.dropping import drop_who_left
from bot.services.approvals.rows import approvals_of
from models.approvals.approval import CURRENT, Approval, StepState
from models.person import Person
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def awaits(approval: Approval, *, is_fallback: bool) -> bool:
    """Whether the approvers that were looked up are still to be asked. The fallback comes in
    addition, until the step is decided. Once somebody is asked, those are dropped who have left."""
    if is_fallback:
        return approval.state in CURRENT
    return is_new(approval) or approval.state in {StepState.ASKED, StepState.INCOMPLETE}


def name_approvers(
    uow: UnitOfWork,
    approval_id: int,
    slack_ids: Sequence[str],
    *,
    is_fallback: bool = False,
    is_complete: bool = True,
) -> None:
    """Ask the approvers of a step, or its fallback, now that the worker has found them: people who have rows.

    Without anybody fit the fallback is looked up in turn, and at last somebody is to be chosen. Does nothing
    when the step has gone on meanwhile, so that it may run twice.
    """
    ticket_id = uow.session.scalar(select(Approval.ticket_id).where(Approval.id == approval_id))
    ticket = uow.session.get(Ticket, ticket_id, with_for_update=True) if ticket_id else None
    if ticket is None:
        return
    approvals = approvals_of(uow.session, ticket.id)
    approval = next(each for each in approvals if each.id == approval_id)
    if not awaits(approval, is_fallback=is_fallback):
        return
    if not is_fallback and not is_new(approval):
        if is_complete:
            members = {each.id for each in _people(uow, slack_ids)}
            drop_who_left(uow, ticket, approval, members)
        return
    event = ask_people(uow, ticket, approval, _people(uow, slack_ids), is_fallback=is_fallback)
    if approval.state is not StepState.LOOKUP:
        events = [event] if event else []
        _tell(uow, ticket, [*events, *bring_on(uow, ticket, approvals)], why=f"{approval_id}:{is_fallback:d}")


def _people(uow: UnitOfWork, slack_ids: Sequence[str]) -> Sequence[Person]:
    """Those who are known, in the order given."""
    rows = uow.session.scalars(select(Person).where(Person.slack_id.in_(slack_ids)))
    return sorted(rows, key=lambda person: slack_ids.index(person.slack_id))


def _tell(uow: UnitOfWork, ticket: Ticket, events: Sequence[Event], *, why: str) -> None:
    """Queue the messages that ask, and the cards that say who is asked."""
    if events:
        for each in events:
            enqueue.announce(uow, ticket, each)
        return
    last = (Event.ticket_id == ticket.id, Event.number == ticket.event_count)
    event = uow.session.scalars(select(Event).where(*last)).one()
    why = f"approvers:{why}:{uow.now.timestamp()}"
    show_approvals(uow, event, why=why)
    refresh_card(uow, ticket, event, why=why)
    refresh_requester_card(uow, event, why=why)
