"""The answers to what somebody wrote, and the form that is filled with it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from blocks import message_drafts as blocks
from blocks.i18n import Translator, translator
from blocks.kit.block_text import Content
from bot.context.unit_of_work import UnitOfWork
from bot.services.message_drafts.candidates import awaiting_answer, awaiting_approval, candidates
from bot.services.message_drafts.drafts import usable
from bot.services.message_drafts.small_talk import SmallTalk, small_talk
from bot.views.tickets.new_ticket import draft_of_text
from models.characters import is_blank
from models.message_draft import MessageDraft
from models.tickets.draft import TicketDraft


def answer(_: Translator, session: Session, draft: MessageDraft) -> Content:
    """The answer to a draft that was not used."""
    talk = None if draft.files else small_talk(draft.text)
    if talk is SmallTalk.AGREEMENT and awaiting_answer(session, draft.person_id):
        talk = None  # an answer to what a technician asked
    if talk is SmallTalk.GREETING:
        return blocks.greeting(_)
    if talk is not None:
        waiting = awaiting_approval(session, draft.person_id)
        return blocks.thanks(_, waiting[0] if len(waiting) == 1 else None)
    found = [] if draft.is_mention else candidates(session, draft)
    return blocks.question(_, draft, found, has_words=_has_words(draft.text))


def is_worth_keeping(text: str, files: int) -> bool:
    """Whether a mention of Guichet says something, or brings files."""
    return files > 0 or _has_words(text)


def _has_words(text: str) -> bool:
    return not is_blank(text) and small_talk(text) is None


def mention_answer(uow: UnitOfWork, text: str, draft_id: int | None) -> Content:
    """The answer to a mention, in its channel. `draft_id`: `None` when nothing was worth keeping."""
    _ = translator(uow.actor.locale)
    if draft_id is not None:
        draft = uow.session.get_one(MessageDraft, draft_id)
        return blocks.offer(_, draft, has_words=_has_words(text))
    is_greeting = is_blank(text) or small_talk(text) is SmallTalk.GREETING
    return blocks.greeting(_) if is_greeting else blocks.thanks(_)


def draft_for_form(uow: UnitOfWork, draft_id: int) -> TicketDraft:
    """The form filled with a draft of the actor's. Raises `DraftExpired`, `DraftUsed`."""
    draft = usable(uow, draft_id)
    filled = draft_of_text(draft.text, draft.files)
    messages = [message.ts for message in draft.messages]
    return replace(filled, source=draft.source, message_draft_id=draft.id, messages=messages)
