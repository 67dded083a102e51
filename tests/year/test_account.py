"""What the account of a year holds to be wrong: the books of one run, in which one thing is changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.lifecycle import Action, HoldReason, Status
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason
from tests.year.account.facts import Facts
from tests.year.books import Books, Post, Row, Step
from tests.year.changed_books import changed, wrong

DAY = timedelta(days=1)


def first_row(books: Books, kind: DeliveryKind, is_wanted: Callable[[Row], object] = bool) -> Row:
    keys = {post.key for post in books.posts}
    return next(
        row
        for row in books.rows
        if row.kind is kind and row.state is DeliveryState.SENT and is_wanted(row)
        and (row.key in keys or kind is DeliveryKind.MAIL)
    )  # fmt: skip


def post_of(books: Books, row: Row) -> Post:
    return next(post for post in books.posts if post.key == row.key)


def closing(books: Books) -> Step:
    facts = Facts(books)
    closings = (step for step in books.steps if step.action is Action.CLOSE)
    return next(step for step in closings if not facts.state(step.ticket, step.at).is_child)


def at_night(at: datetime) -> datetime:
    return at.replace(hour=1, minute=0)


def warnings(books: Books, close: Step) -> list[Row]:
    """The reminders of the wait that this ended."""
    return [
        row
        for row in books.rows
        if row.kind is DeliveryKind.REMINDER and close.ticket in dict(row.waits) and row.created_at < close.at
    ]


def test_nothing_is_wrong_in_the_books_of_a_run(books: Books) -> None:
    assert wrong(books) == []


@pytest.mark.parametrize("which", ["taken_due_at", "due_at"])
def test_a_due_moment_that_is_a_minute_off(books: Books, which: str) -> None:
    seen = books.seen[len(books.seen) // 2]
    other = replace(seen, **{which: getattr(seen, which) + timedelta(minutes=1)})
    words = {"taken_due_at": "response", "due_at": "resolution"}[which]
    assert f"{words} due at another moment" in wrong(changed(books, "seen", seen, other))


def test_a_reminder_at_night(books: Books) -> None:
    post = post_of(books, first_row(books, DeliveryKind.REMINDER, lambda row: row.waits))
    found = wrong(changed(books, "posts", post, replace(post, at=at_night(post.at))))
    assert "requesters reminded outside of hours" in found


def test_a_reminder_before_it_is_due(books: Books) -> None:
    post = post_of(books, first_row(books, DeliveryKind.REMINDER, lambda row: row.waits))
    found = wrong(changed(books, "posts", post, replace(post, at=post.at - 2 * DAY)))
    assert "reminders before they were due" in found


def test_a_second_reminder_on_a_day(books: Books) -> None:
    row = first_row(books, DeliveryKind.REMINDER, lambda row: row.waits)
    post, again = post_of(books, row), replace(row, key="reminder:again")
    second = replace(post, key=again.key, at=post.at + timedelta(minutes=1))
    more = changed(changed(books, "rows", row, row, again), "posts", post, post, second)
    assert "two reminders on a day" in wrong(more)
    assert "two reminders that stand" in wrong(more)


def test_a_reminder_that_was_not_deleted(books: Books) -> None:
    assert books.deleted
    assert "two reminders that stand" in wrong(replace(books, deleted={}))


def test_a_reminder_of_what_was_answered(books: Books) -> None:
    answered = next(wait for wait in Facts(books).waits.values() if wait.end is Action.ANSWER)
    row = first_row(
        books, DeliveryKind.REMINDER, lambda row: row.created_at > (answered.until or row.created_at)
    )
    late = replace(row, waits=((answered.ticket, answered.number),))
    assert "reminders of what did not wait" in wrong(changed(books, "rows", row, late))


def test_a_reminder_that_never_came(books: Books) -> None:
    close = closing(books)
    posts = [post for post in books.posts if post.key not in {row.key for row in warnings(books, close)}]
    found = wrong(replace(books, posts=posts))
    assert {"reminders that never came", "closed without all warnings"} <= {*found}


def test_a_closing_after_the_requester_wrote(books: Books) -> None:
    close = closing(books)
    wrote = replace(close, action=Action.COMMENT, status=books.steps[0].status.RESOLVED, is_by_requester=True)
    wrote = replace(wrote, at=close.at - timedelta(minutes=5))
    later = replace(close, number=close.number + 1)
    assert "closed after the requester's last word" in wrong(changed(books, "steps", close, wrote, later))


def test_a_closing_at_night(books: Books) -> None:
    close = closing(books)
    night = replace(close, at=at_night(close.at + DAY))
    assert "closed outside of hours" in wrong(changed(books, "steps", close, night))


def test_a_closing_a_day_too_early(books: Books) -> None:
    close = closing(books)
    assert "closed too early" in wrong(changed(books, "steps", close, replace(close, at=close.at - DAY)))


def test_a_closing_that_the_settings_forbid(books: Books) -> None:
    never = [replace(each, close_solution_after=0, close_question_after=0) for each in books.rules]
    assert "closed though a setting or a hold forbids" in wrong(replace(books, rules=never))


def test_a_closing_after_a_lost_warning_of_which_nobody_was_told(books: Books) -> None:
    row = warnings(books, closing(books))[0]
    dead = replace(row, state=DeliveryState.SKIPPED, reason=Reason.ACCOUNT_DEACTIVATED)
    found = wrong(changed(books, "rows", row, dead))
    assert "closed though a warning was lost" in found
    assert "lost warnings that no team was told of" in found


def test_a_closing_that_was_forgotten(books: Books) -> None:
    close = closing(books)
    assert close.at < books.end - 10 * DAY
    steps = [each for each in books.steps if each.ticket != close.ticket or each.number < close.number]
    assert "tickets whose closing was forgotten" in wrong(replace(books, steps=steps))


def test_a_technicians_reminder_at_night_or_none(books: Books) -> None:
    row = first_row(
        books,
        DeliveryKind.TARGET,
        lambda row: Facts(books).state(row.ticket or 0, row.created_at).service != "donnees",
    )
    post = post_of(books, row)
    found = wrong(changed(books, "posts", post, replace(post, at=at_night(post.at))))
    assert "technicians reminded outside of hours" in found
    kinds = {DeliveryKind.TARGET, DeliveryKind.UNTAKEN}
    rows = [row for row in books.rows if row.kind not in kinds]
    assert "targets that nobody was reminded of" in wrong(replace(books, rows=rows))


@pytest.mark.parametrize(
    ("name", "words"),
    [("posts", "messages posted twice"), ("mails", "e-mails sent twice"), ("steps", "events recorded twice")],
)
def test_what_is_there_twice(books: Books, name: str, words: str) -> None:
    one = getattr(books, name)[-1]
    assert words in wrong(changed(books, name, one, one, one))


def test_a_seventh_email(books: Books) -> None:
    row = first_row(books, DeliveryKind.MAIL)
    more = [replace(row, key=f"{row.key}:{number}", template="closed") for number in range(7)]
    assert "tickets with too many e-mails" in wrong(changed(books, "rows", row, row, *more))


def test_an_email_of_a_delivery_that_is_skipped(books: Books) -> None:
    """It was sent by a worker that died then, or by none."""
    row = first_row(books, DeliveryKind.MAIL, lambda row: row.state is DeliveryState.SENT)
    for is_uncertain in (True, False):
        skipped = replace(row, state=DeliveryState.SKIPPED, is_uncertain=is_uncertain)
        found = wrong(changed(books, "rows", row, skipped))
        assert ("e-mails without a delivery that was sent" in found) is not is_uncertain


def test_two_reminding_emails_within_a_day(books: Books) -> None:
    row = first_row(books, DeliveryKind.MAIL, lambda row: row.template == "question")
    again = replace(row, key=f"{row.key}:again")
    found = wrong(changed(books, "rows", row, row, again))
    assert {"e-mails of reminders within a day", "questions or solutions mailed twice"} <= {*found}


def test_a_closing_of_a_hold_until_a_day(books: Books) -> None:
    waits = Facts(books).waits.values()
    wait = next(each for each in waits if each.end is Action.CLOSE and not each.is_solution)
    asked = next(step for step in books.steps if (step.ticket, step.number) == (wait.ticket, wait.number))
    word = replace(asked, action=Action.REPLY, status=Status.IN_PROGRESS, number=0)
    hold = replace(asked, action=Action.HOLD, reason=HoldReason.REQUESTER, has_date=True)
    assert "closed though a setting or a hold forbids" in wrong(changed(books, "steps", asked, word, hold))


def test_a_closing_of_a_hold_of_which_nothing_was_asked(books: Books) -> None:
    waits = Facts(books).waits.values()
    wait = next(each for each in waits if each.end is Action.CLOSE and not each.is_solution)
    words = {Action.ASK, Action.ASK_AGAIN, Action.REPLY, Action.RESOLVE}
    for step in [each for each in books.steps if each.ticket == wait.ticket and each.action in words]:
        silent = replace(step, action=Action.HOLD, reason=HoldReason.REQUESTER)
        books = changed(books, "steps", step, silent)
    assert "closed after the requester's last word" in wrong(books)


def test_a_team_that_is_not_told_of_the_last_email(books: Books) -> None:
    row = first_row(books, DeliveryKind.MAIL)
    skipped = replace(row, state=DeliveryState.SKIPPED, reason=Reason.MAILS_EXHAUSTED)
    assert "teams not told of the last e-mail" in wrong(changed(books, "rows", row, skipped))


def test_a_target_reminded_of_twice(books: Books) -> None:
    row = first_row(books, DeliveryKind.TARGET)
    again = replace(row, key=f"{row.key}:again")
    assert "targets reminded of twice" in wrong(changed(books, "rows", row, row, again))
