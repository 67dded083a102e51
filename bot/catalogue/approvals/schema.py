"""The approval steps of `catalogue.yaml`: whose agreement a service's requests need."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from bot.catalogue.parts import Part, Text, at_most, refused
from models.approval_rule import ApprovalStep, Approvers, Condition, Quorum, Source
from models.base import LocalizedText

STEPS_MAX, PEOPLE_MAX, DAYS_MAX, NAME_MAX = 10, 20, 60, 75
ROLE_OF_MANAGER = LocalizedText("votre responsable", "your manager")

PersonId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{8,}$")]
GroupId = Annotated[str, Field(pattern=r"^S[A-Z0-9]{8,}$")]
ChannelName = Annotated[str, Field(pattern=r"^(#[\p{Ll}\p{Lo}\p{N}_-]{1,80}|[CG][A-Z0-9]{8,})$")]
People = Annotated[tuple[PersonId, ...], Field(min_length=1, max_length=PEOPLE_MAX)]

WHO = "one of {question: …}, {people: […]}, {group: S…}, {channel: “#…”}, or manager"
EXPECTED: Mapping[str, str] = {
    "approval": "a list of steps (who, name, how_many, within, fallback, when, self)",
    "who": WHO,
    "fallback": "{people: […]}, or {group: S…}",
    "question": "the id of a question of this service",
    "manager": "who: manager",
    "people": "a list of the ids of members (U…), which Slack copies from their profiles",
    "group": "the id of a user group (S…)",
    "channel": "a private channel’s name in lower case with its “#”, or its id (C…)",
    "how_many": "one or all",
    "within": f"a whole number of working days, from 1 to {DAYS_MAX}",
    "when": "a question with its answer, {question: …, is: …}, or with a limit, {question: …, above: 800}",
    "is": "the id of an option, or true or false",
    "above": "a whole number",
    "self": "refuse or recorded",
    "name": "a text, or {fr: …, en: …}",
}


def _has_one(part: Part) -> bool:
    """Whether one of its keys is there, and has a value."""
    return [getattr(part, key) is not None for key in part.model_fields_set] == [True]


class FallbackInFile(Part):
    people: People | None = None
    group: GroupId | None = None

    @model_validator(mode="after")
    def _one(self) -> "FallbackInFile":
        if not _has_one(self):
            raise refused(f"expected {EXPECTED['fallback']}, one of them")
        return self


class WhoInFile(Part):
    question: str | None = None
    people: People | None = None
    group: GroupId | None = None
    channel: ChannelName | None = None
    manager: Literal[True] | None = None

    @model_validator(mode="before")
    @classmethod
    def _manager(cls, value: object) -> object:
        return {"manager": True} if value == "manager" else value

    @model_validator(mode="after")
    def _one(self) -> "WhoInFile":
        if not _has_one(self):
            raise refused(f"expected {WHO}")
        return self


class WhenInFile(Part):
    question: str
    equals: StrictBool | str | None = Field(default=None, alias="is")
    above: StrictInt | None = None

    @model_validator(mode="after")
    def _one(self) -> "WhenInFile":
        if (self.equals is None) == (self.above is None):
            raise refused("expected one of is and above")
        return self


class StepInFile(Part):
    who: WhoInFile
    name: Annotated[Text, at_most(NAME_MAX)] | None = None
    how_many: Literal["one", "all"] = "one"
    within: int = Field(default=5, ge=1, le=DAYS_MAX)
    fallback: FallbackInFile | None = None
    when: WhenInFile | None = None
    self_: Literal["refuse", "recorded"] = Field(default="refuse", alias="self")


Approval = Annotated[tuple[StepInFile, ...], Field(max_length=STEPS_MAX)]


def step_of(step: StepInFile, labels: Mapping[str, LocalizedText]) -> ApprovalStep:
    """`labels`: those of the service's questions, by their ids."""
    who = _approvers(step.who)
    return ApprovalStep(
        who=who,
        name=_name(step, who, labels),
        quorum=Quorum(step.how_many),
        within=step.within,
        fallback=_approvers(step.fallback) if step.fallback else None,
        when=_condition(step.when) if step.when else None,
        own_is_recorded=step.self_ == "recorded",
    )


def _name(step: StepInFile, who: Approvers, labels: Mapping[str, LocalizedText]) -> LocalizedText:
    if step.name:
        return LocalizedText(step.name.fr, step.name.en)
    return labels[who.names[0]] if who.source is Source.QUESTION else ROLE_OF_MANAGER


def _approvers(given: WhoInFile | FallbackInFile) -> Approvers:
    [key] = given.model_fields_set
    value = getattr(given, key)
    names = () if value is True else value if isinstance(value, tuple) else (value,)
    return Approvers(Source(key), names)


def _condition(when: WhenInFile) -> Condition:
    equals = ("yes" if when.equals else "no") if isinstance(when.equals, bool) else when.equals
    return Condition(when.question, equals, when.above)
