"""Known outages as they are shown at the top of a Home and of the form, and on the team's card."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import case, exists, func, literal_column, select
from sqlalchemy.orm import Session

from bot.notifications.outages import FOLLOWERS
from models.catalogue import Service, Site
from models.lifecycle import Action, Ending, Status
from models.outbox.delivery import Delivery
from models.person import Person
from models.tickets.event import Event
from models.tickets.outage import Following, KnownOutage, KnownOutages, Outage, Portion
from models.tickets.ticket import Ticket

SHOWN = 3
# As text: with a bound value the databases do not use the partial index on pending deliveries.
_IS_BEING_RESOLVED = (Delivery.state == literal_column("'pending'", type_=Delivery.state.type)) & (
    Delivery.recipient == FOLLOWERS
)
_NOT_FOLLOWING = (Ending.CANCELLED, Ending.DUPLICATE)

Row = TypeVar("Row", Site, Service)


def open_outages(session: Session, person_id: int) -> KnownOutages:
    """The open outages for this person: those of their usual site first, then the newest; last those that are
    over and whose followers are still being resolved."""
    newest = select(Outage).order_by(Outage.id.desc())
    found = session.scalars(newest.where(Outage.resolved_at.is_(None))).all()
    over = session.scalars(
        newest.join(Delivery, Delivery.outage_id == Outage.id).where(_IS_BEING_RESOLVED)
    ).all()
    if not found and not over:
        return KnownOutages()
    usual_site = session.get_one(Person, person_id).last_site_id
    shown = [*sorted(found, key=lambda outage: usual_site not in outage.site_ids), *over][:SHOWN]
    tickets = _tickets_of(session, person_id, shown)
    return KnownOutages(
        [known(session, outage, ticket_id=tickets.get(outage.id)) for outage in shown],
        len(found) + len(over) - len(shown),
    )


def known(session: Session, outage: Outage, *, ticket_id: int | None = None) -> KnownOutage:
    """An outage with the names of what it concerns."""
    return KnownOutage(
        outage,
        _named(session, Site, outage.site_ids),
        _named(session, Service, outage.service_ids),
        ticket_id,
    )


def following(session: Session, outage: Outage) -> Following:
    """How many follow it, and how they answered; tickets cancelled or closed as duplicates do not count.

    A refusal of the solution, or a reopening, counts until another solution is approved.
    """
    disagreed = exists().where(Event.ticket_id == Ticket.id, Event.action.in_([Action.REFUSE, Action.REOPEN]))
    approved = Ticket.ending == Ending.APPROVED
    refused = (Ticket.status != Status.CLOSED) & disagreed
    # Whose a forgotten ticket was is not known: each is one person's.
    whose = case((Ticket.forgotten_at.is_not(None), -Ticket.id), else_=Ticket.requester_id)
    row = session.execute(
        select(
            func.count(whose.distinct()),  # who has a second ticket behind it is one person
            func.count().filter(approved),
            func.count().filter(refused),
        ).where(Ticket.outage_id == outage.id, Ticket.ending.is_(None) | Ticket.ending.not_in(_NOT_FOLLOWING))
    ).one()
    return Following(*row, next_portion=_next_portion(session, outage))


def open_ticket_of(session: Session, person_id: int, outage_id: int) -> Ticket | None:
    """The ticket by which this person follows the outage."""
    return session.scalars(
        select(Ticket)
        .where(
            Ticket.outage_id == outage_id,
            Ticket.requester_id == person_id,
            Ticket.status != Status.CLOSED,
        )
        .order_by(Ticket.id)
        .limit(1)
    ).one_or_none()


def _tickets_of(session: Session, person_id: int, outages: Iterable[Outage]) -> Mapping[int, int]:
    """The number of this person's open ticket behind each of these outages."""
    rows = session.execute(
        select(Ticket.outage_id, Ticket.id).where(
            Ticket.outage_id.in_([outage.id for outage in outages]),
            Ticket.requester_id == person_id,
            Ticket.status != Status.CLOSED,
        )
    )
    return {outage_id: ticket_id for outage_id, ticket_id in rows if outage_id is not None}


def _next_portion(session: Session, outage: Outage) -> Portion | None:
    """The portion of its followers that the worker resolves next; `None` when none is left."""
    waiting = select(Delivery.details).where(_IS_BEING_RESOLVED, Delivery.outage_id == outage.id)
    details = session.scalar(waiting)
    return details if isinstance(details, Portion) else None


def _named(session: Session, table: type[Row], ids: Sequence[str]) -> Sequence[Row]:
    """The rows, without services that have become confidential since."""
    if not ids:
        return ()
    named = session.scalars(select(table).where(table.id.in_(ids)).order_by(table.position)).all()
    return [each for each in named if not (isinstance(each, Service) and each.has_confidential_tickets)]
