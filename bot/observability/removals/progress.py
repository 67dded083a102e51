"""How far the deletion in Slack is, and what is left to people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import Session

from models.removals.removal import Removal, RemovalCount, RemovalKind, RemovalState

PACE = timedelta(seconds=2)
"""Between two deletions: 30 a minute. Slack takes 50 of each method (docs.slack.dev, "Rate limits": tier
3); the others are for live messages."""
MEASURED = timedelta(hours=6)
"""Over which the present pace is measured."""
MEASURED_MIN = timedelta(minutes=10)
"""What was measured for less says little."""
STUCK = timedelta(hours=6)
"""After which something is wrong when nothing was deleted, though something is due."""
PORTION = 500  # rows
# A literal: with bound parameters the databases do not use the partial indexes.
_WAITING: ColumnElement[str] = literal_column("'waiting'")


@dataclass(frozen=True)
class Progress:
    """How far it is."""

    done: int
    waiting: Mapping[RemovalKind, int]
    """What is due, by kind; neither what is due later nor what is refused."""
    later: int
    """What is not to be deleted yet."""
    refused: Mapping[str, int]
    """By Slack's code."""
    others: int
    """What people wrote and uploaded themselves."""
    left: timedelta
    """Until what is due is deleted, at the present pace."""
    is_stuck: bool


def progress(session: Session, now: datetime) -> Progress:
    """How far the deletion is."""
    waiting = _due(session, now)
    all_waiting = session.scalar(_count(Removal.state == _WAITING)) or 0
    codes = select(Removal.code, func.count()).where(Removal.state == RemovalState.REFUSED)
    return Progress(
        done=session.scalar(select(func.sum(RemovalCount.done))) or 0,
        waiting=waiting,
        later=all_waiting - sum(waiting.values()),
        refused={code or "": count for code, count in session.execute(codes.group_by(Removal.code))},
        others=session.scalar(_count(Removal.state == RemovalState.OTHERS)) or 0,
        left=_left(session, waiting, now),
        is_stuck=is_stuck(session, now),
    )


def _count(condition: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(Removal).where(condition)


def _due(session: Session, now: datetime) -> Mapping[RemovalKind, int]:
    due = select(Removal.kind, func.count()).where(Removal.state == _WAITING, Removal.due_at <= now)
    return dict(session.execute(due.group_by(Removal.kind)).all())


def _left(session: Session, waiting: Mapping[RemovalKind, int], now: datetime) -> timedelta:
    """Messages and files are deleted side by side: the longer of both decides, at the planned pace; or at the
    measured one when that is slower, since live messages go first."""
    total = sum(waiting.values())
    oldest = _oldest(session, now)
    planned = PACE * max(waiting.values(), default=0)
    first, done = session.execute(
        select(func.min(RemovalCount.began_at), func.sum(RemovalCount.done)).where(
            RemovalCount.hour > now - MEASURED
        )
    ).one()
    if first is None or oldest is None or oldest > first or now - first < MEASURED_MIN:
        return planned  # nothing was due all the time
    return max(planned, (now - first) / done * total)


def _oldest(session: Session, now: datetime) -> datetime | None:
    """Since when the oldest of what is due has been. An index has each kind's first."""
    firsts = [
        session.scalar(
            select(Removal.due_at)
            .where(Removal.state == _WAITING, Removal.kind == kind, Removal.due_at <= now)
            .order_by(Removal.due_at)
            .limit(1)
        )
        for kind in RemovalKind
    ]
    return min(filter(None, firsts), default=None)


def is_stuck(session: Session, now: datetime) -> bool:
    """Whether something has been due for long, and nothing was deleted meanwhile."""
    oldest = _oldest(session, now)
    if oldest is None or now - oldest < STUCK:
        return False
    recent = select(RemovalCount.hour).where(RemovalCount.hour > now - STUCK).limit(1)
    return session.scalar(recent) is None


def listed(session: Session, ticket_id: int | None = None) -> Iterator[Removal]:
    """What people have to delete, and what Slack refused: by ticket, in portions."""
    after = 0
    while True:
        rows = select(Removal).where(Removal.state != _WAITING, Removal.id > after)
        if ticket_id is not None:
            rows = rows.where(Removal.ticket_id == ticket_id)
        page = session.scalars(rows.order_by(Removal.id).limit(PORTION)).all()
        yield from page
        if len(page) < PORTION:
            return
        after = page[-1].id
        session.expunge_all()
