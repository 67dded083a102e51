"""What did not reach a requester: told to the technicians, in the thread of the ticket's card.

Once a ticket and reason for what repeats itself (cards, e-mails); each time for what somebody wrote or asked.
Nothing of it stands in the history, which the requester reads.
"""

from typing import Any

from sqlalchemy import Select, or_, select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.enqueue import team_note
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Undelivered
from models.tickets.event import Event
from models.tickets.ticket import Ticket

# What somebody wrote, asked or attached: each that is lost is named.
NAMED = {DeliveryKind.APPROVAL, DeliveryKind.COMMENT, DeliveryKind.FILE}
TELLING = NAMED | {DeliveryKind.CARD, DeliveryKind.MAIL}


def announce_undelivered(uow: UnitOfWork, delivery: Delivery, why: Undelivered) -> None:
    """Queue a line for the team that a delivery never reached its ticket's requester.

    None for what tells them nothing, and for a grouped follower of an outage, which has no card to say it
    under.
    """
    if delivery.kind not in TELLING or delivery.event_id is None or "remove" in delivery.details:
        return
    event = uow.session.get_one(Event, delivery.event_id)
    # Two workers may lose two messages of a ticket at the same moment.
    ticket = uow.session.get_one(Ticket, event.ticket_id, with_for_update=True)
    if ticket.is_outage_child or delivery.person_id != ticket.requester_id:
        return
    said, key = _lines(ticket, delivery, why)
    if uow.session.scalar(said) is None:
        lost = {"kind": _kind(delivery, why).value, "why": why.value, **_more(uow, delivery)}
        uow.session.add(team_note(uow, event, key=key, details={"undelivered": lost}))


def _lines(ticket: Ticket, delivery: Delivery, why: Undelivered) -> tuple[Select[int], str]:
    """The lines that say it already, and the key of a new one."""
    if why is Undelivered.ACCOUNT_CLOSED:  # in Slack and by e-mail alike
        reason = f"{ticket.id}:deactivated:{ticket.requester_id}"
    else:
        way = "mail" if delivery.kind is DeliveryKind.MAIL else "slack"
        reason = f"{ticket.id}:undelivered:{way}:{why}"
    lines = select(Delivery.id).where(Delivery.ticket_id == ticket.id).limit(1)
    if delivery.kind not in NAMED:
        named = Delivery.key.startswith(f"{reason}:", autoescape=True)
        return lines.where(or_(Delivery.key == reason, named)), reason
    key = f"{reason}:{delivery.kind}:{delivery.event_number}"
    # Of a message that was lost the line says that its files were, too.
    message = f"{reason}:{DeliveryKind.COMMENT}:{delivery.event_number}"
    known = [key, message] if delivery.kind is DeliveryKind.FILE else [key]
    return lines.where(Delivery.key.in_(known)), key


def _kind(delivery: Delivery, why: Undelivered) -> DeliveryKind:
    """Of a closed account one line stands for the messages and the e-mails, whichever was tried first."""
    closed = why is Undelivered.ACCOUNT_CLOSED and delivery.kind is DeliveryKind.MAIL
    return DeliveryKind.CARD if closed else delivery.kind


def _more(uow: UnitOfWork, delivery: Delivery) -> dict[str, Any]:
    """What the line needs beside its event: the file, or that an earlier version of the words was read."""
    if delivery.kind is DeliveryKind.FILE:
        return {"file": delivery.details["attachment"]}
    if delivery.kind is DeliveryKind.COMMENT:
        stands = select(MessageReference.id).where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == DeliveryKind.COMMENT,
            MessageReference.event_number == delivery.event_number,
            MessageReference.part == delivery.details["part"],
        )
        return {"edit": uow.session.scalar(stands.limit(1)) is not None}
    return {}
