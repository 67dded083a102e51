"""What a delivery says, drawn from the database when it is sent.

No session is open while anything is sent: a drawing holds all that its sender needs.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block
from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks import resolution, ticket_card
from blocks.i18n import Translator, translator
from blocks.place import read_place
from bot import outbox, tickets
from bot.drawings import (
    Drawing,
    FileDrawing,
    HomeDrawing,
    MailDrawing,
    MessageDrawing,
    Overtaken,
    PostKey,
)
from bot.home import draw_home
from bot.outcomes import NO_CARD, UNKNOWN_CHANNEL, ChannelUnreachable, Undeliverable
from models.attachment import Attachment, AttachmentState
from models.catalogue import Team
from models.delivery import Delivery, DeliveryKind, Post
from models.event import Event
from models.lifecycle import Action, Status
from models.person import Person
from models.ticket import Ticket


def draw(session: Session, delivery: Delivery, *, locale: str) -> Drawing:
    """The drawing of a delivery; teams are spoken to in `locale`, people in their own.

    Raises `Overtaken` when the ticket has moved past it, and `Undeliverable` when it has no place to go.
    """
    if delivery.kind is DeliveryKind.TRIAGE_CARD:
        return _triage_card(session, delivery, translator(locale))
    if delivery.kind is DeliveryKind.THREAD:
        return _thread(session, delivery, translator(locale))
    return _FOR_ONE[delivery.kind](session, delivery)


def _card(session: Session, delivery: Delivery) -> Drawing:
    ticket, person = _ticket(session, delivery), _person(session, delivery)
    post = _post(session, delivery)
    if post and outbox.is_overtaken(session, delivery):
        raise Overtaken("a later edit follows")
    _ = translator(person.locale)
    return _message(
        delivery,
        _dm(person, post),
        ticket_card.card_text(_, ticket),
        ticket_card.requester_card(_, ticket),
        post,
    )


def _triage_card(session: Session, delivery: Delivery, _: Translator) -> Drawing:
    ticket, team = _ticket(session, delivery), _team(session, delivery)
    post = _post(session, delivery)
    if post and outbox.is_overtaken(session, delivery):
        raise Overtaken("a later edit follows")
    home = _channel_of(session, team, delivery)
    channel = post.channel if post else home
    if channel is None:
        raise ChannelUnreachable(UNKNOWN_CHANNEL)
    away = channel != team.channel_id
    blocks = ticket_card.triage_card(
        _,
        ticket,
        files=tickets.attachments(session, ticket),
        refusal=_last_refusal(session, ticket),
        notice=_("For {team}, whose channel cannot be reached.", team=team.name.in_(_.locale))
        if away
        else None,
    )
    return _message(delivery, (channel, None), ticket_card.card_text(_, ticket), blocks, post)


def _thread(session: Session, delivery: Delivery, _: Translator) -> Drawing:
    ticket, event = _ticket(session, delivery), _event(session, delivery)
    card = _triage_post(session, delivery)
    assignee = ticket.assignee
    return MessageDrawing(
        channel=card.channel,
        slack_id=None,
        text=resolution.thread_text(_, ticket, event),
        blocks=_dicts(resolution.thread_note(_, event, assignee.slack_id if assignee else None)),
        thread_ts=card.ts,
    )


def _approval(session: Session, delivery: Delivery) -> Drawing:
    ticket, event, person = _ticket(session, delivery), _event(session, delivery), _person(session, delivery)
    if ticket.status is not Status.RESOLVED or ticket.resolution != event.number:
        raise Overtaken("answered before it was sent")
    _ = translator(person.locale)
    return _message(
        delivery,
        _dm(person, None),
        resolution.approval_text(_, ticket),
        resolution.approval_request(_, ticket, event),
        None,
    )


def _settled(session: Session, delivery: Delivery) -> Drawing:
    ticket, person = _ticket(session, delivery), _person(session, delivery)
    post = session.scalars(
        select(Post)
        .where(
            Post.ticket_id == ticket.id,
            Post.recipient == delivery.recipient,
            Post.kind == DeliveryKind.APPROVAL,
        )
        .order_by(Post.event_number.desc())
        .limit(1)
    ).one_or_none()
    if post is None:
        raise Overtaken("there is no approval request to rewrite")
    resolved = tickets.event_numbered(session, ticket, post.event_number)
    answer = tickets.event_numbered(session, ticket, post.event_number + 1)
    assert resolved is not None
    _ = translator(person.locale)
    blocks = resolution.settled_approval(_, ticket, resolved, answer)
    return _message(delivery, (post.channel, None), ticket_card.card_text(_, ticket), blocks, post)


def _home(session: Session, delivery: Delivery) -> Drawing:
    person = _person(session, delivery)
    if person.home_opened_at is None:
        raise Overtaken("they never opened it")
    if outbox.is_overtaken(session, delivery):
        raise Overtaken("a later one follows")
    place = read_place({"private_metadata": person.home_place})
    view = draw_home(session, person_id=person.id, locale=person.locale, place=place)
    return HomeDrawing(person.slack_id, view.to_dict())


def _file(session: Session, delivery: Delivery) -> Drawing:
    file = session.get_one(Attachment, delivery.details["attachment"])
    if file.state is AttachmentState.FAILED:
        raise Overtaken(file.reason or "it could not be had")
    card = _triage_post(session, delivery)
    return FileDrawing(file.id, file.slack_file_id, file.name, file.key, card.channel, card.ts)


def _mail(session: Session, delivery: Delivery) -> Drawing:
    ticket, event, person = _ticket(session, delivery), _event(session, delivery), _person(session, delivery)
    if not person.email:
        raise Overtaken("no address is known")
    if event.action is not Action.OPEN and ticket.event_count != event.number:
        raise Overtaken("the ticket had moved on before it was sent")
    _load(ticket)
    return MailDrawing(delivery.details["template"], person.locale, person.email, person.name, ticket, event)


_FOR_ONE: Mapping[DeliveryKind, Callable[[Session, Delivery], Drawing]] = {
    DeliveryKind.CARD: _card,
    DeliveryKind.FILE: _file,
    DeliveryKind.APPROVAL: _approval,
    DeliveryKind.SETTLED: _settled,
    DeliveryKind.HOME: _home,
    DeliveryKind.MAIL: _mail,
}


def _message(
    delivery: Delivery,
    place: tuple[str | None, str | None],
    text: str,
    blocks: Sequence[Block],
    post: Post | None,
) -> MessageDrawing:
    channel, slack_id = place
    number = delivery.event_number if delivery.kind is DeliveryKind.APPROVAL else 0
    assert delivery.ticket_id is not None
    return MessageDrawing(
        channel=channel,
        slack_id=slack_id,
        text=text,
        blocks=_dicts(blocks),
        post=PostKey(delivery.ticket_id, delivery.recipient, delivery.kind, number),
        edit_ts=post.ts if post else None,
    )


def _dicts(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    return [block.to_dict() for block in blocks]


def _dm(person: Person, post: Post | None) -> tuple[str | None, str]:
    return (post.channel if post else person.dm_channel), person.slack_id


def _ticket(session: Session, delivery: Delivery) -> Ticket:
    return session.get_one(Ticket, delivery.ticket_id)


def _person(session: Session, delivery: Delivery) -> Person:
    return session.get_one(Person, delivery.person_id)


def _team(session: Session, delivery: Delivery) -> Team:
    return session.get_one(Team, delivery.team_id)


def _event(session: Session, delivery: Delivery) -> Event:
    return session.get_one(Event, delivery.event_id)


def _post(session: Session, delivery: Delivery) -> Post | None:
    return session.scalars(
        select(Post).where(
            Post.ticket_id == delivery.ticket_id,
            Post.recipient == delivery.recipient,
            Post.kind == delivery.kind,
            Post.event_number == 0,
        )
    ).one_or_none()


def _triage_post(session: Session, delivery: Delivery) -> Post:
    post = session.scalars(
        select(Post).where(
            Post.ticket_id == delivery.ticket_id,
            Post.recipient == delivery.recipient,
            Post.kind == DeliveryKind.TRIAGE_CARD,
        )
    ).one_or_none()
    if post is None:
        raise Undeliverable(NO_CARD)
    return post


def _channel_of(session: Session, team: Team, delivery: Delivery) -> str | None:
    """The team's channel; the default team's when it is unknown or was found to be out of reach."""
    if team.channel_id and not delivery.details.get("fallback"):
        return team.channel_id
    return tickets.default_team(session).channel_id


def _last_refusal(session: Session, ticket: Ticket) -> str | None:
    """Why the last solution was refused, as long as no other was proposed."""
    last = session.scalars(
        select(Event)
        .where(Event.ticket_id == ticket.id, Event.action.in_([Action.REFUSE, Action.RESOLVE, Action.REOPEN]))
        .order_by(Event.number.desc())
        .limit(1)
    ).one_or_none()
    return last.text if last and last.action is not Action.RESOLVE else None


def _load(ticket: Ticket) -> None:
    """Read what a mail shows while the session is open."""
    _unused = (ticket.requester.name, ticket.site.name, ticket.service and ticket.service.name)
    del _unused
