"""The form that puts a ticket on hold."""

from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, DatePickerElement
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, day_in, field, long_text, text_of, ticket_view
from blocks.kit.selects import enum_options, select
from blocks.kit.values import Payload, enum_or_none
from blocks.kit.view_state import load_view_state
from blocks.tickets.state import DetailState, SeenState
from blocks.tickets.technician_forms.taking import take_field, takes
from models.lifecycle import HoldReason
from models.tickets.ticket import Ticket


def hold_form(_: Translator, ticket: Ticket, *, detail: DetailState | None) -> View:
    """What the ticket waits for, until when, and a note for the team."""
    reasons = select(_, enum_options(_, labels.HOLD, HoldReason))
    blocks: list[Block] = [
        field(ids.HOLD_REASON, _("Waiting for"), reasons),
        field(
            ids.HOLD_UNTIL,
            _("Until"),
            DatePickerElement(),
            hint=_(
                "Please choose a day when the help desk is open: the ticket resumes as it opens. Required if "
                "it is waiting for a date."
            ),
            optional=True,
        ),
        long_text(ids.REASON, _("Details"), hint=_("Only your team will see this."), optional=True),
        *take_field(_, ticket),
    ]
    return ticket_view(
        _,
        ticket,
        FormHead(ids.HOLD_FORM, title=_("Put on hold"), submit=_("Put on hold")),
        blocks,
        SeenState(ticket.id, detail, ticket.event_count).dump(),
    )


@dataclass(frozen=True)
class Hold:
    """A filled hold form."""

    state: SeenState
    reason: HoldReason | None
    day: date | None
    why: str
    takes: bool = False


def read_hold(view: Payload) -> Hold:
    """What the hold form says. Raises `StalePayload`, `FieldRefused`."""
    reason = enum_or_none(HoldReason, text_of(view, ids.HOLD_REASON))
    state = SeenState.load(load_view_state(view))
    return Hold(state, reason, day_in(view, ids.HOLD_UNTIL), text_of(view, ids.REASON), takes(view))
