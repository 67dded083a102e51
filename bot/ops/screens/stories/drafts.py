"""What people write to Guichet outside of tickets, and the answers."""

from collections.abc import Iterator
from datetime import timedelta

from slack_sdk.models.views import View
from sqlalchemy import select

from blocks.kit.block_text import Content
from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import COLLEAGUE
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import discard
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import file
from bot.services.message_drafts import use
from bot.services.message_drafts.receive import WrittenMessage, receive, receive_mention
from bot.views.message_drafts import draft_for_form, is_worth_keeping, mention_answer
from bot.views.tickets.new_ticket import new_form
from models.lifecycle import Action
from models.message_draft import MessageDraft

WRITTEN = ("Bonjour !", "Merci beaucoup 🙏", texts.PARAGRAPH, "")
DIRECT, CHANNEL = f"D{COLLEAGUE[1:]}", "C0SAMPLE900"


def drafts(desk: SampleDesk) -> Iterator[Screen]:
    """Without a ticket, with one that may be meant, with several; then added to one."""
    yield from _each(desk, *WRITTEN)
    case = file(desk, texts.incident(texts.LONG_TITLE), COLLEAGUE)
    case.technician(Action.TAKE)
    case.resolve()
    discard(desk)
    yield from _each(desk, *WRITTEN[1:])
    other = file(desk, texts.incident(texts.TITLE), COLLEAGUE)
    other.technician(Action.TAKE)
    other.reply(texts.SHORT, waits=True)
    discard(desk)
    yield from _each(desk, *WRITTEN[2:])
    draft = desk.do(COLLEAGUE, _words)
    yield from desk.draw(
        "the ticket form of what somebody wrote",
        COLLEAGUE,
        _form,
        draft,
    )
    desk.do(COLLEAGUE, use.add, draft, other.number)
    yield from due_messages(desk)


def _form(uow: UnitOfWork, draft: int) -> View:
    return new_form(uow, draft_for_form(uow, draft))


def _words(uow: UnitOfWork) -> int:
    """The id of the newest draft that has words of its own."""
    drafts = uow.session.scalars(select(MessageDraft).order_by(MessageDraft.id.desc()))
    return next(draft.id for draft in drafts if draft.text == texts.PARAGRAPH)


def _each(desk: SampleDesk, *texts_written: str) -> Iterator[Screen]:
    """Small talk, words, and files without words; each on a day of its own."""
    for text in texts_written:
        desk.pass_days(1)
        ts = f"{desk.now.timestamp():.6f}"
        written = WrittenMessage(DIRECT, ts, text, () if text else texts.FILES)
        desk.do(COLLEAGUE, receive, written)
        desk.now += timedelta(minutes=1)
        yield from due_messages(desk)


def mentions(desk: SampleDesk) -> Iterator[Screen]:
    """Mentions of Guichet in a channel, which their authors alone are answered."""
    for text in WRITTEN:
        yield from desk.draw_message("the answer to a mention", COLLEAGUE, _mention, text)


def _mention(uow: UnitOfWork, text: str) -> Content:
    source, files = (
        "https://univ.slack.com/archives/C0SAMPLE900/p1764000000000100",
        () if text else texts.FILES,
    )
    ts = f"{uow.now.timestamp():.6f}"
    draft = None
    if is_worth_keeping(text, len(files)):
        draft = receive_mention(uow, WrittenMessage(CHANNEL, ts, text, files), source)
    return mention_answer(uow, text, draft)
