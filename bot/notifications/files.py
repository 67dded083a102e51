"""Deliveries of files: posted in threads, and removed with every copy."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_card
from bot.notifications.rows import event_delivery
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.details import FileDetails, FileRemovalDetails
from models.outbox.kinds import DeliveryKind, DeliveryState, Queue
from models.outbox.recipient import Recipient, team_recipient
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.ticket import Ticket

DELETE = "files.delete"
_ASKED = "asked-"  # begins a part of a delivery's key


def queue_files(uow: UnitOfWork, event: Event, files: Sequence[Attachment]) -> None:
    """Queue the files that came with an event. A note's is only stored: the team's thread has it."""
    for file in files:
        for recipient in _recipients(event):
            _queue_file(uow, event, file, recipient)


def _recipients(event: Event) -> Iterator[Recipient]:
    """The team, unless the ticket is kept from it, and the requester when the event answers them."""
    ticket = event.ticket
    if not ticket.is_kept_from_team:
        yield team_recipient(ticket.team_id)
    if event.action in {Action.REPLY, Action.ASK} and event.actor_id != ticket.requester_id:
        yield Recipient(Queue.DIRECT_MESSAGE, ticket.requester_id)


def announce_files(uow: UnitOfWork, event: Event, files: Sequence[Attachment]) -> None:
    """Queue a ticket's earlier files for the team that the event handed it over to."""
    for file in files:
        _queue_file(uow, event, file, team_recipient(event.ticket.team_id))


def queue_copy(uow: UnitOfWork, event: Event, file: Attachment, reader: Recipient) -> None:
    """Queue a copy for somebody who asked for it; `event`: the one that the file came with."""
    delivery = event_delivery(uow, event, DeliveryKind.FILE, reader)
    asked = f"{_ASKED}{int(uow.now.timestamp())}"
    delivery.details = FileDetails(file.id, is_asked_for=True)
    delivery.key = f"{event.ticket_id}:{event.number}:{DeliveryKind.FILE}:{reader}:{asked}:{file.id}"
    uow.session.add(delivery)


def was_copy_queued(uow: UnitOfWork, file: Attachment, reader: Recipient, since: datetime) -> bool:
    """Whether a copy that they asked for was queued since then, and not given up."""
    queued = select(Delivery.id).where(
        Delivery.ticket_id == file.ticket_id,
        Delivery.kind == DeliveryKind.FILE,
        Delivery.recipient == str(reader),
        Delivery.created_at > since,
        Delivery.state != DeliveryState.DEAD,
        Delivery.key.contains(f":{_ASKED}"),
        Delivery.key.endswith(f":{file.id}"),
    )
    return uow.session.scalar(queued.limit(1)) is not None


def announce_removal(uow: UnitOfWork, comment: Comment, file: Attachment) -> None:
    """Queue the removal of all that there is of a file: what is stored, and its copies.

    One after each delivery that stores or posts it, which may be in progress now; the first that is sent
    finds what exists by then. A file whose deliveries were deleted long ago has one too.
    """
    posted = (
        select(Delivery)
        .where(
            Delivery.ticket_id == comment.ticket_id,  # copies that followed it to another team too
            Delivery.kind == DeliveryKind.FILE,
            Delivery.key.endswith(f":{file.id}"),
        )
        .order_by(Delivery.id)
    )
    team = team_recipient(comment.ticket.team_id)
    makers = {
        each.key: (each.event_id, Recipient.parse(each.recipient))
        for each in uow.session.scalars(posted).all()
    } or {_file_key(comment.event, team, file): (comment.event_id, team)}
    for key, (event_id, recipient) in makers.items():
        event = uow.session.get_one(Event, event_id)
        uow.session.add(_removal(uow, event, recipient, file, key=f"{key}:removed"))
    refresh_card(uow, comment.ticket, comment.event, why=f"file {file.id} deleted")


def announce_erasure(uow: UnitOfWork, file: Attachment) -> None:
    """Queue, once, the removal of what is left of a file that was deleted long ago."""
    assert file.comment is not None
    event, team = file.comment.event, team_recipient(file.ticket.team_id)
    key = f"{_file_key(event, team, file)}:erased"
    if uow.session.scalar(select(Delivery.id).where(Delivery.key == key)) is None:
        uow.session.add(_removal(uow, event, team, file, key=key))


def queue_forgetting(uow: UnitOfWork, ticket: Ticket, file: Attachment, key: str, *, at: datetime) -> None:
    """Queue, for then, the removal of what the store has under this key: the file's row goes now."""
    delivery = Delivery(
        kind=DeliveryKind.FILE,
        recipient=str(team_recipient(ticket.team_id)),
        method=DELETE,
        team_id=ticket.team_id,
        details=FileRemovalDetails(file.id, key=key),  # of no ticket: what is about that is not sent
        key=f"{ticket.id}:{DeliveryKind.FILE}:{file.id}:forgotten",
        created_at=uow.now,
        due_at=at,
    )
    uow.session.add(delivery)


def _removal(uow: UnitOfWork, event: Event, recipient: Recipient, file: Attachment, *, key: str) -> Delivery:
    delivery = event_delivery(uow, event, DeliveryKind.FILE, recipient)
    delivery.details, delivery.key, delivery.method = FileRemovalDetails(file.id), key, DELETE
    return delivery


def _queue_file(uow: UnitOfWork, event: Event, file: Attachment, recipient: Recipient) -> None:
    delivery = event_delivery(uow, event, DeliveryKind.FILE, recipient)
    delivery.details, delivery.key = FileDetails(file.id), _file_key(event, recipient, file)
    uow.session.add(delivery)


def _file_key(event: Event, recipient: Recipient, file: Attachment) -> str:
    return f"{event.ticket_id}:{event.number}:{DeliveryKind.FILE}:{recipient}:{file.id}"
