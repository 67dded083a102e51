"""Nothing twice, whichever worker did it, and however often one died."""

from collections import Counter
from datetime import datetime
from itertools import pairwise

from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind, DeliveryState
from tests.chaos.account.table import Account
from tests.year.account.facts import Facts
from tests.year.books import Row
from tests.year.hours import DAY


def reckon_once(facts: Facts, account: Account) -> None:
    books = facts.books
    posts = Counter(post.key for post in books.posts)
    account.count("messages posted twice", (key for key, times in posts.items() if times > 1))
    mails = Counter(mail.key for mail in books.mails)
    # After a death between sending and saving the same e-mail goes out again, with its Message-ID.
    twice = (key for key, times in mails.items() if times > 1 + books.resent.get(key, 0))
    account.count("e-mails sent twice", twice)
    events = Counter((step.ticket, step.number) for step in books.steps)
    account.count("events recorded twice", (key for key, times in events.items() if times > 1))
    account.count("closed or woken twice", _automatic_twice(facts))
    rows = (row for row in books.rows if row.kind is DeliveryKind.TARGET and row.ticket)
    targets = Counter((row.ticket, row.percent, _due_at(facts, row)) for row in rows)
    account.count("targets reminded of twice", (key for key, times in targets.items() if times > 1))
    pending = (row for row in books.rows if row.state is DeliveryState.PENDING)
    unsent = (row.key for row in pending if books.end - row.created_at > 7 * DAY)
    account.count("deliveries left behind", unsent)


def _due_at(facts: Facts, row: Row) -> datetime:
    """When the ticket was due, as it was reminded of."""
    assert row.ticket is not None
    return facts.state(row.ticket, row.created_at).due_at


def _automatic_twice(facts: Facts) -> list[str]:
    """The desk closes open tickets, and wakes those on hold: never the same again with nothing between."""
    found = list[str]()
    for number, steps in facts.steps.items():
        for one, other in pairwise(steps):
            if one.action is other.action and one.action in {Action.CLOSE, Action.WAKE}:
                found.append(f"n° {number}, events {one.number} and {other.number}")
    return found
