"""E-mails: each must have arrived; duplicates only with the same Message-ID."""

from collections import Counter
from collections.abc import Sequence

from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from playground.testing import Playground
from tests.chaos.account.table import Account


def reckon_mails(deliveries: Sequence[Delivery], slack: Playground, account: Account) -> None:
    """Compare what was sent with what arrived."""
    arrived = Counter(mail["headers"]["Message-ID"] for mail in slack.control.get("mail")["mail"])
    mails = [row for row in deliveries if row.kind is DeliveryKind.MAIL]
    expected = Counter(row.remote_id or row.key for row in mails if row.state is DeliveryState.SENT)
    # Sent by a process that was killed before it recorded it, and superseded since.
    skipped = {row.key for row in mails if row.state is DeliveryState.SKIPPED and row.uncertain}
    account.rows["e-mails"] = len(arrived)
    account.rows["e-mails repeated, with the same Message-ID"] = sum(n > 1 for n in arrived.values())
    account.count("e-mails lost", expected.keys() - arrived.keys())
    unknown = {number for number in arrived.keys() - expected.keys() if _key(number) not in skipped}
    account.count("e-mails without a delivery", unknown)
    account.count("e-mails duplicated", (number for number, times in expected.items() if times > 1))


def _key(message_id: str) -> str:
    """The key of the delivery whose e-mail has this Message-ID, which has the same numbers."""
    ticket, event = message_id.removeprefix("<ticket-").partition(".")[0].split("-")
    return f"{ticket}:{event}:{DeliveryKind.MAIL}"
