"""Deliveries of a comment: its parts, and those again that an edit or a deletion changes."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.rows import event_delivery
from models.lifecycle import Action, Status
from models.outbox.delivery import Delivery
from models.outbox.details import CommentDetails
from models.outbox.kinds import UPDATE, DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.recipient import Recipient
from models.tickets.comment import Comment
from models.tickets.event import Event


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


def show_answered(uow: UnitOfWork, answer: Event, recipient: Recipient) -> None:
    """Queue the last part of the question that an event answers, which then says so."""
    question = question_before(uow.session, answer)
    if question is None or question.deleted_at is not None:
        return
    delivery = event_delivery(uow, question.event, DeliveryKind.COMMENT, recipient)
    delivery.details = CommentDetails(question.id, question.pieces - 1)
    delivery.key = f"{delivery.key}:{recipient}:answered:{answer.number}"
    delivery.method = UPDATE
    uow.session.add(delivery)


def question_before(session: Session, answer: Event, *, inclusive: bool = False) -> Comment | None:
    """The question that an event answers; `None` when the ticket was put on hold without one.
    `inclusive`: the event may be the question itself."""
    before = Event.number <= answer.number if inclusive else Event.number < answer.number
    return session.scalars(
        select(Comment)
        .join(Event, Event.id == Comment.event_id)
        .where(Event.ticket_id == answer.ticket_id, Event.action == Action.ASK, before)
        .order_by(Event.number.desc())
        .limit(1)
    ).one_or_none()


def wait_ended_by(session: Session, question: Event) -> Action | None:
    """What ended the wait that a question began; `None` while it lasts, and when there was none."""
    end = select(Event.action).where(
        Event.ticket_id == question.ticket_id,
        Event.number > question.number,
        Event.from_status == Status.PENDING,
        Event.to_status != Status.PENDING,
    )
    return session.scalar(end.order_by(Event.number).limit(1))
