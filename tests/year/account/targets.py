"""Every due moment against a count of its own, from the ticket's history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from models.lifecycle import Action, Agreement, Status
from tests.chaos.account.table import Account
from tests.year.account.facts import Facts
from tests.year.books import Seen, Step
from tests.year.desk import TARGETS, WIFI_TARGETS
from tests.year.hours import Count

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_RUNNING = {Status.NEW, Status.IN_PROGRESS}
_AGAIN = {Action.REFUSE, Action.REOPEN}
_LEAVES = _AGAIN | {Action.ANSWER, Action.COMMENT, Action.TRANSFER}  # what ends following an outage
_TAKES = {Action.TAKE, Action.ASSIGN}
_RESPONDS = {
    *(Action.REPLY, Action.ASK, Action.ASK_AGAIN, Action.RESOLVE, Action.RESUME),
    *(Action.CANCEL, Action.DUPLICATE),
}


def reckon_targets(facts: Facts, account: Account) -> None:
    taken, due = list[str](), list[str]()
    compared = 0
    for number, steps in facts.steps.items():
        for clock, seen in replay(facts, steps, facts.seen[number]):
            compared += 1
            if seen.taken_due_at != clock.taken_due_at:
                taken.append(f"{_name(seen)}: {seen.taken_due_at} and not {clock.taken_due_at}")
            if seen.due_at != clock.due_at:
                due.append(f"{_name(seen)}: {seen.due_at} and not {clock.due_at}")
    account.rows["due moments compared"] = 2 * compared
    account.count("response due at another moment", taken)
    account.count("resolution due at another moment", due)


def _name(seen: Seen) -> str:
    return f"n° {seen.ticket} after event {seen.number}{' (new hours)' if seen.is_refresh else ''}"


@dataclass
class Clock:
    """Both clocks of a ticket, in minutes."""

    opened_at: datetime
    taken_due_at: datetime
    due_at: datetime
    has_response: bool = False
    used: int = 0
    granted: int = 0
    since: datetime | None = None
    is_asked: bool = False
    """Its agreement is."""

    def stop(self, count: Count, at: datetime) -> None:
        if self.since is not None:
            self.used += count.elapsed(self.since, at)
            self.since = None

    def aim(self, count: Count, target: "Target", at: datetime) -> None:
        """Count both moments anew. While an agreement is asked, the ticket is due in the year 9999."""
        if not self.has_response:
            self.taken_due_at = count.due(self.opened_at, target.taken)
        left = target.resolved + self.granted - self.used
        if self.is_asked:
            self.due_at = NEVER
        else:
            self.due_at = count.due(self.since or at, left) if left > 0 else min(self.due_at, at)

    def agree(self, step: Step, filed_at: datetime) -> None:
        """Once the agreement was given, both count from then; from the filing, once it is asked again."""
        if step.agreement is not None:
            was_asked, self.is_asked = self.is_asked, step.agreement is Agreement.ASKED
            if self.is_asked:
                self.opened_at = filed_at
            elif was_asked and step.status is not Status.CLOSED:
                self.opened_at = step.at


@dataclass(frozen=True)
class Target:
    """In minutes."""

    taken: int
    resolved: int

    @classmethod
    def of(cls, seen: Seen, count: Count) -> "Target":
        of_service = WIFI_TARGETS if seen.service == "wifi" else TARGETS
        (taken_days, taken), (resolved_days, resolved) = of_service[seen.priority]
        day = count.hours.day
        return cls(taken_days * day + taken, resolved_days * day + resolved)


def replay(facts: Facts, steps: Sequence[Step], seen: Sequence[Seen]) -> Iterator[tuple[Clock, Seen]]:
    """The clocks as they should be each time that the ticket was looked at."""
    by_number = {each.number: each for each in seen if not each.is_refresh}
    moments: list[tuple[datetime, int, Step | Seen]] = [(step.at, step.number, step) for step in steps]
    moments += [(each.at, each.number, each) for each in seen if each.is_refresh]
    clock, before = None, None
    for at, number, moment in sorted(moments, key=lambda each: (each[0], each[1], isinstance(each[2], Seen))):
        state = moment if isinstance(moment, Seen) else _state_after(by_number, number)
        count = facts.count(state.team, state.service, at)
        target = Target.of(state, count)
        if clock is None:
            clock = Clock(at, count.due(at, target.taken), count.due(at, target.resolved), since=at)
            if steps[0].agreement is Agreement.ASKED:
                clock.is_asked, clock.since, clock.due_at = True, None, NEVER
        elif isinstance(moment, Seen):
            clock.aim(count, target, at)
        elif before is not None:
            _follow(clock, moment, (before, state), facts)
        before = state if isinstance(moment, Seen) else _with_status(state, moment)
        if isinstance(moment, Seen) or number in by_number:
            yield clock, state


def _state_after(by_number: dict[int, Seen], number: int) -> Seen:
    """What was seen after the event, or after the next that was looked at: both were one transaction."""
    return by_number[min((each for each in by_number if each >= number), default=max(by_number))]


def _with_status(state: Seen, step: Step) -> Seen:
    if state.status is step.status:
        return state
    return Seen(**{**vars(state), "status": step.status})


def _follow(clock: Clock, step: Step, states: tuple[Seen, Seen], facts: Facts) -> None:
    before, after = states
    if step.action not in _LEAVES:  # a lost reminder has given it a card, with no event
        before = replace(before, is_child=after.is_child)
    count = facts.count(after.team, after.service, step.at)
    was_asked = clock.is_asked
    clock.agree(step, facts.steps[step.ticket][0].at)
    runs = step.status in _RUNNING and not clock.is_asked
    responds = not clock.has_response and _is_response(step)
    clock.has_response = clock.has_response or responds
    was = before.status in _RUNNING and not was_asked, _key(before)
    if (runs, _key(after)) == was and not responds and step.action not in _AGAIN:
        return
    former = facts.count(before.team, before.service, step.at)
    if not runs or (former, _is_wifi(before)) != (count, _is_wifi(after)):  # other hours, or other targets
        clock.stop(former, step.at)
    target = Target.of(after, count)
    if step.action in _AGAIN:  # the rest of the time, and at least half of the target
        rest = max(target.resolved + clock.granted - clock.used, target.resolved // 2)
        clock.granted = rest + clock.used - target.resolved
    if runs and clock.since is None:
        clock.since = step.at
    clock.aim(count, target, step.at)


def _key(seen: Seen) -> tuple[object, ...]:
    return seen.priority, seen.is_child, seen.team, seen.service


def _is_wifi(seen: Seen) -> bool:
    return seen.service == "wifi"


def _is_response(step: Step) -> bool:
    return step.action in _TAKES or (step.action in _RESPONDS and not step.is_by_requester)
