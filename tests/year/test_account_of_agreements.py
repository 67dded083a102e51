"""What the account of a year holds to be wrong with agreements."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from models.approvals.approval import Decision, StepState
from models.lifecycle import Action, Agreement
from models.outbox.kinds import DeliveryKind, DeliveryState
from tests.year.account.facts import Facts
from tests.year.account.told import Told
from tests.year.books import Asked, Books
from tests.year.changed_books import changed, wrong

DAY = timedelta(days=1)


def first(books: Books, is_wanted: Callable[[Asked], object]) -> Asked:
    return next(each for each in books.asked if is_wanted(each))


def test_a_ticket_that_is_resolved_while_its_agreement_is_asked(books: Books) -> None:
    asked = next(step for step in books.steps if step.agreement is Agreement.ASKED)
    solved = replace(asked, action=Action.RESOLVE, agreement=None, number=asked.number + 1)
    assert "resolved before the agreement" in wrong(changed(books, "steps", asked, asked, solved))


def test_an_approver_who_is_the_requester_or_has_filed_it(books: Books) -> None:
    asked = first(books, lambda each: each.open)
    [own, *_others] = asked.open
    words = "agreements asked of who requests or files"
    assert words in wrong(replace(books, requesters={**books.requesters, asked.ticket: own}))
    assert words in wrong(replace(books, filers={asked.ticket: own}))


def test_a_step_that_asks_nobody(books: Books) -> None:
    asked = first(books, lambda each: each.state is StepState.ASKED)
    nobody = replace(asked, open=frozenset())
    assert "steps asked of nobody" in wrong(changed(books, "asked", asked, nobody))


def test_a_step_that_nobody_looks_up(books: Books) -> None:
    rows = [row for row in books.rows if row.kind is not DeliveryKind.APPROVERS]
    assert "steps asked of nobody" in wrong(replace(books, rows=rows))


def test_a_ticket_whose_agreement_is_asked_in_no_step(books: Books) -> None:
    given = next(step for step in books.steps if step.agreement is Agreement.GIVEN)
    still = replace(given, agreement=None)
    assert "agreements asked with no step" in wrong(changed(books, "steps", given, still))


def test_a_silence_that_agrees(books: Books) -> None:
    clicks = [click for click in books.clicks if click.decision is not Decision.AGREE]
    assert "steps given though nobody agreed" in wrong(replace(books, clicks=clicks))


def test_a_decision_that_is_lost_or_doubled(books: Books) -> None:
    agree = next(step for step in books.steps if step.action is Action.AGREE)
    lost = replace(agree, action=Action.NOTE)
    assert "decisions lost or doubled" in wrong(changed(books, "steps", agree, lost))
    click = next(click for click in books.clicks if click.decision is Decision.AGREE)
    again = replace(click, at=click.at + DAY)
    assert "decisions lost or doubled" in wrong(changed(books, "clicks", click, click, again))


def test_a_message_that_asks_for_what_is_decided(books: Books) -> None:
    given = {each.approval for each in books.asked if each.state is StepState.GIVEN}
    keys = {post.key for post in books.posts}
    row = next(
        row
        for row in books.rows
        if row.kind is DeliveryKind.AGREEMENT and row.approval in given and row.key in keys
        and all(e.state is DeliveryState.SENT for e in books.rows if e.approval == row.approval)
    )  # fmt: skip
    assert "messages that ask for what is decided" in wrong(replace(books, buttons=[row.key]))


def test_an_approver_who_gets_no_message(books: Books) -> None:
    told = Told(Facts(books))
    turn = next(turn for turn in told.turns if turn.until - turn.since > 5 * DAY)
    gone = {post.key for post in told.posts[turn.approval, turn.person]}
    posts = [post for post in books.posts if post.key not in gone]
    found = wrong(replace(books, posts=posts))
    assert "approvers without a message" in found


def test_an_approver_who_is_reminded_at_night_or_too_early(books: Books) -> None:
    post, _turn = Told(Facts(books)).reminders[0]
    night = replace(post, at=post.at.replace(hour=23))
    assert "approvers reminded outside of hours" in wrong(changed(books, "posts", post, night))
    early = replace(post, at=post.at - DAY)
    assert "approvers reminded too early" in wrong(changed(books, "posts", post, early))


def test_an_approver_who_is_reminded_twice_on_a_day(books: Books) -> None:
    post, _turn = Told(Facts(books)).reminders[0]
    row = next(row for row in books.rows if row.key == post.key)
    key = f"{row.key}:again"
    again = replace(post, key=key, at=post.at + timedelta(minutes=1))
    more = changed(changed(books, "rows", row, row, replace(row, key=key)), "posts", post, post, again)
    assert "approvers reminded twice on a day" in wrong(more)


def test_an_approver_who_is_never_reminded(books: Books) -> None:
    told = Told(Facts(books))
    gone = {post.key for post, _turn in told.reminders}
    found = wrong(replace(books, posts=[post for post in books.posts if post.key not in gone]))
    assert "approvers never reminded" in found


def test_a_fallback_that_is_asked_too_early_or_never(books: Books) -> None:
    told = Told(Facts(books))
    [asked, *_others] = [
        each
        for number, some in told.steps.items()
        for term in told.terms[number]
        for each, before in zip(some[1:], some, strict=False)
        if each.has_fallback and not before.has_fallback and each.at - term.since > 5 * DAY
    ]
    early = replace(asked, at=asked.at - DAY)
    assert "fallbacks asked too early" in wrong(changed(books, "asked", asked, early))
    never = [replace(each, has_fallback=False) for each in books.asked]
    assert "fallbacks never asked" in wrong(replace(books, asked=never))


def test_lines_that_come_too_early_or_never(books: Books) -> None:
    lines = [row for _at, row in Told(Facts(books)).lines]
    early = replace(lines[-1], created_at=lines[-1].created_at - 2 * DAY)
    assert "lines that nobody decides, too early" in wrong(changed(books, "rows", lines[-1], early))
    rows = [row for row in books.rows if row not in lines]
    assert "lines that nobody decides, missing" in wrong(replace(books, rows=rows))


def test_a_due_moment_that_is_not_counted_from_the_agreement(books: Books) -> None:
    given = next(step for step in books.steps if step.agreement is Agreement.GIVEN)
    at_once = replace(given, at=given.at - DAY)
    assert "resolution due at another moment" in wrong(changed(books, "steps", given, at_once))


def test_two_emails_about_a_step(books: Books) -> None:
    mail = next(row for row in books.rows if row.template == "agreement")
    again = replace(mail, key=f"{mail.key}:again")
    assert "agreements asked for by two e-mails" in wrong(changed(books, "rows", mail, mail, again))
