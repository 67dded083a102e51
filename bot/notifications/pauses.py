"""Sending that must rest, for all workers."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.outbox.schedule import Pause

PAUSED_FOR = timedelta(seconds=60)
"""What an administrator has to mend is tried again after so long."""


def pause(session: Session, scope: str, *, until: datetime, reason: str) -> None:
    """Let `scope` rest until then, for all workers; an earlier end never shortens a pause."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Pause).values(scope=scope, until=until, reason=reason)
    session.execute(
        row.on_conflict_do_update(  # another worker may be asked to rest at the same moment
            index_elements=[Pause.scope],
            set_={"until": row.excluded.until, "reason": row.excluded.reason},
            where=Pause.until < row.excluded.until,
        )
    )


def pause_channel(
    session: Session, post: tuple[str, str], recipient: str, *, now: datetime, until: datetime
) -> bool:
    """Let one channel rest for what `post` (a method, a channel) was refused, and the queue that it came
    from. False, and nothing done, when another channel rests for the same method: that is the method's own
    limit."""
    method, channel = post
    prefix, reason = f"{method}:", f"ratelimited: {method}"
    others = select(Pause.scope).where(
        Pause.scope.startswith(prefix, autoescape=True), Pause.scope != prefix + channel, Pause.until > now
    )
    if session.scalar(others.limit(1)) is not None:
        return False
    for scope in (prefix + channel, recipient):
        pause(session, scope, until=until, reason=reason)
    return True
