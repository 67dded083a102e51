"""Tickets attached to others: one level, and none is left behind by what it is attached to."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.lifecycle import TRANSITIONS, Action, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.chaos.account.table import Account
from tests.chaos.people.ledger import Ledger

_OPEN = TRANSITIONS[Action.RESOLVE].sources


def reckon_children(session: Session, ledger: Ledger, account: Account) -> None:
    """Compare what was attached and detached with the result, once all jobs are done."""
    children = session.scalars(
        select(Ticket).where(Ticket.parent_id.is_not(None), Ticket.status != Status.CLOSED)
    ).all()
    events = session.scalars(select(Event).order_by(Event.ticket_id, Event.number)).all()
    attached = [each for each in events if each.action is Action.ATTACH and each.details.parent is not None]
    account.rows["tickets attached to another"] = len(attached)
    account.rows["of these still attached"] = len(children)
    for name, acknowledged, action in (
        ("attachments lost", ledger.attached, Action.ATTACH),
        ("detachments lost", ledger.detached, Action.DETACH),
    ):
        done = session.scalar(select(func.count()).where(Event.action == action)) or 0
        account.count(name, range(acknowledged - done))
    account.count("tickets attached at a second level", _nested(session, children))
    account.count("attached tickets left behind", _left_behind(session, children))
    account.count("parents not due with their first ticket", _not_due(session, children))
    told = [each for each in events if each.action is Action.RESOLVE and each.surface == "parent"]
    account.rows["tickets resolved with another"] = len(told)
    account.count("requesters told twice, or never", _not_told_once(session, told))
    account.count("tickets freed twice", _freed_twice(events))


def _nested(session: Session, children: Sequence[Ticket]) -> Iterator[str]:
    for each in children:
        parent = session.get_one(Ticket, each.parent_id)
        if not parent.has_card or parent is each or each.has_card:
            yield f"n° {each.id} behind n° {parent.id}"


def _left_behind(session: Session, children: Sequence[Ticket]) -> Iterator[str]:
    """Still to be resolved, while what it is attached to is resolved, closed, or of another team."""
    for each in children:
        parent = session.get_one(Ticket, each.parent_id)
        is_led = parent.status in _OPEN and parent.team_id == each.team_id
        if each.status in _OPEN and not is_led:
            yield f"n° {each.id} behind n° {parent.id}"


def _not_due(session: Session, children: Sequence[Ticket]) -> Iterator[str]:
    earliest: dict[int | None, object] = {}
    for each in sorted(children, key=lambda child: child.due_at, reverse=True):
        if each.status in _OPEN:
            earliest[each.parent_id] = each.due_at
    for parent in session.scalars(select(Ticket).where(Ticket.status != Status.CLOSED)):
        if parent.children_due_at != earliest.get(parent.id):
            yield f"n° {parent.id}: {parent.children_due_at}, and not {earliest.get(parent.id)}"


def _not_told_once(session: Session, told: Sequence[Event]) -> Iterator[str]:
    """Each is asked about a solution once, or it was superseded."""
    kind = Delivery.kind == DeliveryKind.RESOLUTION
    for event in told:
        states = session.scalars(select(Delivery.state).where(Delivery.event_id == event.id, kind)).all()
        if len(states) != 1 or states[0] not in {DeliveryState.SENT, DeliveryState.SKIPPED}:
            yield f"n° {event.ticket_id}, event {event.number}: {states}"


def _freed_twice(events: Sequence[Event]) -> Iterator[str]:
    """A ticket is freed once for each time that it was attached."""
    behind: dict[int, int | None] = {}
    for each in events:
        if each.details.left is not None:
            if behind.get(each.ticket_id) != each.details.left:
                yield f"n° {each.ticket_id}, event {each.number}"
            behind[each.ticket_id] = None
        if each.action is Action.ATTACH:
            behind[each.ticket_id] = each.details.parent
