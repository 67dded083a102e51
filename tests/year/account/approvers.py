"""What approvers are told, and when: a message at once, then two reminders in opening hours."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from tests.chaos.account.table import Account
from tests.year.account.steps import REMINDED_AFTER, Turn
from tests.year.account.told import Told
from tests.year.hours import DAY, HOUR, PARIS

SOON = 1  # working days in which somebody who is asked has a message
LATE = 2  # working days that a reminder may come later


def reckon_approvers(told: Told, account: Account) -> None:
    account.rows["messages that ask approvers"] = sum(map(len, told.posts.values()))
    account.rows["reminders to approvers"] = len(told.reminders)
    account.count("approvers without a message", _without_message(told))
    account.count("approvers reminded outside of hours", _outside(told))
    account.count("approvers reminded twice on a day", _two_a_day(told))
    account.count("approvers reminded too early", _too_early(told))
    account.count("approvers never reminded", _forgotten(told))


def _without_message(told: Told) -> Iterator[str]:
    for turn in told.turns:
        last = told.count(turn.ticket, turn.since).working_days_later(turn.since, SOON)
        soon = [post for post in told.of(turn) if post.at <= last]
        if not soon and last <= turn.until and not told.facts.is_stopped(turn.since, last):
            yield _name(turn)


def _outside(told: Told) -> Iterator[str]:
    for post, turn in told.reminders:
        if not any(told.count(turn.ticket, at).is_open(at) for at in (post.at, post.at - HOUR)):
            yield f"{_name(turn)} at {post.at}"


def _two_a_day(told: Told) -> Iterator[str]:
    days = defaultdict[tuple[int, int, date], int](int)
    for post, turn in told.reminders:
        days[turn.approval, turn.person, post.at.astimezone(PARIS).date()] += 1
    yield from (f"step {step}, person {who} on {day}" for (step, who, day), n in days.items() if n > 1)


def _too_early(told: Told) -> Iterator[str]:
    """Before two working days, and more often than twice in a term."""
    times = defaultdict[tuple[int, datetime, int], int](int)
    for post, turn in told.reminders:
        term = told.term(turn.approval, post.at)
        if term is None:
            yield f"{_name(turn)} at {post.at}"
            continue
        count, key = told.count(turn.ticket, post.at), (term.approval, term.since, turn.person)
        times[key] += 1
        number = REMINDED_AFTER[min(times[key], 2) - 1]
        if times[key] > len(REMINDED_AFTER) or post.at < term.due(count, number, post.at):
            yield f"{_name(turn)} at {post.at}"


def _forgotten(told: Told) -> Iterator[str]:
    for turn in told.turns:
        term = told.term(turn.approval, turn.since)
        if term is None or term.is_choice:
            continue
        count = told.count(turn.ticket, turn.until - HOUR)
        all_came = _reminded(told, turn, term.since)
        for place, number in enumerate(REMINDED_AFTER):
            due = term.due(count, number, turn.until)
            last = count.working_days_later(due, LATE)
            is_due = turn.since < due and last < turn.until and not told.is_excused(term, due, last)
            has_come = len(all_came) > place or any(at >= due - DAY for at in all_came)
            if is_due and not has_come:
                yield f"{_name(turn)}, due at {due}"


def _reminded(told: Told, turn: Turn, since: datetime) -> Sequence[datetime]:
    """When this person was reminded of the step since then."""
    some = [(post, each) for post, each in told.reminders if post.at >= since]
    return [post.at for post, each in some if (each.approval, each.person) == (turn.approval, turn.person)]


def _name(turn: Turn) -> str:
    return f"n° {turn.ticket}, step {turn.approval}, person {turn.person} since {turn.since}"
