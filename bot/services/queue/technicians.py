"""Who has open tickets of some teams. Whatever the number of tickets, one look into the index for each."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from models.person import Person
from models.tickets.ticket import Ticket


def technicians_of(
    session: Session, teams: Sequence[str], in_queue: Sequence[ColumnElement[bool]]
) -> Sequence[Person]:
    """The assignees of the teams' open tickets, by name. `in_queue`: the conditions of the index."""
    found = set[int]()
    for team_id in teams:
        found.update(_assignees(session, team_id, in_queue))
    if not found:
        return []
    people = select(Person).where(Person.id.in_(found)).order_by(func.lower(Person.name), Person.id)
    return session.scalars(people).all()


def _assignees(session: Session, team_id: str, in_queue: Sequence[ColumnElement[bool]]) -> Sequence[int]:
    """From one to the next in the index, never over all of their tickets."""
    first = select(func.min(Ticket.assignee_id).label("id"))
    first = first.where(Ticket.team_id == team_id, Ticket.assignee_id.is_not(None), *in_queue)
    each = first.cte("assignee", recursive=True)
    before = aliased(each)
    following = (
        select(func.min(Ticket.assignee_id))
        .where(Ticket.team_id == team_id, Ticket.assignee_id > before.c.id, *in_queue)
        .scalar_subquery()
    )
    each = each.union_all(select(following).select_from(before).where(before.c.id.is_not(None)))
    return [number for number in session.scalars(select(each.c.id)) if number is not None]
