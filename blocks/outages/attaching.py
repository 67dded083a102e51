"""The form that attaches tickets to an outage which was just declared."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, field, form_view, texts_of
from blocks.kit.selects import OPTIONS_MAX, multi_select
from blocks.kit.text import note, option
from blocks.kit.values import Payload, read_number
from blocks.kit.view_state import load_view_state
from blocks.outages.state import OutageState
from models.errors import StalePayload
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class OutageTickets:
    """A filled form."""

    outage_id: int
    tickets: Sequence[int]


def propose_form(_: Translator, outage: Outage, tickets: Sequence[Ticket]) -> View:
    """None is chosen beforehand: an outage explains some of them only."""
    options = [option(_ticket(_, each), str(each.id)) for each in tickets[:OPTIONS_MAX]]
    head = FormHead(ids.ATTACH_TO_OUTAGE_FORM, title=_("Known outage"), submit=_("Attach"))
    hint = _("They leave the queue, and are resolved with the outage. Their requesters’ cards say so.")
    blocks = [
        note(outage.title),
        note(_("The outage is declared. It may explain these tickets, raised within the last day.")),
        field(ids.ATTACH_TO, _("Tickets to attach"), multi_select(_, options, ()), hint=hint, optional=True),
    ]
    return form_view(_, head, blocks, OutageState(outage_id=outage.id).dump())


def read_attaching(view: Payload) -> OutageTickets:
    """What the form says. Raises `StalePayload`."""
    state = OutageState.load(load_view_state(view))
    if state.outage_id is None:
        raise StalePayload
    return OutageTickets(state.outage_id, [read_number(each) for each in texts_of(view, ids.ATTACH_TO)])


def _ticket(_: Translator, ticket: Ticket) -> str:
    return _("No. {number}", number=ticket.id) + f" · {ticket.title}"
