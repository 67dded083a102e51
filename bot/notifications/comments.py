"""Deliveries of a comment: its parts, and those again that an edit or a deletion changes."""

from sqlalchemy import select, union

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.rows import event_delivery
from models.outbox.delivery import Delivery
from models.outbox.details import CommentDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.recipient import Recipient
from models.tickets.comment import Comment


def queue_comment(uow: UnitOfWork, comment: Comment, recipient: Recipient) -> None:
    """Queue one delivery a part: the length of a message is limited."""
    description = DeliveryKind.COMMENT.description
    for part in range(comment.parts):
        delivery = event_delivery(uow, comment.event, DeliveryKind.COMMENT, recipient)
        delivery.details = CommentDetails(comment.id, part)
        delivery.key = f"{delivery.key}:{recipient}:{part}:{comment.revision}"
        delivery.method = (description.edit_method if comment.revision else None) or description.method
        uow.session.add(delivery)


def announce_edit(uow: UnitOfWork, comment: Comment) -> None:
    """Queue the comment once more for each recipient that it was queued for or sent to."""
    recipients = union(
        select(Delivery.recipient).where(
            Delivery.event_id == comment.event_id, Delivery.kind == DeliveryKind.COMMENT
        ),
        select(MessageReference.recipient).where(
            MessageReference.ticket_id == comment.ticket_id,
            MessageReference.kind == DeliveryKind.COMMENT,
            MessageReference.event_number == comment.event.number,
        ),
    )
    for recipient in uow.session.scalars(recipients).all():
        queue_comment(uow, comment, Recipient.parse(recipient))
