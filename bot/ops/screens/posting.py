"""Messages of a sample desk that count as sent without being drawn: they look like those that are."""

from itertools import count

from sqlalchemy import ColumnElement, select, update

from bot.delivery.rendering.lookup import reference_of
from bot.ops.screens.desk import SampleDesk
from models.catalogue import Team
from models.outbox.delivery import Delivery
from models.outbox.details import AgreementDetails
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import MessageReference
from models.person import Person

LIVING = (DeliveryKind.CARD, DeliveryKind.TRIAGE_CARD)
POSTED = (*LIVING, DeliveryKind.RESOLUTION, DeliveryKind.DECISION, DeliveryKind.AGREEMENT)
"""The kinds whose messages later ones edit, or stand below."""
_WAITING = Delivery.state == DeliveryState.PENDING
_numbers = count(1)


def send(desk: SampleDesk) -> None:
    """Count all that waits as sent; approvers are still to be looked up."""
    with desk.sessions.begin() as session:
        for delivery in session.scalars(select(Delivery).where(_WAITING, Delivery.kind.in_(POSTED))):
            number, part = _place(delivery)
            if reference_of(session, delivery, number=number, part=part) is None:
                row = session.get_one(Team, delivery.team_id) if delivery.team_id else None
                person = session.get_one(Person, delivery.person_id) if delivery.person_id else None
                channel = row.channel_id if row else person.dm_channel if person else None
                session.add(
                    MessageReference(
                        ticket_id=delivery.ticket_id,
                        recipient=delivery.recipient,
                        kind=delivery.kind,
                        event_number=number,
                        part=part,
                        channel=channel,
                        ts=new_ts(),
                    )
                )
    discard(desk, Delivery.kind != DeliveryKind.APPROVERS)


def discard(desk: SampleDesk, *conditions: ColumnElement[bool]) -> None:
    """Have all that waits never be sent, or what of it fulfils the conditions."""
    over = {"state": DeliveryState.SKIPPED, "completed_at": desk.now}
    with desk.sessions.begin() as session:
        session.execute(update(Delivery).where(_WAITING, *conditions).values(over))


def new_ts() -> str:
    """The `ts` of another message."""
    return f"1764000000.{next(_numbers):06}"


def _place(delivery: Delivery) -> tuple[int, int]:
    """The number and the part in the key of its message."""
    if isinstance(delivery.details, AgreementDetails):
        return delivery.details.approval_id, delivery.details.part
    return (0 if delivery.kind in LIVING else delivery.event_number), 0
