"""What the forms about one ticket share: their frame, and where they go back to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block, InputBlock, InputInteractiveElement, PlainTextInputElement
from slack_sdk.models.views import View

from blocks.i18n import Translator
from blocks.kit.fields import field_of
from blocks.kit.text import note, plain
from blocks.kit.values import all_chosen, chosen, read_number
from blocks.kit.view_state import Place, dump_view_state, load_view_state
from models.fields import Field, FieldReason, FieldRefused
from models.tickets.ticket import Ticket

INPUT_MAX = 3000  # what a person can type in one input (docs.slack.dev, "Plain-text input")


@dataclass(frozen=True)
class About:
    """Which ticket a form is about, and the detail to go back to, if it was opened there."""

    ticket_id: int
    detail: Place | None


def ticket_view(
    _: Translator,
    ticket: Ticket,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    title: str,
    submit: str,
    place: Place | None,
    more: Mapping[str, Any] | None = None,
) -> View:
    """A form about a ticket, named on top. `place`: where an open detail stood; `more`: what it keeps."""
    return View(
        type="modal",
        callback_id=callback_id,
        title=plain(title),
        submit=plain(submit),
        close=plain(_("Close")),
        private_metadata=dump_view_state({"ticket": ticket.id, "detail": place, **(more or {})}),
        blocks=[note(_("No. {number}", number=ticket.id) + f" · {ticket.title}"), *blocks],
    )


def read_about(view: dict[str, Any]) -> About:
    """Which ticket a form is about. Raises `StalePayload`."""
    place = load_view_state(view)
    detail = place.get("detail")
    return About(read_number(place.get("ticket")), detail if isinstance(detail, dict) else None)


def field(
    block_id: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str | None = None,
    optional: bool = False,
) -> InputBlock:
    """An input whose element has the block's own id."""
    element.action_id = block_id
    return InputBlock(
        block_id=block_id,
        label=plain(label),
        hint=plain(hint) if hint else None,
        optional=optional or None,
        element=element,
    )


def long_text(
    block_id: str,
    label: str,
    *,
    hint: str | None = None,
    optional: bool = False,
    initial: str = "",
    focus: bool = False,
) -> InputBlock:
    """An input for several lines."""
    element = PlainTextInputElement(
        multiline=True,
        max_length=INPUT_MAX,
        initial_value=initial[:INPUT_MAX] or None,
        focus_on_load=focus or None,
    )
    return field(block_id, label, element, hint=hint, optional=optional)


def text_of(view: dict[str, Any], block_id: str) -> str:
    """The text that was typed, or the one option that was chosen, in an input; "" when there is none.

    Raises `FieldRefused` for more than anybody can type."""
    return checked_text(value_of(view, block_id), field_of(block_id))


def checked_text(value: object, field: Field, question: str | None = None) -> str:
    """The text that an input holds; "" when it is none. Raises `FieldRefused` for more than can be typed: a
    client may send anything, and no card, index or e-mail has room for it."""
    if not isinstance(value, str):
        return ""
    if len(value) > INPUT_MAX:
        raise FieldRefused(field, FieldReason.TOO_LONG, question)
    return value


def texts_of(view: dict[str, Any], block_id: str) -> tuple[str, ...]:
    """All that was chosen in an input."""
    value = value_of(view, block_id)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def value_of(view: dict[str, Any], block_id: str) -> Any:
    """What an input of the form holds, whatever its sort; `None` when it is empty."""
    state = view["state"]["values"].get(block_id, {}).get(block_id, {})
    if state.get("selected_option"):
        return chosen(state)
    if "selected_options" in state:
        return all_chosen(state)
    keys = ("value", "selected_user", "selected_date", "selected_date_time", "files")
    return next((state[key] for key in keys if state.get(key)), None)
