"""The technicians' queue: what awaits their teams, sorted by priority, then age.

No Slack in here. Whatever the number of tickets, a page costs the same: each team's part is read from the
index that holds it in this order, and no further than the page needs.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from bot.context.actor import Actor
from bot.services.catalogue import sites
from models.catalogue import Service
from models.lifecycle import Status
from models.pages import COUNT_MAX, Queue, QueueState, Tab
from models.tickets.ticket import Ticket

# Where a tab's tickets stand in the index of each team's queue.
STATUSES: Mapping[Tab, Sequence[Status]] = {
    Tab.UNASSIGNED: (Status.NEW,),
    Tab.ON_HOLD: (Status.PENDING,),
    Tab.TO_APPROVE: (Status.RESOLVED,),
    Tab.LATE: (Status.NEW, Status.IN_PROGRESS),
}
SERVICES_MAX = 99  # to filter by: a menu has 100 options, one of them all of them
PAGE_MAX = 50

# Filed earlier is due earlier, at the same priority.
_ORDER = (Ticket.priority, Ticket.due_at, Ticket.id)
# As the partial indexes say it: a database looks for these very words.
_NOT_CLOSED = Ticket.status != literal(Status.CLOSED, Ticket.status.type, literal_execute=True)
_IN_QUEUE = (_NOT_CLOSED, ~Ticket.is_outage_child)


def queue(session: Session, actor: Actor, place: QueueState, *, size: int, now: datetime) -> Queue:
    """The page where the actor stands in the queue of their teams; past its end, the last that has something.

    Tickets that only follow a known outage stand behind its card, not here.
    """
    page = min(max(place.page, 0), PAGE_MAX)
    found = _page(session, actor, place, page, size, now)
    while not found and page > 0:
        page -= 1
        found = _page(session, actor, place, page, size, now)
    return Queue(
        state=QueueState(place.tab, page, place.site_id, place.priority, place.service_id),
        tickets=load(session, found[:size]),
        has_more=len(found) > size and page < PAGE_MAX,
        counts=_counts(session, actor, place, now),
        sites=sites(session),
        services=_services(session, actor, place),
    )


def load(session: Session, numbers: Sequence[int]) -> Sequence[Ticket]:
    """These tickets in this order, with all that a row shows of them."""
    if not numbers:
        return []
    shown = (Ticket.requester, Ticket.assignee, Ticket.site)
    rows = select(Ticket).where(Ticket.id.in_(numbers)).options(*(joinedload(each) for each in shown))
    tickets = {ticket.id: ticket for ticket in session.scalars(rows)}
    return [tickets[number] for number in numbers if number in tickets]


def _page(
    session: Session, actor: Actor, place: QueueState, page: int, size: int, now: datetime
) -> Sequence[int]:
    """The numbers on a page, and one more when more follow."""
    through = (page + 1) * size + 1
    parts = list(_parts(actor, place.tab, _filters(place), now, through))
    if not parts:
        return []
    whole = union_all(*(select(part) for part in parts)).subquery()
    order = (whole.c.priority, whole.c.due_at, whole.c.id)
    rows = select(whole.c.id).order_by(*order).offset(page * size).limit(size + 1)
    return session.scalars(rows).all()


def _counts(session: Session, actor: Actor, place: QueueState, now: datetime) -> Mapping[Tab, int]:
    counted = {tab: _count(actor, tab, _filters(place), now) for tab in Tab}
    row = session.execute(select(*(count.label(tab) for tab, count in counted.items()))).one()
    return {tab: min(count, COUNT_MAX) for tab, count in zip(counted, row, strict=True)}


def _count(
    actor: Actor, tab: Tab, filters: Collection[ColumnElement[bool]], now: datetime
) -> ColumnElement[int]:
    parts = list(_parts(actor, tab, filters, now, COUNT_MAX))
    if not parts:
        return literal(0)
    return (
        select(func.count())
        .select_from(union_all(*(select(part) for part in parts)).subquery())
        .scalar_subquery()
    )


def _parts(
    actor: Actor, tab: Tab, filters: Collection[ColumnElement[bool]], now: datetime, limit: int
) -> Iterator[Subquery]:
    """The first `limit` tickets of a tab from each place in an index that holds some of them, in order."""

    def part(*where: ColumnElement[bool]) -> Subquery:
        rows = select(Ticket.id, Ticket.priority, Ticket.due_at)
        return rows.where(*where, *filters).order_by(*_ORDER).limit(limit).subquery()

    if tab is Tab.MINE:
        if actor.teams:
            yield part(*_mine(actor))
        return
    late = (Ticket.due_at < now,) if tab is Tab.LATE else ()
    for team_id in sorted(actor.teams):
        for status in STATUSES[tab]:
            yield part(Ticket.team_id == team_id, Ticket.status == status, *_IN_QUEUE, *late)


def _mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    ended = [
        literal(each, Ticket.status.type, literal_execute=True) for each in (Status.RESOLVED, Status.CLOSED)
    ]
    return (
        Ticket.assignee_id == actor.id,
        Ticket.status.not_in(ended),
        Ticket.team_id.in_(sorted(actor.teams)),
        ~Ticket.is_outage_child,
    )


def _filters(place: QueueState) -> list[ColumnElement[bool]]:
    chosen = (
        (Ticket.site_id, place.site_id),
        (Ticket.priority, place.priority),
        (Ticket.service_id, place.service_id),
    )
    return [column == value for column, value in chosen if value is not None]


def _services(session: Session, actor: Actor, place: QueueState) -> Sequence[Service]:
    """The services that have a ticket in the queue, and the one filtered by, as the catalogue orders them."""
    if not actor.teams:
        return []
    # A scalar subquery a team: looked up in the index for each service, never joined with all tickets.
    waiting = [
        select(Ticket.id)
        .where(Ticket.service_id == Service.id, Ticket.team_id == team_id, *_IN_QUEUE)
        .limit(1)
        .scalar_subquery()
        .is_not(None)
        for team_id in sorted(actor.teams)
    ]
    offered = or_(Service.id == place.service_id, *waiting)
    rows = select(Service).where(offered).order_by(Service.position, Service.id).limit(SERVICES_MAX)
    return session.scalars(rows).all()
