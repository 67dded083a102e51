"""The form that assigns a ticket to a technician."""

from dataclasses import dataclass
from typing import Self

from slack_sdk.models.blocks import UserSelectElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, field, text_of, ticket_view
from blocks.kit.text import plain
from blocks.kit.values import Payload
from blocks.kit.view_state import Fields, load_view_state
from blocks.tickets.state import DetailState, FormState
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class AssignState(FormState):
    """`assignee`: the Slack id of who had the ticket when the form was rendered."""

    assignee: str | None

    @classmethod
    def load(cls, fields: Fields) -> Self:
        form, assignee = FormState.load(fields), fields.get("seen")
        return cls(form.ticket_id, form.detail, None if assignee is None else str(assignee))

    def dump(self) -> Fields:
        return {**super().dump(), "seen": self.assignee}


@dataclass(frozen=True)
class Assignment:
    """A filled assign form: the Slack id of who shall have the ticket."""

    state: AssignState
    to: str


def assign_form(_: Translator, ticket: Ticket, *, me: str, detail: DetailState | None) -> View:
    """Who shall have the ticket. `me`: the Slack id of who opens the form, chosen at first."""
    element = UserSelectElement(placeholder=plain(_("Choose a person")), initial_user=me)
    hint = _("A member of the {team} team.", team=ticket.team.name.in_(_.locale))
    return ticket_view(
        _,
        ticket,
        FormHead(ids.ASSIGN_FORM, title=_("Assign"), submit=_("Assign")),
        [field(ids.ASSIGNEE, _("Technician"), element, hint=hint)],
        AssignState(ticket.id, detail, ticket.assignee.slack_id if ticket.assignee else None).dump(),
    )


def read_assign(view: Payload) -> Assignment:
    """What the assign form says. Raises `StalePayload`, `FieldRefused`."""
    return Assignment(AssignState.load(load_view_state(view)), text_of(view, ids.ASSIGNEE))
