"""The outbox as SQL: claim what is due, complete what was sent. One short transaction each."""

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    literal_column,
    not_,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.sql.selectable import ExecutableReturnsRows

from bot.db.session import Sessions
from models.base import Base, UtcDateTime
from models.outbox.delivery import Delivery, is_scheduled
from models.outbox.kinds import KINDS, DeliveryKind, DeliveryState, Lane
from models.outbox.reasons import NO_COLUMNS, Cause
from models.outbox.schedule import Pause

LEASE = timedelta(seconds=60)
DEFECTS_MAX = 5
"""After so many unexpected errors, later deliveries no longer wait for one."""
BACKOFF_MAX = timedelta(minutes=10)
_SPANNING = tuple(kind for kind, description in KINDS.items() if description.spans_tickets)
_OF_PERSON = tuple(kind for kind, description in KINDS.items() if description.is_of_person)
_DELAYING = tuple(kind for kind, description in KINDS.items() if description.delays_others)
_NOT_SLACK = tuple(each.method for each in KINDS.values() if each.lane is not Lane.SLACK)
_PENDING = DeliveryState.PENDING
_TABLE = Base.metadata.tables[Delivery.__tablename__]
# As text: a bound value would keep the databases from using the indexes on what is pending.
_LITERALLY_PENDING: ColumnElement[str] = literal_column("'pending'")


def claim(
    sessions: Sessions, *, now: datetime, lane: Lane | None = None, busy: Collection[str] = ()
) -> Delivery | None:
    """Take the next due delivery of a lane, or of any, for `LEASE`; or nothing.

    A row waits for the earlier ones of its ticket and recipient, whenever those are due (an App Home or an
    outage's card for any earlier one of the same recipient, the answer to a draft for those of its kind), but
    for no e-mail that is scheduled for later; for the pause of its method or recipient; and while its
    recipient is among the `busy`. A row whose worker was killed is claimed again when its lease is over.
    """
    given = {"now": now, "lease_until": now + LEASE, "busy": list(busy)}
    with sessions.begin() as session:
        claimed: Delivery | None = session.scalars(_CLAIMS[lane], given).one_or_none()
        return claimed


def _among(column: InstrumentedAttribute[Any], names: Collection[str]) -> ColumnElement[bool]:
    """Whether it is one of these names of ours. They are part of the statement: seventy bound values took a
    third of a poll's time."""
    listed = ", ".join(f"'{name}'" for name in names)
    return column.op("IN", is_comparison=True)(literal_column(f"({listed})"))


def _next(lane: Lane | None) -> Select[int]:
    """The id of the row to claim at the time `now`."""
    now, row, earlier = bindparam("now", type_=UtcDateTime), aliased(Delivery), aliased(Delivery)
    waits_for_earlier = exists().where(
        earlier.state == _LITERALLY_PENDING,
        earlier.recipient == row.recipient,
        earlier.ticket_id == row.ticket_id,
        or_(_among(earlier.kind, _DELAYING), earlier.kind == row.kind),
        earlier.defects < DEFECTS_MAX,
        not_(and_(is_scheduled(earlier), earlier.due_at > now)),
        or_(
            earlier.event_number < row.event_number,
            and_(earlier.event_number == row.event_number, earlier.id < row.id),
        ),
    )
    waits_for_same_recipient = exists().where(
        or_(_among(row.kind, _SPANNING), and_(_among(row.kind, _OF_PERSON), earlier.kind == row.kind)),
        earlier.state == _LITERALLY_PENDING,
        earlier.recipient == row.recipient,
        earlier.id < row.id,
        earlier.defects < DEFECTS_MAX,
    )
    paused = exists().where(
        Pause.until > now,
        or_(
            Pause.scope.in_([row.method, row.recipient]),
            and_(Pause.scope == Lane.SLACK, not_(_among(row.method, _NOT_SLACK))),
        ),
    )
    in_lane = {
        None: true(),
        Lane.SLACK: row.method != literal_column("'smtp'"),
        Lane.MAIL: row.method == literal_column("'smtp'"),
    }
    return (
        select(row.id)
        .where(
            row.state == _LITERALLY_PENDING,
            _among(row.kind, tuple(DeliveryKind)),  # a newer version may have queued others
            row.due_at <= now,
            or_(row.lease_until.is_(None), row.lease_until <= now),
            in_lane[lane],
            row.recipient.not_in(bindparam("busy", expanding=True)),
            not_(waits_for_earlier),
            not_(waits_for_same_recipient),
            not_(paused),
        )
        .order_by(row.due_at, row.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _claim(lane: Lane | None) -> ExecutableReturnsRows:
    """The update, on the table: as one of the ORM, its cache key would be made again for each poll."""
    claimed = (
        update(_TABLE)
        .where(_TABLE.c.id == _next(lane).scalar_subquery())
        .values(
            attempt=_TABLE.c.attempt + 1,
            uncertain=_TABLE.c.started_at.is_not(None),  # the value from before this update
            started_at=bindparam("now", type_=UtcDateTime),
            lease_until=bindparam("lease_until", type_=UtcDateTime),
        )
        .returning(*_TABLE.c)
    )
    return select(Delivery).from_statement(claimed)


# Built once: each poll of each worker runs one of them.
_CLAIMS = {lane: _claim(lane) for lane in (None, *Lane)}


def renew(sessions: Sessions, delivery: Delivery, *, now: datetime) -> bool:
    """Prolong the lease to `LEASE` from now. False when a later attempt has taken the delivery over, or it is
    over: then nothing more may be posted for it."""
    with sessions.begin() as session:
        renewed = _change(session, delivery, lease_until=now + LEASE)
    if renewed:
        delivery.lease_until = now + LEASE
    return renewed


def complete(
    session: Session,
    delivery: Delivery,
    state: DeliveryState,
    *,
    now: datetime,
    remote_id: str | None = None,
    cause: Cause | None = None,
) -> bool:
    """Close the delivery. False when a later attempt has taken it over: the late one changes nothing."""
    return _change(
        session,
        delivery,
        state=state,
        completed_at=now,
        lease_until=None,
        remote_id=remote_id,
        **(cause.columns() if cause else NO_COLUMNS),
    )


def retry_later(
    session: Session,
    delivery: Delivery,
    *,
    due_at: datetime,
    cause: Cause,
    maybe_sent: bool = False,
    method: str = "",
    awaited_since: datetime | None = None,
    **more: object,
) -> bool:
    """Have the delivery tried again from `due_at`. `maybe_sent`: this attempt may have sent it. Unless
    `awaited_since` is given, it stays awaited since it was due first."""
    return _change(
        session,
        delivery,
        due_at=due_at,
        lease_until=None,
        started_at=delivery.started_at if maybe_sent or delivery.uncertain else None,
        method=method or delivery.method,
        awaited_since=awaited_since or delivery.awaited_since or delivery.due_at,
        **cause.columns(),
        **more,
    )


def _change(session: Session, delivery: Delivery, **values: object) -> bool:
    changed = session.execute(
        update(_TABLE)
        .where(
            _TABLE.c.id == delivery.id,
            _TABLE.c.attempt == delivery.attempt,  # the fence
            _TABLE.c.state == _PENDING,
        )
        .values(**values)
        .returning(_TABLE.c.id)
    )
    return changed.scalar_one_or_none() is not None


def backoff(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: doubling from 1 s to 10 min, with jitter."""
    seconds = min(2.0 ** min(attempt - 1, 20), BACKOFF_MAX.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.5, 1.0))


def is_superseded(session: Session, delivery: Delivery) -> bool:
    """Whether a later pending one shows the same anyway (an App Home, a living card)."""
    later = select(Delivery.id).where(
        Delivery.state == _PENDING,
        Delivery.kind == delivery.kind,
        Delivery.recipient == delivery.recipient,
        Delivery.id > delivery.id,
    )
    if not delivery.kind.description.spans_tickets:
        later = later.where(Delivery.ticket_id == delivery.ticket_id)
    return session.scalar(later.limit(1)) is not None


def oldest(session: Session, states: Sequence[DeliveryState], limit: int = 100) -> Sequence[Delivery]:
    """The oldest deliveries in these states."""
    return session.scalars(
        select(Delivery).where(Delivery.state.in_(states)).order_by(Delivery.id).limit(limit)
    ).all()
