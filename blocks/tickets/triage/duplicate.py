"""The form that closes a ticket as the duplicate of another."""

from dataclasses import dataclass

from slack_sdk.models.blocks import NumberInputElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, field, long_text, text_of, ticket_view
from blocks.kit.values import DIGITS, Payload
from blocks.kit.view_state import load_view_state
from blocks.tickets.state import DetailState, FormState
from models.tickets.ticket import Ticket


def duplicate_form(_: Translator, ticket: Ticket, *, detail: DetailState | None) -> View:
    """The number of the original ticket, and a message to the requester."""
    element = NumberInputElement(is_decimal_allowed=False, min_value="1")
    return ticket_view(
        _,
        ticket,
        FormHead(ids.DUPLICATE_FORM, title=_("Link as duplicate"), submit=_("Close as duplicate")),
        [
            field(
                ids.DUPLICATE_OF,
                _("Original ticket number"),
                element,
                hint=_("This ticket will be closed, and its requester told which one stays open."),
            ),
            long_text(
                ids.REASON,
                _("Message to the requester"),
                hint=_("The requester will see this."),
                optional=True,
            ),
        ],
        FormState(ticket.id, detail).dump(),
    )


@dataclass(frozen=True)
class Duplicate:
    """A filled duplicate form: the number of the original; `None` when it holds none."""

    state: FormState
    original: int | None
    words: str = ""
    """For the requester."""


def read_duplicate(view: Payload) -> Duplicate:
    """What the duplicate form says. Raises `StalePayload`, `FieldRefused`."""
    number = text_of(view, ids.DUPLICATE_OF)
    original = int(number) if number.isdecimal() and len(number) <= DIGITS else None
    return Duplicate(FormState.load(load_view_state(view)), original, text_of(view, ids.REASON))
