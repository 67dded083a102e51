"""`catalogue.yaml`: the sites, the teams, and the tree of groups and services.

The file is accepted or refused as a whole, with every mistake and its line. What Slack would refuse when a
view is opened is refused here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.catalogue import yaml_lines
from bot.catalogue.calendar.build import HOURS
from bot.catalogue.calendar.parts import (
    DIRECTORY,
    EXPECTED,
    WEEKDAYS,
    Closure,
    HasCalendar,
    Holidays,
    Hours,
    HoursOfDesk,
)
from bot.catalogue.parts import LANGUAGES, Part, Text, at_most
from bot.catalogue.rules import QUESTION_TYPES, broken_rules, did_you_mean
from bot.catalogue.targets import EXPECTED as EXPECTED_TARGETS
from bot.catalogue.targets import TargetInFile, TargetsInFile, contradictions, targets_of
from bot.catalogue.yaml_lines import Document, Problem
from models.calendar.frames import DAY
from models.catalogue import QuestionType
from models.lifecycle import Priority

Offer = Literal["request", "incident"]

# Slack's limits: a button or an option, a section, the label or hint of an input, a select menu.
NAME, DESCRIPTION, LABEL, MENU = 75, 3000, 2000, 100
KEYWORD, KEYWORDS = 75, 200  # characters of one, and how many a service has in a language


class CatalogueError(ValueError):
    """The file is refused; `problems` has one line for each thing to correct, in the order of the file."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _https(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme == "https" and bool(parts.hostname) and not any(map(str.isspace, url))
    except ValueError:
        good = False
    if not good:
        raise PydanticCustomError("not_https", "not https")
    return url


Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Channel = Annotated[str, Field(pattern=r"^(#[\p{Ll}\p{Lo}\p{N}_-]{1,80}|[CG][A-Z0-9]{8,})$")]
Url = Annotated[str, Field(max_length=3000), AfterValidator(_https)]
Name = Annotated[Text, at_most(NAME)]
Description = Annotated[Text, at_most(DESCRIPTION)]
Label = Annotated[Text, at_most(LABEL)]
Keyword = Annotated[str, Field(min_length=1, max_length=KEYWORD)]


class Site(Part):
    id: Id
    name: Name


class Phrase(Part):
    """A ready-made phrase for replies: its title in the menu, and its text."""

    title: Name
    text: Description


class Team(HasCalendar):
    id: Id
    name: Name
    channel: Channel
    default: bool = False
    phrases: tuple[Phrase, ...] = Field(default=(), max_length=MENU)


class Option(Part):
    id: Id
    label: Name


class Question(Part):
    id: Id
    type: Annotated[QuestionType, Field(strict=False)]  # YAML has texts
    label: Label
    hint: Label | None = None
    required: bool = False
    options: tuple[Option, ...] = Field(default=(), max_length=MENU)
    min: int | None = None
    max: int | None = None
    when: Literal["future"] | None = None


class Keywords(Part):
    """What people call a service, in French and in English; a list alone stands for both."""

    fr: tuple[Keyword, ...] = Field(default=(), max_length=KEYWORDS)
    en: tuple[Keyword, ...] = Field(default=(), max_length=KEYWORDS)

    @model_validator(mode="before")
    @classmethod
    def _one_list_for_both(cls, value: object) -> object:
        return {"fr": value, "en": value} if isinstance(value, tuple) else value


class Service(Part):
    id: Id
    name: Name
    description: Description
    team: Id
    offers: tuple[Offer, ...]
    url: Url | None = None
    have_ready: Description | None = None
    questions: tuple[Question, ...] = ()
    keywords: Keywords = Keywords()
    hours: Literal["always"] | None = None
    targets: TargetsInFile | None = None


class OutOfScope(Part):
    """Something that the help desk does not serve, and who to turn to for it."""

    id: Id
    name: Name
    contact: Label
    keywords: Keywords


class Group(Part):
    id: Id
    name: Name
    description: Description
    groups: tuple["Group", ...] = ()
    services: tuple[Service, ...] = ()


class CatalogueFile(HasCalendar):
    hours: HoursOfDesk | None = None
    targets: TargetsInFile | None = None
    out_of_hours: Label | None = None
    sites: tuple[Site, ...] = Field(min_length=1, max_length=MENU)
    teams: tuple[Team, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(alias="catalogue")
    out_of_scope: tuple[OutOfScope, ...] = ()

    def all_groups(self) -> Iterator[Group]:
        """Every group, each before those it contains."""
        waiting = list(reversed(self.groups))
        while waiting:
            group = waiting.pop()
            yield group
            waiting.extend(reversed(group.groups))

    def all_services(self) -> Iterator[Service]:
        for group in self.all_groups():
            yield from group.services


def read_catalogue(path: Path) -> CatalogueFile:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CatalogueError(f"{path}: cannot be read, {reason} — check the setting CATALOGUE") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogueError(f"{path}:{line}: this is not UTF-8 — save the file as UTF-8") from error
    try:
        document = yaml_lines.parse(text)
    except yaml_lines.YamlSyntaxError as error:
        raise _refused(path, [error.problem]) from error
    if not isinstance(document.data, dict):
        what = "the file is empty" if document.data is None else f"the file holds {_shown(document.data)}"
        raise _refused(path, [Problem(1, "", f"{what} — expected the keys sites, teams and catalogue")])
    problems = document.problems + broken_rules(document)
    try:
        catalogue = CatalogueFile.model_validate(document.data, context={DIRECTORY: path.parent})
    except ValidationError as error:
        for details in error.errors(include_url=False):
            problems.extend(_problems(document, details))
        raise _refused(path, problems) from error
    problems += [document.problem(document.known(where), text) for where, text in _of_targets(catalogue)]
    if problems:
        raise _refused(path, problems)
    return catalogue


def _of_targets(file: CatalogueFile) -> Iterator[tuple[yaml_lines.Path, str]]:
    """Targets that contradict each other: the desk's, and those of each service that has its own."""
    day = (file.hours or HOURS).minutes_of_day
    desk = targets_of(file.targets)
    yield from contradictions(desk, ("targets",), day)
    days = {team.id: team.hours.minutes_of_day for team in file.teams if team.hours and not team.hours.always}
    always = {team.id for team in file.teams if team.hours and team.hours.always}
    for path, service in _with_paths(file.groups, ("catalogue",)):
        if service.targets:
            is_always = service.hours == "always" or service.team in always
            of_service = targets_of(service.targets, desk)
            minutes = DAY if is_always else days.get(service.team, day)
            yield from contradictions(of_service, (*path, "targets"), minutes)


def _with_paths(groups: Sequence[Group], path: yaml_lines.Path) -> Iterator[tuple[yaml_lines.Path, Service]]:
    for index, group in enumerate(groups):
        for place, service in enumerate(group.services):
            yield (*path, index, "services", place), service
        yield from _with_paths(group.groups, (*path, index, "groups"))


def _refused(path: Path, problems: list[Problem]) -> CatalogueError:
    lines = (
        f"{path}:{line}: {where}: {text}" if where else f"{path}:{line}: {text}"
        for line, where, text in sorted(set(problems))
    )
    return CatalogueError(*lines)


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
}
_KEYS_OF: dict[str, type[Part]] = {
    "keywords": Keywords,
    "hours": Hours,
    "holidays": Holidays,
    "targets": TargetsInFile,
    **dict.fromkeys(Priority, TargetInFile),
}
_TEXTS = ("name", "description", "label", "hint", "have_ready", "contact", "out_of_hours")
_EXPECTED = {
    "id": "at most 60 lower-case letters, digits and single hyphens, such as wifi-eduroam",
    **dict.fromkeys(_TEXTS, "a text, or {fr: …, en: …}"),
    **dict.fromkeys(("fr", "en"), "a text"),
    **dict.fromkeys(("default", "required"), "true or false"),
    **dict.fromkeys(("min", "max"), "a whole number"),
    "channel": "a channel’s name in lower case with its “#”, or its id (C…)",
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
}

_WORDS: Mapping[str, Sequence[str]] = {"type": QUESTION_TYPES, "when": ("future",), "hours": ("always",)}


def _problems(document: Document, details: ErrorDetails) -> Iterator[Problem]:
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
            words = _WORDS.get(str(path[-1]), get_args(Offer))
            text = f"“{value}” is not known{did_you_mean(value, words)}"
        case _:
            text = f"found {_shown(value)} — expected {expected}"
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
    if path[0] == "catalogue" and last == "hours":
        return "always; otherwise a service has the hours of its team"
    if isinstance(last, str):
        return _EXPECTED.get(last, "")
    if path[-2] in (*WEEKDAYS, "week"):
        return _EXPECTED[str(path[-2])]
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


def _shown(value: object) -> str:
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
