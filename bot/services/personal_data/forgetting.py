"""Forgets what a ticket says and whom it leads to; its number, kind, place, states and times stay, so that
figures do not change.

Both functions belong to one transaction of their caller, do nothing the second time, and work for tickets in
any portion. `models.personal_data` says what becomes of each column.
"""

from uuid import uuid4

from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.personal_data.agreements import forget_agreements
from bot.services.personal_data.files import files_stored_by, forget_files
from bot.services.personal_data.nobody import nobody
from bot.services.removals.queue import remove_message, remove_posts_of
from models.departures.departure import ReleasedTicket
from models.errors import TicketNotFound
from models.lifecycle import INTERNAL, Status
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.mail_count import MailCount
from models.outbox.message_reference import FormerMessageReference, MessageReference
from models.outbox.slack_event import HeardMessage
from models.search.text import update_search_texts
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.form_draft import FormDraft
from models.tickets.ticket import FORGOTTEN_TITLE, Ticket

_OWN = (MailCount, MessageReference, FormerMessageReference, ReleasedTicket)
"""Tables whose rows about a ticket lead to people, and to nothing that figures count."""


def forget_ticket(uow: UnitOfWork, ticket_id: int) -> None:
    """Forget all of a closed ticket that is not a figure. Raises `TicketNotFound`, and `ValueError` for a
    ticket that is open."""
    ticket = _locked(uow, ticket_id)
    if ticket.status is not Status.CLOSED:
        raise ValueError(f"ticket {ticket_id} is {ticket.status}, not closed")
    if ticket.forgotten_at is not None:
        return
    stored_by = files_stored_by(uow, ticket_id)
    remove_posts_of(uow, ticket_id)
    _forget_deliveries(uow.session, ticket_id)
    forget_files(uow, ticket, stored_by=stored_by)
    _forget_comments(uow.session, Comment.ticket_id == ticket_id)
    forget_agreements(uow.session, ticket_id)
    _forget_drafts(uow.session, ticket_id)
    for table in _OWN:
        uow.session.execute(delete(table).where(table.ticket_id == ticket_id))
    _forget_words(uow, ticket)
    uow.session.flush()
    update_search_texts(uow.session.connection(), [ticket_id])


def forget_files_and_notes(uow: UnitOfWork, ticket_id: int) -> None:
    """Forget the files and the internal notes of a ticket. Raises `TicketNotFound`."""
    ticket, session = _locked(uow, ticket_id), uow.session
    if ticket.files_forgotten_at is not None:
        return
    _remove_notes(uow, ticket_id)
    forget_files(uow, ticket, stored_by=files_stored_by(uow, ticket_id))
    _forget_comments(session, (Comment.ticket_id == ticket_id) & Comment.is_internal)
    ticket.files_forgotten_at = uow.now
    session.flush()
    update_search_texts(session.connection(), [ticket_id])


def _locked(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """The ticket, forgotten or not, which nobody else changes until the transaction ends."""
    ticket = uow.session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)
    if ticket is None:
        raise TicketNotFound
    return ticket


def _forget_deliveries(session: Session, ticket_id: int) -> None:
    """Nothing about the ticket is sent any more; an attempt in progress finds its row gone. What shows or
    changes other tickets goes on, Homes for no ticket's sake."""
    of_ticket, waits = Delivery.ticket_id == ticket_id, Delivery.state == DeliveryState.PENDING
    homes = of_ticket & waits & (Delivery.kind == DeliveryKind.HOME)
    for home in session.scalars(select(Delivery).where(homes)):
        home.ticket_id, home.event_id, home.key = None, None, f"home:{home.id}:forgotten"
    session.flush()
    goes_on = waits & (Delivery.kind == DeliveryKind.CHILDREN)
    session.execute(delete(Delivery).where(of_ticket, ~goes_on))


def _remove_notes(uow: UnitOfWork, ticket_id: int) -> None:
    """Delete our copies of notes in Slack, and what is waiting to be sent of them."""
    session = uow.session
    numbers = select(Event.number).where(Event.ticket_id == ticket_id, Event.action.in_(INTERNAL))
    for table in (MessageReference, Delivery):
        is_copy = (table.ticket_id == ticket_id) & (table.kind == DeliveryKind.COMMENT)
        is_copy &= table.event_number.in_(numbers)
        if table is MessageReference:
            for copy in session.scalars(select(MessageReference).where(is_copy)):
                remove_message(uow, copy.channel, copy.ts)
        session.execute(delete(table).where(is_copy), execution_options={"synchronize_session": "fetch"})


def _forget_comments(session: Session, which: ColumnElement[bool]) -> None:
    """Delete comments, and what is known of the messages that they were written as."""
    places = session.execute(select(Comment.channel, Comment.ts).where(which, Comment.ts.is_not(None))).all()
    heard = tuple_(HeardMessage.channel, HeardMessage.ts).in_([tuple(place) for place in places])
    if places:
        session.execute(delete(HeardMessage).where(heard), execution_options={"synchronize_session": "fetch"})
    session.execute(delete(Comment).where(which))


def _forget_drafts(session: Session, ticket_id: int) -> None:
    drafts = session.scalars(select(MessageDraft.id).where(MessageDraft.ticket_id == ticket_id)).all()
    session.execute(delete(FormDraft).where(FormDraft.message_draft_id.in_(drafts)))
    session.execute(delete(MessageDraft).where(MessageDraft.id.in_(drafts)))


def _forget_words(uow: UnitOfWork, ticket: Ticket) -> None:
    """The ticket and its history without words and people."""
    gone = nobody(uow.session)
    for event in uow.session.scalars(select(Event).where(Event.ticket_id == ticket.id)):
        event.actor, event.text, event.details = gone, None, event.details.without_people()
    ticket.title, ticket.description, ticket.answers = FORGOTTEN_TITLE, "", []
    ticket.solution = ticket.rating_comment = ticket.source = ticket.mail_root = None
    ticket.requester, ticket.submission = gone, str(uuid4())
    ticket.filed_by = gone if ticket.filed_by_id is not None else None
    ticket.assignee = gone if ticket.assignee_id is not None else None
    ticket.shortens_at = ticket.late_at = None
    ticket.forgotten_at = uow.now
    ticket.files_forgotten_at = ticket.files_forgotten_at or uow.now
