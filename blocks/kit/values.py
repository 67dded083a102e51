"""Readers of the values in Slack's payloads: a client may have altered any of them.

A value that no view of ours offers raises `StalePayload`: it was altered, or an older version offered it.
"""

from enum import StrEnum
from typing import Any, TypeVar

from models.errors import StalePayload

Payload = dict[str, Any]
"""JSON of Slack's: a body, an action, a view, an event, a message."""

DIGITS = 9  # a number with more may exceed PostgreSQL's integers

E = TypeVar("E", bound=StrEnum)


def read_number(value: object) -> int:
    """A ticket's, an outage's, a page's number. Raises `StalePayload`."""
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise StalePayload
    return int(text)


def read_enum(members: type[E], value: object) -> E:
    """The member of an enum with this value. Raises `StalePayload`."""
    member = enum_or_none(members, value)
    if member is None:
        raise StalePayload
    return member


def enum_or_none(members: type[E], value: object) -> E | None:
    """The member of an enum with this value; `None` when it has none."""
    return next((member for member in members if member == value), None)


def button_value(action: Payload) -> str:
    """The value of a pressed button, or of the option chosen in a menu. Raises `StalePayload`."""
    value = action.get("value") or chosen(action)
    if not isinstance(value, str):
        raise StalePayload
    return value


def button_number(action: Payload) -> int:
    """The number in a pressed button's value: a ticket's, an outage's, a page's. Raises `StalePayload`."""
    return read_number(button_value(action))


def chosen(state: Payload) -> Any:
    """The value of an element's chosen option; `None` when there is none."""
    option = state.get("selected_option")
    return option.get("value") if isinstance(option, dict) else None


def all_chosen(state: Payload) -> list[str]:
    """The values of all of an element's chosen options."""
    options = objects(state.get("selected_options"))
    return [each["value"] for each in options if isinstance(each.get("value"), str)]


def objects(value: object) -> list[Payload]:
    """The objects in an array; none for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text_or_none(value: object, length_max: int) -> str | None:
    """A text of 1 to `length_max` characters; `None` for anything else."""
    return value if isinstance(value, str) and 0 < len(value) <= length_max else None
