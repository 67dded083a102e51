"""One draft: who may use it, and that it was used."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.drafts import queue_answer
from models.errors import DraftExpired, DraftUsed
from models.message_draft import MessageDraft
from models.removals.ticket_message import TicketMessage
from models.tickets.ticket import Ticket

KEPT_FOR = timedelta(days=7)
MENTION_KEPT_FOR = timedelta(hours=24)


def usable(uow: UnitOfWork, draft_id: int) -> MessageDraft:
    """A draft of the actor's that they have not used yet. Raises `DraftExpired`, `DraftUsed`."""
    draft = uow.session.get(MessageDraft, draft_id, populate_existing=True)
    if draft is None or draft.person_id != uow.actor.id:
        raise DraftExpired
    if draft.ticket_id is not None:
        raise DraftUsed(draft.ticket_id)
    if not draft.messages or draft.expires_at <= uow.now:
        raise DraftExpired
    return draft


def lock(uow: UnitOfWork, draft_id: int) -> None:
    """Let nobody else change the draft until the transaction ends. An update locks on SQLite, too."""
    own = {"synchronize_session": False}
    unchanged = update(MessageDraft).where(MessageDraft.id == draft_id).values(revision=MessageDraft.revision)
    uow.session.execute(unchanged, execution_options=own)


def mark_used(uow: UnitOfWork, draft: MessageDraft, ticket: Ticket, *, is_new: bool) -> None:
    """The draft is in a ticket now; its answer says so."""
    draft.ticket_id, draft.is_new_ticket = ticket.id, is_new
    for message in draft.messages:
        place = {"channel": draft.channel, "ts": message.ts}
        uow.session.merge(TicketMessage(ticket_id=ticket.id, owner=draft.person.slack_id, **place))
    changed(uow, draft)


def changed(uow: UnitOfWork, draft: MessageDraft, *, after: timedelta = timedelta()) -> None:
    """The draft is another: what answers it follows."""
    draft.revision += 1
    uow.session.flush()
    queue_answer(uow, draft, after=after)


def draft_with(uow: UnitOfWork, condition: ColumnElement[bool], ts: str) -> MessageDraft | None:
    """The draft that a message belongs to, among those of a condition."""
    drafts = uow.session.scalars(select(MessageDraft).where(condition).order_by(MessageDraft.id.desc()))
    return next((draft for draft in drafts if any(each.ts == ts for each in draft.messages)), None)


def delete_message_drafts(uow: UnitOfWork) -> None:
    """Delete the drafts whose time is over. Where the answer to one that is in a ticket stands is kept with
    the ticket."""
    over = (
        MessageDraft.expires_at < uow.now,
        MessageDraft.ticket_id.is_not(None),
        MessageDraft.answer_ts.is_not(None),
    )
    for draft in uow.session.scalars(select(MessageDraft).where(*over)).all():
        place = {"channel": draft.answer_channel, "ts": draft.answer_ts, "ticket_id": draft.ticket_id}
        uow.session.merge(TicketMessage(**place))
    uow.session.flush()
    uow.session.execute(
        delete(MessageDraft).where(MessageDraft.expires_at < uow.now),
        execution_options={"synchronize_session": False},
    )
