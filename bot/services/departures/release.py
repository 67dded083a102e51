"""Releases the tickets of who has left a team, and gives them back: a portion in each transaction.

Which tickets are left follows from the rows alone, so that a portion whose transaction failed starts again.
"""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.maintenance.departures import queue_portion, queue_summary
from bot.services.departures.leaving import HELD
from bot.services.tickets.actions import write_events
from models.departures.departure import RETURNABLE_FOR, Departure, DepartureState, ReleasedTicket
from models.departures.errors import DepartureOver, DepartureTeamOnly, NotBackYet
from models.lifecycle import Action, Role, Status
from models.tickets.changes.holder import Assignment, Unassignment
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, apply

SURFACE = "departure"
PORTION = 50
"""Tickets in one transaction: a click on one of them waits for it."""


def confirm(uow: UnitOfWork, departure_id: int, *, is_gone: bool) -> None:
    """Begin to release the tickets of who is gone; let those of anybody else be."""
    departure = _locked(uow, departure_id)
    if departure.state is DepartureState.WAITING:
        departure.state = DepartureState.RELEASING if is_gone else DepartureState.VOID
        if is_gone:
            queue_portion(uow, departure)


def give_back(uow: UnitOfWork, departure_id: int, *, is_member: bool) -> None:
    """Begin to give back what is still unassigned. `is_member`: whether they are in the team again.

    Raises `DepartureTeamOnly`, `DepartureOver`, `NotBackYet`."""
    departure = _locked(uow, departure_id)
    if departure.team_id not in uow.actor.teams:
        raise DepartureTeamOnly
    if not departure.is_returnable(uow.now):
        raise DepartureOver(departure.returned_by.name if departure.returned_by else None)
    if not is_member:
        raise NotBackYet(departure.person.name)
    departure.state, departure.returned_by_id = DepartureState.RETURNING, uow.actor.id
    departure.returned_at = uow.now
    queue_portion(uow, departure)


def go_on(uow: UnitOfWork, departure_id: int) -> None:
    """Release or give back a portion, and queue what follows."""
    departure = _locked(uow, departure_id)
    match departure.state:
        case DepartureState.RELEASING:
            tickets = _to_release(uow, departure)
            _release(uow, departure, tickets)
        case DepartureState.RETURNING:
            tickets = _to_return(uow, departure)
            _return(uow, departure, tickets)
        case _:  # they came back meanwhile
            return
    uow.session.flush()
    if len(tickets) == PORTION:
        queue_portion(uow, departure)
    else:
        _end(uow, departure)


def _end(uow: UnitOfWork, departure: Departure) -> None:
    if departure.state is DepartureState.RETURNING:
        departure.state = DepartureState.RETURNED
        queue_summary(uow, departure)
        return
    departure.state, departure.released_at = DepartureState.RELEASED, uow.now
    if count_released(uow, departure):
        queue_summary(uow, departure)
        queue_summary(uow, departure, at=uow.now + RETURNABLE_FOR)  # then without its button


def count_released(uow: UnitOfWork, departure: Departure) -> int:
    """How many tickets the departure has released."""
    query = select(func.count()).where(ReleasedTicket.departure_id == departure.id)
    return uow.session.scalar(query) or 0


def _to_release(uow: UnitOfWork, departure: Departure) -> Sequence[Ticket]:
    query = select(Ticket).where(
        Ticket.assignee_id == departure.person_id, Ticket.team_id == departure.team_id, HELD
    )
    return _first(uow, query)


def _to_return(uow: UnitOfWork, departure: Departure) -> Sequence[Ticket]:
    """Those that nobody has taken since, and that are still the team's."""
    released = select(ReleasedTicket.ticket_id).where(
        ReleasedTicket.departure_id == departure.id, ~ReleasedTicket.is_returned
    )
    query = select(Ticket).where(
        Ticket.id.in_(released),
        Ticket.assignee_id.is_(None),
        Ticket.team_id == departure.team_id,
        Ticket.status.in_((Status.NEW, Status.PENDING)),
    )
    return _first(uow, query)


def _first(uow: UnitOfWork, query: Select[Ticket]) -> Sequence[Ticket]:
    """The first of them by number, locked in this order."""
    shown = (Ticket.requester, Ticket.assignee)
    query = query.options(*(joinedload(each) for each in shown))
    query = query.order_by(Ticket.id).limit(PORTION).with_for_update(of=Ticket)
    return uow.session.scalars(query).all()


def _release(uow: UnitOfWork, departure: Departure, tickets: Sequence[Ticket]) -> None:
    trigger = Trigger(departure.person, {Role.DESK}, uow.now, SURFACE, StoredLevels(uow.session))
    events = [apply(ticket, Action.UNASSIGN, trigger, change=Unassignment()) for ticket in tickets]
    write_events(uow, events)
    _note(uow, departure, tickets, is_returned=False)


def _return(uow: UnitOfWork, departure: Departure, tickets: Sequence[Ticket]) -> None:
    assert departure.returned_by is not None
    trigger = Trigger(departure.returned_by, {Role.TECHNICIAN}, uow.now, SURFACE, StoredLevels(uow.session))
    change = Assignment(departure.person)
    write_events(uow, [apply(ticket, Action.ASSIGN, trigger, change=change) for ticket in tickets])
    _note(uow, departure, tickets, is_returned=True)


def _note(uow: UnitOfWork, departure: Departure, tickets: Sequence[Ticket], *, is_returned: bool) -> None:
    for ticket in tickets:
        row = ReleasedTicket(departure_id=departure.id, ticket_id=ticket.id, is_returned=is_returned)
        uow.session.merge(row)


def _locked(uow: UnitOfWork, departure_id: int) -> Departure:
    query = select(Departure).where(Departure.id == departure_id).with_for_update()
    return uow.session.scalars(query).one()
