"""Following a known outage with a ticket of one's own (ITIL: a child incident).

Imports nothing of Slack. A use case raises a `HelpDeskError` and never commits.
"""

from dataclasses import replace
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.services.outages.queries import open_ticket_of
from bot.services.tickets.new_ticket import open_ticket
from models.catalogue import Service, Site
from models.errors import OutageNotFound, OutageOver
from models.lifecycle import Impact, Status, Urgency
from models.person import Person
from models.tickets.draft import TicketDraft
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

SURFACE = "outage"
# What several people cannot use is of high priority, whatever each of them would have chosen.
IMPACT, URGENCY = Impact.SERVICE, Urgency.HIGH


def follow(uow: UnitOfWork, outage_id: int) -> Ticket:
    """The ticket by which the actor follows the outage; a second click finds it.

    Raises `OutageNotFound`, and `OutageOver` when it has been resolved meanwhile.
    """
    # Shared: followers do not wait for each other; resolving the outage waits for them.
    outage = uow.session.get(Outage, outage_id, with_for_update={"read": True})
    if outage is None:
        raise OutageNotFound
    if ticket := open_ticket_of(uow.session, uow.actor.id, outage.id):
        return ticket
    ticket = _open_child(uow, outage)
    uow.session.refresh(outage, ["resolved_at"])  # SQLite has locked only now
    if outage.is_over:
        raise OutageOver
    return ticket


def _open_child(uow: UnitOfWork, outage: Outage) -> Ticket:
    """File the actor's ticket behind the outage. Neither the form's settings nor the limits apply. Its site
    is not kept for their next form: they chose none."""
    person = uow.person
    usual_site = person.last_site_id
    without_form = replace(uow, surface=SURFACE, settings=UseCaseSettings())
    ticket = open_ticket(without_form, _draft(uow.session, outage, person), outage=outage)
    person.last_site_id = usual_site
    return ticket


def _draft(session: Session, outage: Outage, person: Person) -> TicketDraft:
    """The form of a follower's ticket."""
    return TicketDraft(
        submission=_submission(session, outage, person),
        title=outage.title,
        impact=IMPACT,
        urgency=URGENCY,
        site_id=_site_of(session, outage, person),
        service_id=_service_of(session, outage),
    )


def _submission(session: Session, outage: Outage, person: Person) -> str:
    """The same for two clicks at once, which therefore make one ticket; another one after a cancelled ticket.
    A ticket that the other click made meanwhile is open, and not counted."""
    earlier = select(func.count(Ticket.id)).where(
        Ticket.outage_id == outage.id, Ticket.requester_id == person.id, Ticket.status == Status.CLOSED
    )
    return str(uuid5(NAMESPACE_URL, f"outage/{outage.submission}/{session.scalar(earlier)}"))


def _site_of(session: Session, outage: Outage, person: Person) -> str | None:
    """Their usual site, else the first one concerned, else the first one of all."""
    sites = session.scalars(select(Site.id).where(~Site.archived).order_by(Site.position)).all()
    concerned = [site for site in sites if site in outage.site_ids]
    return next((site for site in (person.last_site_id, *concerned, *sites) if site in sites), None)


def _service_of(session: Session, outage: Outage) -> str | None:
    """The service concerned, when there is but one and it takes incidents."""
    service = session.get(Service, outage.service_ids[0]) if len(outage.service_ids) == 1 else None
    return service.id if service and service.offers_incident and not service.archived else None
