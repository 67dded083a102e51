"""What health checks write: a trial row, and when Slack was last heard."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime

KIND_MAX = 64


class WriteTrial(Base):
    """A row that is written and deleted in one transaction, to learn whether the database can be written to.
    The table is always empty."""

    __tablename__ = "write_trial"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    filler: Mapped[str] = mapped_column(Text)
    """More than fits into a page of either database, so that a full one shows."""


class LastHeard(Base):
    """When one kind of Slack's requests last arrived, at any process."""

    __tablename__ = "last_heard"

    kind: Mapped[str] = mapped_column(String(KIND_MAX), primary_key=True)
    """An event as the manifest names it (`message.im`); `command`, `action`, `view_submission`, …; `worker`,
    `backup`."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
