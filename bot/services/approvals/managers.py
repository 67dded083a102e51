"""Who somebody's manager is, as last read from Slack."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.person import Person

MANAGER_LIFE = timedelta(hours=24)


def known_manager(session: Session, person: Person, now: datetime) -> Person | None:
    """The manager that their profile named within the last day; `None` when it named none, or was not
    read."""
    read_at = person.manager_read_at
    if person.manager_id is None or read_at is None or now - read_at > MANAGER_LIFE:
        return None
    return session.get(Person, person.manager_id)
