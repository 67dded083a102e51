"""A ticket form that is sent once more with other words, after an acknowledgement that was lost.

What was added is kept, as a message of who sent it; what cannot be is said to them. No Slack in here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets import comments
from bot.services.tickets.answers import answers_to
from bot.services.tickets.new_ticket import filed
from models.catalogue import QuestionType, Service
from models.lifecycle import Action, Status
from models.tickets.attachment import Attachment
from models.tickets.comment import added
from models.tickets.draft import TicketDraft
from models.tickets.event import Event
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Sent:
    """The ticket of a form. When it had been sent before: whether words were added, and whether something was
    changed that a filed ticket does not take over."""

    ticket: Ticket
    is_added: bool = False
    is_left: bool = False


def send(uow: UnitOfWork, draft: TicketDraft, *, requester: Actor | None = None) -> Sent:
    """File a ticket; what a form says more that is sent once more is kept. Raises as `open_ticket` does."""
    ticket, is_new = filed(uow, draft, requester=requester)
    if is_new:
        return Sent(ticket)
    text = "\n\n".join(_words(uow, ticket, draft))
    known = select(Attachment.slack_file_id).where(Attachment.ticket_id == ticket.id)
    here = set(uow.session.scalars(known).all())
    files = [file for file in draft.files if file.slack_file_id not in here]
    is_left = _is_chosen_otherwise(uow.session, ticket, draft)
    if not text and not files:
        return Sent(ticket, is_left=is_left)
    is_added = comments.add(uow, ticket.id, text, files=files, submission=draft.submission)
    return Sent(ticket, is_added, is_left or not is_added)


def _words(uow: UnitOfWork, ticket: Ticket, draft: TicketDraft) -> Iterator[str]:
    """What the form says that the ticket does not."""
    if draft.title.strip() != ticket.title:
        yield draft.title.strip()
    if more := added(ticket.description, draft.description):
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


def _is_chosen_otherwise(session: Session, ticket: Ticket, draft: TicketDraft) -> bool:
    """Whether something was changed that is no words for the ticket's readers."""
    events = select(Event).where(Event.ticket_id == ticket.id, Event.number > 1).order_by(Event.number)
    later = session.scalars(events).all()
    solved = later[0].text if later and later[0].action is Action.RESOLVE else None
    is_moved = any(event.action is Action.REQUALIFY for event in later)
    people = {each.id: each.value for each in ticket.answers if each.type is QuestionType.PERSON}
    return (
        (draft.impact, draft.urgency) != (ticket.declared_impact, ticket.declared_urgency)
        or (draft.site_id != ticket.site_id and not is_moved)
        or (draft.status is Status.RESOLVED and draft.solution.strip() != (solved or ""))
        or (bool(ticket.description) and not draft.description.strip())
        or any(people.get(each.question_id, each.value) != each.value for each in draft.answers)
    )
