"""Reminders to requesters: in opening hours, one a day, one that stands, not before they are due, and none
forgotten."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from models.lifecycle import Action
from tests.chaos.account.table import Account
from tests.year.account.facts import Facts, Schedule, Wait
from tests.year.books import Post, Row
from tests.year.hours import DAY, HOUR, PARIS

LATE = 4  # working days that a reminder may be put off, since there is one a day


def reckon_reminders(facts: Facts, account: Account) -> None:
    account.rows["reminders to requesters"] = len(facts.posted_reminders)
    account.count("requesters reminded outside of hours", _outside(facts))
    account.count("reminders of what did not wait", _of_nothing(facts))
    account.count("two reminders on a day", _two_a_day(facts))
    account.count("two reminders that stand", _two_that_stand(facts))
    account.count("reminders before they were due", _too_early(facts))
    account.count("reminders that never came", _forgotten(facts))


def _active(facts: Facts, post: Post, row: Row) -> list[Wait]:
    found = [facts.waits.get(wait) for wait in row.waits]
    return [wait for wait in found if wait and wait.since <= post.at and not wait.is_over(post.at)]


def _outside(facts: Facts) -> Iterator[str]:
    for post, row in facts.posted_reminders:
        for wait in _active(facts, post, row):
            if not facts.count_for(wait.ticket, post.at).is_open(post.at):
                yield f"{post.key} of n° {wait.ticket} at {post.at}"


def _of_nothing(facts: Facts) -> list[str]:
    return [post.key for post, row in facts.posted_reminders if not _active(facts, post, row)]


def _two_a_day(facts: Facts) -> list[str]:
    days = defaultdict[tuple[int | None, date], set[str]](set)
    for post, row in facts.posted_reminders:
        days[row.person, post.at.astimezone(PARIS).date()].add(post.key)
    return [f"person {person} on {day}" for (person, day), some in days.items() if len(some) > 1]


def _two_that_stand(facts: Facts) -> Iterator[str]:
    """An hour after the newer one was posted, the older one is deleted."""
    last = dict[int | None, Post]()
    for post, row in facts.posted_reminders:
        older = last.get(row.person)
        if older and older.key != post.key:
            gone = facts.books.deleted.get(older.key)
            if gone is None or gone > post.at + HOUR:
                yield f"{older.key} beside {post.key}"
        last[row.person] = post


def _too_early(facts: Facts) -> Iterator[str]:
    for key, times in facts.warnings.items():
        wait = facts.waits[key]
        before = wait.since
        for at, index, postponed in _numbered(wait, times):
            schedule = Schedule.of(facts, wait, at)
            is_earlier = any(before < change for change in changes_while(facts, wait, at))
            before = at
            if index >= len(schedule.steps):  # but for a closing that a change has made earlier
                if not is_earlier:
                    yield f"n° {wait.ticket} once more at {at}"
            elif at < schedule.reminder(index, postponed):
                yield f"n° {wait.ticket} at {at}, before {schedule.reminder(index, postponed)}"


def _numbered(wait: Wait, times: Sequence[datetime]) -> Iterator[tuple[datetime, int, Sequence[datetime]]]:
    """Each reminder, the number of the step that it is for, and when a week more was asked for before: that
    has the last reminder sent again, once however often it is asked for."""
    index = 0
    for number, at in enumerate(times):
        asked = [each for each in wait.postponed if each <= at]
        if number and any(times[number - 1] < each for each in asked):
            index -= 1
        yield at, index, asked
        index += 1


def next_step(wait: Wait, times: Sequence[datetime]) -> int:
    """Which reminder of a wait is to come after these and all its postponements."""
    index = 0
    for _at, number, _asked in _numbered(wait, times):
        index = number + 1
    return index - bool(times and any(times[-1] < each for each in wait.postponed))


def _forgotten(facts: Facts) -> Iterator[str]:
    """The next reminder of each wait should have come some days before the wait ended, or the run did."""
    for key, wait in facts.waits.items():
        until = wait.until or facts.books.end
        if key in facts.lost or changes_while(facts, wait, until):
            continue
        times = facts.warnings.get(key, [])
        schedule, index = Schedule.of(facts, wait, until - HOUR), next_step(wait, times)
        if index < len(schedule.steps):
            due = schedule.reminder(index, wait.postponed)
            due = max([due, *(at + DAY for at in times)])
            if schedule.count.working_days_later(due, LATE) < until:
                yield f"n° {wait.ticket}: reminder {index + 1} was due at {due}"


def changes_while(facts: Facts, wait: Wait, until: datetime) -> list[datetime]:
    """When the hours, the setting that counts for it or its service changed while it waited."""
    moments = [facts.books.changed_at]
    moments += [step.at for step in facts.steps[wait.ticket] if step.action is Action.REQUALIFY]
    if not wait.is_solution:
        moments += [rules.since for rules in facts.books.rules]
    return [at for at in moments if wait.since < at <= until]
