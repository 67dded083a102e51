"""Sending that must rest, for all workers."""

from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.outbox.schedule import Pause

STOPPED_FOR = timedelta(seconds=60)
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
