"""Forgets what a ticket says and whom it leads to; its number, kind, place, states and times stay, so that
figures do not change.

Both functions belong to one transaction of their caller, do nothing the second time, and work for tickets in
any portion. `models.personal_data` says what becomes of each column.
"""

from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_card, refresh_requester_card
from bot.services.personal_data.agreements import forget_agreements
from bot.services.personal_data.comments import forget_comments, forget_notes
from bot.services.personal_data.files import files_stored_by, forget_files
from bot.services.personal_data.nobody import nobody
from bot.services.removals.others import list_files
from bot.services.removals.queue import remove_posts_of
from bot.services.tickets.history import event_numbered
from bot.services.tickets.my_tickets import card_for
from models.departures.departure import ReleasedTicket
from models.errors import TicketNotFound
from models.lifecycle import Status
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState, Queue
from models.outbox.mail_count import MailCount
from models.outbox.message_reference import FormerMessageReference, MessageReference
from models.outbox.recipient import Recipient, team_recipient
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
    forget_comments(uow.session, Comment.ticket_id == ticket_id)
    forget_agreements(uow.session, ticket_id)
    _forget_drafts(uow.session, ticket_id)
    for table in _OWN:
        uow.session.execute(delete(table).where(table.ticket_id == ticket_id))
    _forget_words(uow, ticket)
    uow.session.flush()
    _show_on_parent(uow, ticket)
    update_search_texts(uow.session.connection(), [ticket_id])


def forget_files_and_notes(uow: UnitOfWork, ticket_id: int) -> None:
    """Forget the files and the internal notes of a ticket. Raises `TicketNotFound`."""
    ticket, session = _locked(uow, ticket_id), uow.session
    if ticket.files_forgotten_at is not None:
        return
    forget_notes(uow, ticket_id)
    list_files(uow, ticket_id)
    forget_files(uow, ticket, stored_by=files_stored_by(uow, ticket_id))
    ticket.files_forgotten_at = uow.now
    _show_without_files(uow, ticket)
    session.flush()
    update_search_texts(session.connection(), [ticket_id])


def _show_without_files(uow: UnitOfWork, ticket: Ticket) -> None:
    """Draw the cards again: they name the files."""
    event = event_numbered(uow.session, ticket, ticket.event_count)
    assert event is not None
    for_whom = (Recipient(Queue.DIRECT_MESSAGE, ticket.requester_id), team_recipient(ticket.team_id))
    if card_for(uow.session, ticket, for_whom[0]):
        refresh_requester_card(uow, event, why="files forgotten")
    if card_for(uow.session, ticket, for_whom[1]):
        refresh_card(uow, ticket, event, why="files forgotten")


def _show_on_parent(uow: UnitOfWork, ticket: Ticket) -> None:
    """Draw the card again that lists the ticket with its title and requester."""
    parent = uow.session.get(Ticket, ticket.parent_id) if ticket.parent_id is not None else None
    if parent is None or parent.forgotten_at is not None:
        return
    event = event_numbered(uow.session, parent, parent.event_count)
    if event is not None and card_for(uow.session, parent, team_recipient(parent.team_id)):
        refresh_card(uow, parent, event, why=f"forgotten {ticket.id}")


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
