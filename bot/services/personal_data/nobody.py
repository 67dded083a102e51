"""The row that stands for the people of forgotten tickets."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import utc_now
from models.person import NOBODY, Person


def nobody(session: Session) -> Person:
    """The person whom forgotten tickets lead to, made when it is first needed. No account has its id, and
    nothing is sent to it."""
    query = select(Person).where(Person.slack_id == NOBODY)
    found = session.scalars(query).one_or_none()
    if found is not None:
        return found
    made = Person(
        slack_id=NOBODY, team_id="", name="—", is_deactivated=True, profile_read_at=utc_now(), email=None
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # another transaction made it just now
        return session.scalars(query).one()
    return made
