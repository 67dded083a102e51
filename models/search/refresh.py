"""Tickets whose search texts are to be made anew, by what they have in common; a periodic job does so.

A name is in the texts of all its tickets. A change of it asks for them here, in the same transaction; they
are found by the former name until their turn, the newest first. A migration that changes what the texts hold
asks for all tickets.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, String, or_, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column
from models.tickets.ticket import Ticket


class Subject(StrEnum):
    """What the tickets have in common."""

    ALL = "all"
    PERSON = "person"  # requester or technician
    SERVICE = "service"
    SITE = "site"
    TEAM = "team"


class SearchRefresh(Base):
    """The tickets of one subject that are left to do."""

    __tablename__ = "search_refresh"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[Subject] = mapped_column(enum_column(Subject))
    subject_id: Mapped[str | None] = mapped_column(String(64))
    """The id of the person, service, site or team."""
    below: Mapped[int | None]
    """Those with this number and higher ones are done; `None` before the first."""

    @property
    def concerned(self) -> ColumnElement[bool]:
        """The condition that the tickets satisfy."""
        if self.subject is Subject.ALL or self.subject_id is None:
            return true()
        if self.subject is Subject.PERSON:
            person = int(self.subject_id)
            return or_(Ticket.requester_id == person, Ticket.assignee_id == person)
        columns = {
            Subject.SERVICE: Ticket.service_id,
            Subject.SITE: Ticket.site_id,
            Subject.TEAM: Ticket.team_id,
        }
        return columns[self.subject] == self.subject_id
