"""The technicians' queue: the open tickets of their teams, sorted by priority, then by when they are due.

Imports nothing of Slack. Whatever the number of tickets, a page costs the same: each team's part is read from
the index that holds it in this order, and no further than the page needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from sqlalchemy import ColumnElement, Subquery, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from bot.catalogue.service_levels import day_ends
from bot.context.actor import Actor
from bot.services.catalogue import sites
from bot.services.paging import Page, read_page, ticket_rows
from bot.services.queue.beside import beside
from bot.services.queue.technicians import technicians_of
from models.catalogue import Service
from models.lifecycle import Priority, Status
from models.pages import COUNT_MAX, NOBODY, Queue, QueueState, Tab
from models.person import Person
from models.tickets.ticket import Ticket

# The ranges of the index of each team's queue that have a tab's tickets.
STATUSES: Mapping[Tab, Sequence[Status]] = {
    Tab.UNASSIGNED: (Status.NEW,),
    Tab.MINE: (Status.NEW, Status.IN_PROGRESS),
    Tab.MINE_ON_HOLD: (Status.PENDING,),
    Tab.TEAM: (Status.NEW, Status.IN_PROGRESS, Status.PENDING, Status.RESOLVED),
    Tab.ON_HOLD: (Status.PENDING,),
    Tab.TO_APPROVE: (Status.RESOLVED,),
    Tab.LATE: (Status.NEW, Status.IN_PROGRESS),
    Tab.DUE_TODAY: (Status.NEW, Status.IN_PROGRESS),
}
SERVICES_MAX = 99  # to filter by: a menu has 100 options, one of them all of them
PAGE_MAX = 50

_ORDER = (Ticket.priority, Ticket.due_at, Ticket.id)
# As in the conditions of the partial indexes: the planner compares the texts.
_NOT_CLOSED = Ticket.status != literal(Status.CLOSED, Ticket.status.type, literal_execute=True)
_IN_QUEUE = (_NOT_CLOSED, ~Ticket.is_outage_child, ~Ticket.is_kept_from_team)


@dataclass(frozen=True)
class _Scope:
    """Whose queue, under which filters, at what time."""

    actor: Actor
    state: QueueState
    now: datetime
    day_ends: Mapping[str, datetime]
    """When the day ends for each of the teams."""

    def when_due(self, tab: Tab, team_id: str) -> Sequence[ColumnElement[bool]]:
        """The conditions on the due moment of a tab's tickets: as `Ticket.is_late` has it."""
        if tab is Tab.LATE:
            return [Ticket.due_at < self.now]
        if tab is Tab.DUE_TODAY and team_id in self.day_ends:
            return [Ticket.due_at >= self.now, Ticket.due_at < self.day_ends[team_id]]
        return []

    @property
    def teams(self) -> Sequence[str]:
        return sorted(self.actor.teams)

    @property
    def filters(self) -> Sequence[ColumnElement[bool]]:
        chosen = (
            (Ticket.site_id, self.state.site_id),
            (Ticket.priority, self.state.priority),
            (Ticket.service_id, self.state.service_id),
        )
        return [column == value for column, value in chosen if value is not None]


def queue(session: Session, actor: Actor, state: QueueState, *, size: int, now: datetime) -> Queue:
    """The page that the actor is on in the queue of their teams; past its end, the last one with tickets.

    Tickets that only follow a known outage are behind its card, not here; nor are those that are kept from
    their team until an agreement is given.
    """
    scope = _Scope(actor, state, now, day_ends(session, actor.teams, now))
    number = min(max(state.page, 0), PAGE_MAX)
    people = technicians_of(session, scope.teams, _IN_QUEUE) if state.tab is Tab.TEAM else ()
    found = _page(session, scope, number, size, people)
    while not found.items and number > 0:
        number -= 1
        found = _page(session, scope, number, size, people)
    tickets = ticket_rows(session, found.items)
    return Queue(
        state=replace(state, page=number),
        tickets=tickets,
        has_more=found.has_more and number < PAGE_MAX,
        counts=_counts(session, scope),
        sites=sites(session),
        services=_services(session, scope),
        technicians=people,
        beside=beside(session, tickets),
        workspace=session.get_one(Person, actor.id).team_id,
    )


def _page(session: Session, scope: _Scope, number: int, size: int, people: Sequence[Person]) -> Page[int]:
    """The numbers of the tickets on a page. `people`: whose tickets `Tab.TEAM` has."""
    if scope.state.tab is Tab.TEAM:
        return _page_by_technician(session, scope, number, size, people)
    parts = list(_parts(scope, scope.state.tab, limit=(number + 1) * size + 1))
    if not parts:
        return Page([], number, has_more=False)
    whole = union_all(*(select(part) for part in parts)).subquery()
    order = (whole.c.priority, whole.c.due_at, whole.c.id)
    rows = select(whole.c.id).order_by(*order).offset(number * size).limit(size + 1)
    return read_page(session.scalars(rows).all(), number, size)


def _page_by_technician(
    session: Session, scope: _Scope, number: int, size: int, people: Sequence[Person]
) -> Page[int]:
    """What nobody has first, then each technician's, by name: as far as the page needs."""
    through, found = (number + 1) * size + 1, list[int]()
    for person_id in (None, *(person.id for person in people)):
        if len(found) < through and _is_wanted(scope.state, person_id):
            found += _of_technician(session, scope, person_id, most=through - len(found))
    return read_page(found[number * size : through], number, size)


def _is_wanted(state: QueueState, person_id: int | None) -> bool:
    return state.technician is None or state.technician == (person_id or NOBODY)


def _of_technician(session: Session, scope: _Scope, person_id: int | None, *, most: int) -> Sequence[int]:
    parts = list(_held_parts(scope, person_id, _team_statuses(scope.state), limit=most))
    if not parts:
        return []
    whole = union_all(*(select(part) for part in parts)).subquery()
    order = (whole.c.priority, whole.c.due_at, whole.c.id)
    return session.scalars(select(whole.c.id).order_by(*order).limit(most)).all()


def _team_statuses(state: QueueState) -> Sequence[Status]:
    wanted = STATUSES[Tab.TEAM]
    return [state.status] if state.status in wanted and state.status is not None else wanted


def _held_parts(
    scope: _Scope, person_id: int | None, statuses: Sequence[Status], *, limit: int
) -> Iterator[Subquery]:
    """The first tickets of a technician's, or of nobody's, from each range of the index by technician.

    PostgreSQL takes a range with `IS NULL` for one value only when the order names the column too."""
    held = Ticket.assignee_id.is_(None) if person_id is None else Ticket.assignee_id == person_id
    first = (Ticket.assignee_id,) if person_id is None else ()
    for team_id, status in product(scope.teams, statuses):
        rows = select(Ticket.id, Ticket.priority, Ticket.due_at)
        rows = rows.where(Ticket.team_id == team_id, held, Ticket.status == status)
        yield rows.where(*_IN_QUEUE, *scope.filters).order_by(*first, *_ORDER).limit(limit).subquery()


def _counts(session: Session, scope: _Scope) -> Mapping[Tab, int]:
    counted = {tab: _count(scope, tab) for tab in Tab}
    row = session.execute(select(*(count.label(tab) for tab, count in counted.items()))).one()
    return {tab: min(count, COUNT_MAX) for tab, count in zip(counted, row, strict=True)}


def _count(scope: _Scope, tab: Tab) -> ColumnElement[int]:
    parts = list(_parts(scope, tab, limit=COUNT_MAX))
    if not parts:
        return literal(0)
    whole = union_all(*(select(part) for part in parts)).subquery()
    return select(func.count()).select_from(whole).scalar_subquery()


def _parts(scope: _Scope, tab: Tab, *, limit: int) -> Iterator[Subquery]:
    """The first `limit` tickets of a tab from each range of an index that has some of them, in order."""

    def part(*where: ColumnElement[bool]) -> Subquery:
        rows = select(Ticket.id, Ticket.priority, Ticket.due_at)
        return rows.where(*where, *scope.filters).order_by(*_ORDER).limit(limit).subquery()

    if tab in {Tab.MINE, Tab.MINE_ON_HOLD}:
        yield from _held_parts(scope, scope.actor.id, STATUSES[tab], limit=limit)
        return
    for team_id, status in product(scope.teams, STATUSES[tab]):
        where = (Ticket.team_id == team_id, Ticket.status == status, *_IN_QUEUE)
        if due := scope.when_due(tab, team_id):  # a range of the index for each priority
            for priority in Priority if scope.state.priority is None else (scope.state.priority,):
                yield part(*where, Ticket.priority == priority, *due)
        else:
            yield part(*where)


def _services(session: Session, scope: _Scope) -> Sequence[Service]:
    """The services that have a ticket in the queue, and the one filtered by, as the catalogue orders them."""
    if not scope.teams:
        return []
    # A scalar subquery a team: looked up in the index for each service, never joined with all tickets.
    waiting = [
        select(Ticket.id)
        .where(Ticket.service_id == Service.id, Ticket.team_id == team_id, *_IN_QUEUE)
        .limit(1)
        .scalar_subquery()
        .is_not(None)
        for team_id in scope.teams
    ]
    offered = or_(Service.id == scope.state.service_id, *waiting)
    rows = select(Service).where(offered).order_by(Service.position, Service.id).limit(SERVICES_MAX)
    return session.scalars(rows).all()
