"""A ticket form that is submitted again with changes, after an acknowledgement that was lost.

What it adds becomes a comment of who submits it; who does is told what is not taken over.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.answers import answers_to
from bot.services.tickets.attachments import without_known
from bot.services.tickets.comments import replies
from bot.services.tickets.new_ticket import open_or_find
from models.catalogue import QuestionType, Service
from models.lifecycle import Action, Status
from models.tickets.attachment import Attachment
from models.tickets.comment import added
from models.tickets.draft import TicketDraft
from models.tickets.event import Event
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Submitted:
    """The ticket of a form; and of a form that was submitted before, what became of its changes."""

    ticket: Ticket
    is_added: bool = False
    """A text or a file was added as a comment."""
    is_left: bool = False
    """A change was not taken over."""


def submit(uow: UnitOfWork, draft: TicketDraft, *, requester: Actor | None = None) -> Submitted:
    """File a ticket, or add what a form that is submitted again adds. Raises as `open_ticket` does."""
    ticket, is_new = open_or_find(uow, draft, requester=requester)
    if is_new:
        return Submitted(ticket)
    if _is_edited(uow.session, ticket):  # it no longer says what the form first said
        return Submitted(ticket)
    text = "\n\n".join(_added_texts(uow, ticket, draft))
    files = without_known(uow.session, draft.files, Attachment.ticket_id == ticket.id)
    is_left = _has_other_choices(uow.session, ticket, draft)
    if not text and not files:
        return Submitted(ticket, is_left=is_left)
    is_added = replies.add(uow, ticket.id, text, files=files, submission=draft.submission)
    return Submitted(ticket, is_added, is_left or not is_added)


def _is_edited(session: Session, ticket: Ticket) -> bool:
    edited = select(Event.id).where(Event.ticket_id == ticket.id, Event.action == Action.EDIT)
    return session.scalar(edited.limit(1)) is not None


def _added_texts(uow: UnitOfWork, ticket: Ticket, draft: TicketDraft) -> Iterator[str]:
    """The texts of the form that the ticket does not have."""
    if draft.title.strip() != ticket.title:
        yield draft.title.strip()
    if not _is_beginning(ticket, draft) and (more := added(ticket.description, draft.description)):
        yield more
    service = uow.session.get(Service, draft.service_id) if draft.service_id else None
    if service is None or not ticket.answers:
        return
    before = {answer.id: answer.value for answer in ticket.answers}
    for answer in answers_to(service, draft.answers):
        if answer.shown is None or answer.type is QuestionType.PERSON:
            continue
        if answer.value != before.get(answer.id):
            yield f"{answer.label.in_(uow.actor.locale)}\n{answer.shown.in_(uow.actor.locale)}"


def _is_beginning(ticket: Ticket, draft: TicketDraft) -> bool:
    """Whether the form holds the beginning of the description, to which the rest that was kept was added."""
    return draft.is_kept and ticket.description.startswith(draft.description.strip())


def _has_other_choices(session: Session, ticket: Ticket, draft: TicketDraft) -> bool:
    """Whether something differs that cannot be added as text: a choice, or a text that was removed."""
    events = select(Event).where(Event.ticket_id == ticket.id, Event.number > 1).order_by(Event.number)
    later = session.scalars(events).all()
    at_once = [event for event in later if event.action is not Action.RECORD_AGREEMENT][:1]
    solution = at_once[0].text if at_once and at_once[0].action is Action.RESOLVE else None
    is_requalified = any(event.action is Action.REQUALIFY for event in later)
    people = {each.id: each.value for each in ticket.answers if each.type is QuestionType.PERSON}
    return (
        (draft.impact, draft.urgency) != (ticket.declared_impact, ticket.declared_urgency)
        or (draft.site_id != ticket.site_id and not is_requalified)
        or (draft.status is Status.RESOLVED and draft.solution.strip() != (solution or ""))
        or (bool(ticket.description) and not draft.description.strip())
        or any(people.get(each.question_id, each.value) != each.value for each in draft.answers)
    )
