"""The technicians' queue: the open tickets of their teams, sorted by priority, then by when they are due.

Imports nothing of Slack. Whatever the number of tickets, a page costs the same: each team's part is read from
the index that holds it in this order, and no further than the page needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.catalogue.service_levels import day_ends
from bot.context.actor import Actor
from bot.services.catalogue import sites
from bot.services.paging import Page, read_page, ticket_rows
from bot.services.queue.beside import beside
from bot.services.queue.statements import (
    FILTERS,
    IN_QUEUE,
    STATUSES,
    Scope,
    counting,
    day_end,
    held_rows,
    page_rows,
)
from bot.services.queue.technicians import technicians_of
from models.catalogue import Service
from models.lifecycle import Status
from models.pages import COUNT_MAX, NOBODY, Queue, QueueState, Tab
from models.person import Person
from models.tickets.ticket import Ticket

SERVICES_MAX = 99  # to filter by: a menu has 100 options, one of them all of them
PAGE_MAX = 50


@dataclass(frozen=True)
class _Asked:
    """The queue that is asked for: its scope, and the values of the statements."""

    scope: Scope
    state: QueueState
    values: Mapping[str, object]


def _asked(session: Session, actor: Actor, state: QueueState, now: datetime) -> _Asked:
    ends = day_ends(session, actor.teams, now)
    with_day = tuple(sorted(ends))
    filters = {name: getattr(state, name) for name in FILTERS if getattr(state, name) is not None}
    scope = Scope(tuple(sorted(actor.teams)), with_day, tuple(filters))
    of_days = {day_end(place): ends[team] for place, team in enumerate(with_day)}
    return _Asked(scope, state, {"now": now, "person": actor.id, **filters, **of_days})


def queue(session: Session, actor: Actor, state: QueueState, *, size: int, now: datetime) -> Queue:
    """The page that the actor is on in the queue of their teams; past its end, the last one with tickets.

    Tickets that only follow a known outage are behind its card, not here; nor are those that are kept from
    their team until an agreement is given.
    """
    asked = _asked(session, actor, state, now)
    number = min(max(state.page, 0), PAGE_MAX)
    people = technicians_of(session, asked.scope.teams, IN_QUEUE) if state.tab is Tab.TEAM else ()
    found = _page(session, asked, number, size, people)
    while not found.items and number > 0:
        number -= 1
        found = _page(session, asked, number, size, people)
    tickets = ticket_rows(session, found.items)
    return Queue(
        state=replace(state, page=number),
        tickets=tickets,
        has_more=found.has_more and number < PAGE_MAX,
        counts=_counts(session, asked),
        sites=sites(session),
        services=_services(session, asked),
        technicians=people,
        beside=beside(session, tickets),
        workspace=session.get_one(Person, actor.id).team_id,
    )


def _page(session: Session, asked: _Asked, number: int, size: int, people: Sequence[Person]) -> Page[int]:
    """The numbers of the tickets on a page. `people`: whose tickets `Tab.TEAM` has."""
    if asked.state.tab is Tab.TEAM:
        return _page_by_technician(session, asked, number, size, people)
    rows = page_rows(asked.scope, asked.state.tab, number, size)
    found = session.scalars(rows, asked.values).all() if rows is not None else ()
    return read_page(found, number, size)


def _page_by_technician(
    session: Session, asked: _Asked, number: int, size: int, people: Sequence[Person]
) -> Page[int]:
    """What nobody has first, then each technician's, by name: as far as the page needs."""
    through, found = (number + 1) * size + 1, list[int]()
    for person_id in (None, *(person.id for person in people)):
        if len(found) < through and _is_wanted(asked.state, person_id):
            found += _of_technician(session, asked, person_id, most=through - len(found))
    return read_page(found[number * size : through], number, size)


def _is_wanted(state: QueueState, person_id: int | None) -> bool:
    return state.technician is None or state.technician == (person_id or NOBODY)


def _of_technician(session: Session, asked: _Asked, person_id: int | None, *, most: int) -> Sequence[int]:
    rows = held_rows(asked.scope, person_id, _team_statuses(asked.state), most=most)
    return session.scalars(rows, asked.values).all() if rows is not None else ()


def _team_statuses(state: QueueState) -> Sequence[Status]:
    wanted = STATUSES[Tab.TEAM]
    return [state.status] if state.status in wanted and state.status is not None else wanted


def _counts(session: Session, asked: _Asked) -> Mapping[Tab, int]:
    row = session.execute(counting(asked.scope), asked.values).one()
    return {tab: min(count, COUNT_MAX) for tab, count in zip(Tab, row, strict=True)}


def _services(session: Session, asked: _Asked) -> Sequence[Service]:
    """The services that have a ticket in the queue, and the one filtered by, as the catalogue orders them."""
    if not asked.scope.teams:
        return []
    # A scalar subquery a team: looked up in the index for each service, never joined with all tickets.
    waiting = [
        select(Ticket.id)
        .where(Ticket.service_id == Service.id, Ticket.team_id == team_id, *IN_QUEUE)
        .limit(1)
        .scalar_subquery()
        .is_not(None)
        for team_id in asked.scope.teams
    ]
    offered = or_(Service.id == asked.state.service_id, *waiting)
    rows = select(Service).where(offered).order_by(Service.position, Service.id).limit(SERVICES_MAX)
    return session.scalars(rows).all()
