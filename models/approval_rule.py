"""Whose agreement the requests for a service need, before anybody works on them: what the catalogue says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from models.base import LocalizedText

REMINDERS = (2, 4)
"""After how many working days who has not decided is reminded."""


class Source(StrEnum):
    """Where the approvers of a step come from."""

    QUESTION = "question"  # whom the requester chose in the form
    PEOPLE = "people"
    GROUP = "group"  # a user group of Slack's
    CHANNEL = "channel"  # the members of a private channel
    MANAGER = "manager"  # the requester's, by a field of their Slack profile


class Quorum(StrEnum):
    """How many of a step's approvers agree."""

    ONE = "one"
    ALL = "all"


@dataclass(frozen=True)
class Approvers:
    """Who is asked. `names`: the id of a question, of people, of a user group, or a channel as in the file;
    of a manager nothing."""

    source: Source
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A step is asked only when a question was answered so."""

    question: str
    equals: str | None = None
    """The id of an option, `yes` or `no`."""
    above: int | None = None

    def is_met(self, values: Mapping[str, str | list[str] | None]) -> bool:
        """Whether the answers, by their questions' ids, are such; a number that cannot be read is above."""
        value = values.get(self.question)
        if not value:
            return False
        if self.above is not None:
            return _number(value) is None or (_number(value) or 0) > self.above
        return self.equals in ([value] if isinstance(value, str) else value)


@dataclass(frozen=True)
class ApprovalStep:
    """One agreement; the next step is asked once it is given."""

    who: Approvers
    name: LocalizedText
    """The role in which they are asked: “budget holder”."""
    quorum: Quorum = Quorum.ONE
    within: int = 5
    """Working days, after which the fallback is asked too."""
    fallback: Approvers | None = None
    when: Condition | None = None
    own_is_recorded: bool = False
    """Whether an approver may request for themself: the agreement is then recorded, else it is refused."""

    @property
    def moments(self) -> Sequence[int]:
        """After how many working days something is due first: reminders, and the end of the term."""
        return sorted({*REMINDERS, self.within})


def steps_for(
    rule: Sequence[ApprovalStep], values: Mapping[str, str | list[str] | None]
) -> Sequence[ApprovalStep]:
    """The steps that a request needs, in order. `values`: its answers, by the ids of their questions."""
    return [step for step in rule if step.when is None or step.when.is_met(values)]


def _number(value: str | list[str]) -> float | None:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) else None
