"""*My data*, before and after it was asked for; the message that it could not be sent."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import REQUESTER
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.services.own_data.asking import ask_own_data
from bot.services.own_data.outcome import after_giving_up
from bot.views.own_data.my_data import own_data
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.personal_data.asked import Asked


def my_data(desk: SampleDesk) -> Iterator[Screen]:
    """Each answer of the modal, and a failure."""
    yield from desk.draw("my data", REQUESTER, own_data)
    asked = desk.do(REQUESTER, ask_own_data)
    for answer in _answers(asked):
        yield from desk.draw("my data, asked for", REQUESTER, own_data, answer)
    desk.do(None, _give_up)
    yield from due_messages(desk)


def _answers(asked: Asked) -> Iterator[Asked]:
    yield asked
    yield replace(asked, is_new=False)
    yield replace(asked, is_new=False, is_sent=True, link="https://slack.example/archives/D0/p1")


def _give_up(uow: UnitOfWork) -> None:
    """What follows when Slack refuses the file."""
    row = uow.session.scalars(select(Delivery).where(Delivery.kind == DeliveryKind.OWN_DATA)).one()
    row.state, row.completed_at = DeliveryState.DEAD, uow.now
    after_giving_up(uow, row.id)
