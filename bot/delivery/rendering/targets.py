"""Reminders for technicians, as the tickets are when they are sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from blocks.kit.block_text import full_text
from blocks.tickets import reminders as blocks
from bot.catalogue.service_levels import StoredLevels
from bot.delivery.errors import NotYet, Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import as_dicts, card_of, require_fit, thread_line
from bot.delivery.rendering.rendered import Rendered, RenderedMessage
from bot.services import catalogue
from models.lifecycle import Priority, Status
from models.outbox.details import TargetDetails, UntakenDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.tickets.ticket import RUNNING, Ticket

LISTED = 15  # tickets; a message holds 50 blocks


def _reminder(context: RenderContext) -> Rendered:
    """A line in the thread of the team's card that mentions who has the ticket."""
    ticket, percent = context.ticket, context.delivery.details_as(TargetDetails).percent
    is_due = ticket.clock_since is not None and ticket.due_reminded >= percent
    if context.is_handed_over or ticket.is_outage_child or ticket.assignee is None or not is_due:
        raise Superseded(Reason.TICKET_MOVED_ON)
    _require_open(context, [ticket])
    card = card_of(context.session, context.delivery)
    return thread_line(card, blocks.assignee_reminder(context.translator, ticket, percent))


def _untaken(context: RenderContext) -> Rendered:
    """The team's list: those that are new in it, and the others that nobody has taken since."""
    details = context.delivery.details_as(UntakenDetails)
    tickets = _still_untaken(context)
    new = [ticket for ticket in tickets if ticket.id in details.tickets]
    if not new:
        raise Superseded(Reason.TICKET_MOVED_ON)
    _require_open(context, new)
    is_urgent = any(ticket.priority is Priority.P1 for ticket in new)
    whom = context.escalate if is_urgent else None
    shown = [*new, *(ticket for ticket in tickets if ticket not in new)]
    text, rows = blocks.untaken_list(
        context.translator, shown[:LISTED], whom=whom, is_more=len(shown) > LISTED
    )
    as_sent = as_dicts(rows)
    return RenderedMessage(
        channel=_channel(context),
        slack_id=None,
        text=full_text(text, as_sent),
        blocks=as_sent,
        tickets=[ticket.id for ticket in shown[:LISTED]],
    )


def _still_untaken(context: RenderContext) -> Sequence[Ticket]:
    """The most urgent of the team's tickets that nobody has, or a closed account, and of which a reminder was
    due. No confidential ones when the list goes to another channel than the team's."""
    is_untaken = (Ticket.status == Status.NEW) & Ticket.assignee_id.is_(None)
    query = select(Ticket).where(
        Ticket.team_id == context.delivery.team_id,
        Ticket.status.in_(RUNNING),
        is_untaken | Ticket.assignee.has(is_deactivated=True),
        ~Ticket.is_outage_child,
        or_(Ticket.taken_reminded > 0, Ticket.due_reminded > 0),
    )
    if not _has_own_channel(context):
        query = query.where(~Ticket.is_confidential)
    query = query.order_by(Ticket.priority, Ticket.due_at, Ticket.id)
    new = context.delivery.details_as(UntakenDetails).tickets
    some = list(context.session.scalars(query.where(Ticket.id.in_(new))))
    return [*some, *context.session.scalars(query.where(Ticket.id.not_in(new)).limit(LISTED + 1))]


def _channel(context: RenderContext) -> str:
    """The team's channel, or the default team's while that one is out of reach."""
    team = context.team if _has_own_channel(context) else catalogue.default_team(context.session)
    return require_fit(context.session, team.channel_id)


def _has_own_channel(context: RenderContext) -> bool:
    return context.team.channel_id is not None and context.team.channel_problem is None


def _require_open(context: RenderContext, tickets: Sequence[Ticket]) -> None:
    """Raise `NotYet` when the attempt comes after closing time: Slack was out of reach before."""
    now, levels = context.delivery.started_at, StoredLevels(context.session)
    openings: list[datetime] = (
        [levels.of(ticket).calendar.next_opening(now) for ticket in tickets] if now else []
    )
    if now and openings and min(openings) > now:
        raise NotYet(min(openings), Reason.CLOSED_NOW)


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    DeliveryKind.TARGET: _reminder,
    DeliveryKind.UNTAKEN: _untaken,
}
