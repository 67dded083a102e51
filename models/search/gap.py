"""Searches in the catalogue that found nothing: what its authors may add."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime

KEPT = timedelta(days=90)
WORDS_MAX = 150  # characters
PEOPLE_MIN = 3  # a search is shown once this many people have made it


class SearchGap(Base):
    """A search that found nothing, once for each person who made it. Deleted after `KEPT`."""

    __tablename__ = "search_gap"
    __table_args__ = (Index("ix_search_gap_at", "at"),)

    words: Mapped[str] = mapped_column(String(WORDS_MAX), primary_key=True)
    """Without digits and addresses."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The last time."""
