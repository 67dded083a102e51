"""What the parts of the account share: the books sorted, the hours in force, the waits of tickets."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from models.lifecycle import Action, HoldReason, Status
from models.outbox.kinds import DeliveryKind, DeliveryState
from tests.year.books import Books, Post, Row, Seen, Step
from tests.year.hours import ALWAYS, DAY, DESK, DESK_LATER, NETWORK, NETWORK_LATER, Count

WEEK = timedelta(days=7)
_REQUESTER_WRITES = {Action.ANSWER, Action.COMMENT, Action.REFUSE, Action.REOPEN}
_TEAM_ANSWERS = {Action.REPLY, Action.ASK, Action.ASK_AGAIN, Action.RESOLVE}
_BEGINS = _TEAM_ANSWERS | {Action.HOLD}


@dataclass
class Wait:
    """A word of the team's that its requester has not answered."""

    ticket: int
    number: int
    """Of the event."""
    since: datetime
    until: datetime | None = None
    """When somebody answered or did something else; `None` at the end of the run."""
    is_solution: bool = False
    has_date: bool = False
    """The ticket is on hold until a day."""
    postponed: list[datetime] = field(default_factory=list)
    """When its requester asked for a week more."""
    end: Action | None = None

    def is_over(self, at: datetime) -> bool:
        return self.until is not None and self.until <= at


class Facts:
    """The books, sorted."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.steps = defaultdict[int, list[Step]](list)
        for step in books.steps:
            self.steps[step.ticket].append(step)
        self.seen = defaultdict[int, list[Seen]](list)
        for each in books.seen:
            self.seen[each.ticket].append(each)
        self._times = {number: [each.at for each in some] for number, some in self.seen.items()}
        self.rows = {row.key: row for row in books.rows}

    @cached_property
    def posted(self) -> Mapping[str, Post]:
        """Where and when each message was first posted, by the key of its delivery."""
        return {post.key: post for post in reversed(self.books.posts)}

    @cached_property
    def posted_reminders(self) -> Sequence[tuple[Post, Row]]:
        """The reminders to requesters, in order."""
        return [
            (post, row)
            for post in self.books.posts
            if (row := self.rows.get(post.key)) and row.kind is DeliveryKind.REMINDER
        ]

    @cached_property
    def counts(self) -> Mapping[str, tuple[Count, Count]]:
        """Of the desk, the network's team and what is always open: before and after the change."""
        first, last = (self.books.start - 2 * DAY).date(), (self.books.end + 120 * DAY).date()
        pairs = {"desk": (DESK, DESK_LATER), "reseau": (NETWORK, NETWORK_LATER), "always": (ALWAYS, ALWAYS)}
        return {
            name: (Count(before, first, last), Count(after, first, last))
            for name, (before, after) in pairs.items()
        }

    def count(self, team: str, service: str | None, at: datetime) -> Count:
        """By what working time is counted at a time, for a ticket of this team and service."""
        name = "always" if service == "donnees" else "reseau" if team == "reseau" else "desk"
        return self.counts[name][at >= self.books.changed_at]

    def is_stopped(self, start: datetime, end: datetime) -> bool:
        """Whether no worker ran at some time between these."""
        return any(stop < end and start < go for stop, go in self.books.stopped)

    def state(self, ticket: int, at: datetime) -> Seen:
        """What the ticket said at a time."""
        return self.seen[ticket][max(bisect_right(self._times[ticket], at) - 1, 0)]

    def count_for(self, ticket: int, at: datetime) -> Count:
        state = self.state(ticket, at)
        return self.count(state.team, state.service, at)

    @cached_property
    def waits(self) -> Mapping[tuple[int, int], Wait]:
        """By ticket and number of the team's word."""
        return {(wait.ticket, wait.number): wait for some in self.steps.values() for wait in _waits(some)}

    @cached_property
    def warnings(self) -> Mapping[tuple[int, int], Sequence[datetime]]:
        """When reminders of each wait were posted, of those that it had not ended before."""
        found = defaultdict[tuple[int, int], list[datetime]](list)
        for post, row in self.posted_reminders:
            if post is self.posted[post.key]:
                for wait in row.waits:
                    if wait in self.waits and not self.waits[wait].is_over(post.at):
                        found[wait].append(post.at)
        return found

    @cached_property
    def lost(self) -> Mapping[tuple[int, int], datetime]:
        """The waits of which a reminder could not be delivered while they lasted, and when the first was
        given up."""
        refused = {post.key: post.at for post in reversed(self.books.refused)}
        found = dict[tuple[int, int], datetime]()
        for row in self.books.rows:
            at = refused.get(row.key) or row.completed_at
            is_lost = row.key in refused or (row.state is not DeliveryState.SENT and _is_gone(row))
            if row.kind is DeliveryKind.REMINDER and is_lost and at:
                for wait in row.waits:
                    if wait in self.waits and not self.waits[wait].is_over(at):
                        found.setdefault(wait, at)
        return found


def _is_gone(row: Row) -> bool:
    return row.reason is not None and row.reason.value == "account_deactivated"


def _waits(steps: Sequence[Step]) -> Iterator[Wait]:
    """The waits of one ticket, from its history."""
    reason: HoldReason | None = None
    has_date = requester_wrote = has_spoken = False
    wait: Wait | None = None
    for step in steps:
        if step.status is not Status.PENDING:
            reason, has_date = None, False
        if step.action is Action.ASK:
            reason = HoldReason.REQUESTER
        elif step.action is Action.HOLD:
            reason, has_date = step.reason, step.has_date
        if step.action in _REQUESTER_WRITES | _TEAM_ANSWERS:
            requester_wrote = step.action in _REQUESTER_WRITES
            has_spoken |= step.action in _TEAM_ANSWERS
        is_asked = step.status is Status.RESOLVED or reason is HoldReason.REQUESTER
        is_waiting = is_asked and not requester_wrote
        if wait and (not is_waiting or step.action in _BEGINS):
            wait.until, wait.end = step.at, step.action
            yield wait
            wait = None
        if wait and step.action is Action.POSTPONE:
            wait.postponed.append(step.at)
        if is_waiting and step.action in _BEGINS and has_spoken:  # a hold alone asks nothing
            is_solution = step.status is Status.RESOLVED
            wait = Wait(step.ticket, step.number, step.at, is_solution=is_solution, has_date=has_date)
    if wait:
        yield wait


@dataclass(frozen=True)
class Schedule:
    """When a wait's reminders and its closing are due, by the hours and settings of one time."""

    count: Count
    since: datetime
    steps: Sequence[int]
    closing: int

    @classmethod
    def of(cls, facts: Facts, wait: Wait, at: datetime) -> "Schedule":
        rules = facts.books.rules_at(at)
        closing = rules.close_solution_after if wait.is_solution else rules.close_question_after
        steps = [
            each for each in ((3, 7) if wait.is_solution else (2, 5, 12)) if not closing or each < closing
        ]
        return cls(facts.count_for(wait.ticket, at), wait.since, steps, closing)

    def reminder(self, index: int, postponed: Sequence[datetime]) -> datetime:
        return self._date(self.steps[index], postponed)

    def closes(self, postponed: Sequence[datetime]) -> datetime | None:
        return self._date(self.closing, postponed) if self.closing else None

    def _date(self, days: int, postponed: Sequence[datetime]) -> datetime:
        """Put off: as many weeks later, and a week after that was last asked for."""
        at = self.count.working_days_later(self.since, days)
        if not postponed:
            return at
        return self.count.opening(max(at + len(postponed) * WEEK, postponed[-1] + WEEK))
