"""The steps of agreements, as they were after each transaction: who could decide when, and since when their
days count."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.approvals.approval import StepState
from tests.year.account.facts import Facts
from tests.year.books import Asked
from tests.year.desk import BOARD, HOLDER, PREMISES
from tests.year.hours import PARIS, Count, days

# Working days until the fallback is asked; a technician's step has none.
TERMS = {HOLDER: 5, BOARD: 3, PREMISES: 5}
TERM_BY_HAND = 5
REMINDED_AFTER = (2, 4)
WEEK = 5  # working days
OPEN = {StepState.LOOKUP, StepState.CHOICE, StepState.ASKED, StepState.INCOMPLETE}


@dataclass(frozen=True)
class Turn:
    """Somebody may decide in a step."""

    approval: int
    ticket: int
    person: int
    since: datetime
    until: datetime
    """When they decided, or no longer could; the end of the run."""


@dataclass
class Term:
    """The days of a step that count: since somebody was first asked, or since nobody was left to ask."""

    approval: int
    ticket: int
    role: str
    since: datetime
    is_choice: bool
    until: datetime
    paused: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When an information was missing."""

    @property
    def length(self) -> int:
        """In working days."""
        return TERMS.get(self.role, TERM_BY_HAND)

    def due(self, count: Count, number: int, at: datetime) -> datetime:
        """When so many working days have counted, by what has stood until `at`."""
        due = count.working_days_later(self.since, number)
        for start, end in self.paused:
            if start < due and end <= at:
                number += _days_between(count, start, end)
                due = count.working_days_later(self.since, number)
        return due

    def is_paused(self, start: datetime, end: datetime) -> bool:
        """Whether an information was missing at some time between these."""
        return any(stop < end and start < go for stop, go in self.paused)


def _days_between(count: Count, start: datetime, end: datetime) -> int:
    """How many working days begin between these."""
    first, last = start.astimezone(PARIS).date(), end.astimezone(PARIS).date()
    return sum(count.is_working_day(day) for day in days(first, last)[1:])


def by_step(facts: Facts) -> dict[int, list[Asked]]:
    found = defaultdict[int, list[Asked]](list)
    for each in facts.books.asked:
        found[each.approval].append(each)
    return found


def turns(facts: Facts, some: Sequence[Asked]) -> Iterator[Turn]:
    """Of one step."""
    begun = dict[int, datetime]()
    for each in some:
        for person in sorted(set(begun) - each.open):
            yield Turn(each.approval, each.ticket, person, begun.pop(person), each.at)
        begun = {**dict.fromkeys(each.open, each.at), **begun}
    for person, since in begun.items():
        yield Turn(some[0].approval, some[0].ticket, person, since, facts.books.end)


def terms(facts: Facts, some: Sequence[Asked]) -> Iterator[Term]:
    """Of one step: a new one begins when somebody is asked, and when nobody is left."""
    term: Term | None = None
    before, were_open, had_fallback = StepState.LOOKUP, frozenset[int](), False
    for each in some:
        others_are_asked = each.has_fallback and not had_fallback and not each.open & were_open
        begins = (each.state is StepState.CHOICE and before is not StepState.CHOICE) or (
            each.state is StepState.ASKED
            and (before in {StepState.LOOKUP, StepState.CHOICE} or others_are_asked)
        )
        if term and (begins or each.state not in OPEN):
            term.until = each.at
            yield term
            term = None
        if begins:
            is_choice = each.state is StepState.CHOICE
            term = Term(each.approval, each.ticket, each.role, each.at, is_choice, facts.books.end)
        elif term and before is StepState.INCOMPLETE and each.state is StepState.ASKED:
            term.paused[-1] = (term.paused[-1][0], each.at)
        if term and each.state is StepState.INCOMPLETE and before is not StepState.INCOMPLETE:
            term.paused.append((each.at, facts.books.end))
        before, were_open, had_fallback = each.state, each.open, each.has_fallback
    if term:
        yield term
