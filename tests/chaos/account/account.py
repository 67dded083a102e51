"""The whole account."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.notifications.policy import POLICY, Audience, When
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.event import Event
from playground.testing import Playground
from tests.chaos.account.agreements import reckon_agreements
from tests.chaos.account.cards import reckon_cards
from tests.chaos.account.children import reckon_children
from tests.chaos.account.files import reckon_files
from tests.chaos.account.mails import reckon_mails
from tests.chaos.account.messages import Messages, reckon_messages
from tests.chaos.account.outages import reckon_outages
from tests.chaos.account.table import Account
from tests.chaos.account.tickets import reckon_tickets
from tests.chaos.people.ledger import Ledger

# Violations that a killed process or a stopped database causes; a prompt is deleted again when its deletion
# was not recorded.
KILLED = {"no_ack", "late_ack", "expired_trigger_id"}
DELETED = ("message_not_found", "chat.delete")
CERTAIN = {Audience.REQUESTER, Audience.TEAM, Audience.FORMER_TEAM}


def count_pending(engine: Engine) -> int:
    """The number of pending deliveries."""
    with Session(engine) as session:
        pending = select(func.count()).where(Delivery.state == DeliveryState.PENDING)
        return session.scalar(pending) or 0


def reckon(engine: Engine, slack: Playground, ledger: Ledger, attachments: Path) -> Account:
    """Compare what people did, the database, Slack, the mailbox and the folder of attachments."""
    account = Account()
    with Session(engine) as session:
        messages = Messages.of(slack)
        reckon_tickets(session, messages, ledger, account)
        reckon_outages(session, ledger, account)
        reckon_children(session, ledger, account)
        deliveries = session.scalars(select(Delivery)).all()
        _reckon_deliveries(session, deliveries, account)
        reckon_messages(deliveries, messages, account)
        reckon_cards(session, messages, account)
        reckon_files(session, messages, ledger, attachments, account)
        reckon_agreements(session, deliveries, messages, ledger, account)
        reckon_mails(deliveries, slack, account)
    broken = slack.control.get("violations")["violations"]
    account.count("people who crashed", ledger.crashed)
    account.count("Slack's rules broken", map(str, filter(_is_ours, broken)))
    return account


def _is_ours(violation: dict[str, Any]) -> bool:
    return violation["rule"] not in KILLED and (violation["rule"], violation["where"]) != DELETED


def _reckon_deliveries(session: Session, deliveries: Sequence[Delivery], account: Account) -> None:
    account.rows["deliveries"] = len(deliveries)
    account.rows["of these skipped"] = sum(row.state is DeliveryState.SKIPPED for row in deliveries)
    account.count("pending deliveries", (row.key for row in deliveries if row.state == "pending"))
    account.count("deliveries given up", (row.key for row in deliveries if row.state == "dead"))
    account.count("deliveries missing", _missing_deliveries(session))


def _missing_deliveries(session: Session) -> Iterator[str]:
    """Notices that the policy requires for an event and that have no delivery. Teams are not always notified
    of a ticket that follows an outage, or is attached to another."""
    deliveries = session.scalars(select(Delivery)).all()
    written = {(row.event_id, row.kind) for row in deliveries}
    # Of several events of one transaction, which are of one time, the first queues what shows the ticket.
    at_once = {
        (row.ticket_id, row.created_at, row.kind) for row in deliveries if row.kind.description.is_living
    }
    grouped = set(session.scalars(select(Event.ticket_id).where(Event.action == Action.ATTACH)))
    for event in session.scalars(select(Event)):
        is_alone = event.ticket.outage_id is None and event.ticket_id not in grouped
        for notice in POLICY[event.action]:
            certain = notice.when is When.ALWAYS and notice.to in (
                CERTAIN if is_alone else {Audience.REQUESTER}
            )
            shown = (event.id, notice.kind) in written or (event.ticket_id, event.at, notice.kind) in at_once
            if certain and notice.kind is not DeliveryKind.HOME and not shown:
                yield f"{event.ticket_id}:{event.number}:{notice.kind}"
