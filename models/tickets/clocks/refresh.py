"""Open tickets whose clocks are to be made anew by a periodic job: a calendar or targets have changed.

A load of the catalogue asks for them here, in the same transaction. So does the migration that added the
clocks, of the tickets of the version before.
"""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ClockRefresh(Base):
    """What is left to do: one row for each change."""

    __tablename__ = "clock_refresh"

    id: Mapped[int] = mapped_column(primary_key=True)
    below: Mapped[int | None]
    """Tickets with this number and higher ones are done; `None` before the first."""
