"""A ticket of a confidential team: what is sent about it, and that its card waits for the team's channel."""

from collections.abc import Iterator

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.confidential.waiting import announce_waiting
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import discard
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import file
from models.catalogue import Team
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState


def waiting(desk: SampleDesk) -> Iterator[Screen]:
    """The team is confidential for as long as the story goes on."""
    was = desk.do(None, _mark)
    case = file(desk)
    desk.do(None, _cannot_be_posted, case.number)
    yield from due_messages(desk)
    other = file(desk)
    other.technician(Action.TAKE)
    other.reply(texts.PARAGRAPH, waits=True)
    other.answer(texts.PARAGRAPH)
    other.resolve(texts.PARAGRAPH)
    yield from due_messages(desk)
    discard(desk)
    desk.do(None, _mark, was)


def _mark(uow: UnitOfWork, confidential: bool = True) -> bool:
    """Make the default team confidential, or what it was."""
    team = uow.session.scalars(select(Team).where(Team.is_default)).one()
    was, team.is_confidential = team.is_confidential, confidential
    return was


def _cannot_be_posted(uow: UnitOfWork, number: int) -> None:
    """What follows when its card found no channel."""
    card = select(Delivery).where(Delivery.ticket_id == number, Delivery.kind == DeliveryKind.TRIAGE_CARD)
    delivery = uow.session.scalars(card).one()
    delivery.state, delivery.completed_at = DeliveryState.SKIPPED, uow.now
    announce_waiting(uow, delivery)
