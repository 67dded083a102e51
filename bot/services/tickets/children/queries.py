"""Which tickets are attached to another."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session, joinedload

from bot.services.tickets.attachments import count_files
from models.lifecycle import Agreement, Status
from models.pages import Children
from models.tickets.ticket import Ticket

SHOWN = 10


def is_attached(parent_id: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions for an open ticket attached to this one."""
    closed = literal(Status.CLOSED, Ticket.status.type, literal_execute=True)
    return Ticket.parent_id == parent_id, Ticket.status != closed


def children_of(session: Session, parent_id: int, *, most: int = SHOWN) -> Children:
    """The tickets attached to this one, those that are closed last."""
    query = select(Ticket).where(Ticket.parent_id == parent_id).limit(most)
    query = query.order_by(Ticket.status == Status.CLOSED, Ticket.id)
    shown = session.scalars(query.options(joinedload(Ticket.requester))).all()
    count = len(shown) if len(shown) < most else count_children(session, parent_id)
    return Children(shown, count, count_files(session, [each.id for each in shown]))


def count_children(session: Session, parent_id: int) -> int:
    """How many tickets are attached to this one."""
    return session.scalar(select(func.count(Ticket.id)).where(Ticket.parent_id == parent_id)) or 0


def to_resolve(session: Session, ticket: Ticket) -> tuple[int, Sequence[int]]:
    """How many people would be asked about a solution of the tickets attached to this one; and the numbers
    of those whose agreement is asked, which stay open."""
    columns = (Ticket.id, Ticket.agreement, Ticket.status, Ticket.requester_id)
    rows = session.execute(select(*columns).where(*is_attached(ticket.id)).order_by(Ticket.id)).all()
    asked = [row.id for row in rows if row.agreement is Agreement.ASKED]
    left = [row for row in rows if row.status is not Status.RESOLVED and row.agreement is not Agreement.ASKED]
    return len({row.requester_id for row in left}), asked
