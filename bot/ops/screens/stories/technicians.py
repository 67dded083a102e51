"""What technicians see: the forms of a ticket, its detail, the queue, the search."""

from collections.abc import Iterator

from slack_sdk.models.views import View
from sqlalchemy import select

from blocks.app_home import HomeState
from blocks.i18n import translator
from blocks.kit.block_text import Content
from blocks.queue.state import SearchState
from blocks.tickets.children.form import Target
from blocks.tickets.conversation.reply_hint import reply_hint, reply_hint_text
from blocks.tickets.state import DetailState, FormState
from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import COLLEAGUE, TECHNICIAN
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import discard
from bot.ops.screens.screen import Screen
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.forms import open_form
from bot.ops.screens.stories.people import Case, file
from bot.services.tickets.comments.reply_hint import note_to_send
from bot.views.app_home import own_home
from bot.views.queue import own_queue
from bot.views.search import results
from bot.views.tickets import comments, triage
from bot.views.tickets.articles import with_article
from bot.views.tickets.children.attaching import confirmation_form
from bot.views.tickets.my_tickets import detail_view
from models.lifecycle import Action, Urgency
from models.pages import QueueState, Tab
from models.tickets.comment import Comment

QUEUE = DetailState(QueueState(Tab.MINE))
IN_MENU = (
    *(Action.ASSIGN, Action.HOLD, Action.REQUALIFY, Action.ATTACH, Action.DUPLICATE),
    *(Action.REQUEST_AGREEMENT, Action.RECORD_AGREEMENT, Action.CANCEL),
)


def work(desk: SampleDesk) -> Iterator[Screen]:
    """The forms about a ticket in progress that has a duplicate, and about a resolved one."""
    case, double = file(desk, texts.incident(texts.LONG_TITLE, service_id="wifi")), file(desk)
    case.technician(Action.TAKE)
    double.duplicate_of(case.number)
    other = file(desk, texts.incident(texts.LONG_TITLE, service_id="wifi"), by=COLLEAGUE)
    yield from desk.draw(
        "the question whether to attach", TECHNICIAN, confirmation_form, *_attached(other, case)
    )
    other.attach_to(case.number)
    case.answer(texts.PAGE, texts.OTHER_FILES)
    case.note(texts.PARAGRAPH)
    discard(desk)
    for action in IN_MENU:
        yield from _menu(desk, case, action)
    yield from _writing(desk, case)
    number = case.number
    yield from desk.draw("the form of a solution", TECHNICIAN, triage.solution_form, number, QUEUE)
    yield from desk.draw("the detail for the team", TECHNICIAN, detail_view, number, QUEUE)
    case.resolve()
    yield from _menu(desk, case, Action.RECORD_APPROVAL)
    other.technician(Action.CANCEL, texts.SHORT)
    yield from _menu(desk, other, Action.UNDO_CLOSING)


def _attached(ticket: Case, to: Case) -> tuple[FormState, Target]:
    return FormState(ticket.number, QUEUE), Target(to.number)


def queues(desk: SampleDesk) -> Iterator[Screen]:
    """Two tabs of the queue, the search, and the App Home with the queue."""
    for urgency in (Urgency.CRITICAL, Urgency.LOW):
        file(desk, texts.incident(texts.LONG_TITLE, urgency=urgency, service_id="wifi"))
    for tab in (Tab.UNASSIGNED, Tab.MINE):
        state = QueueState(tab)
        name = f"the queue ({tab.value.replace('_', ' ')})"
        yield from desk.draw(name, TECHNICIAN, own_queue, state)
    narrow = QueueState(Tab.UNASSIGNED, 1, "iut", None, "wifi")
    yield from desk.draw("the filtered queue", TECHNICIAN, own_queue, narrow)
    for query in ("imprimante", "zzz <rien> & co"):
        yield from desk.draw(f"the search for “{query}”", TECHNICIAN, results, SearchState(query))
    yield from desk.draw("the App Home of a technician", TECHNICIAN, own_home, HomeState())
    discard(desk)


def _menu(desk: SampleDesk, case: Case, action: Action) -> Iterator[Screen]:
    name = f"the form of the menu’s “{action.value.replace('_', ' ')}”"
    return desk.draw(name, TECHNICIAN, triage.menu_form, case.number, action, QUEUE)


def _writing(desk: SampleDesk, case: Case) -> Iterator[Screen]:
    """The forms of replies and notes, with what can be put into them."""
    number = case.number
    texts_of = {"a text": texts.SHORT, "no room left": texts.FULL}
    yield from desk.draw("the form of a reply", TECHNICIAN, comments.reply_form, number, QUEUE)
    yield from desk.draw("the form of a reply with a ready-made phrase", TECHNICIAN, _with_phrase, number)
    for what, text in texts_of.items():
        title = f"the form of a reply, {what}, with an article"
        yield from desk.draw(title, TECHNICIAN, _with_article, number, text)
    yield from desk.draw("the form of a reply, the article gone", TECHNICIAN, _without_article, number)
    yield from desk.draw("the form of a reply that was a note", TECHNICIAN, _from_note, number)
    yield from desk.draw("the form of a note", TECHNICIAN, comments.note_form, number, QUEUE)
    yield from desk.draw_message("the offer to send a note", TECHNICIAN, _hint, number)


def _with_phrase(uow: UnitOfWork, number: int) -> View:
    return comments.with_phrase(uow, number, _reply(uow, number, texts.SHORT), 0)


def _with_article(uow: UnitOfWork, number: int, text: str) -> View:
    return with_article(uow, number, _reply(uow, number, text), "wifi")


def _without_article(uow: UnitOfWork, number: int) -> View:
    return with_article(uow, number, _reply(uow, number, texts.SHORT), "gone")


def _reply(uow: UnitOfWork, number: int, text: str) -> dict[str, object]:
    return open_form(comments.reply_form(uow, number, QUEUE), reply={"value": text})


def _from_note(uow: UnitOfWork, number: int) -> View:
    return comments.reply_with_note(uow, number, _note(uow, number).id)


def _note(uow: UnitOfWork, number: int) -> Comment:
    found = select(Comment.id).where(Comment.ticket_id == number, Comment.is_internal)
    return note_to_send(uow, number, uow.session.scalars(found).one())


def _hint(uow: UnitOfWork, number: int) -> Content:
    _, note = translator(uow.actor.locale), _note(uow, number)
    return reply_hint_text(_, note), reply_hint(_, note)
