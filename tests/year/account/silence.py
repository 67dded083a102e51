"""Closing by silence: after a word of the team's and warnings that arrived, on an open day; none that was due
is still open."""

from collections.abc import Iterator
from datetime import timedelta

from models.lifecycle import Action
from models.outbox.kinds import DeliveryState
from tests.chaos.account.table import Account
from tests.year.account.facts import Facts, Schedule, Wait
from tests.year.account.reminders import changes_while, next_step
from tests.year.hours import DAY, HOUR

JUST = HOUR  # by which a closing that was due in opening hours may come after them
LATE = 4  # working days that a closing may come later than the last warning, or than its date


def reckon_silence(facts: Facts, account: Account) -> None:
    closed = [step for some in facts.steps.values() for step in some if step.action is Action.CLOSE]
    account.rows["tickets closed by silence"] = len(closed)
    account.count("closed after the requester's last word", _without_wait(facts))
    ended = [wait for wait in facts.waits.values() if wait.end is Action.CLOSE]
    account.count("closed outside of hours", (_name(wait) for wait in ended if not _is_open(facts, wait)))
    account.count("closed though a setting or a hold forbids", _forbidden(facts, ended))
    account.count("closed too early", _too_early(facts, ended))
    account.count("closed without all warnings", _unwarned(facts, ended))
    account.rows["waits whose warnings were lost"] = len(facts.lost)
    account.count("closed though a warning was lost", (_name(w) for w in ended if _key(w) in facts.lost))
    account.count("lost warnings that no team was told of", _untold(facts))
    account.count("tickets whose closing was forgotten", _forgotten(facts))


def _key(wait: Wait) -> tuple[int, int]:
    return wait.ticket, wait.number


def _name(wait: Wait) -> str:
    return f"n° {wait.ticket} at {wait.until}"


def _is_open(facts: Facts, wait: Wait) -> bool:
    assert wait.until is not None
    count = facts.count_for(wait.ticket, wait.until)
    return any(count.is_open(wait.until - passed) for passed in (timedelta(), JUST))


def _without_wait(facts: Facts) -> Iterator[str]:
    """Closed while nothing of the team's waited for an answer."""
    by_wait = {(wait.ticket, wait.until) for wait in facts.waits.values() if wait.end is Action.CLOSE}
    for step in facts.books.steps:
        if step.action is Action.CLOSE and (step.ticket, step.at) not in by_wait:
            yield f"n° {step.ticket} at {step.at}"


def _forbidden(facts: Facts, ended: list[Wait]) -> Iterator[str]:
    for wait in ended:
        assert wait.until is not None
        if wait.has_date or Schedule.of(facts, wait, wait.until).closes([]) is None:
            yield _name(wait)


def _too_early(facts: Facts, ended: list[Wait]) -> Iterator[str]:
    for wait in ended:
        assert wait.until is not None
        due = Schedule.of(facts, wait, wait.until).closes(wait.postponed)
        if due and wait.until < due:
            yield f"{_name(wait)}, before {due}"


def _unwarned(facts: Facts, ended: list[Wait]) -> Iterator[str]:
    """All reminders were posted, the last one a working day before."""
    for wait in ended:
        assert wait.until is not None
        times = facts.warnings.get(_key(wait), [])
        schedule = Schedule.of(facts, wait, wait.until)
        if next_step(wait, times) < len(schedule.steps):
            yield f"{_name(wait)} after {len(times)} warnings"
        elif wait.until < schedule.count.working_days_later(times[-1], 1):
            yield f"{_name(wait)}, warned at {times[-1]}"


def _untold(facts: Facts) -> Iterator[str]:
    """A line in the thread of the team's card, unless the ticket is a follower of an outage without one."""
    for (ticket, number), at in facts.lost.items():
        if facts.state(ticket, at).is_child or at > facts.books.end - HOUR:
            continue
        line = facts.rows.get(f"{ticket}:{number}:unheard")
        if line is None or line.state is not DeliveryState.SENT or line.key not in facts.posted:
            yield f"n° {ticket}, since {at}"


def _forgotten(facts: Facts) -> Iterator[str]:
    for key, wait in facts.waits.items():
        until = wait.until or facts.books.end
        schedule = Schedule.of(facts, wait, until - HOUR)
        due = schedule.closes(wait.postponed)
        if due is None or wait.has_date or key in facts.lost:
            continue
        later = [*facts.warnings.get(key, []), *changes_while(facts, wait, until)]
        due = max([due, *later])
        if wait.end is not Action.CLOSE and schedule.count.working_days_later(due, LATE) < until - DAY:
            yield f"n° {wait.ticket} was to be closed at {due}"
