"""Readers of the values that Slack hands back: a client may have changed any of them.

What nothing of ours says raises `StalePayload`; so does what an older version of ours said.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from models.errors import StalePayload

DIGITS = 9  # whatever has more is beyond the numbers that PostgreSQL's integers hold

Word = TypeVar("Word", bound=StrEnum)


def read_number(value: object) -> int:
    """A ticket's, an outage's, a page's number. Raises `StalePayload`."""
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise StalePayload
    return int(text)


def read_enum(words: type[Word], value: object) -> Word:
    """One of our own words. Raises `StalePayload`."""
    for word in words:
        if word == value:
            return word
    raise StalePayload


def button_value(action: Mapping[str, Any]) -> str:
    """The value of a button that was pressed, or of what was chosen in a menu. Raises `StalePayload`."""
    value = action.get("value") or chosen(action)
    if not isinstance(value, str):
        raise StalePayload
    return value


def chosen(state: Mapping[str, Any]) -> Any:
    """The value of the option that was chosen in an element; `None` when there is none."""
    option = state.get("selected_option")
    return option.get("value") if isinstance(option, dict) else None


def all_chosen(state: Mapping[str, Any]) -> list[str]:
    """The values of all options that were chosen in an element."""
    options = state.get("selected_options")
    held = [each for each in options if isinstance(each, dict)] if isinstance(options, list) else []
    return [each["value"] for each in held if isinstance(each.get("value"), str)]


def text_or_none(value: object, longest: int) -> str | None:
    """A text of at most so many characters; `None` for anything else."""
    return value if isinstance(value, str) and 0 < len(value) <= longest else None
