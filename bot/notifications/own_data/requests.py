"""The deliveries that bring somebody their own data, or say that it could not be sent."""

from bot.context.unit_of_work import UnitOfWork
from models.outbox.delivery import Delivery
from models.outbox.details import Details, NoDetails, OwnDataDetails
from models.outbox.kinds import DeliveryKind, Queue
from models.outbox.recipient import Recipient


def queue_own_data(uow: UnitOfWork, person_id: int) -> None:
    """Have a person's data sent to their direct message."""
    _queue(uow, person_id, DeliveryKind.OWN_DATA, OwnDataDetails())


def queue_own_data_failure(uow: UnitOfWork, delivery: Delivery) -> None:
    """Tell the person that their data could not be sent, and that they may ask again."""
    assert delivery.person_id is not None
    _queue(uow, delivery.person_id, DeliveryKind.OWN_DATA_FAILURE, NoDetails())


def _queue(uow: UnitOfWork, person_id: int, kind: DeliveryKind, details: Details) -> None:
    uow.session.add(
        Delivery(
            kind=kind,
            recipient=str(Recipient(Queue.DIRECT_MESSAGE, person_id)),
            method=kind.description.method,
            person_id=person_id,
            details=details,
            key=f"{kind}:{person_id}:{uow.now.isoformat()}",
            created_at=uow.now,
            due_at=uow.now,
        )
    )
