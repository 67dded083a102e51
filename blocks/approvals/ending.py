"""What became of a request for an agreement, in words for who was asked."""

from blocks.i18n import Translator
from models.approvals.approval import Approver, Decision, StepState
from models.approvals.request import AgreementRequest
from models.lifecycle import Agreement
from models.tickets.ticket import Ticket


def ending(_: Translator, request: AgreementRequest, *, is_last: bool = True) -> str:
    """What became of it, as its reader is told."""
    approver, approval = request.approver, request.approval
    if not is_last:
        return _("See the newer message about this request below.")
    is_asked_anew = approval.state is StepState.WITHDRAWN and request.ticket.agreement is Agreement.ASKED
    if approver.decision is Decision.AGREE and is_asked_anew:
        return _("✅ You gave your agreement. The request has changed since.")
    own = _own(_, approver)
    if own:
        return own
    if approver.dropped_at is not None:
        return _("You are no longer asked for your agreement to this request.")
    by = next((each for each in approval.asked if each.has_decided), None)
    if approval.state is StepState.GIVEN and by is not None:
        return _("{name} has given their agreement. Yours is no longer needed.", name=by.person.name)
    if approval.state is StepState.DECLINED and by is not None:
        return _("{name} has declined this request.", name=by.person.name)
    if approval.state is StepState.GIVEN:
        return _("The agreement was recorded. Yours is no longer needed.")
    if approval.state is StepState.WITHDRAWN and request.ticket.agreement is Agreement.ASKED:
        return _("The request was changed, and its approvers are asked anew.")
    return _("Your agreement to this request is no longer needed.")


def _own(_: Translator, approver: Approver) -> str:
    if approver.decision is Decision.AGREE and approver.recorded_by_id is not None:
        return _("✅ The help desk recorded that you gave your agreement elsewhere.")
    if approver.decision is Decision.AGREE:
        return _("✅ You gave your agreement.")
    if approver.decision is Decision.DECLINE:
        return _("❌ You declined this request.")
    if approver.decision is Decision.ASK and approver.approval.state is StepState.INCOMPLETE:
        return _("❓ You asked for more information. You will be asked again.")
    return ""


def decided(_: Translator, ticket: Ticket, decision: Decision) -> str:
    """What an approver did just now."""
    match decision:
        case Decision.AGREE:
            return _("You gave your agreement to No. {number}.", number=ticket.id)
        case Decision.DECLINE:
            return _("You declined No. {number}.", number=ticket.id)
        case Decision.ASK:
            return _("{name} will complete No. {number}.", name=ticket.requester.name, number=ticket.id)
