"""What becomes of a draft: a comment on a ticket, or a ticket."""

from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.services.message_drafts.drafts import changed, lock, mark_used, usable
from bot.services.tickets.actions import locked
from bot.services.tickets.comments.writing import NewComment, requester_action, write
from bot.services.tickets.resubmission import Submitted
from bot.services.tickets.resubmission import submit as submit_form
from models.errors import TicketNotFound
from models.message_draft import DraftMessage, MessageDraft
from models.tickets.draft import TicketDraft
from models.tickets.form_draft import FormDraft
from models.tickets.ticket import Ticket


def add(uow: UnitOfWork, draft_id: int, ticket_id: int) -> Ticket:
    """Add a draft of the actor's to a ticket of theirs: each message is a comment, which follows its edits.

    Raises `DraftExpired`, `DraftUsed`, `TicketNotFound`, and what `write` raises."""
    lock(uow, draft_id)
    draft, ticket = usable(uow, draft_id), locked(uow, ticket_id)
    if ticket.requester_id != uow.actor.id:
        raise TicketNotFound
    for message in draft.messages:
        write(uow, ticket_id, requester_action(ticket), _comment(draft, message))
    mark_used(uow, draft, ticket, is_new=False)
    return ticket


def submit(uow: UnitOfWork, draft: TicketDraft, *, requester: Actor | None = None) -> Submitted:
    """File a ticket form as `resubmission.submit` does. The draft that it was made from is used then."""
    form = uow.session.get(FormDraft, draft.submission) if draft.is_kept else None
    submitted = submit_form(uow, draft, requester=requester)
    if form is not None and form.message_draft_id is not None:
        lock(uow, form.message_draft_id)
        used = uow.session.get(MessageDraft, form.message_draft_id, populate_existing=True)
        if used is not None and used.person_id == uow.actor.id and used.ticket_id is None:
            _set_apart(uow, used, form)
            mark_used(uow, used, submitted.ticket, is_new=True)
    return submitted


def _set_apart(uow: UnitOfWork, draft: MessageDraft, form: FormDraft) -> None:
    """Make another draft of what was written after the form was opened, which does not have it."""
    later = [message for message in draft.messages if message.ts not in form.messages]
    if not later:
        return
    draft.messages = [message for message in draft.messages if message.ts in form.messages]
    another = MessageDraft(person_id=draft.person_id, channel=draft.channel, messages=later, revision=0)
    another.written_at, another.expires_at = draft.written_at, draft.expires_at
    uow.session.add(another)
    changed(uow, another)


def _comment(draft: MessageDraft, message: DraftMessage) -> NewComment:
    return NewComment(
        message.text, message.files, channel=draft.channel, ts=message.ts, edited_ts=message.edited_ts
    )
