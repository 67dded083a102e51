"""The ends of terms: the fallback is asked then and not before; each week it is said that nobody decides."""

from collections.abc import Iterator
from datetime import datetime

from tests.chaos.account.table import Account
from tests.year.account.steps import TERMS, WEEK, Term
from tests.year.account.told import Told
from tests.year.hours import DAY, HOUR

LATE = 2  # working days that either may come later


def reckon_terms(told: Told, account: Account) -> None:
    account.count("fallbacks asked too early", _fallback_early(told))
    account.count("fallbacks never asked", _fallback_late(told))
    account.rows["lines that nobody decides"] = len(told.lines)
    account.count("lines that nobody decides, too early", _line_early(told))
    account.count("lines that nobody decides, missing", _line_late(told))


def _fallback_early(told: Told) -> Iterator[str]:
    """Before the end of the term, unless nobody else was left to decide."""
    for number, some in told.steps.items():
        at = told.fallback(some)
        term = told.term(number, at) if at else None
        if at is None or term is None:
            continue
        place = next(place for place, each in enumerate(some) if each.has_fallback)
        left = some[place].open & some[place - 1].open if place else frozenset[int]()
        if not left or term.since == at:
            continue
        if at < term.due(told.count(term.ticket, at), term.length, at):
            yield f"n° {term.ticket}, step {number} at {at}"


def _fallback_late(told: Told) -> Iterator[str]:
    for number, some in told.steps.items():
        if some[0].role not in TERMS:
            continue
        at = told.fallback(some)
        for term in told.terms[number]:
            count = told.count(term.ticket, term.until - HOUR)
            due = term.due(count, term.length, term.until)
            last = count.working_days_later(due, LATE)
            is_excused = told.is_excused(term, due, last)
            if last < term.until and not (at and at <= last) and not is_excused:
                yield f"n° {term.ticket}, step {number}"


def _due_lines(told: Told, term: Term, until: datetime) -> Iterator[datetime]:
    """When it is said that nobody decides: at the end of the term, unless the fallback is asked then;
    each week after it."""
    count = told.count(term.ticket, until - HOUR)
    asks_others = term.role in TERMS and not _has_early_fallback(told, term)
    days = WEEK if term.is_choice else term.length + WEEK * asks_others
    while (due := term.due(count, days, until)) <= until:
        yield due
        days += WEEK


def _line_early(told: Told) -> Iterator[str]:
    for at, row in told.lines:
        assert row.approval is not None
        term = told.term(row.approval, at)
        if term is None:
            continue
        some = [
            when for when, each in told.lines if each.approval == row.approval and term.since <= when <= at
        ]
        if len(some) > len([*_due_lines(told, term, at)]):
            yield f"n° {term.ticket}, step {row.approval} at {at}"


def _has_early_fallback(told: Told, term: Term) -> bool:
    """The fallback was asked before the term began, or because nobody else was left."""
    at = told.fallback(told.steps[term.approval])
    return at is not None and at <= term.since


def _line_late(told: Told) -> Iterator[str]:
    for number, some in told.terms.items():
        for term in some:
            end, count = term.until, told.count(term.ticket, term.until - HOUR)
            for due in _due_lines(told, term, end):
                last = count.working_days_later(due, LATE)
                came = [at for at, row in told.lines if row.approval == number and due - DAY <= at <= last]
                is_excused = told.is_excused(term, due - WEEK * DAY, last)
                if last < end and not (came or is_excused):
                    yield f"n° {term.ticket}, step {number}, due at {due}"
