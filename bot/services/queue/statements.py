"""The statements on a queue: each team's part is read from the index that holds it in the queue's order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from models.base import UtcDateTime
from models.lifecycle import Priority, Status
from models.pages import COUNT_MAX, Tab
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
_KEPT = 500  # statements: of each combination of teams, filters and pages that is asked for

_ORDER = (Ticket.priority, Ticket.due_at, Ticket.id)
# As in the conditions of the partial indexes: the planner compares the texts.
_NOT_CLOSED = Ticket.status != literal(Status.CLOSED, Ticket.status.type, literal_execute=True)
IN_QUEUE = (_NOT_CLOSED, ~Ticket.is_outage_child, ~Ticket.is_kept_from_team)

_NOW = bindparam("now", type_=UtcDateTime())
_OWN = bindparam("person", type_=Ticket.assignee_id.type)
FILTERS = {
    name: column == bindparam(name, type_=column.type)
    for name, column in {
        "site_id": Ticket.site_id,
        "priority": Ticket.priority,
        "service_id": Ticket.service_id,
    }.items()
}


@dataclass(frozen=True)
class Scope:
    """What the statements on a queue depend on beside their values: whose teams, under which filters."""

    teams: tuple[str, ...]
    with_day: tuple[str, ...]
    """Those of them whose day has an end."""
    filtered: tuple[str, ...]
    """By what, of `FILTERS`."""

    def when_due(self, tab: Tab, team_id: str) -> Sequence[ColumnElement[bool]]:
        """The conditions on the due moment of a tab's tickets: as `Ticket.is_late` has it."""
        if tab is Tab.LATE:
            return [Ticket.due_at < _NOW]
        if tab is Tab.DUE_TODAY and team_id in self.with_day:
            end = bindparam(day_end(self.with_day.index(team_id)), type_=UtcDateTime())
            return [Ticket.due_at >= _NOW, Ticket.due_at < end]
        return []

    @property
    def filters(self) -> Sequence[ColumnElement[bool]]:
        return [FILTERS[name] for name in self.filtered]

    @property
    def priorities(self) -> Sequence[ColumnElement[bool]]:
        """A range of an index each."""
        if "priority" in self.filtered:
            return [FILTERS["priority"]]
        return [Ticket.priority == priority for priority in Priority]


def day_end(place: int) -> str:
    return f"day_end_{place}"


@lru_cache(_KEPT)
def counting(scope: Scope) -> Select[*tuple[Any, ...]]:
    """How many tickets each tab has. It has eighty parts for three teams: to make it takes two thirds of the
    time of a page."""
    return select(*(_count(scope, tab).label(tab) for tab in Tab))


def _count(scope: Scope, tab: Tab) -> ColumnElement[int]:
    parts = list(_parts(scope, tab, limit=COUNT_MAX))
    if not parts:
        return literal(0)
    whole = union_all(*(select(part) for part in parts)).subquery()
    return select(func.count()).select_from(whole).scalar_subquery()


def _parts(scope: Scope, tab: Tab, *, limit: int) -> Iterator[Subquery]:
    """The first `limit` tickets of a tab from each range of an index that has some of them, in order."""

    def part(*where: ColumnElement[bool]) -> Subquery:
        rows = select(Ticket.id, Ticket.priority, Ticket.due_at)
        return rows.where(*where, *scope.filters).order_by(*_ORDER).limit(limit).subquery()

    if tab in {Tab.MINE, Tab.MINE_ON_HOLD}:
        yield from _held_parts(scope, _OWN, STATUSES[tab], limit=limit)
        return
    for team_id, status in product(scope.teams, STATUSES[tab]):
        where = (Ticket.team_id == team_id, Ticket.status == status, *IN_QUEUE)
        if due := scope.when_due(tab, team_id):  # a range of the index for each priority
            for priority in scope.priorities:
                yield part(*where, priority, *due)
        else:
            yield part(*where)


@lru_cache(_KEPT)
def page_rows(scope: Scope, tab: Tab, number: int, size: int) -> Select[int] | None:
    """The numbers of the tickets on a page, and of one more; `None` when there can be none."""
    parts = list(_parts(scope, tab, limit=(number + 1) * size + 1))
    if not parts:
        return None
    whole = union_all(*(select(part) for part in parts)).subquery()
    order = (whole.c.priority, whole.c.due_at, whole.c.id)
    return select(whole.c.id).order_by(*order).offset(number * size).limit(size + 1)


def held_rows(
    scope: Scope, person_id: int | None, statuses: Sequence[Status], *, most: int
) -> Select[int] | None:
    """The numbers of the first tickets of a technician's, or of nobody's; `None` when there can be none."""
    parts = list(_held_parts(scope, person_id, statuses, limit=most))
    if not parts:
        return None
    whole = union_all(*(select(part) for part in parts)).subquery()
    order = (whole.c.priority, whole.c.due_at, whole.c.id)
    return select(whole.c.id).order_by(*order).limit(most)


def _held_parts(
    scope: Scope, person_id: int | BindParameter[int] | None, statuses: Sequence[Status], *, limit: int
) -> Iterator[Subquery]:
    """The first tickets of a technician's, or of nobody's, from each range of the index by technician.

    PostgreSQL takes a range with `IS NULL` for one value only when the order names the column too."""
    held = Ticket.assignee_id.is_(None) if person_id is None else Ticket.assignee_id == person_id
    first = (Ticket.assignee_id,) if person_id is None else ()
    for team_id, status in product(scope.teams, statuses):
        rows = select(Ticket.id, Ticket.priority, Ticket.due_at)
        rows = rows.where(Ticket.team_id == team_id, held, Ticket.status == status)
        yield rows.where(*IN_QUEUE, *scope.filters).order_by(*first, *_ORDER).limit(limit).subquery()
