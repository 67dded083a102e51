"""How many tickets could not be forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.outbox.schedule import Periodic

LATER = timedelta(hours=6)
"""After which a ticket is tried again."""
NAME = "forget:"
"""With the ticket's number: the row that says until when it is put off."""


def count_put_off(session: Session, now: datetime) -> int:
    """How many tickets were put off of late; what waited for longer has been forgotten otherwise, or was
    reopened."""
    names = Periodic.name.startswith(NAME)
    return session.scalar(select(func.count()).where(names, Periodic.due_at > now - LATER)) or 0
