"""Rules between the fields of one object. The tables name them; the object may be malformed."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from playground.block_kit import assumptions, problem
from playground.block_kit.problem import Problem
from playground.block_kit.shape import Rule
from playground.block_kit.spec import Context, Json


def dicts(value: object) -> list[Json]:
    """The objects of what should be an array of objects."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


# -- which keys go together ----------------------------------------------------------------------------


def at_least_one_of(*keys: str) -> Rule:
    """One of these keys, or several."""

    def rule(value: Json, at: str, context: Context) -> Iterator[Problem]:
        if not any(key in value for key in keys):
            yield Problem(problem.missing(keys[0]), at)

    return rule


def at_most_one_of(first: str, second: str) -> Rule:
    """`first` or `second` or neither."""

    def rule(value: Json, at: str, context: Context) -> Iterator[Problem]:
        if first in value and second in value:
            yield Problem(problem.additional(second), at)

    return rule


def exactly_one_of(first: str, second: str) -> Rule:
    """`first` or `second`."""

    def rule(value: Json, at: str, context: Context) -> Iterator[Problem]:
        yield from at_least_one_of(first, second)(value, at, context)
        yield from at_most_one_of(first, second)(value, at, context)

    return rule


def text_or_fields(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """A section has text, fields or both (section-block)."""
    if "text" not in value and "fields" not in value:
        yield Problem(problem.TEXT_OR_FIELDS, f"{at}/type")


def not_empty(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """At least one key (the style of a rich text, the filter of conversations)."""
    if not value:
        yield Problem(assumptions.EMPTY_OBJECT, at)


def collapsible(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """`default_collapsed` needs `is_collapsible`, `has_header_divider` excludes it (container-block)."""
    collapsible = value.get("is_collapsible") is True
    if value.get("default_collapsed") is True and not collapsible:
        yield Problem(assumptions.NOT_COLLAPSIBLE, f"{at}/default_collapsed")
    if value.get("has_header_divider") is True and collapsible:
        yield Problem(assumptions.COLLAPSIBLE, f"{at}/has_header_divider")


def no_dispatch_of_files(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """A file_input never sends an action (file-input-element)."""
    element = value.get("element")
    if isinstance(element, dict) and element.get("type") == "file_input" and value.get("dispatch_action"):
        yield Problem(assumptions.NO_DISPATCH, f"{at}/dispatch_action")


# -- numbers and times ---------------------------------------------------------------------------------


def ordered(low: str, high: str) -> Rule:
    """Where both are given, `low` is not above `high`; numbers may be strings, as in number_input."""

    def rule(value: Json, at: str, context: Context) -> Iterator[Problem]:
        bottom, top = number(value.get(low)), number(value.get(high))
        if bottom is not None and top is not None and bottom > top:
            yield Problem(assumptions.not_ordered(low, high), f"{at}/{low}")

    return rule


def number(value: object) -> Decimal | None:
    """The finite number that a JSON number or a numeric string stands for."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


timezones = cache(available_timezones)  # reads some 600 files


def known_timezone(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """`timezone` is a name of the IANA database (time-picker-element)."""
    zone = value.get("timezone")
    if isinstance(zone, str) and zone not in timezones():
        yield Problem(assumptions.TIMEZONE, f"{at}/timezone")


# -- scopes and domains ----------------------------------------------------------------------------------


def files_scope(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """An app without `files:read` cannot have a file input (file-input-element)."""
    if "files:read" not in context.scopes:
        yield Problem(assumptions.NEEDS_FILES_READ, at)


def embed_scope(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """Videos need `links.embed:write`, and a domain that the app unfurls (video-block)."""
    if "links.embed:write" not in context.scopes:
        yield Problem(assumptions.NEEDS_EMBED, at)
    host = _host(value.get("video_url"))
    if not any(host == domain or host.endswith(f".{domain}") for domain in context.unfurl_domains):
        yield Problem(assumptions.NOT_UNFURLED, f"{at}/video_url")


def _host(url: object) -> str:
    """The host of a URL; empty when there is none."""
    try:
        return urlsplit(url).hostname or "" if isinstance(url, str) else ""
    except ValueError:  # "https://["
        return ""
