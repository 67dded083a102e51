"""The frame of a form, its inputs, and the readers of what they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, InputBlock, InputInteractiveElement, PlainTextInputElement
from slack_sdk.models.views import View

from blocks.i18n import Translator
from blocks.kit.fields import field_of
from blocks.kit.text import note, plain
from blocks.kit.values import Payload, all_chosen, chosen
from blocks.kit.view_state import QUERY_MAX, Fields, dump_view_state
from models.fields import INPUT_MAX, Field, FieldReason, FieldRefused
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class FormHead:
    """A form's id, its title (at most 24 characters), and the texts of the buttons that submit and close
    it."""

    callback_id: str
    title: str
    submit: str
    close: str | None = None
    """"Close" unless another text says what stays."""


def form_view(_: Translator, head: FormHead, blocks: Sequence[Block], state: Fields) -> View:
    """A form as a modal."""
    return View(
        type="modal",
        callback_id=head.callback_id,
        title=plain(head.title),
        submit=plain(head.submit),
        close=plain(head.close or _("Close")),
        private_metadata=dump_view_state(state),
        blocks=blocks,
    )


def ticket_view(
    _: Translator, ticket: Ticket, head: FormHead, blocks: Sequence[Block], state: Fields
) -> View:
    """A form about a ticket, which its first line names."""
    about = note(_("No. {number}", number=ticket.id) + f" · {ticket.title}")
    return form_view(_, head, [about, *blocks], state)


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


def search_field(block_id: str, label: str, query: str, *, placeholder: str) -> InputBlock:
    """The input of a search, which is sent on Enter."""
    element = PlainTextInputElement(
        placeholder=plain(placeholder), initial_value=query or None, max_length=QUERY_MAX
    )
    block = field(block_id, label, element, optional=True)  # without a text one may go elsewhere
    block.dispatch_action = True
    return block


def block_with(view: Payload, field_id: str) -> str:
    """The id of the block that has a field: the field's own, or that with a suffix after a colon, which a
    block gets to show another value than what the form held (Slack keeps a block's input otherwise)."""
    names = (str(block.get("block_id")) for block in view.get("blocks") or ())
    return next((name for name in names if name.partition(":")[0] == field_id), field_id)


def text_of(view: Payload, block_id: str) -> str:
    """The text, or the value of the one chosen option, in an input; "" when it is empty.

    Raises `FieldRefused` for more than `INPUT_MAX` characters."""
    return checked_text(value_of(view, block_id), field_of(block_id))


def checked_text(value: object, field: Field, question: str | None = None) -> str:
    """The value of an input when it is a text, else "". Raises `FieldRefused` for more than `INPUT_MAX`
    characters: Slack's clients allow no more, but a forged payload may hold any number."""
    if not isinstance(value, str):
        return ""
    if len(value) > INPUT_MAX:
        raise FieldRefused(field, FieldReason.TOO_LONG, question)
    return value


def day_in(view: Payload, block_id: str) -> date | None:
    """The day that was chosen in an input; `None` when there is none. Raises `FieldRefused`."""
    text = text_of(view, block_id)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FieldRefused(field_of(block_id), FieldReason.UNKNOWN) from None


def texts_of(view: Payload, block_id: str) -> tuple[str, ...]:
    """The values of all options chosen in an input."""
    value = value_of(view, block_id)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def value_of(view: Payload, block_id: str) -> Any:
    """The value of an input of the form, whatever its type; `None` when it is empty."""
    state = element_state(view, block_id)
    if state.get("selected_option"):
        return chosen(state)
    if "selected_options" in state:
        return all_chosen(state)
    keys = ("value", "selected_user", "selected_date", "selected_date_time", "files")
    return next((state[key] for key in keys if state.get(key)), None)


def element_state(view: Payload, block_id: str, action_id: str | None = None) -> Payload:
    """The state of an element, by the id of its block and its own (as a rule the same); empty when there is
    none."""
    state: Payload = view["state"]["values"].get(block_id, {}).get(action_id or block_id, {})
    return state
