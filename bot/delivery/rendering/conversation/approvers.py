"""Whom a step asks, to be read from Slack: as its rule is, for as long as it waits for them."""

from collections.abc import Mapping

from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.rendered import ApproverReading, Rendered
from bot.services.approvals.lookup import awaits
from models.approvals.approval import Approval
from models.outbox.details import ApproversDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason


def _approvers(context: RenderContext) -> Rendered:
    details = context.delivery.details_as(ApproversDetails)
    approval = context.session.get_one(Approval, details.approval_id)
    who = approval.rule.fallback if details.is_fallback else approval.rule.who
    if who is None or not awaits(approval, is_fallback=details.is_fallback):
        raise Superseded(Reason.TICKET_MOVED_ON)
    return ApproverReading(approval.id, who, context.ticket.requester.slack_id)


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.APPROVERS: _approvers}
