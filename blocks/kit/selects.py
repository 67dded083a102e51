"""Menus and their options: members of an enum by their labels, rows of the catalogue by their names."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from slack_sdk.models.blocks import Option, StaticMultiSelectElement, StaticSelectElement

from blocks.i18n import Translator
from blocks.kit.text import option, plain
from models.catalogue import Service, Site, Team

OPTIONS_MAX = 100  # in a menu, or in a group of one (docs.slack.dev, "Select menu element")

E = TypeVar("E", bound=StrEnum)
Row = Site | Team | Service


def enum_options(_: Translator, labels: Mapping[E, str], members: Iterable[E]) -> list[Option]:
    """An option for each member; its value is the member's."""
    return [option(_(labels[member]), member.value) for member in members]


def row_options(_: Translator, rows: Iterable[Row]) -> list[Option]:
    """An option for each row; its value is the row's id."""
    return [option(row.name.in_(_.locale), row.id) for row in rows]


def select(_: Translator, options: Sequence[Option], chosen: str | None = None) -> StaticSelectElement:
    """A menu; `chosen` is the value of the option that it shows, if it has that."""
    return StaticSelectElement(
        placeholder=plain(_("Choose")),
        options=options,
        initial_option=next((each for each in options if each.value == chosen), None),
    )


def multi_select(_: Translator, options: Sequence[Option], chosen: Sequence[str]) -> StaticMultiSelectElement:
    """A menu of several choices; `chosen` are the values of the options that it shows."""
    return StaticMultiSelectElement(
        placeholder=plain(_("Choose")), options=options, initial_options=among(options, chosen)
    )


def among(options: Iterable[Option], chosen: Sequence[str]) -> list[Option] | None:
    """The chosen options; `None` when there is none, as Slack wants it."""
    return [each for each in options if each.value in chosen] or None
