"""A technician leaves a team: the summary of what is back in the queue, and what was given back."""

from collections.abc import Iterator

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import TECHNICIAN
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import discard, send
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import file
from bot.services.departures import release
from models.departures.departure import Departure, DepartureState
from models.lifecycle import Action
from models.tickets.ticket import Ticket

RELEASED = 22  # tickets: more than the summary lists


def departures(desk: SampleDesk) -> Iterator[Screen]:
    """More tickets than the summary lists; the technician comes back."""
    cases = [file(desk, texts.incident(f"{number} · {texts.TITLE}")) for number in range(RELEASED)]
    for case in cases:
        case.technician(Action.TAKE)
    send(desk)
    number = desk.do(None, _leave, cases[0].number)
    yield from due_messages(desk)
    desk.do(TECHNICIAN, release.give_back, number, is_member=True)
    yield from due_messages(desk)
    desk.pass_days(2)
    discard(desk)


def _leave(uow: UnitOfWork, number: int) -> int:
    """Note that the assignee of this ticket is gone. Returns the departure's id."""
    ticket = uow.session.scalars(select(Ticket).where(Ticket.id == number)).one()
    departure = Departure(
        person_id=ticket.assignee_id,
        team_id=ticket.team_id,
        channel=ticket.team.channel_id or "",
        left_at=uow.now,
        state=DepartureState.WAITING,
    )
    uow.session.add(departure)
    uow.session.flush()
    release.confirm(uow, departure.id, is_gone=True)
    return departure.id
