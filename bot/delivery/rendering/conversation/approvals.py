"""What asks an approver for their agreement, and the same in its final state; what its requester is told."""

from collections.abc import Mapping
from dataclasses import replace

from blocks.approvals.message import approval_message
from blocks.approvals.requester import wait_message
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import direct_message, message, reference_of
from bot.delivery.rendering.rendered import Rendered
from bot.services.approvals.queries import request_of
from models.approvals.approval import CURRENT, Approval
from models.outbox.details import AgreementDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason


def _agreement(context: RenderContext) -> Rendered:
    """The message as the step is now. One that was never posted is not any more once it asks nothing."""
    details = context.delivery.details_as(AgreementDetails)
    approval = context.session.get_one(Approval, details.approval_id)
    approver = next(each for each in approval.approvers if each.person_id == context.person.id)
    reference = reference_of(context.session, context.delivery, number=approval.id, part=details.part)
    is_last = details.part == approver.messages - 1
    is_over = reference is None and not (approver.is_open and is_last)
    if is_over and not context.delivery.uncertain:
        raise Superseded(Reason.ANSWERED_BEFORE)
    content = approval_message(context.translator, request_of(context.session, approver), part=details.part)
    destination = direct_message(context.person, reference)
    rendered = message(context, destination, content, reference, number=approval.id, part=details.part)
    return replace(rendered, only_if_posted=is_over)


def _wait(context: RenderContext) -> Rendered:
    """What the requester is asked to do about the step, or was."""
    details = context.delivery.details_as(AgreementDetails)
    approval = context.session.get_one(Approval, details.approval_id)
    reference = reference_of(context.session, context.delivery, number=approval.id, part=details.part)
    is_last = details.part == approval.messages - 1
    is_over = reference is None and not (approval.state in CURRENT and is_last)
    if is_over and not context.delivery.uncertain:
        raise Superseded(Reason.ANSWERED_BEFORE)
    content = wait_message(context.translator, context.ticket, approval, is_last=is_last)
    destination = direct_message(context.person, reference)
    rendered = message(context, destination, content, reference, number=approval.id, part=details.part)
    return replace(rendered, only_if_posted=is_over)


RENDERERS: Mapping[DeliveryKind, Renderer] = {
    DeliveryKind.AGREEMENT: _agreement,
    DeliveryKind.AGREEMENT_WAIT: _wait,
}
