"""What drawings begin with: the rows that a delivery names, and where our messages stand."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.errors import ChannelUnreachable, Permanent, Retryable
from bot.delivery.rendering.rendered import ReferenceKey, RenderedMessage
from bot.services import catalogue, channels
from models.catalogue import Team
from models.lifecycle import Action, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import NO_CARD, UNFIT_CHANNEL, UNKNOWN_CHANNEL
from models.person import Person
from models.tickets.event import Event
from models.tickets.ticket import Ticket

HANDED_OVER = "another team has the ticket now"


def message(
    delivery: Delivery,
    place: tuple[str | None, str | None],
    text: str,
    blocks: Sequence[Block],
    reference: MessageReference | None,
    *,
    number: int = 0,
    part: int = 0,
) -> RenderedMessage:
    """A message at a place: to post, or to edit when it stands as `reference`."""
    channel, slack_id = place
    assert delivery.ticket_id is not None
    return RenderedMessage(
        channel=channel,
        slack_id=slack_id,
        text=text,
        blocks=as_dicts(blocks),
        reference=ReferenceKey(delivery.ticket_id, delivery.recipient, delivery.kind, number, part),
        edit_ts=reference.ts if reference else None,
    )


def as_dicts(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Blocks as the Web API takes them."""
    return [block.to_dict() for block in blocks]


def dm_of(person: Person, reference: MessageReference | None) -> tuple[str | None, str]:
    """The direct message with a person: its channel, once it was opened, and their Slack id."""
    return (reference.channel if reference else person.dm_channel), person.slack_id


def ticket_of(session: Session, delivery: Delivery) -> Ticket:
    """The ticket that a delivery is about."""
    return session.get_one(Ticket, delivery.ticket_id)


def person_of(session: Session, delivery: Delivery) -> Person:
    """Whom it is for."""
    return session.get_one(Person, delivery.person_id)


def team_of(session: Session, delivery: Delivery) -> Team:
    """The team that it is for."""
    return session.get_one(Team, delivery.team_id)


def event_of(session: Session, delivery: Delivery) -> Event:
    """What it tells of."""
    return session.get_one(Event, delivery.event_id)


def reference_of(
    session: Session, delivery: Delivery, *, kind: DeliveryKind | None = None, number: int = 0, part: int = 0
) -> MessageReference | None:
    """Where a message of the same recipient stands; of the delivery's own kind unless said otherwise."""
    return session.scalars(
        select(MessageReference).where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == (kind or delivery.kind),
            MessageReference.event_number == number,
            MessageReference.part == part,
        )
    ).one_or_none()


def answer_to(session: Session, request: MessageReference) -> Event | None:
    """How an approval request was answered, if it was."""
    answers = (Action.APPROVE, Action.RECORD_APPROVAL, Action.REFUSE)
    after = session.scalars(
        select(Event)
        .where(
            Event.ticket_id == request.ticket_id,
            Event.number > request.event_number,
            Event.from_status == Status.RESOLVED,
            Event.to_status != Status.RESOLVED,
        )
        .order_by(Event.number)
        .limit(1)
    ).one_or_none()
    return after if after and after.action in answers else None


def destination_team(session: Session, delivery: Delivery) -> Team:
    """The team in whose channel a card is to stand: the default one once its own's was out of reach."""
    fell_back = delivery.details.get("fallback")
    return catalogue.default_team(session) if fell_back else team_of(session, delivery)


def handed_over_since(session: Session, delivery: Delivery) -> bool:
    """Whether the ticket went to another team after the event that is told of; it may be back since."""
    later = select(Event.id).where(
        Event.ticket_id == delivery.ticket_id,
        Event.action == Action.TRANSFER,
        Event.number > delivery.event_number,
    )
    return session.scalar(later.limit(1)) is not None


def card_of(session: Session, delivery: Delivery) -> MessageReference:
    """Where the team's card stands. Raises `Permanent` when there is none."""
    reference = reference_of(session, delivery, kind=DeliveryKind.TRIAGE_CARD)
    if reference is None:
        raise Permanent(NO_CARD)
    fit(session, reference.channel)
    return reference


def fit(session: Session, channel: str | None) -> str:
    """The channel, if tickets may be shown there. Raises `ChannelUnreachable`."""
    if channel is None:
        raise ChannelUnreachable(UNKNOWN_CHANNEL)
    if channels.problem_of(session, channel):
        raise ChannelUnreachable(UNFIT_CHANNEL)
    return channel


def card_now(session: Session, ticket: Ticket) -> MessageReference:
    """Where the card of the team stands that has the ticket now. Raises `Retryable` while it is on its way."""
    card = session.scalars(
        select(MessageReference).where(
            MessageReference.ticket_id == ticket.id,
            MessageReference.recipient == f"team:{ticket.team_id}",
            MessageReference.kind == DeliveryKind.TRIAGE_CARD,
        )
    ).one_or_none()
    if card is None:
        raise Retryable("the ticket is being handed over", reached=False)
    fit(session, card.channel)
    return card
