"""What is to be deleted in Slack: queued for a worker, or listed for the people who wrote it."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.removals import others, rows
from bot.services.removals.rows import Values
from bot.services.removals.uncertain import AFTER, look_for_uncertain
from models.departures.departure import Departure, ReleasedTicket
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import FormerMessageReference, MessageReference
from models.outbox.reasons import Cause, Reason
from models.person import Person
from models.removals.removal import RemovalKind
from models.removals.ticket_message import TicketMessage
from models.tickets.attachment import Attachment, FileCopy
from models.tickets.ticket import Ticket

_OWN = {"synchronize_session": False}


def remove_message(uow: UnitOfWork, channel: str, ts: str, *, at: datetime | None = None) -> None:
    """Have a message of Guichet's deleted in Slack, not before `at`."""
    rows.add(uow, RemovalKind.MESSAGE, [{"channel": channel, "ts": ts, "due_at": at}])


def remove_file(uow: UnitOfWork, slack_file_id: str, *, at: datetime | None = None) -> None:
    """Have a file that Guichet uploaded deleted in Slack, not before `at`."""
    rows.add(uow, RemovalKind.FILE, [{"slack_file_id": slack_file_id, "due_at": at}])


def redraw_home(uow: UnitOfWork, slack_id: str) -> None:
    """Have a person's App Home drawn anew, if they ever opened it; empty once they are erased."""
    opened = select(Person.id).where(Person.slack_id == slack_id, Person.home_opened_at.is_not(None))
    if uow.session.scalar(opened) is not None:
        rows.add(uow, RemovalKind.HOME, [{"channel": "home", "ts": slack_id, "owner": slack_id}])


def remove_posts_of(uow: UnitOfWork, ticket_id: int) -> None:
    """Have all of Guichet's messages and files about a ticket deleted in Slack, and list what people wrote
    and uploaded themselves.

    Their places move to the queue: no reference is left, and what waits to be sent about the ticket is not
    sent. To be called while the ticket still has its comments, files and drafts.
    """
    uow.session.flush()
    # A file that is being posted now can be deleted only then.
    at = uow.now + AFTER if look_for_uncertain(uow, ticket_id) else None
    copies = [row | {"due_at": at} for row in _copies(uow.session, ticket_id)]
    rows.add(uow, RemovalKind.FILE, copies)
    own = {(row["channel"], row["ts"]): row for row in _messages(uow.session, ticket_id)}
    # The newest first: Slack keeps a trace of a deleted message for as long as it has replies.
    newest = sorted(own.values(), key=lambda row: row["ts"], reverse=True)
    rows.add(uow, RemovalKind.MESSAGE, newest)
    whose = select(Person.slack_id).join(Ticket, Ticket.requester_id == Person.id)
    for slack_id in uow.session.scalars(whose.where(Ticket.id == ticket_id)):
        redraw_home(uow, slack_id)  # it lists closed tickets
    others.list_messages(uow, ticket_id)
    others.list_files(uow, ticket_id)
    _forget_places(uow, ticket_id)
    _skip_deliveries(uow, ticket_id)


def _copies(session: Session, ticket_id: int) -> list[Values]:
    of_ticket = (
        select(FileCopy.slack_file_id)
        .join(Attachment, FileCopy.attachment_id == Attachment.id)
        .where(Attachment.ticket_id == ticket_id)
    )
    return [{"slack_file_id": copy, "ticket_id": ticket_id} for copy in session.scalars(of_ticket)]


def _messages(session: Session, ticket_id: int) -> list[Values]:
    """Those whose place is remembered: cards, requests, comments; lines for the team; answers to drafts;
    lists of tickets that name it."""
    places = (
        select(MessageReference.channel, MessageReference.ts).where(MessageReference.ticket_id == ticket_id),
        select(FormerMessageReference.channel, FormerMessageReference.ts).where(
            FormerMessageReference.ticket_id == ticket_id
        ),
        select(TicketMessage.channel, TicketMessage.ts).where(
            TicketMessage.ticket_id == ticket_id, TicketMessage.owner.is_(None)
        ),
        select(MessageDraft.answer_channel, MessageDraft.answer_ts).where(
            MessageDraft.ticket_id == ticket_id
        ),
        select(Departure.message_channel, Departure.message_ts)
        .join(ReleasedTicket, ReleasedTicket.departure_id == Departure.id)
        .where(ReleasedTicket.ticket_id == ticket_id),
    )
    found = [(channel, ts) for query in places for channel, ts in session.execute(query)]
    return [{"channel": channel, "ts": ts, "ticket_id": ticket_id} for channel, ts in found if channel and ts]


def _forget_places(uow: UnitOfWork, ticket_id: int) -> None:
    """Delete what said where the messages and files are. A message that names several tickets is gone for
    all of them."""
    session = uow.session
    session.execute(
        delete(MessageReference).where(MessageReference.ticket_id == ticket_id), execution_options=_OWN
    )
    session.execute(
        delete(FormerMessageReference).where(FormerMessageReference.ticket_id == ticket_id),
        execution_options=_OWN,
    )
    session.execute(delete(TicketMessage).where(TicketMessage.ticket_id == ticket_id), execution_options=_OWN)
    files = select(Attachment.id).where(Attachment.ticket_id == ticket_id)
    session.execute(delete(FileCopy).where(FileCopy.attachment_id.in_(files)), execution_options=_OWN)
    session.execute(
        update(MessageDraft)
        .where(MessageDraft.ticket_id == ticket_id)
        .values(answer_channel=None, answer_ts=None),
        execution_options=_OWN,
    )
    departures = select(ReleasedTicket.departure_id).where(ReleasedTicket.ticket_id == ticket_id)
    session.execute(
        update(Departure).where(Departure.id.in_(departures)).values(message_channel=None, message_ts=None),
        execution_options=_OWN,
    )
    session.expire_all()


def _skip_deliveries(uow: UnitOfWork, ticket_id: int) -> None:
    """Send nothing more about the ticket; an attempt that is under way deletes what it posts. App Homes show
    other tickets, too, and what changes attached tickets goes on."""
    uow.session.execute(
        update(Delivery)
        .where(
            Delivery.ticket_id == ticket_id,
            Delivery.state == DeliveryState.PENDING,
            Delivery.kind.not_in([DeliveryKind.HOME, DeliveryKind.CHILDREN]),
        )
        .values(
            state=DeliveryState.SKIPPED,
            completed_at=uow.now,
            lease_until=None,
            **Cause(Reason.TICKET_FORGOTTEN).columns(),
        ),
        execution_options=_OWN,
    )
