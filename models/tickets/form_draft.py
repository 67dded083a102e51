"""What we keep for a form while somebody fills it in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class FormDraft(Base):
    """What an open form says that is not the client's to say: the files of the message it was made from."""

    __tablename__ = "form_draft"
    __table_args__ = (Index("ix_form_draft_created_at", "created_at"),)

    submission: Mapped[str] = mapped_column(String(36), primary_key=True)
    """A uuid drawn with the form."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who opened it."""
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """As `models.tickets.draft.NewFile` has them."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
