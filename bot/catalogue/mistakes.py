"""What is wrong with a file, in words: the value that was found, and what is expected in its place."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import get_args

from pydantic_core import ErrorDetails

from bot.catalogue import yaml_lines
from bot.catalogue.approvals.schema import EXPECTED as EXPECTED_STEPS
from bot.catalogue.approvals.schema import FallbackInFile, StepInFile, WhenInFile, WhoInFile
from bot.catalogue.calendar.parts import EXPECTED, WEEKDAYS, Closure, Holidays, Hours
from bot.catalogue.parts import LANGUAGES, Part, Text
from bot.catalogue.rules import QUESTION_TYPES
from bot.catalogue.schema import (
    CatalogueFile,
    Group,
    Keywords,
    Offer,
    Option,
    OutOfScope,
    Question,
    Service,
    Site,
    Team,
)
from bot.catalogue.targets import EXPECTED as EXPECTED_TARGETS
from bot.catalogue.targets import TargetInFile, TargetsInFile
from bot.catalogue.words import did_you_mean
from bot.catalogue.yaml_lines import Document, Problem
from models.lifecycle import Priority

_PARTS: dict[str, type[Part]] = {
    "sites": Site,
    "teams": Team,
    "catalogue": Group,
    "groups": Group,
    "services": Service,
    "questions": Question,
    "options": Option,
    "out_of_scope": OutOfScope,
    "closures": Closure,
    "approval": StepInFile,
}
_KEYS_OF: dict[str, type[Part]] = {
    "keywords": Keywords,
    "hours": Hours,
    "holidays": Holidays,
    "targets": TargetsInFile,
    **dict.fromkeys(Priority, TargetInFile),
    "who": WhoInFile,
    "fallback": FallbackInFile,
    "when": WhenInFile,
}
_TEXTS = ("name", "description", "label", "hint", "have_ready", "contact", "out_of_hours")
_EXPECTED = {
    "id": "at most 60 lower-case letters, digits and single hyphens, such as wifi-eduroam",
    **dict.fromkeys(_TEXTS, "a text, or {fr: …, en: …}"),
    **dict.fromkeys(("fr", "en"), "a text"),
    **dict.fromkeys(("default", "required"), "true or false"),
    **dict.fromkeys(("min", "max"), "a whole number"),
    "channel": "a channel’s name in lower case with its “#”, or its id (C…)",
    "announce": "a list of channels, each by its name in lower case with its “#” or by its id (C…)",
    "team": "the id of one of the teams",
    "offers": "a list of request, incident, both, or neither: []",
    "keywords": "a list of words or short phrases, or {fr: […], en: […]}",
    "url": "an address that begins with https:// and has no space",
    "when": "future",
    "type": f"one of {', '.join(QUESTION_TYPES)}",
    **{
        key: f"a list of {'groups' if key == 'catalogue' else key}" for key in _PARTS if key != "out_of_scope"
    },
    "out_of_scope": "a list of entries (id, name, contact, keywords)",
    **EXPECTED,
    **EXPECTED_TARGETS,
    "approval": EXPECTED_STEPS["approval"],
    "approval_before_team": "true or false",
    "confidential": "true or false",
}

_WORDS: Mapping[str, Sequence[str]] = {"type": QUESTION_TYPES, "when": ("future",), "hours": ("always",)}
_WORDS_OF_STEPS: Mapping[str, Sequence[str]] = {"how_many": ("one", "all"), "self": ("refuse", "recorded")}


def problems_of(document: Document, details: ErrorDetails) -> Iterator[Problem]:
    """The problems of one error of pydantic's."""
    path, value, context = details["loc"], details["input"], details.get("ctx", {})
    expected = _expected(path)
    match details["type"]:
        case _ if path[-1] == "en" and path not in document.lines:  # a copy of the French, which is named
            return
        case "too_short" if value:  # its entries are wrong, and are named
            return
        case "refused":
            text = context["sentence"]
        case "missing":
            text = f"missing — expected {expected}"
        case "extra_forbidden":
            yield document.problem(path, _unknown_key(path))
            return
        case "text_too_long":
            for language, length in context["lengths"].items():
                if language == "fr" or (*path, language) in document.lines:
                    known = document.known((*path, language))
                    yield document.problem(known, _too_many(length, "characters", context["limit"]))
            return
        case "string_too_long":
            text = _too_many(len(value.strip()), "characters", context["max_length"])
        case "too_long":
            text = _too_many(len(value), "entries", context["max_length"])
        case "too_short" | "string_too_short":
            text = f"empty — expected {expected}"
        case "literal_error" | "enum" if isinstance(value, str):
            words = {**_WORDS, **_WORDS_OF_STEPS}.get(str(path[-1]), get_args(Offer))
            text = f"“{value}” is not known{did_you_mean(value, words)}"
        case _:
            text = f"found {shown(value)} — expected {expected}"
            if isinstance(value, bool | int | float | date) and (
                path[-1] in (*_TEXTS, "id", *LANGUAGES) or "keywords" in path[:-1]
            ):
                text += "; put it between quotes"
    yield document.problem(path if details["type"] == "missing" else document.known(path), text)


def _expected(path: yaml_lines.Path) -> str:
    last = path[-1]
    if "keywords" in path[:-1]:
        is_list = path[-2] == "keywords" and last in LANGUAGES
        return "a list of words or short phrases" if is_list else "a text"
    if "approval" in path[:-1] and last not in LANGUAGES:
        known = [each for each in path if isinstance(each, str) and each in EXPECTED_STEPS]
        return EXPECTED_STEPS[known[-1]]  # below a key come the kinds of value that it may have
    if path[0] == "catalogue" and last == "hours":
        return "always; otherwise a service has the hours of its team"
    if isinstance(last, str):
        return _EXPECTED.get(last, "")
    if path[-2] in (*WEEKDAYS, "week"):
        return _EXPECTED[str(path[-2])]
    if path[-2] == "announce":
        return _EXPECTED["channel"]
    return "request or incident" if path[-2] == "offers" else "keys with their values (id: …)"


def _too_many(count: int, of: str, limit: int) -> str:
    return f"{count} {of} — expected at most {limit}"


def _unknown_key(path: yaml_lines.Path) -> str:
    *owner, key = path
    if not owner:
        part: type[Part] = CatalogueFile
    elif isinstance(owner[-1], int):
        part = _PARTS[str(owner[-2])]
    else:
        part = _KEYS_OF.get(str(owner[-1]), Text)
    text = "unknown key" + did_you_mean(str(key), [f.alias or name for name, f in part.model_fields.items()])
    return text + " (a text with a comma goes between quotes)" if part is Text else text


def shown(value: object) -> str:
    """A value of a file, in a sentence."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the value {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"“{value}”" if len(value) <= 80 else f"“{value[:80]}…”"
        case dict():
            return "keys with their values"
        case tuple():
            return "a list"
    return f"the date {value}"
