"""The answers to a service's questions, as a ticket keeps them."""

from dataclasses import dataclass

from models.base import LocalizedText
from models.catalogue import QuestionType


@dataclass(frozen=True)
class Answer:
    """A question as it was asked, with its answer."""

    id: str
    """The question's."""
    type: QuestionType
    label: LocalizedText
    value: str | list[str] | None = None
    """As the form sent it; `None` when nothing was answered."""
    shown: LocalizedText | None = None
    """The text that shows it; `None` without a value."""
