"""Living messages that are queued once more for something that is no event of their ticket."""

from datetime import datetime

from sqlalchemy import select

from bot.context.actor import person_by_slack_id
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.rows import event_delivery
from models.outbox.delivery import Delivery
from models.outbox.details import OpinionDetails, PromiseDetails, UndeliveredDetails
from models.outbox.kinds import UPDATE, DeliveryKind, Queue
from models.outbox.message_reference import MessageReference
from models.outbox.recipient import Recipient, team_recipient
from models.tickets.attachment import Attachment
from models.tickets.event import Event
from models.tickets.ticket import Ticket

_SHORT = "short"
_HIDDEN = "hidden"


def refresh_card(uow: UnitOfWork, ticket: Ticket, event: Event, *, why: str) -> None:
    """Queue the team's card. `why` is part of the delivery's key."""
    if ticket.has_card:
        _refresh(uow, event, DeliveryKind.TRIAGE_CARD, team_recipient(ticket.team_id), why)


def shorten_card(uow: UnitOfWork, ticket: Ticket, event: Event, *, at: datetime) -> None:
    """Queue the team's card of a ticket that was closed a day ago. `at`: when it was due to become short."""
    refresh_card(uow, ticket, event, why=f"{_SHORT}:{int(at.timestamp())}")


def shortens(delivery: Delivery) -> bool:
    """Whether it was queued only because the card is to become short."""
    return f":{_SHORT}:" in delivery.key


def hide_card(uow: UnitOfWork, ticket: Ticket, event: Event) -> None:
    """Queue the cards of a ticket that has become confidential: the team's and its requester's."""
    why = f"{_HIDDEN}:{uow.now.timestamp()}"
    refresh_card(uow, ticket, event, why=why)
    refresh_requester_card(uow, event, why=why)


def hides(delivery: Delivery) -> bool:
    """Whether it was queued because its ticket has become confidential."""
    return f":{_HIDDEN}:" in delivery.key


def refresh_requester_card(uow: UnitOfWork, event: Event, *, why: str) -> None:
    """The same of the requester's card."""
    requester = Recipient(Queue.DIRECT_MESSAGE, event.ticket.requester_id)
    _refresh(uow, event, DeliveryKind.CARD, requester, why)


def refresh_resolution(uow: UnitOfWork, event: Event, *, why: str) -> None:
    """The same of the newest message that asks the requester whether a solution holds."""
    requester = Recipient(Queue.DIRECT_MESSAGE, event.ticket.requester_id)
    asked = select(MessageReference.id).where(
        MessageReference.ticket_id == event.ticket_id,
        MessageReference.recipient == str(requester),
        MessageReference.kind == DeliveryKind.RESOLUTION,
    )
    if uow.session.scalar(asked.limit(1)) is not None:
        _refresh(uow, event, DeliveryKind.RESOLUTION_RESULT, requester, why)


def refresh_cards(uow: UnitOfWork, file: Attachment, event: Event, *, why: str) -> None:
    """Queue the cards that name a file: the requester's too, unless it came with a note."""
    ticket = file.ticket
    refresh_card(uow, ticket, event, why=why)
    if not file.is_internal:
        refresh_requester_card(uow, event, why=why)


def _refresh(uow: UnitOfWork, event: Event, kind: DeliveryKind, recipient: Recipient, why: str) -> None:
    delivery = event_delivery(uow, event, kind, recipient)
    delivery.key, delivery.method = f"{delivery.key}:{why}", UPDATE
    uow.session.add(delivery)


def tell_other_hours(uow: UnitOfWork, event: Event, *, at: datetime, is_later: bool) -> None:
    """Queue the requester's card after a change of hours or targets, now that something is promised for `at`;
    when that is later than before, also the message that says so. `event`: the ticket's last."""
    why = f"hours:{int(at.timestamp())}:{uow.now.timestamp()}"  # hours that are changed back promise it again
    refresh_requester_card(uow, event, why=why)
    if is_later:
        requester = Recipient(Queue.DIRECT_MESSAGE, event.ticket.requester_id)
        delivery = event_delivery(uow, event, DeliveryKind.PROMISE, requester)
        delivery.details, delivery.key = PromiseDetails(), f"{delivery.key}:{why}"
        uow.session.add(delivery)


def refresh_home(uow: UnitOfWork, slack_id: str) -> None:
    """Queue a person's App Home, if they ever opened it."""
    person = person_by_slack_id(uow.session, slack_id)
    if person is None or person.home_opened_at is None:
        return
    home = Recipient(Queue.HOME, person.id)
    uow.session.add(
        Delivery(
            kind=DeliveryKind.HOME,
            recipient=str(home),
            method=DeliveryKind.HOME.description.method,
            person_id=person.id,
            key=f"{home}:{uow.now.timestamp()}",
            created_at=uow.now,
            due_at=uow.now,
        )
    )


def opinion_line(uow: UnitOfWork, event: Event) -> Delivery:
    """A line for the thread of the team's card: what a dissatisfied requester added to their rating."""
    delivery = event_delivery(uow, event, DeliveryKind.THREAD, team_recipient(event.ticket.team_id))
    delivery.details, delivery.key = OpinionDetails(), f"{delivery.key}:opinion"
    return delivery


def undelivered_line(uow: UnitOfWork, event: Event, details: UndeliveredDetails, *, key: str) -> Delivery:
    """A line for the thread of the team's card: what of the event did not reach the requester."""
    delivery = event_delivery(uow, event, DeliveryKind.THREAD, team_recipient(event.ticket.team_id))
    delivery.details, delivery.key = details, key
    return delivery
