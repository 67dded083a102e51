"""What is said of a column that holds personal data (GDPR art. 4(1), art. 30(1))."""

from dataclasses import dataclass
from enum import StrEnum


class Data(StrEnum):
    """What a column holds of a person."""

    IDENTITY = "identity"  # a name, a Slack id, whose row it is
    ADDRESS = "address"
    PREFERENCE = "preference"
    WORDS = "words"  # what somebody wrote
    FILE = "file"
    ANSWER = "answer"  # a rating, a decision, a choice
    PLACE = "place"  # where a message or a file is in Slack


class Fate(StrEnum):
    """What becomes of a column when the person whom it leads to is erased, or its ticket is forgotten; of
    some tables the whole row is deleted with the ticket (`models.personal_data.document.ROWS_STAY`)."""

    EMPTY = "empty"  # NULL, or the column's empty value
    REPLACE = "replace"  # a neutral text, where the column may not be empty
    DELETE = "delete"  # the whole row
    KEEP = "keep"  # it leads to a person's row, which then says nothing of them
    EXPIRE = "expire"  # the row is deleted by itself: after a few days, or months (`audit_entry`)


@dataclass(frozen=True)
class Column:
    """A column with personal data."""

    data: Data
    fate: Fate
    why: str
    """Its purpose, as the register of processing has it."""
