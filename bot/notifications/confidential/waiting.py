"""A confidential ticket's card waits for its team's channel: its technicians are told, once a ticket."""

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.rows import event_delivery
from models.catalogue import Team
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, Queue
from models.outbox.recipient import Recipient
from models.person import ChannelMember, Person
from models.tickets.event import Event
from models.tickets.ticket import Ticket

TOLD_MAX = 30
"""Members of a channel: one that became public may have very many."""


def announce_waiting(uow: UnitOfWork, delivery: Delivery) -> None:
    """Queue a direct message, with the number only, to the members of the team's channel that are on record;
    none when that was done before."""
    if delivery.kind is not DeliveryKind.TRIAGE_CARD or delivery.event_id is None:
        return
    # Two workers may find two cards of it waiting at once.
    ticket = uow.session.get_one(Ticket, delivery.ticket_id, with_for_update=True)
    if ticket.team_id != delivery.team_id:
        return
    event, key = uow.session.get_one(Event, delivery.event_id), f"{ticket.id}:waits:{ticket.team_id}"
    told = select(Delivery.id).where(Delivery.ticket_id == ticket.id, Delivery.key.startswith(f"{key}:"))
    if uow.session.scalar(told.limit(1)) is not None:
        return
    members = (
        select(Person.id)
        .join(ChannelMember, ChannelMember.slack_id == Person.slack_id)
        .join(Team, Team.channel_id == ChannelMember.channel)
        .where(Team.id == ticket.team_id, ~Person.is_deactivated)
        .order_by(Person.id)
    )
    for person_id in uow.session.scalars(members.limit(TOLD_MAX)).all():
        recipient = Recipient(Queue.DIRECT_MESSAGE, person_id)
        row = event_delivery(uow, event, DeliveryKind.CONFIDENTIAL_WAITING, recipient)
        row.key = f"{key}:{person_id}"
        uow.session.add(row)
