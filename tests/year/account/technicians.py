"""Reminders to technicians: in opening hours, each once, and none forgotten."""

from collections import defaultdict
from datetime import datetime

from models.outbox.kinds import DeliveryKind
from tests.chaos.account.table import Account
from tests.year.account.facts import Facts
from tests.year.books import Row

WITHIN = 120  # minutes of opening hours in which somebody is reminded


def reckon_technicians(facts: Facts, account: Account) -> None:
    rows = [row for row in facts.books.rows if row.kind in {DeliveryKind.TARGET, DeliveryKind.UNTAKEN}]
    posted = [(facts.posted[row.key].at, row) for row in rows if row.key in facts.posted]
    account.rows["reminders to technicians"] = len(posted)
    outside = [f"{row.key} at {at}" for at, row in posted if not _is_open(facts, row, at)]
    account.count("technicians reminded outside of hours", outside)
    account.count("lists of an hour sent twice", _lists_twice(facts, posted))
    account.count("targets that nobody was reminded of", _forgotten(facts, posted))


def _is_open(facts: Facts, row: Row, at: datetime) -> bool:
    """Whether the calendars of all its tickets were open when they became due, and one when it was sent."""
    numbers = [row.ticket] if row.ticket else row.untaken
    opened = [facts.count_for(number, row.created_at).is_open(row.created_at) for number in numbers]
    return all(opened) and any(facts.count_for(number, at).is_open(at) for number in numbers)


def _lists_twice(facts: Facts, posted: list[tuple[datetime, Row]]) -> list[str]:
    """Lists of untaken tickets, but for urgent tickets, which do not wait for the next hour."""
    lists = defaultdict[tuple[str | None, str], list[Row]](list)
    for at, row in posted:
        is_urgent = all(facts.state(number, at).priority == "P1" for number in row.untaken)
        if row.kind is DeliveryKind.UNTAKEN and not is_urgent:
            lists[row.team, f"{row.created_at:%Y-%m-%d %H}"].append(row)
    return [f"{team} {hour}" for (team, hour), some in lists.items() if len(some) > 1]


def _forgotten(facts: Facts, posted: list[tuple[datetime, Row]]) -> list[str]:
    """Tickets that were late for two opening hours, in which nothing happened to them, and of which no
    technician was reminded since they were due."""
    told = defaultdict[int, list[datetime]](list)
    for at, row in posted:
        for number in [row.ticket] if row.ticket else row.untaken:
            if number:
                told[number].append(at)
    found = list[str]()
    for number, some in facts.seen.items():
        for seen, later in zip(some, [*some[1:], None], strict=True):
            if seen.status.value not in {"new", "in_progress"} or seen.is_child or seen.is_refresh:
                continue
            until = later.at if later else facts.books.end
            count = facts.count(seen.team, seen.service, seen.due_at)
            begins = max(seen.due_at, seen.at)
            if seen.due_at <= seen.at or begins >= until:  # it was late before, and told then
                continue
            last = count.due(begins, WITHIN)
            if begins < facts.books.changed_at <= until or facts.is_stopped(begins, last):
                continue
            if last <= until and not any(begins <= at <= until for at in told[number]):
                found.append(f"n° {number} due at {seen.due_at}")
    return found
