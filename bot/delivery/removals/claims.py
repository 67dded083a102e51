"""The queue of removals as SQL: claim what is due, delete the row of what is gone. One short transaction
each."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, literal_column, or_, select, update
from sqlalchemy.orm import Session

from bot.db.session import Sessions, insert_into
from models.outbox.delivery import Delivery
from models.outbox.kinds import Lane
from models.outbox.schedule import Pause, Periodic
from models.removals.removal import CODE_MAX, Removal, RemovalCount, RemovalKind, RemovalState

LEASE = timedelta(seconds=60)
TURN_MAX = timedelta(minutes=15)
"""Longer than any wait for a turn: one that is later was written by a clock that was ahead."""
LIVE_MAX = timedelta(minutes=5)
"""What is due for longer waits for something else: it delays no removal."""
_OWN = {"synchronize_session": False}
# Literals: with bound parameters the databases do not use the partial indexes.
_WAITING: ColumnElement[str] = literal_column("'waiting'")
_PENDING: ColumnElement[str] = literal_column("'pending'")


def claim(sessions: Sessions, kind: RemovalKind, *, now: datetime, pace: timedelta) -> Removal | None:
    """Take the next due removal of a kind for `LEASE`; or nothing.

    All workers together take one in each `pace`: whose turn it is, a row tells. Nothing is taken while a live
    message is due, or while Slack asked not to call the method.
    """
    with sessions() as session:
        if session.scalar(_next(kind, now)) is None or _must_wait(session, kind, now):
            return None
    with sessions.begin() as session:
        if not _take_turn(session, kind, now=now, until=now + pace):
            return None
        claimed = (
            update(Removal)
            .where(Removal.id == _next(kind, now).scalar_subquery())
            .values(attempt=Removal.attempt + 1, lease_until=now + LEASE)
            .returning(Removal)
        )
        return session.scalars(claimed, execution_options=_OWN).one_or_none()


def is_any_due(sessions: Sessions, *, now: datetime) -> bool:
    """Whether something is due, of which another worker may have the turn."""
    with sessions() as session:
        return any(session.scalar(_next(kind, now)) is not None for kind in RemovalKind)


def _next(kind: RemovalKind, now: datetime) -> Select[int]:
    return (
        select(Removal.id)
        .where(
            Removal.state == _WAITING,
            Removal.kind == kind,
            Removal.due_at <= now,
            or_(Removal.lease_until.is_(None), Removal.lease_until <= now),
        )
        .order_by(Removal.due_at, Removal.id)
        .limit(1)
    )


def _must_wait(session: Session, kind: RemovalKind, now: datetime) -> bool:
    live = select(Delivery.id).where(
        Delivery.state == _PENDING,
        Delivery.due_at <= now,
        Delivery.due_at > now - LIVE_MAX,
        Delivery.method != Lane.MAIL,
    )
    pauses = select(Pause.scope).where(Pause.until > now, Pause.scope.in_([kind.method, Lane.SLACK]))
    return any(session.scalar(query.limit(1)) is not None for query in (live, pauses))


def _take_turn(session: Session, kind: RemovalKind, *, now: datetime, until: datetime) -> bool:
    """Whether it is our turn; the next one is at `until`."""
    _insert_turn(session, kind, now)
    is_due = or_(Periodic.due_at <= now, Periodic.due_at > now + TURN_MAX)
    taken = (
        update(Periodic)
        .where(Periodic.name == _turn(kind), is_due)  # compare and set
        .values(due_at=until)
        .returning(Periodic.name)
    )
    return session.scalar(taken, execution_options=_OWN) is not None


def _insert_turn(session: Session, kind: RemovalKind, now: datetime) -> None:
    session.execute(
        insert_into(session, Periodic).values(name=_turn(kind), due_at=now).on_conflict_do_nothing()
    )


def _turn(kind: RemovalKind) -> str:
    return f"removals:{kind}"


def put_off(session: Session, kind: RemovalKind, until: datetime) -> None:
    """Let no worker take a removal of this kind before then."""
    later = update(Periodic).where(Periodic.name == _turn(kind), Periodic.due_at < until)
    session.execute(later.values(due_at=until), execution_options=_OWN)


def finish(session: Session, removal: Removal, *, now: datetime) -> bool:
    """It is gone from Slack: delete its row, and count it. False when a later attempt did that."""
    gone = delete(Removal).where(Removal.id == removal.id, Removal.attempt == removal.attempt)
    if session.scalar(gone.returning(Removal.id), execution_options=_OWN) is None:
        return False
    hour = now.replace(minute=0, second=0, microsecond=0)
    session.execute(
        insert_into(session, RemovalCount)
        .values(hour=hour, began_at=now, done=1)
        .on_conflict_do_update(index_elements=[RemovalCount.hour], set_={"done": RemovalCount.done + 1})
    )
    return True


def release(session: Session, removal: Removal, *, due_at: datetime, code: str | None) -> None:
    """Have it tried again from `due_at`."""
    _change(session, removal, due_at=due_at, lease_until=None, code=code)


def refuse(session: Session, removal: Removal, code: str) -> None:
    """Slack does not delete it: it is listed."""
    _change(session, removal, state=RemovalState.REFUSED, lease_until=None, code=code)


def _change(session: Session, removal: Removal, **values: object) -> None:
    if isinstance(code := values.get("code"), str):
        values["code"] = code[:CODE_MAX]
    session.execute(
        update(Removal)
        .where(
            Removal.id == removal.id,
            Removal.attempt == removal.attempt,  # the fence
            Removal.state == RemovalState.WAITING,
        )
        .values(**values),
        execution_options=_OWN,
    )
