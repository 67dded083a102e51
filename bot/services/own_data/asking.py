"""Somebody asks for their own data: once a day, and again when it could not be sent."""

from datetime import timedelta

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.own_data.requests import queue_own_data
from bot.services.audit.record import record
from models.audit.entry import Deed
from models.outbox.delivery import Delivery
from models.outbox.details import OwnDataDetails
from models.outbox.kinds import DeliveryKind, DeliveryState, Queue
from models.outbox.recipient import Recipient
from models.person import Person
from models.personal_data.asked import Asked

ASKED_EVERY = timedelta(days=1)


def last_asked(uow: UnitOfWork, person_id: int) -> Asked | None:
    """When this person last asked, unless that was long ago or came to nothing."""
    newest = (
        select(Delivery)
        .where(
            Delivery.recipient == str(Recipient(Queue.DIRECT_MESSAGE, person_id)),
            Delivery.kind == DeliveryKind.OWN_DATA,
            Delivery.state.in_([DeliveryState.PENDING, DeliveryState.SENT]),
            Delivery.created_at > uow.now - ASKED_EVERY,
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    row = uow.session.scalars(newest).one_or_none()
    if row is None:
        return None
    link = row.details.link if isinstance(row.details, OwnDataDetails) else None
    return Asked(row.created_at, row.state is DeliveryState.SENT, link)


def ask_own_data(uow: UnitOfWork) -> Asked:
    """Have the actor's data sent to them, unless that was asked within `ASKED_EVERY`. Nothing is
    sent that the audit trail does not have."""
    uow.session.get_one(Person, uow.actor.id, with_for_update=True)  # of two clicks at once the second waits
    if (asked := last_asked(uow, uow.actor.id)) is not None:
        return asked
    record(uow, Deed.EXPORT, person_id=uow.actor.id)
    queue_own_data(uow, uow.actor.id)
    return Asked(uow.now, is_new=True)
