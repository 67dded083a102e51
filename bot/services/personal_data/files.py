"""Forgets files: their rows, our copies of them in Slack, and what the store has."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.files import queue_forgetting
from bot.services.removals.queue import remove_file
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.attachment import Attachment, FileCopy, key_of
from models.tickets.ticket import Ticket

IN_PROGRESS = timedelta(minutes=5)
"""After which no attempt that began before still stores a file: it renews its lease, of a minute, before."""


def forget_files(uow: UnitOfWork, ticket: Ticket, *, stored_by: datetime) -> None:
    """Delete the rows of a ticket's files, and queue the removal of what is stored of them."""
    session = uow.session
    files = session.scalars(select(Attachment).where(Attachment.ticket_id == ticket.id)).all()
    numbers = [file.id for file in files]
    for copy in session.scalars(select(FileCopy).where(FileCopy.attachment_id.in_(numbers))):
        remove_file(uow, copy.slack_file_id)
    session.execute(delete(FileCopy).where(FileCopy.attachment_id.in_(numbers)))
    is_of_file = (Delivery.ticket_id == ticket.id) & (Delivery.kind == DeliveryKind.FILE)
    session.execute(delete(Delivery).where(is_of_file))
    for file in files:
        queue_forgetting(uow, ticket, file, file.key or key_of(file), at=stored_by)
    session.execute(delete(Attachment).where(Attachment.id.in_(numbers)))


def files_stored_by(uow: UnitOfWork, ticket_id: int) -> datetime:
    """When no attempt that is in progress now can store a file of the ticket any more."""
    attempts = select(Delivery.id).where(
        Delivery.ticket_id == ticket_id,
        Delivery.kind == DeliveryKind.FILE,
        Delivery.state == DeliveryState.PENDING,
        Delivery.started_at.is_not(None),
    )
    is_storing = uow.session.scalar(attempts.limit(1)) is not None
    return uow.now + IN_PROGRESS if is_storing else uow.now
