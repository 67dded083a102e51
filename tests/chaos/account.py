"""The reckoning: what the database promised, against what arrived on the far side."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.delivery.senders.slack import METADATA_TYPE
from bot.notifications.policy import POLICY, Audience, When
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from playground.state.slack import Slack
from playground.testing import Playground
from tests.chaos.people import Ledger

# Kinds that are one message each, so that their delivery's key stands on it.
POSTED = {DeliveryKind.APPROVAL, DeliveryKind.THREAD, DeliveryKind.COMMENT}
LIVING = {DeliveryKind.CARD, DeliveryKind.TRIAGE_CARD}  # one message a ticket, edited ever after
KILLED = {"no_ack", "late_ack"}  # what Slack writes down when an app dies while it answers


@dataclass
class Account:
    """What was counted, by its name in the table, and what is wrong."""

    rows: dict[str, object]
    wrong: list[str]

    def count(self, name: str, culprits: Iterable[object]) -> None:
        """A line of the table that must be 0."""
        found = sorted(map(str, culprits))
        self.rows[name] = len(found)
        if found:
            self.wrong.append(f"{name}: {', '.join(found[:5])}")


def unsettled(engine: Engine) -> int:
    """How many deliveries wait."""
    with Session(engine) as session:
        pending = select(func.count()).where(Delivery.state == DeliveryState.PENDING)
        return session.scalar(pending) or 0


def reckon(engine: Engine, slack: Playground, ledger: Ledger) -> Account:
    """Compare what people did, the database, Slack and the mailbox."""
    account = Account({}, [])
    with Session(engine) as session:
        _reckon_tickets(session, ledger, account)
        deliveries = session.scalars(select(Delivery)).all()
        account.rows["deliveries"] = len(deliveries)
        account.rows["of these skipped"] = sum(row.state is DeliveryState.SKIPPED for row in deliveries)
        account.count("deliveries that wait", (row.key for row in deliveries if row.state == "pending"))
        account.count("deliveries given up", (row.key for row in deliveries if row.state == "dead"))
        account.count("messages promised to nobody", _not_promised(session))
        sent = [row for row in deliveries if row.state is DeliveryState.SENT]
        # E-mails that left by somebody who was killed before they could say so, and are overtaken since.
        skipped = {row.key for row in deliveries if row.state is DeliveryState.SKIPPED and row.uncertain}
        _reckon_slack(sent, slack, account)
        _reckon_mails(sent, skipped, slack, account)
    broken = slack.control.get("violations")["violations"]
    account.count("people who crashed", ledger.crashed)
    account.count("Slack's rules broken", (str(v) for v in broken if v["rule"] not in KILLED))
    return account


def _reckon_tickets(session: Session, ledger: Ledger, account: Account) -> None:
    titles = Counter(session.scalars(select(Ticket.title)))
    account.rows["submissions"] = len(ledger.submitted)
    account.rows["acknowledged"] = len(ledger.acknowledged)
    account.rows["tickets"] = titles.total()
    account.count("acknowledged and lost", ledger.acknowledged - set(titles))
    account.count("tickets doubled", (title for title, times in titles.items() if times > 1))
    account.count("tickets that nobody filed", set(titles) - ledger.submitted)
    words = Counter(session.scalars(select(Comment.text)))
    account.rows["said in threads"] = len(ledger.said)
    account.count("words lost", ledger.said - set(words))
    account.count("words doubled", (text for text, times in words.items() if times > 1))


def _not_promised(session: Session) -> Iterator[str]:
    """What the policy always says of an event, and no delivery was written for."""
    written = {(row.event_id, row.kind) for row in session.scalars(select(Delivery))}
    for event in session.scalars(select(Event)):
        for notice in POLICY[event.action]:
            certain = notice.when is When.ALWAYS and notice.to in {Audience.REQUESTER, Audience.TEAM}
            if certain and notice.kind is not DeliveryKind.HOME and (event.id, notice.kind) not in written:
                yield f"{event.ticket_id}:{event.number}:{notice.kind}"


def _reckon_slack(sent: list[Delivery], slack: Playground, account: Account) -> None:
    posted, all_ts = slack.run(_posted, slack.slack)
    keys = Counter(key for key, _ts in posted)
    by_key = {row.key: row for row in sent}
    messages = [row for row in sent if row.remote_id and row.kind is not DeliveryKind.MAIL]
    account.rows["Slack messages"] = len(posted)
    account.count("Slack messages lost", (row.key for row in messages if row.remote_id not in all_ts))
    account.count("posts lost", (row.key for row in sent if row.kind in POSTED and row.key not in keys))
    account.count("Slack duplicates", (key for key, times in keys.items() if times > 1))
    cards = Counter((ticket, kind) for ticket, _number, kind, *_why in (key.split(":") for key in keys))
    account.count("cards doubled", (card for card, n in cards.items() if card[1] in LIVING and n > 1))
    account.count("Slack messages of no delivery", keys.keys() - by_key.keys())
    astray = (key for key, ts in posted if key in by_key and by_key[key].remote_id != ts)
    account.count("Slack messages whose place is not known", astray)


def _posted(slack: Slack) -> tuple[list[tuple[str, str]], set[str]]:
    """The bot's messages by delivery key, with where each stands; and every message there is."""
    messages = [m for channel in slack.workspace.channels.values() for m in channel.messages.values()]
    ours = [m for m in messages if m.metadata and m.metadata["event_type"] == METADATA_TYPE]
    return [(str((m.metadata or {})["event_payload"]["key"]), m.ts) for m in ours], {m.ts for m in messages}


def _reckon_mails(sent: list[Delivery], skipped: set[str], slack: Playground, account: Account) -> None:
    arrived = Counter(mail["headers"]["Message-ID"] for mail in slack.control.get("mail")["mail"])
    promised = Counter(row.remote_id or row.key for row in sent if row.kind is DeliveryKind.MAIL)
    account.rows["e-mails"] = len(arrived)
    account.rows["e-mails repeated, with the same Message-ID"] = sum(n > 1 for n in arrived.values())
    account.count("e-mails lost", promised.keys() - arrived.keys())
    unknown = {number for number in arrived.keys() - promised.keys() if _mail_key(number) not in skipped}
    account.count("e-mails of no delivery", unknown)
    account.count("e-mails doubled", (number for number, times in promised.items() if times > 1))


def _mail_key(message_id: str) -> str:
    """The key of the delivery whose e-mail has this Message-ID, made of the same numbers."""
    ticket, event = message_id.removeprefix("<ticket-").partition(".")[0].split("-")
    return f"{ticket}:{event}:{DeliveryKind.MAIL}"
