"""What a delivery says, drawn from the database when it is sent.

No session is open while anything is sent: a drawing holds all that its sender needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks.i18n import Translator, translator
from blocks.kit.view_state import read_place
from blocks.tickets import card, resolution
from bot.delivery import outbox
from bot.delivery.rendering.lookup import (
    HANDED_OVER,
    answer_to,
    destination_team,
    dm_of,
    event_of,
    fit,
    message,
    person_of,
    post_of,
    team_of,
    ticket_of,
)
from bot.delivery.rendering.outages import draw_outage
from bot.delivery.rendering.rendered import (
    ChannelReading,
    Drawing,
    HomeDrawing,
    MailDrawing,
    Overtaken,
)
from bot.delivery.rendering.threads import draw_comment, draw_file, draw_thread
from bot.services.tickets import attachments, history
from bot.views.app_home import home
from models.lifecycle import Action, Role, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import Post
from models.outbox.reasons import DEACTIVATED
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def draw(session: Session, delivery: Delivery, *, locale: str) -> Drawing:
    """The drawing of a delivery; teams are spoken to in `locale`, people in their own.

    Raises `Overtaken` when the ticket has moved past it, and `Undeliverable` when it has no place to go. What
    an earlier attempt may have posted is still looked for: people see it, press its buttons, write under it.
    """
    if delivery.kind is DeliveryKind.CHANNEL:
        return ChannelReading(delivery.details.get("channel"))
    if delivery.person_id is not None and person_of(session, delivery).is_deactivated:
        raise Overtaken(DEACTIVATED)
    if delivery.kind in _FOR_TEAMS:
        return _FOR_TEAMS[delivery.kind](session, delivery, translator(locale))
    return _FOR_ONE[delivery.kind](session, delivery)


def _card(session: Session, delivery: Delivery) -> Drawing:
    ticket, person = ticket_of(session, delivery), person_of(session, delivery)
    post = post_of(session, delivery)
    if post and outbox.is_overtaken(session, delivery):
        raise Overtaken("a later edit follows")
    _ = translator(person.locale)
    return message(
        delivery,
        dm_of(person, post),
        card.card_text(_, ticket),
        card.requester_card(_, ticket, attachments.attachments(session, ticket, {Role.REQUESTER})),
        post,
    )


def _triage_card(session: Session, delivery: Delivery, _: Translator) -> Drawing:
    ticket, team = ticket_of(session, delivery), team_of(session, delivery)
    post = post_of(session, delivery)
    handed_over = ticket.team_id != team.id
    if handed_over and (post or not delivery.uncertain):
        raise Overtaken(HANDED_OVER)
    if post and outbox.is_overtaken(session, delivery):
        raise Overtaken("a later edit follows")
    channel = fit(session, post.channel if post else destination_team(session, delivery).channel_id)
    away = channel != team.channel_id
    blocks = card.triage_card(
        _,
        ticket,
        files=attachments.attachments(session, ticket, {Role.TECHNICIAN}),
        refusal=_last_refusal(session, ticket),
        notice=_("For {team}, whose channel cannot be reached.", team=team.name.in_(_.locale))
        if away
        else None,
    )
    posted = message(delivery, (channel, None), card.card_text(_, ticket), blocks, post)
    return replace(posted, only_if_posted=handed_over)


def _moved(session: Session, delivery: Delivery, _: Translator) -> Drawing:
    """The card of a team that has handed the ticket over: no longer theirs to act on."""
    ticket, event = ticket_of(session, delivery), event_of(session, delivery)
    post = post_of(session, delivery, kind=DeliveryKind.TRIAGE_CARD)
    if post is None:
        raise Overtaken("the team had no card")
    blocks = card.moved_card(_, ticket, event)
    return message(delivery, (post.channel, None), card.card_text(_, ticket), blocks, post)


def _approval(session: Session, delivery: Delivery) -> Drawing:
    ticket, event, person = (
        ticket_of(session, delivery),
        event_of(session, delivery),
        person_of(session, delivery),
    )
    answered = ticket.status is not Status.RESOLVED or ticket.resolution != event.number
    if answered and not delivery.uncertain:
        raise Overtaken("answered before it was sent")
    _ = translator(person.locale)
    request = message(
        delivery,
        dm_of(person, None),
        resolution.approval_text(_, ticket),
        resolution.approval_request(_, ticket, event),
        None,
        number=event.number,
    )
    return replace(request, only_if_posted=answered)


def _settled(session: Session, delivery: Delivery) -> Drawing:
    ticket, person = ticket_of(session, delivery), person_of(session, delivery)
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
    resolved = history.event_numbered(session, ticket, post.event_number)
    answer = answer_to(session, post)
    assert resolved is not None
    _ = translator(person.locale)
    blocks = resolution.settled_approval(_, ticket, resolved, answer)
    return message(delivery, dm_of(person, post), card.card_text(_, ticket), blocks, post)


def _home(session: Session, delivery: Delivery) -> Drawing:
    person = person_of(session, delivery)
    if person.home_opened_at is None:
        raise Overtaken("they never opened it")
    if outbox.is_overtaken(session, delivery):
        raise Overtaken("a later one follows")
    place = read_place({"private_metadata": person.home_place})
    assert delivery.started_at is not None
    now = delivery.started_at
    view = home(session, person.id, place, now=now)
    return HomeDrawing(person.slack_id, view.to_dict())


def _mail(session: Session, delivery: Delivery) -> Drawing:
    ticket, event, person = (
        ticket_of(session, delivery),
        event_of(session, delivery),
        person_of(session, delivery),
    )
    if not person.email:
        raise Overtaken("no address is known")
    if event.action is not Action.OPEN and ticket.state_event != event.number:
        raise Overtaken("the ticket had moved on before it was sent")
    _load(ticket, event)
    assert delivery.started_at is not None
    return MailDrawing(
        template=delivery.details["template"],
        locale=person.locale,
        to=person.email,
        name=person.name,
        ticket=ticket,
        event=event,
        token=delivery.details.get("token"),
        at=delivery.started_at,
    )


_FOR_TEAMS: Mapping[DeliveryKind, Callable[[Session, Delivery, Translator], Drawing]] = {
    DeliveryKind.TRIAGE_CARD: _triage_card,
    DeliveryKind.THREAD: draw_thread,
    DeliveryKind.COMMENT: draw_comment,
    DeliveryKind.MOVED: _moved,
    DeliveryKind.OUTAGE: draw_outage,
}
_FOR_ONE: Mapping[DeliveryKind, Callable[[Session, Delivery], Drawing]] = {
    DeliveryKind.CARD: _card,
    DeliveryKind.FILE: draw_file,
    DeliveryKind.APPROVAL: _approval,
    DeliveryKind.SETTLED: _settled,
    DeliveryKind.HOME: _home,
    DeliveryKind.MAIL: _mail,
}


def _last_refusal(session: Session, ticket: Ticket) -> str | None:
    """Why the last solution was refused, as long as no other was proposed."""
    last = session.scalars(
        select(Event)
        .where(Event.ticket_id == ticket.id, Event.action.in_([Action.REFUSE, Action.RESOLVE, Action.REOPEN]))
        .order_by(Event.number.desc())
        .limit(1)
    ).one_or_none()
    return last.text if last and last.action is not Action.RESOLVE else None


def _load(ticket: Ticket, event: Event) -> None:
    """Read what a mail shows while the session is open."""
    for row in (ticket.requester, ticket.site, ticket.service, event.actor):
        _loaded = row and row.name
