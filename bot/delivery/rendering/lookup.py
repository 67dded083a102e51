"""What drawings begin with: the rows that a delivery names, and where our messages stand."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.errors import ChannelUnreachable, TryAgain, Undeliverable
from bot.delivery.rendering.rendered import MessageDrawing, PostKey
from bot.services import catalogue, channels
from models.catalogue import Team
from models.lifecycle import Action, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import Post
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
    post: Post | None,
    *,
    number: int = 0,
    part: int = 0,
) -> MessageDrawing:
    """A message at a place: to post, or to edit when it stands as `post`."""
    channel, slack_id = place
    assert delivery.ticket_id is not None
    return MessageDrawing(
        channel=channel,
        slack_id=slack_id,
        text=text,
        blocks=as_dicts(blocks),
        post=PostKey(delivery.ticket_id, delivery.recipient, delivery.kind, number, part),
        edit_ts=post.ts if post else None,
    )


def as_dicts(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Blocks as the Web API takes them."""
    return [block.to_dict() for block in blocks]


def dm_of(person: Person, post: Post | None) -> tuple[str | None, str]:
    """The direct message with a person: its channel, once it was opened, and their Slack id."""
    return (post.channel if post else person.dm_channel), person.slack_id


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


def post_of(
    session: Session, delivery: Delivery, *, kind: DeliveryKind | None = None, number: int = 0, part: int = 0
) -> Post | None:
    """Where a message of the same recipient stands; of the delivery's own kind unless said otherwise."""
    return session.scalars(
        select(Post).where(
            Post.ticket_id == delivery.ticket_id,
            Post.recipient == delivery.recipient,
            Post.kind == (kind or delivery.kind),
            Post.event_number == number,
            Post.part == part,
        )
    ).one_or_none()


def answer_to(session: Session, request: Post) -> Event | None:
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


def card_of(session: Session, delivery: Delivery) -> Post:
    """Where the team's card stands. Raises `Undeliverable` when there is none."""
    post = post_of(session, delivery, kind=DeliveryKind.TRIAGE_CARD)
    if post is None:
        raise Undeliverable(NO_CARD)
    fit(session, post.channel)
    return post


def fit(session: Session, channel: str | None) -> str:
    """The channel, if tickets may be shown there. Raises `ChannelUnreachable`."""
    if channel is None:
        raise ChannelUnreachable(UNKNOWN_CHANNEL)
    if channels.problem_of(session, channel):
        raise ChannelUnreachable(UNFIT_CHANNEL)
    return channel


def card_now(session: Session, ticket: Ticket) -> Post:
    """Where the card of the team stands that has the ticket now. Raises `TryAgain` while it is on its way."""
    card = session.scalars(
        select(Post).where(
            Post.ticket_id == ticket.id,
            Post.recipient == f"team:{ticket.team_id}",
            Post.kind == DeliveryKind.TRIAGE_CARD,
        )
    ).one_or_none()
    if card is None:
        raise TryAgain("the ticket is being handed over", reached=False)
    fit(session, card.channel)
    return card
