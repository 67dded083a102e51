"""The keys of `catalogue.yaml`. What Slack would refuse when a view is opened is refused here."""

from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from bot.catalogue.approvals.schema import Approval
from bot.catalogue.calendar.parts import HasCalendar, HoursOfDesk
from bot.catalogue.parts import Part, Text, at_most
from bot.catalogue.targets import TargetsInFile
from models.catalogue import QuestionType

Offer = Literal["request", "incident"]

# Slack's limits: a button or an option, a section, the label or hint of an input, a select menu.
NAME, DESCRIPTION, LABEL, MENU = 75, 3000, 2000, 100
ANNOUNCED = 5  # channels of a site
KEYWORD, KEYWORDS = 75, 200  # characters of one, and how many a service has in a language


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
    announce: tuple[Channel, ...] = Field(default=(), max_length=ANNOUNCED)


class Phrase(Part):
    """A ready-made phrase for replies: its title in the menu, and its text."""

    title: Name
    text: Description


class Team(HasCalendar):
    id: Id
    name: Name
    channel: Channel
    default: bool = False
    confidential: StrictBool = False
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
    approval: Approval = ()
    approval_before_team: StrictBool = False
    confidential: StrictBool = False


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
