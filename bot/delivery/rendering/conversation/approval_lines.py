"""Lines for the team about a step of an agreement."""

from blocks.approvals.lines import dropped_line, unanswered_line
from bot.catalogue.calendar.stored import calendar_for
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext
from bot.delivery.rendering.lookup import current_card, thread_line
from bot.delivery.rendering.rendered import RenderedMessage
from models.approvals.approval import CURRENT, Approval, Approver
from models.outbox.details import AgreementLineDetails
from models.outbox.reasons import Reason


def approval_line(context: RenderContext, details: AgreementLineDetails) -> RenderedMessage:
    """That nobody decides, unless somebody has by now; or who is no longer asked."""
    approval = context.session.get_one(Approval, details.approval_id)
    if details.dropped is not None:
        approver = context.session.get_one(Approver, details.dropped)
        content = dropped_line(context.translator, context.ticket, approver)
    elif approval.state in CURRENT:
        asked_at = approval.asked_at or context.delivery.created_at
        asked_on = calendar_for(context.session, context.ticket).local(asked_at).date()
        content = unanswered_line(context.translator, context.ticket, approval, asked_on)
    else:
        raise Superseded(Reason.ANSWERED_BEFORE)
    return thread_line(current_card(context), content)
