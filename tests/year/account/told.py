"""What was posted about the steps of agreements, and the terms that it goes by."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property

from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind
from tests.year.account.facts import Facts
from tests.year.account.steps import Term, Turn, by_step, terms, turns
from tests.year.books import Asked, Post, Row
from tests.year.hours import DAY, Count


class Told:
    """What was posted about steps."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.steps = by_step(facts)
        self.turns = [turn for some in self.steps.values() for turn in turns(facts, some)]
        self.terms = {number: list(terms(facts, some)) for number, some in self.steps.items()}
        self.posts = defaultdict[tuple[int | None, int | None], list[Post]](list)
        for post, row in self._posted(DeliveryKind.AGREEMENT):
            self.posts[row.approval, row.person].append(post)
        self.lines = [
            (row.created_at, row) for row in facts.books.rows if row.key in facts.rows and _is_line(row)
        ]

    def _posted(self, kind: DeliveryKind) -> Iterator[tuple[Post, Row]]:
        for post in self.facts.posted.values():
            row = self.facts.rows.get(post.key)
            if row is not None and row.kind is kind:
                yield post, row

    def count(self, ticket: int, at: datetime) -> Count:
        return self.facts.count_for(ticket, at)

    def is_excused(self, term: Term, due: datetime, last: datetime) -> bool:
        """What was due has not come: the hours have changed, no worker ran, or an information was missing."""
        is_other = term.since <= self.facts.books.changed_at <= last
        return is_other or self.facts.is_stopped(due - DAY, last) or term.is_paused(due, last)

    def of(self, turn: Turn) -> Sequence[Post]:
        """What asked somebody while they could decide."""
        some = self.posts[turn.approval, turn.person]
        return sorted(
            (post for post in some if turn.since <= post.at <= turn.until), key=lambda post: post.at
        )

    @cached_property
    def reminders(self) -> Sequence[tuple[Post, Turn]]:
        """What was posted to who had a message already, but for those who read what was completed, or whom
        somebody chose."""
        asks_anew = {Action.COMPLETE, Action.CHOOSE_APPROVER}
        anew = {(step.ticket, step.at) for step in self.facts.books.steps if step.action in asks_anew}
        return [
            (post, turn)
            for turn in self.turns
            for post in self.of(turn)[1:]
            if (turn.ticket, self.facts.rows[post.key].created_at) not in anew
        ]

    def term(self, approval: int, at: datetime) -> Term | None:
        found = [each for each in self.terms[approval] if each.since <= at]
        return found[-1] if found else None

    def fallback(self, some: Sequence[Asked]) -> datetime | None:
        return next((each.at for each in some if each.has_fallback), None)


def _is_line(row: Row) -> bool:
    return row.kind is DeliveryKind.THREAD and row.approval is not None and ":unanswered:" in row.key
