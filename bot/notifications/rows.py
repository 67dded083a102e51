"""Rows of the outbox for events of tickets and outages."""

from bot.context.unit_of_work import UnitOfWork
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.details import NoDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.recipient import Recipient
from models.tickets.event import Event
from models.tickets.outage import Outage


def event_delivery(uow: UnitOfWork, event: Event, kind: DeliveryKind, recipient: Recipient) -> Delivery:
    """What tells a recipient of an event; not yet in the session. A caller that queues several deliveries of
    one kind for an event gives each its own key."""
    ticket, description = event.ticket, kind.description
    outage = ticket.outage if description.is_of_outage else None
    is_edit = description.is_living and event.action is not Action.OPEN
    # One App Home for the requester, and one for each technician.
    whose = "" if recipient.person_id in {None, ticket.requester_id} else f":{recipient.person_id}"
    return Delivery(
        kind=kind,
        recipient=str(recipient),
        method=(description.edit_method if is_edit else None) or description.method,
        person_id=recipient.person_id,
        team_id=outage.team_id if outage else recipient.team_id,
        ticket_id=None if outage else ticket.id,
        outage_id=outage.id if outage else None,
        event_id=event.id,
        event_number=event.number,
        details=NoDetails(),  # set in each, so that one INSERT takes them all
        key=f"{ticket.id}:{event.number}:{kind}{whose}",
        created_at=uow.now,
        due_at=uow.now,
    )


def outage_delivery(
    uow: UnitOfWork, outage: Outage, kind: DeliveryKind, recipient: Recipient, *, key: str
) -> Delivery:
    """What tells a recipient of an outage, for no event of a ticket; not yet in the session."""
    return Delivery(
        kind=kind,
        recipient=str(recipient),
        method=kind.description.method,
        person_id=recipient.person_id,
        team_id=outage.team_id if kind.description.is_team_card else None,
        outage_id=outage.id,
        key=f"outage:{outage.id}:{key}",
        created_at=uow.now,
        due_at=uow.now,
    )
