"""What a delivery says, drawn from the database when it is sent.

No session is open while anything is sent: a drawing holds all that its sender needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks.app_home import HomeState
from blocks.i18n import Translator, translator
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
    reference_of,
    team_of,
    ticket_of,
)
from bot.delivery.rendering.outages import render_outage
from bot.delivery.rendering.rendered import (
    ChannelReading,
    Rendered,
    RenderedEmail,
    RenderedHome,
    Superseded,
)
from bot.delivery.rendering.threads import render_comment, render_file, render_thread
from bot.services.tickets import attachments, history
from bot.views.app_home import home
from models.lifecycle import Action, Role, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import DEACTIVATED
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def render(session: Session, delivery: Delivery, *, locale: str) -> Rendered:
    """The drawing of a delivery; teams are spoken to in `locale`, people in their own.

    Raises `Superseded` when the ticket has moved past it, and `Permanent` when it has no place to go. What
    an earlier attempt may have posted is still looked for: people see it, press its buttons, write under it.
    """
    if delivery.kind is DeliveryKind.CHANNEL:
        return ChannelReading(delivery.details.get("channel"))
    if delivery.person_id is not None and person_of(session, delivery).is_deactivated:
        raise Superseded(DEACTIVATED)
    if delivery.kind in _FOR_TEAMS:
        return _FOR_TEAMS[delivery.kind](session, delivery, translator(locale))
    return _FOR_ONE[delivery.kind](session, delivery)


def _card(session: Session, delivery: Delivery) -> Rendered:
    ticket, person = ticket_of(session, delivery), person_of(session, delivery)
    reference = reference_of(session, delivery)
    if reference and outbox.is_superseded(session, delivery):
        raise Superseded("a later edit follows")
    _ = translator(person.locale)
    return message(
        delivery,
        dm_of(person, reference),
        card.card_text(_, ticket),
        card.requester_card(_, ticket, attachments.attachments(session, ticket, {Role.REQUESTER})),
        reference,
    )


def _triage_card(session: Session, delivery: Delivery, _: Translator) -> Rendered:
    ticket, team = ticket_of(session, delivery), team_of(session, delivery)
    reference = reference_of(session, delivery)
    handed_over = ticket.team_id != team.id
    if handed_over and (reference or not delivery.uncertain):
        raise Superseded(HANDED_OVER)
    if reference and outbox.is_superseded(session, delivery):
        raise Superseded("a later edit follows")
    channel = fit(session, reference.channel if reference else destination_team(session, delivery).channel_id)
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
    posted = message(delivery, (channel, None), card.card_text(_, ticket), blocks, reference)
    return replace(posted, only_if_posted=handed_over)


def _moved(session: Session, delivery: Delivery, _: Translator) -> Rendered:
    """The card of a team that has handed the ticket over: no longer theirs to act on."""
    ticket, event = ticket_of(session, delivery), event_of(session, delivery)
    reference = reference_of(session, delivery, kind=DeliveryKind.TRIAGE_CARD)
    if reference is None:
        raise Superseded("the team had no card")
    blocks = card.moved_card(_, ticket, event)
    return message(delivery, (reference.channel, None), card.card_text(_, ticket), blocks, reference)


def _approval(session: Session, delivery: Delivery) -> Rendered:
    ticket, event, person = (
        ticket_of(session, delivery),
        event_of(session, delivery),
        person_of(session, delivery),
    )
    answered = ticket.status is not Status.RESOLVED or ticket.resolution != event.number
    if answered and not delivery.uncertain:
        raise Superseded("answered before it was sent")
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


def _resolution_result(session: Session, delivery: Delivery) -> Rendered:
    ticket, person = ticket_of(session, delivery), person_of(session, delivery)
    reference = session.scalars(
        select(MessageReference)
        .where(
            MessageReference.ticket_id == ticket.id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == DeliveryKind.APPROVAL,
        )
        .order_by(MessageReference.event_number.desc())
        .limit(1)
    ).one_or_none()
    if reference is None:
        raise Superseded("there is no approval request to rewrite")
    resolved = history.event_numbered(session, ticket, reference.event_number)
    answer = answer_to(session, reference)
    assert resolved is not None
    _ = translator(person.locale)
    blocks = resolution.resolution_result(_, ticket, resolved, answer)
    return message(delivery, dm_of(person, reference), card.card_text(_, ticket), blocks, reference)


def _home(session: Session, delivery: Delivery) -> Rendered:
    person = person_of(session, delivery)
    if person.home_opened_at is None:
        raise Superseded("they never opened it")
    if outbox.is_superseded(session, delivery):
        raise Superseded("a later one follows")
    state = HomeState.saved(person.home_state)
    assert delivery.started_at is not None
    now = delivery.started_at
    view = home(session, person.id, state, now=now)
    return RenderedHome(person.slack_id, view.to_dict())


def _mail(session: Session, delivery: Delivery) -> Rendered:
    ticket, event, person = (
        ticket_of(session, delivery),
        event_of(session, delivery),
        person_of(session, delivery),
    )
    if not person.email:
        raise Superseded("no address is known")
    if event.action is not Action.OPEN and ticket.state_event != event.number:
        raise Superseded("the ticket had moved on before it was sent")
    _load(ticket, event)
    assert delivery.started_at is not None
    return RenderedEmail(
        template=delivery.details["template"],
        locale=person.locale,
        to=person.email,
        name=person.name,
        ticket=ticket,
        event=event,
        token=delivery.details.get("token"),
        at=delivery.started_at,
    )


_FOR_TEAMS: Mapping[DeliveryKind, Callable[[Session, Delivery, Translator], Rendered]] = {
    DeliveryKind.TRIAGE_CARD: _triage_card,
    DeliveryKind.THREAD: render_thread,
    DeliveryKind.COMMENT: render_comment,
    DeliveryKind.MOVED: _moved,
    DeliveryKind.OUTAGE: render_outage,
}
_FOR_ONE: Mapping[DeliveryKind, Callable[[Session, Delivery], Rendered]] = {
    DeliveryKind.CARD: _card,
    DeliveryKind.FILE: render_file,
    DeliveryKind.APPROVAL: _approval,
    DeliveryKind.RESOLUTION_RESULT: _resolution_result,
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
