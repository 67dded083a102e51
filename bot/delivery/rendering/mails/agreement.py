"""The e-mail to an approver, with the first reminder of a step."""

from bot.catalogue.calendar.stored import calendar_for
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext
from bot.delivery.rendering.mails.parts import load, shown_answers
from bot.delivery.rendering.mails.slack_message import slack_message
from bot.delivery.rendering.rendered import AskedFor, RenderedEmail
from models.approvals.approval import Approval, Approver, StepState
from models.outbox.details import MailDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason


def agreement_mail(context: RenderContext) -> RenderedEmail:
    """What the approver was asked to agree to. Raises `Superseded` when the step no longer waits for them."""
    delivery, person = context.delivery, context.person
    details = delivery.details_as(MailDetails)
    approval = context.session.get_one(Approval, details.approval_id)
    approver = next((each for each in approval.asked if each.person_id == person.id), None)
    if approver is None or not approver.is_open or approval.state is not StepState.ASKED:
        raise Superseded(Reason.ANSWERED_BEFORE)
    assert approval.subject is not None
    assert delivery.started_at is not None
    load(context.ticket, context.event)
    return RenderedEmail(
        template=details.template,
        locale=person.locale,
        to=person.email or "",
        name=person.name,
        ticket=context.ticket,
        event=context.event,
        token=details.token,
        at=delivery.started_at,
        text=approval.subject.description,
        answers=list(shown_answers(context, approval.subject.answers)),
        asked_for=_asked_for(context, approver),
        message=slack_message(context, DeliveryKind.AGREEMENT, part=approver.messages - 1),
    )


def _asked_for(context: RenderContext, approver: Approver) -> AskedFor:
    approval, absent = approver.approval, approver.stands_in_for
    asked_at = approval.asked_at or context.delivery.created_at
    return AskedFor(
        by=context.ticket.requester.name,
        role=approval.rule.name,
        absent=absent.name if absent else None,
        day=calendar_for(context.session, context.ticket).local(asked_at).date(),
    )
