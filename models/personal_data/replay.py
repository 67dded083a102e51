"""Up to which line the file of erasures has been applied to this database: a restored one is behind."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ErasureReplay(Base):
    """One row: the file as it was when all that it names had been erased here."""

    __tablename__ = "erasure_replay"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """The SHA-256 of the file, in hexadecimal."""
