"""Pauses of a method, a channel or a sender, for all workers."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.session import insert_into
from models.outbox.reasons import Cause, Reason
from models.outbox.schedule import Pause

PAUSED_FOR = timedelta(seconds=60)
"""How long a sender pauses that an administrator has to see to."""


def pause(session: Session, scope: str, *, until: datetime, cause: Cause) -> None:
    """Pause `scope` until then; an earlier end never shortens a pause."""
    columns = cause.columns()
    row = insert_into(session, Pause).values(scope=scope, until=until, **columns)
    session.execute(
        row.on_conflict_do_update(  # two workers may be refused at once
            index_elements=[Pause.scope],
            set_={"until": row.excluded.until} | {name: row.excluded[name] for name in columns},
            where=Pause.until < row.excluded.until,
        )
    )


def pause_channel(
    session: Session, post: tuple[str, str], recipient: str, *, now: datetime, until: datetime
) -> bool:
    """Pause one channel for a post (method, channel) that was refused, and the recipient of the post. False,
    and nothing done, when another channel is paused for the same method: that is the method's own limit."""
    method, channel = post
    prefix = f"{method}:"
    others = select(Pause.scope).where(
        Pause.scope.startswith(prefix, autoescape=True), Pause.scope != prefix + channel, Pause.until > now
    )
    if session.scalar(others.limit(1)) is not None:
        return False
    for scope in (prefix + channel, recipient):
        pause(session, scope, until=until, cause=Cause(Reason.RATE_LIMITED, method))
    return True
