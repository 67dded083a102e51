"""Reminders for technicians: to who has a ticket, in its thread; of untaken tickets, in their channel."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from models.outbox.delivery import Delivery
from models.outbox.details import Details, TargetDetails, UntakenDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.recipient import team_recipient
from models.tickets.ticket import Ticket


def remind_assignee(uow: UnitOfWork, ticket: Ticket) -> None:
    """Queue a line for the thread of the team's card that mentions who has the ticket."""
    percent = ticket.due_reminded
    key = f"{ticket.id}:{DeliveryKind.TARGET}:{percent}:{uow.now:%Y-%m-%dT%H:%M:%S}"
    row = _delivery(uow, DeliveryKind.TARGET, ticket.team_id, key, TargetDetails(percent))
    row.ticket_id, row.event_number = ticket.id, ticket.event_count
    uow.session.add(row)


def list_untaken(uow: UnitOfWork, team_id: str, tickets: Sequence[Ticket]) -> None:
    """Queue the team's list of this hour, which these tickets are new in. An urgent ticket that comes after
    it has a list of its own."""
    key = _key(uow, team_id)
    if is_listed(uow, team_id):
        key = f"{key}:{min(ticket.id for ticket in tickets)}:{uow.now:%M:%S}"  # of each of its targets
    details = UntakenDetails(tuple(ticket.id for ticket in tickets))
    if not _exists(uow, key):
        uow.session.add(_delivery(uow, DeliveryKind.UNTAKEN, team_id, key, details))


def is_listed(uow: UnitOfWork, team_id: str) -> bool:
    """Whether the team had its list of this hour."""
    return _exists(uow, _key(uow, team_id))


def _key(uow: UnitOfWork, team_id: str) -> str:
    return f"{DeliveryKind.UNTAKEN}:{team_id}:{uow.now:%Y-%m-%dT%H}"


def _exists(uow: UnitOfWork, key: str) -> bool:
    return uow.session.scalar(select(Delivery.id).where(Delivery.key == key)) is not None


def _delivery(uow: UnitOfWork, kind: DeliveryKind, team_id: str, key: str, details: Details) -> Delivery:
    return Delivery(
        kind=kind,
        recipient=str(team_recipient(team_id)),
        method=kind.description.method,
        team_id=team_id,
        details=details,
        key=key,
        created_at=uow.now,
        due_at=uow.now,
    )
