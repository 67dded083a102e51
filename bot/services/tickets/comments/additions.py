"""What a ticket form says, added to a ticket of its author's instead of filed. Imports nothing of Slack."""

from uuid import uuid4

from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.actions import locked
from bot.services.tickets.attachments import keep_form, kept_form
from bot.services.tickets.comments import replies
from bot.services.tickets.comments.writing import comment_of
from models.characters import split_words
from models.errors import TicketClosed, TicketNotFound
from models.fields import INPUT_MAX
from models.lifecycle import Status
from models.tickets.draft import Addition, TicketDraft
from models.tickets.ticket import Ticket


def own_open_ticket(uow: UnitOfWork, number: int) -> Ticket:
    """A ticket that the actor is the requester of. Raises `TicketNotFound`, `TicketClosed`."""
    ticket = uow.session.get(Ticket, number)
    if ticket is None or ticket.requester_id != uow.actor.id:
        raise TicketNotFound
    if ticket.status is Status.CLOSED:
        raise TicketClosed(number)
    return ticket


def prepare(uow: UnitOfWork, number: int, draft: TicketDraft) -> Addition:
    """What a form says, for a ticket of the actor's; its files and what an input cannot hold are kept.

    Raises as `own_open_ticket` does."""
    own_open_ticket(uow, number)
    form = kept_form(uow, draft)
    text, rest = split_words(_whole(draft) + (form.rest if form else ""), INPUT_MAX)
    files = [*(form.files if form else ()), *draft.files]
    kept = TicketDraft(submission=str(uuid4()), files=files, rest=rest)
    if kept.has_more:
        keep_form(uow, kept)
    return Addition(number, kept.submission, text, rest, files)


def add(uow: UnitOfWork, number: int, text: str, *, submission: str) -> Ticket:
    """Add the text, with what was kept for it, as the requester's words.

    Raises `TicketNotFound`, `TicketClosed`, and what `replies.answer` raises."""
    ticket = locked(uow, number)
    if comment_of(uow.session, number, submission) is None:  # else it is sent again
        ticket = own_open_ticket(uow, number)
    # Not deleted yet, for a form that is sent again: with those that were never sent.
    form = kept_form(uow, TicketDraft(submission, is_kept=True))
    whole = text.rstrip() + form.rest if form else text
    return replies.answer(uow, ticket.id, whole, files=form.files if form else (), submission=submission)


def _whole(draft: TicketDraft) -> str:
    """Title and description; a title that was taken from the description is in it already."""
    title, description = draft.title.strip(), draft.description.strip()
    if title.removesuffix("…") in description:
        return description
    return "\n\n".join(filter(None, [title, description]))
