"""The living cards of a ticket: the requester's, the team's, and that of the team which handed it over."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks.approvals.progress import agreement_lines
from blocks.approvals.requester import waits_for
from blocks.kit.block_text import Content
from blocks.tickets import card
from blocks.tickets.children.listing import children_lines
from bot.delivery import outbox
from bot.delivery.errors import ChannelUnreachable, Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import (
    Destination,
    destination_team,
    direct_message,
    message,
    reference_of,
    require_fit,
)
from bot.delivery.rendering.rendered import Rendered
from bot.notifications.cards import hides, shortens
from bot.services.approvals.queries import current_step
from bot.services.approvals.rows import approvals_of
from bot.services.clocks.promises import shown_promise
from bot.services.tickets.attachments import attachments
from bot.services.tickets.children.queries import children_of
from models.lifecycle import Action, Role
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Reason
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def _requester_card(context: RenderContext) -> Rendered:
    session, ticket, _ = context.session, context.ticket, context.translator
    reference = reference_of(session, context.delivery)
    if reference and outbox.is_superseded(session, context.delivery):
        raise Superseded(Reason.LATER_EDIT_FOLLOWS)
    assert context.delivery.started_at is not None
    promise = shown_promise(session, ticket, context.delivery.started_at)
    step = current_step(session, ticket)
    blocks = card.requester_card(
        _,
        ticket,
        attachments(session, ticket, {Role.REQUESTER}),
        promise,
        waits_for(_, step) if step else "",
    )
    destination = direct_message(context.person, reference)
    return message(context, destination, (card.card_text(_, ticket), blocks), reference)


def _triage_card(context: RenderContext) -> Rendered:
    session, delivery = context.session, context.delivery
    reference = reference_of(session, delivery)
    if context.is_handed_over and (reference or not delivery.uncertain):
        raise Superseded(Reason.HANDED_OVER)
    if reference and outbox.is_superseded(session, delivery):
        raise Superseded(Reason.LATER_EDIT_FOLLOWS)
    if reference and _has_own_place(context, reference):
        raise ChannelUnreachable(Reason.UNFIT_CHANNEL)  # it is posted anew there
    channel = require_fit(
        session, reference.channel if reference else destination_team(session, delivery).channel_id
    )
    content = _triage_content(context, is_away=channel != context.team.channel_id)
    rendered = message(context, Destination(channel), content, reference)
    is_deleted = reference is None and shortens(context.delivery)  # by somebody: it need not come again
    return replace(rendered, only_if_posted=context.is_handed_over or is_deleted)


def _has_own_place(context: RenderContext, card: MessageReference) -> bool:
    """Whether the card of a confidential ticket went to another channel before it was confidential, and its
    team's own is fit. What makes it confidential first takes the words from the card that is there."""
    team, delivery = context.team, context.delivery
    is_elsewhere = card.channel != team.channel_id and context.ticket.is_confidential
    is_first = hides(delivery) or context.event.action is Action.REQUALIFY
    return is_elsewhere and not is_first and team.channel_id is not None and team.channel_problem is None


def _is_short(context: RenderContext) -> bool:
    assert context.delivery.started_at is not None
    return context.ticket.has_short_card(context.delivery.started_at)


def _triage_content(context: RenderContext, *, is_away: bool) -> Content:
    """`is_away`: in another channel than the team's."""
    session, ticket, _ = context.session, context.ticket, context.translator
    away = _("For {team}, whose channel is unavailable.", team=context.team.name.in_(_.locale))
    if _is_short(context):
        return card.card_text(_, ticket), card.short_card(_, ticket, away if is_away else None)
    blocks = card.triage_card(
        _,
        ticket,
        files=attachments(session, ticket, {Role.TECHNICIAN}),
        refusal=_last_refusal(session, ticket),
        notice=away if is_away else None,
        agreement=agreement_lines(_, approvals_of(session, ticket.id)),
        children=children_lines(_, children_of(session, ticket.id)),
    )
    return card.card_text(_, ticket), blocks


def _moved_card(context: RenderContext) -> Rendered:
    """The card of a team that has handed the ticket over, without buttons."""
    ticket, _ = context.ticket, context.translator
    reference = reference_of(context.session, context.delivery, kind=DeliveryKind.TRIAGE_CARD)
    if reference is None:
        raise Superseded(Reason.NO_FORMER_CARD)
    content = card.card_text(_, ticket), card.moved_card(_, ticket, context.event)
    return message(context, Destination(reference.channel), content, reference)


def _last_refusal(session: Session, ticket: Ticket) -> str | None:
    """Why the last solution was refused, as long as no other was proposed."""
    last = session.scalars(
        select(Event)
        .where(Event.ticket_id == ticket.id, Event.action.in_([Action.REFUSE, Action.RESOLVE, Action.REOPEN]))
        .order_by(Event.number.desc())
        .limit(1)
    ).one_or_none()
    return last.text if last and last.action is not Action.RESOLVE else None


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    DeliveryKind.CARD: _requester_card,
    DeliveryKind.TRIAGE_CARD: _triage_card,
    DeliveryKind.MOVED: _moved_card,
}
