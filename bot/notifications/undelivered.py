"""What did not reach a requester: a line for the technicians, in the thread of the ticket's card.

Once a ticket and reason for cards and e-mails, which repeat themselves; each time for what somebody wrote,
asked or attached. The history, which the requester reads, does not have these lines.
"""

from dataclasses import replace

from sqlalchemy import Select, or_, select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import undelivered_line
from models.lifecycle import REQUESTER_WRITES
from models.outbox.delivery import Delivery
from models.outbox.details import CommentDetails, FileDetails, FileRemovalDetails, UndeliveredDetails
from models.outbox.kinds import DeliveryKind, Lane, Loss
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Undelivered
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def announce_undelivered(uow: UnitOfWork, delivery: Delivery, why: Undelivered) -> None:
    """Queue a line for the team that a delivery never reached its ticket's requester.

    None for a kind that tells them nothing, and for a child of an outage, which has no card with a thread.
    """
    if delivery.kind.description.loss is Loss.UNANNOUNCED or delivery.event_id is None:
        return
    if isinstance(delivery.details, FileRemovalDetails):
        return
    event = uow.session.get_one(Event, delivery.event_id)
    if event.action in REQUESTER_WRITES and event.actor_id == delivery.person_id:  # a copy of their own text
        return
    # Two workers may lose two messages of a ticket at once.
    ticket = uow.session.get_one(Ticket, event.ticket_id, with_for_update=True)
    if not ticket.has_card or delivery.person_id != ticket.requester_id:
        return
    existing, key = _lines(ticket, delivery, why)
    if uow.session.scalar(existing) is None:
        uow.session.add(undelivered_line(uow, event, _details(uow, delivery, why), key=key))


def _lines(ticket: Ticket, delivery: Delivery, why: Undelivered) -> tuple[Select[int], str]:
    """The lines that say it already, and the key of a new one."""
    if why is Undelivered.ACCOUNT_CLOSED:  # in Slack and by e-mail alike
        reason = f"{ticket.id}:deactivated:{ticket.requester_id}"
    else:
        way = "mail" if _is_mail(delivery) else "slack"
        reason = f"{ticket.id}:undelivered:{way}:{why}"
    lines = select(Delivery.id).where(Delivery.ticket_id == ticket.id).limit(1)
    if delivery.kind.description.loss is Loss.ONCE:
        specific = Delivery.key.startswith(f"{reason}:", autoescape=True)
        return lines.where(or_(Delivery.key == reason, specific)), reason
    key = f"{reason}:{delivery.kind}:{delivery.event_number}"
    # The line about a comment that was lost names its files, too.
    comment = f"{reason}:{DeliveryKind.COMMENT}:{delivery.event_number}"
    keys = [key, comment] if isinstance(delivery.details, FileDetails) else [key]
    return lines.where(Delivery.key.in_(keys)), key


def _is_mail(delivery: Delivery) -> bool:
    return delivery.kind.description.lane is Lane.MAIL


def _details(uow: UnitOfWork, delivery: Delivery, why: Undelivered) -> UndeliveredDetails:
    """The details of the line: of a closed account, one line stands for messages and e-mails, whichever was
    tried first."""
    is_closed = why is Undelivered.ACCOUNT_CLOSED and _is_mail(delivery)
    lost = UndeliveredDetails(DeliveryKind.CARD if is_closed else delivery.kind, why)
    match delivery.details:
        case FileDetails(attachment_id):
            return replace(lost, attachment_id=attachment_id)
        case CommentDetails(part=part):
            return replace(lost, is_edit=_was_sent(uow, delivery, part))
    return lost


def _was_sent(uow: UnitOfWork, delivery: Delivery, part: int) -> bool:
    """Whether an earlier version of the comment was sent to the same recipient."""
    sent = select(MessageReference.id).where(
        MessageReference.ticket_id == delivery.ticket_id,
        MessageReference.recipient == delivery.recipient,
        MessageReference.kind == DeliveryKind.COMMENT,
        MessageReference.event_number == delivery.event_number,
        MessageReference.part == part,
    )
    return uow.session.scalar(sent.limit(1)) is not None
