"""The forms in which a technician asks for an agreement by hand, or records one that was given elsewhere."""

from dataclasses import dataclass
from typing import Self

from slack_sdk.models.blocks import Block, PlainTextInputElement, UserSelectElement
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, field, long_text, text_of, ticket_view
from blocks.kit.text import note, plain
from blocks.kit.values import Payload, read_number
from blocks.kit.view_state import Fields, load_view_state
from blocks.tickets.state import DetailState, FormState
from models.approvals.approval import Approval
from models.tickets.ticket import Ticket

ROLE_MAX = 75


@dataclass(frozen=True)
class AgreementState(FormState):
    """`step`: the id of the step that was asked when the form was rendered."""

    step: int | None = None

    @classmethod
    def load(cls, fields: Fields) -> Self:
        form, step = FormState.load(fields), fields.get("step")
        return cls(form.ticket_id, form.detail, None if step is None else read_number(step))

    def dump(self) -> Fields:
        return {**super().dump(), "step": self.step}


@dataclass(frozen=True)
class AgreementForm:
    """A filled form: the Slack id of whose agreement it is, in which role, and why, or where it was given."""

    state: AgreementState
    approver: str
    role: str
    text: str


def request_form(_: Translator, ticket: Ticket, *, detail: DetailState | None) -> View:
    """Whom a technician asks for their agreement, in which role, and why."""
    why = long_text(
        ids.REASON, _("Why you are asking them"), hint=_("They will read this, and so will the requester.")
    )
    return ticket_view(
        _,
        ticket,
        FormHead(ids.REQUEST_AGREEMENT_FORM, title=_("Ask for an agreement"), submit=_("Ask")),
        [
            note(_("The ticket cannot be resolved until they agree, and its clock stops.")),
            field(ids.APPROVER, _("Whose agreement"), _people(_)),
            _role(_),
            why,
        ],
        AgreementState(ticket.id, detail).dump(),
    )


def record_form(_: Translator, ticket: Ticket, step: Approval | None, *, detail: DetailState | None) -> View:
    """Who agreed elsewhere, where and when. `step`: the one that is asked, which it closes."""
    about: list[Block] = [_role(_)]
    if step is not None:
        about = [note(_("This is the agreement asked for: {role}.", role=labels.name_in(_, step.rule.name)))]
    where = long_text(
        ids.REASON,
        _("Where and when"),
        hint=_("For example “by e-mail on 3 March”. The requester will see this."),
    )
    return ticket_view(
        _,
        ticket,
        FormHead(ids.RECORD_AGREEMENT_FORM, title=_("Record an agreement"), submit=_("Record")),
        [field(ids.APPROVER, _("Who agreed"), _people(_)), *about, where],
        AgreementState(ticket.id, detail, step.id if step else None).dump(),
    )


def read_agreement(view: Payload) -> AgreementForm:
    """What either form says. Raises `StalePayload`, `FieldRefused`."""
    return AgreementForm(
        AgreementState.load(load_view_state(view)),
        text_of(view, ids.APPROVER),
        text_of(view, ids.APPROVER_ROLE),
        text_of(view, ids.REASON),
    )


def _people(_: Translator) -> UserSelectElement:
    return UserSelectElement(placeholder=plain(_("Choose a person")))


def _role(_: Translator) -> Block:
    return field(
        ids.APPROVER_ROLE,
        _("In which role"),
        PlainTextInputElement(max_length=ROLE_MAX),
        hint=_("For example “budget holder”."),
        optional=True,
    )
