"""Tickets from their form to their end, in every status, with the cards and messages of each."""

from collections.abc import Iterator

from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import send
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import file
from bot.services.tickets.waits.silence import close
from models.lifecycle import Action, Rating, Urgency
from models.tickets.ticket import Ticket


def conversation(desk: SampleDesk) -> Iterator[Screen]:
    """A ticket with long words and files, from its form to its reopening."""
    file(desk, texts.incident(texts.LONG_TITLE, texts.LONG, files=texts.FILES, source=texts.SOURCE))
    case = file(desk, texts.incident())
    yield from due_messages(desk)
    case.technician(Action.TAKE)
    case.reply(texts.LONG, files=texts.OTHER_FILES)
    case.note(texts.PAGE)
    case.answer(texts.PAGE, texts.OTHER_FILES)
    yield from due_messages(desk)
    case.reply(texts.PARAGRAPH, waits=True)
    yield from due_messages(desk)
    case.answer(texts.SHORT)
    case.hold()
    yield from due_messages(desk)
    case.technician(Action.RESUME)
    case.resolve(texts.PAGE)
    yield from due_messages(desk)
    case.answer(texts.PARAGRAPH)
    yield from due_messages(desk)
    case.technician(Action.ASK_AGAIN)
    case.requester(Action.POSTPONE)
    yield from due_messages(desk)
    case.requester(Action.REFUSE, texts.PAGE)
    yield from due_messages(desk)
    case.resolve()
    send(desk)
    case.requester(Action.APPROVE)
    yield from due_messages(desk)
    case.rate(Rating.BAD, texts.PAGE)
    yield from due_messages(desk)
    case.requester(Action.REOPEN, texts.PARAGRAPH)
    yield from due_messages(desk)


def handover(desk: SampleDesk) -> Iterator[Screen]:
    """A ticket that becomes less urgent and goes to another team, and one that its requester chases."""
    case = file(desk, texts.incident(urgency=Urgency.CRITICAL, files=texts.FILES))
    send(desk)
    case.requalify(urgency="low", service="wifi")
    yield from due_messages(desk)
    case.requalify(texts.PAGE, team="reseau")
    yield from due_messages(desk)
    desk.pass_days(14)
    case.requester(Action.CHASE)
    yield from due_messages(desk)


def endings(desk: SampleDesk) -> Iterator[Screen]:
    """How tickets end without their requester: cancelled, a duplicate, by silence, by word of mouth."""
    cancelled, original, double = file(desk), file(desk), file(desk)
    silent, told, withdrawn = file(desk), file(desk), file(desk)
    send(desk)
    cancelled.technician(Action.CANCEL, texts.PAGE)
    double.duplicate_of(original.number)
    silent.resolve()
    told.resolve()
    send(desk)
    desk.do(None, _close, silent.number)
    told.technician(Action.RECORD_APPROVAL, texts.PARAGRAPH)
    withdrawn.requester(Action.CANCEL, texts.PARAGRAPH)
    yield from due_messages(desk)
    original.technician(Action.TAKE)
    original.resolve(texts.PARAGRAPH, texts.PAGE)
    cancelled.requester(Action.REOPEN, texts.SHORT)
    yield from due_messages(desk)


def _close(uow: UnitOfWork, number: int) -> None:
    """Nobody has answered for too long."""
    close(uow, uow.session.get_one(Ticket, number))
