"""What is stored for a form while somebody fills it in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonColumn, UtcDateTime
from models.tickets.draft import NewFile


class FormDraft(Base):
    """What a client may not set in an open form, or what the form cannot hold: the files and the text of the
    message that it was made from."""

    __tablename__ = "form_draft"
    __table_args__ = (Index("ix_form_draft_created_at", "created_at"),)

    submission: Mapped[str] = mapped_column(String(36), primary_key=True)
    """A uuid made with the form."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who opened it."""
    files: Mapped[Sequence[NewFile]] = mapped_column(JsonColumn(list[NewFile]), default=list)
    rest: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What of the text that it was made from is more than its description can hold."""
    message_draft_id: Mapped[int | None]
    """The `MessageDraft` that it was made from, which may be deleted before it."""
    messages: Mapped[Sequence[str]] = mapped_column(JsonColumn(list[str]), default=list, server_default="[]")
    """The `ts` of those of its messages that the form has; others may have followed."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
