"""The rules of e-mails about one ticket: few, reminders apart, each with its message in Slack."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason
from tests.chaos.account.table import Account
from tests.year.account.facts import Facts
from tests.year.books import Row
from tests.year.hours import DAY

MAX = 6
REMINDERS = {"question", "closing"}
AGREEMENT = "agreement"
MESSAGES = {
    "received": DeliveryKind.CARD,
    "question": DeliveryKind.COMMENT,
    "resolved": DeliveryKind.RESOLUTION,
    "closing": DeliveryKind.RESOLUTION,
    "closed": DeliveryKind.DECISION,
    "agreement": DeliveryKind.AGREEMENT,
}


def reckon_mails(facts: Facts, account: Account) -> None:
    rows = [row for row in facts.books.rows if row.kind is DeliveryKind.MAIL]
    sent = [row for row in rows if row.state is DeliveryState.SENT]
    about = defaultdict[tuple[int | None, int | None], list[Row]](list)
    for row in sorted(sent, key=lambda each: str(each.completed_at)):
        if row.template != AGREEMENT:
            about[row.ticket, row.person].append(row)
    steps = Counter((row.approval, row.person) for row in sent if row.template == AGREEMENT)
    twice = (f"step {step}, person {person}" for (step, person), times in steps.items() if times > 1)
    account.count("agreements asked for by two e-mails", twice)
    few = (f"n° {key[0]}: {len(some)}" for key, some in about.items() if len(some) > MAX)
    account.count("tickets with too many e-mails", few)
    account.count("e-mails of reminders within a day", _close(about.values()))
    account.count("questions or solutions mailed twice", _again(about.values()))
    account.count("e-mails without their message in Slack", _without_message(facts, sent))
    told = {row.ticket for row in facts.books.rows if row.is_exhausted}
    skipped = {row.ticket for row in rows if row.reason is Reason.MAILS_EXHAUSTED}
    account.count("teams not told of the last e-mail", skipped - told)
    keys = {mail.key for mail in facts.books.mails}
    account.rows["e-mails, of deliveries that were sent"] = len(sent)
    account.count("e-mails without a delivery that was sent", [None] * _without_delivery(rows, len(keys)))


def _without_delivery(rows: Sequence[Row], taken: int) -> int:
    """How many e-mails too many or too few the mail server took. A worker may die after it has sent one whose
    delivery is then skipped: it no longer applies."""
    sent = sum(row.state is DeliveryState.SENT for row in rows)
    maybe = sum(row.state is DeliveryState.SKIPPED and row.is_uncertain for row in rows)
    return max(sent - taken, 0) + max(taken - sent - maybe, 0)


def _close(about: Iterable[list[Row]]) -> Iterator[str]:
    for some in about:
        reminders = [row for row in some if row.template in REMINDERS]
        for one, other in pairwise(reminders):
            if one.completed_at and other.completed_at and other.completed_at - one.completed_at < DAY:
                yield f"{one.key} and {other.key}"


def _again(about: Iterable[list[Row]]) -> Iterator[str]:
    for some in about:
        events = [(row.template, row.event) for row in some if row.template != "closing"]
        yield from (str(each) for each in set(events) if events.count(each) > 1)


def _is_refused(row: Row) -> bool:
    """Slack refused it for good, or the account was closed when it was to be sent."""
    return row.state is DeliveryState.DEAD or row.reason is Reason.ACCOUNT_DEACTIVATED


def _without_message(facts: Facts, sent: Sequence[Row]) -> Iterator[str]:
    """Its event has the message that the e-mail's link opens, and Slack has taken or refused it."""
    posted = {
        (row.kind, row.ticket, row.event, row.person)
        for row in facts.books.rows
        if row.person is not None and (row.key in facts.posted or _is_refused(row))
    }
    for row in sent:
        if (MESSAGES[row.template], row.ticket, row.event, row.person) not in posted:
            yield f"{row.key} ({row.template})"
