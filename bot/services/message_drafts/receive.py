"""What somebody wrote becomes a draft: in their direct message with Guichet, or where they mentioned it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.drafts import answer_now, cancel_answer
from bot.services.message_drafts.drafts import KEPT_FOR, MENTION_KEPT_FOR, changed, draft_with, lock
from bot.services.tickets.comments.early_changes import as_known, known_of
from models.characters import is_blank
from models.message_draft import DraftMessage, MessageDraft
from models.outbox.slack_event import HeardMessage
from models.person import Person
from models.tickets.draft import NewFile

ANSWER_AFTER = timedelta(seconds=8)  # of silence
TOGETHER = timedelta(hours=1)  # messages at shorter intervals are one draft
MESSAGES_MAX, TEXT_MAX = 50, 100_000
"""How many messages, of how many characters in all, one draft holds: one transaction adds it to a ticket."""
# A mention is answered where it was made. When that was not done by then, it is answered in a direct message.
MENTION_ANSWER_AFTER = timedelta(seconds=15)


@dataclass(frozen=True)
class WrittenMessage:
    """A message that somebody wrote outside of threads, or with a mention of Guichet."""

    channel: str
    ts: str
    text: str
    files: Sequence[NewFile] = ()


def receive(uow: UnitOfWork, message: WrittenMessage) -> None:
    """Keep a message to Guichet, and answer it once its author is silent; the same one twice is one."""
    known = known_of(uow, message.channel, message.ts)
    _lock_author(uow)
    new = _as_changed(message, known)
    if new is None or draft_with(uow, MessageDraft.person_id == uow.actor.id, message.ts):
        return
    draft = _open_draft(uow, message.channel)
    if draft is None or not _has_room(draft, new):
        draft = _new_draft(uow, message.channel)
    draft.messages = sorted([*draft.messages, new], key=lambda each: Decimal(each.ts))
    draft.written_at, draft.expires_at = uow.now, uow.now + KEPT_FOR
    changed(uow, draft, after=ANSWER_AFTER)
    known.text = None  # the draft has it now


def receive_mention(uow: UnitOfWork, message: WrittenMessage, source: str | None) -> int | None:
    """Keep a message that mentions Guichet; the id of its draft. `None` when that was made before."""
    known_of(uow, message.channel, message.ts)
    _lock_author(uow)
    if draft_with(uow, MessageDraft.person_id == uow.actor.id, message.ts):
        return None
    draft = _new_draft(uow, message.channel)
    draft.messages = [DraftMessage(message.ts, message.text, message.files)]
    draft.source, draft.expires_at = source, uow.now + MENTION_KEPT_FOR
    changed(uow, draft, after=MENTION_ANSWER_AFTER)
    return draft.id


def conclude_mention(uow: UnitOfWork, draft_id: int, *, is_shown: bool) -> None:
    """A mention was answered where it was made, or could not be: then it is in a direct message, at once."""
    lock(uow, draft_id)
    draft = uow.session.get_one(MessageDraft, draft_id)
    if is_shown:
        cancel_answer(uow, draft)
    else:
        answer_now(uow, draft)


def _lock_author(uow: UnitOfWork) -> None:
    """Two messages at once make one draft. SQLite has no row locks: there, this transaction is the only
    writer by now."""
    author = select(Person.id).where(Person.id == uow.actor.id)
    uow.session.execute(author.with_for_update(key_share=True))


def _as_changed(message: WrittenMessage, known: HeardMessage) -> DraftMessage | None:
    """The message with the changes that Slack reported before it; `None` when nothing is left of it."""
    text, files = as_known(known, message.text, message.files)
    if known.is_deleted or (is_blank(text) and not files):
        return None
    return DraftMessage(message.ts, text, files, known.edited_ts)


def _open_draft(uow: UnitOfWork, channel: str) -> MessageDraft | None:
    """The draft that the author's next message belongs to."""
    drafts = select(MessageDraft).where(
        MessageDraft.person_id == uow.actor.id,
        MessageDraft.channel == channel,
        MessageDraft.ticket_id.is_(None),
        MessageDraft.written_at > uow.now - TOGETHER,
    )
    newest = drafts.order_by(MessageDraft.id.desc()).limit(1).with_for_update()
    return uow.session.scalars(newest).one_or_none()


def _has_room(draft: MessageDraft, new: DraftMessage) -> bool:
    is_short = len(draft.text) + len(new.text) <= TEXT_MAX
    return not draft.messages or (len(draft.messages) < MESSAGES_MAX and is_short)


def _new_draft(uow: UnitOfWork, channel: str) -> MessageDraft:
    draft = MessageDraft(person_id=uow.actor.id, channel=channel, messages=[], revision=0)
    draft.written_at, draft.expires_at = uow.now, uow.now + KEPT_FOR
    uow.session.add(draft)
    return draft
