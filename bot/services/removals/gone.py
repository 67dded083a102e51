"""Entries that are over: Slack told of the deletion, or somebody ticked them off."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from models.removals.removal import Removal, RemovalKind, RemovalState

_OWN = {"synchronize_session": False}
_LISTED = Removal.state != RemovalState.WAITING
"""What waits is left to the worker, which counts it."""


def note_message_gone(uow: UnitOfWork, channel: str, ts: str) -> None:
    """A message was deleted in Slack: it is no longer listed."""
    uow.session.execute(
        delete(Removal).where(Removal.channel == channel, Removal.ts == ts, _LISTED), execution_options=_OWN
    )


def is_listed(session: Session, slack_file_id: str) -> bool:
    """Whether a file is listed."""
    entry = select(Removal.id).where(Removal.slack_file_id == slack_file_id, _LISTED)
    return session.scalar(entry) is not None


def note_files_gone(uow: UnitOfWork, slack_file_ids: Collection[str]) -> None:
    """Files were deleted in Slack, or taken out of a message: they are no longer listed."""
    if slack_file_ids:
        uow.session.execute(
            delete(Removal).where(Removal.slack_file_id.in_(slack_file_ids), _LISTED), execution_options=_OWN
        )


def tick_off(session: Session, ids: Collection[int]) -> set[int]:
    """Delete these entries of the list. Returns the ids of those that it had."""
    gone = delete(Removal).where(Removal.id.in_(ids), _LISTED).returning(Removal.id)
    return set(session.scalars(gone, execution_options=_OWN))


def tick_off_ticket(session: Session, ticket_id: int) -> int:
    """Delete all entries about a ticket. Returns how many there were."""
    gone = delete(Removal).where(Removal.ticket_id == ticket_id, _LISTED).returning(Removal.id)
    return len(session.scalars(gone, execution_options=_OWN).all())


def tick_off_older(session: Session, written_before: datetime) -> int:
    """Delete the entries of messages that were written before this, and of files that were listed before
    this: Slack's own retention has deleted them. Returns how many there were."""
    is_older = or_(
        Removal.ts < f"{written_before.timestamp():.6f}",  # all have ten digits before the point until 2286
        and_(Removal.kind == RemovalKind.FILE, Removal.created_at < written_before),
    )
    gone = delete(Removal).where(_LISTED, is_older).returning(Removal.id)
    return len(session.scalars(gone, execution_options=_OWN).all())


def try_again(session: Session, *, now: datetime) -> int:
    """Queue anew all that Slack has refused. Returns how many there are."""
    refused = select(Removal.id).where(Removal.state == RemovalState.REFUSED)
    queued = (
        update(Removal)
        .where(Removal.id.in_(refused))
        .values(state=RemovalState.WAITING, due_at=now, attempt=0, lease_until=None)
        .returning(Removal.id)
    )
    return len(session.scalars(queued, execution_options=_OWN).all())
