"""The sentences with which Slack refuses a payload.

They are copied verbatim from real answers, so that a log line of the playground can be searched for.
Sentences that no source shows are in `assumptions`.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One broken rule: Slack's sentence, and the JSON pointer of what breaks it."""

    message: str
    pointer: str
    # The values that would have done, for an enumeration; `blocks.validate` shows them.
    expected: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


AN_OBJECT = "must provide an object"
A_STRING = "must provide a string"
INVALID_URL = "invalid url"
TEXT_OR_FIELDS = "must define either `text` or `fields`"
ENUM = "must be a valid enum value"
NOT_AN_OPTION = "must be one of the provided options"
NO_SCHEMA = "failed to match all allowed schemas"
NEEDS_SUBMIT = "must define `submit` to use an `input` block in modals"
ONE_TABLE = "only_one_table_allowed"  # with this one the error is `invalid_attachments`


def too_long(most: int) -> str:
    """More than `most` characters. Slack names the first length it refuses."""
    return f"must be less than {most + 1} characters"


def too_short(least: int) -> str:
    """Fewer than `least` characters."""
    return f"must be more than {least - 1} characters"


def too_many(most: int) -> str:
    """More than `most` items."""
    return f"no more than {most} items allowed"


def too_few(least: int) -> str:
    """Fewer than `least` items."""
    return f"must provide at least {least} items"


def missing(key: str) -> str:
    """A required key is not there."""
    return f"missing required field: {key}"


def additional(key: str) -> str:
    """A key that this object does not have."""
    return f"invalid additional property: {key}"


def unsupported(type_: object) -> str:
    """A type that does not exist, or not here."""
    return f"unsupported type: {type_}"


def already_exists(key: str, value: str) -> str:
    """An identifier given twice."""
    return f'`{key}` "{value}" already exists'
