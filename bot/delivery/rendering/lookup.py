"""What renderers share: where our messages are in Slack, and the message that is made of a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block
from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks.kit.block_text import Content, full_text
from blocks.kit.values import Payload
from bot.delivery.errors import ChannelUnreachable, Permanent, Retryable
from bot.delivery.rendering.context import RenderContext
from bot.delivery.rendering.rendered import ReferenceKey, RenderedMessage
from bot.services import catalogue, channels
from models.catalogue import Team
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.details import FallbackDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Reason
from models.outbox.recipient import team_recipient
from models.person import Person
from models.tickets.event import Event
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Destination:
    """Where a message is posted. `channel`: `None` for a direct message that is still to be opened."""

    channel: str | None
    slack_id: str | None = None
    """The person of a direct message."""
    thread_ts: str | None = None


def message(
    context: RenderContext,
    destination: Destination,
    content: Content,
    reference: MessageReference | None,
    *,
    number: int = 0,
    part: int = 0,
) -> RenderedMessage:
    """A message: an edit of `reference`, or a new one, which is saved under
    `number` and `part`."""
    delivery = context.delivery
    text, blocks = content[0], as_dicts(content[1])
    assert delivery.ticket_id is not None
    return RenderedMessage(
        channel=destination.channel,
        slack_id=destination.slack_id,
        text=full_text(text, blocks),
        blocks=blocks,
        reference=ReferenceKey(delivery.ticket_id, delivery.recipient, delivery.kind, number, part),
        edit_ts=reference.ts if reference else None,
        thread_ts=destination.thread_ts,
    )


def thread_line(card: MessageReference, content: Content) -> RenderedMessage:
    """A new message under a team's card, which is not edited later."""
    text, blocks = content[0], as_dicts(content[1])
    return RenderedMessage(
        channel=card.channel, slack_id=None, text=full_text(text, blocks), blocks=blocks, thread_ts=card.ts
    )


def as_dicts(blocks: Sequence[Block]) -> list[Payload]:
    """Blocks as the Web API takes them."""
    return [block.to_dict() for block in blocks]


def direct_message(person: Person, reference: MessageReference | None) -> Destination:
    """The direct message with a person."""
    return Destination(reference.channel if reference else person.dm_channel, person.slack_id)


def reference_of(
    session: Session, delivery: Delivery, *, kind: DeliveryKind | None = None, number: int = 0, part: int = 0
) -> MessageReference | None:
    """The reference of a message to the same recipient, of the delivery's own kind unless `kind` is given."""
    return session.scalars(
        select(MessageReference).where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == (kind or delivery.kind),
            MessageReference.event_number == number,
            MessageReference.part == part,
        )
    ).one_or_none()


def newest_reference(
    session: Session, delivery: Delivery, kind: DeliveryKind, *, number: int
) -> MessageReference | None:
    """The same of a message in several parts: the last one."""
    parts = select(MessageReference).where(
        MessageReference.ticket_id == delivery.ticket_id,
        MessageReference.recipient == delivery.recipient,
        MessageReference.kind == kind,
        MessageReference.event_number == number,
    )
    return session.scalars(parts.order_by(MessageReference.part.desc()).limit(1)).first()


def destination_team(session: Session, delivery: Delivery) -> Team:
    """The team in whose channel a card is posted: the default one once its own's was out of reach,
    unless the ticket is confidential."""
    ticket = session.get_one(Ticket, delivery.ticket_id) if delivery.ticket_id is not None else None
    is_confidential = ticket is not None and ticket.is_confidential
    if isinstance(delivery.details, FallbackDetails) and not is_confidential:
        return catalogue.default_team(session)
    return session.get_one(Team, delivery.team_id)


def handed_over_since(session: Session, delivery: Delivery) -> bool:
    """Whether the ticket went to another team after the delivery's event; it may be back since."""
    later = select(Event.id).where(
        Event.ticket_id == delivery.ticket_id,
        Event.action == Action.TRANSFER,
        Event.number > delivery.event_number,
    )
    return session.scalar(later.limit(1)) is not None


def card_of(session: Session, delivery: Delivery) -> MessageReference:
    """The card of the team that the delivery is for, or the one it had when the ticket was attached. Raises
    `Permanent` when there is none, and what `require_fit` raises."""
    reference = reference_of(session, delivery, kind=DeliveryKind.TRIAGE_CARD)
    reference = reference or _card_of_attached(session, delivery)
    if reference is None:
        raise Permanent(Reason.NO_CARD)
    require_fit(session, reference.channel)
    return reference


def _card_of_attached(session: Session, delivery: Delivery) -> MessageReference | None:
    """The card that says what the ticket is attached to. It has what came before that, and what comes until
    the ticket is free."""
    moved = select(MessageReference).where(
        MessageReference.ticket_id == delivery.ticket_id,
        MessageReference.recipient == delivery.recipient,
        MessageReference.kind == DeliveryKind.MOVED,
    )
    card = session.scalars(moved.order_by(MessageReference.event_number.desc()).limit(1)).first()
    if card is None or delivery.event_number is None:
        return None
    is_attached = not session.get_one(Ticket, delivery.ticket_id).has_card
    return card if is_attached or card.event_number > delivery.event_number else None


def current_card(context: RenderContext) -> MessageReference:
    """The card of the team that has the ticket now. Raises `Retryable` while it has not been posted, and what
    `card_of` raises."""
    if not context.is_handed_over:
        return card_of(context.session, context.delivery)
    card = _card_of_team(context.session, context.ticket)
    if card is None:
        raise Retryable(Reason.HANDOVER_IN_PROGRESS)
    require_fit(context.session, card.channel)
    return card


def _card_of_team(session: Session, ticket: Ticket) -> MessageReference | None:
    return session.scalars(
        select(MessageReference).where(
            MessageReference.ticket_id == ticket.id,
            MessageReference.recipient == str(team_recipient(ticket.team_id)),
            MessageReference.kind == DeliveryKind.TRIAGE_CARD,
        )
    ).one_or_none()


def require_fit(session: Session, channel: str | None) -> str:
    """The channel, if tickets may be shown there. Raises `ChannelUnreachable`."""
    if channel is None:
        raise ChannelUnreachable(Reason.UNKNOWN_CHANNEL)
    if channels.problem_of(session, channel):
        raise ChannelUnreachable(Reason.UNFIT_CHANNEL)
    return channel
