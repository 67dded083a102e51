"""The forms about an agreement: an approver's words, and another approver."""

from dataclasses import dataclass
from typing import Self

from slack_sdk.models.blocks import UserSelectElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import N_, Translator
from blocks.kit.inputs import FormHead, field, long_text, text_of, ticket_view
from blocks.kit.text import plain
from blocks.kit.values import Payload, read_enum, read_number
from blocks.kit.view_state import Fields, load_view_state
from blocks.tickets.state import DetailState, FormState
from models.approvals.approval import Approval, Decision
from models.approvals.request import AgreementRequest
from models.errors import StalePayload
from models.tickets.ticket import Ticket

TITLE = {Decision.DECLINE: N_("Decline"), Decision.ASK: N_("More information")}
WHY = {Decision.DECLINE: N_("Why do you decline?"), Decision.ASK: N_("What do you need to know?")}
HINT = {
    Decision.DECLINE: N_("{name} will read this. The request will be closed."),
    Decision.ASK: N_("{name} will read this and complete the request. You will then be asked again."),
}
DO = {Decision.DECLINE: N_("Decline"), Decision.ASK: N_("Send")}


@dataclass(frozen=True)
class DecisionState:
    """The step, what is decided, and whether the form was opened in the list."""

    approval_id: int
    decision: Decision
    is_in_list: bool = False

    @classmethod
    def load(cls, fields: Fields) -> Self:
        """Raises `StalePayload`."""
        decision = read_enum(Decision, fields.get("decision"))
        if decision not in DO:
            raise StalePayload
        return cls(read_number(fields.get("approval")), decision, fields.get("list") is True)

    def dump(self) -> Fields:
        in_list = True if self.is_in_list else None
        return {"approval": self.approval_id, "decision": self.decision.value, "list": in_list}


def decision_form(
    _: Translator, request: AgreementRequest, decision: Decision, *, is_in_list: bool = False
) -> View:
    """Why an approver declines, or what they need to know."""
    ticket = request.ticket
    hint = _(HINT[decision], name=ticket.requester.name)
    return ticket_view(
        _,
        ticket,
        FormHead(ids.APPROVAL_REASON_FORM, title=_(TITLE[decision]), submit=_(DO[decision])),
        [long_text(ids.REASON, _(WHY[decision]), hint=hint, focus=True)],
        DecisionState(request.approval.id, decision, is_in_list).dump(),
    )


def read_decision(view: Payload) -> tuple[DecisionState, str]:
    """The form's state and text. Raises `StalePayload`, `FieldRefused`."""
    return DecisionState.load(load_view_state(view)), text_of(view, ids.REASON)


def choose_form(_: Translator, ticket: Ticket, approval: Approval, *, detail: DetailState | None) -> View:
    """The requester chooses who is asked in a step."""
    role = approval.rule.name.in_(_.locale)
    element = UserSelectElement(placeholder=plain(_("Choose a person")))
    hint = _("Not yourself: somebody who may decide on this.")
    return ticket_view(
        _,
        ticket,
        FormHead(ids.CHOOSE_APPROVER_FORM, title=_("Choose an approver"), submit=_("Ask them")),
        [field(ids.APPROVER, _("Whose agreement do you ask for? ({role})", role=role), element, hint=hint)],
        FormState(ticket.id, detail).dump(),
    )


def read_choice(view: Payload) -> tuple[FormState, str]:
    """The form's state and the Slack id of who was chosen, "" for nobody. Raises `StalePayload`."""
    return FormState.load(load_view_state(view)), text_of(view, ids.APPROVER)
