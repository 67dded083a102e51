"""What can be pressed on a ticket: the buttons and the menu of a card or a detail, and their readers."""

from collections.abc import Collection, Mapping

from slack_sdk.models.blocks import ButtonElement, InteractiveElement, OverflowMenuElement

from blocks import ids
from blocks.i18n import N_, Translator
from blocks.kit.text import cut, option, plain
from blocks.kit.values import read_enum, read_number
from models.errors import StalePayload
from models.lifecycle import Action, Status
from models.tickets.ticket import Ticket

LABEL_MAX = 75  # a button's accessible label (docs.slack.dev, "Button")


def detail_button(_: Translator, ticket: Ticket) -> ButtonElement:
    """Opens the ticket's detail."""
    return _button(_("See the details"), ids.DETAIL, ticket)


def action_buttons(_: Translator, ticket: Ticket, actions: Collection[Action]) -> list[ButtonElement]:
    """The buttons of the requester's actions that are open now; an answer names the resolution it answers."""
    offered = {
        Action.APPROVE: _answer_button(_("It works, close"), ids.APPROVE, ticket, style="primary"),
        Action.REFUSE: _answer_button(_("It still does not work"), ids.REFUSE, ticket),
        Action.CANCEL: _button(_("Cancel this ticket"), ids.CANCEL, ticket),
        Action.REOPEN: _button(_("Reopen"), ids.REOPEN, ticket),
    }
    return [button for action, button in offered.items() if action in actions]


def technician_elements(
    _: Translator, ticket: Ticket, actions: Collection[Action]
) -> list[InteractiveElement]:
    """The buttons of the technician's actions that are open now. The note has a button: a menu holds five."""
    offered = {
        Action.TAKE: _button(_("I’ll take it"), ids.TAKE, ticket, style="primary"),
        Action.RESUME: _button(_("Take up again"), ids.RESUME, ticket, style="primary"),
        Action.REPLY: _button(_("Reply"), ids.ANSWER_REQUESTER, ticket),
        Action.RESOLVE: _button(_("Resolve"), ids.RESOLVE, ticket),
        Action.NOTE: _button(_("Internal note"), ids.WRITE_NOTE, ticket),
    }
    open_now = set(actions) - ({Action.NOTE} if ticket.status is Status.CLOSED else set())
    return [button for action, button in offered.items() if action in open_now]


MENU: Mapping[Action, str] = {
    Action.ASSIGN: N_("Assign to…"),
    Action.HOLD: N_("Put on hold…"),
    Action.REQUALIFY: N_("Requalify, hand over…"),
    Action.DUPLICATE: N_("Link as duplicate…"),
    Action.CANCEL: N_("Cancel…"),
    Action.RECORD_APPROVAL: N_("Approved by word of mouth…"),
}


def menu(_: Translator, ticket: Ticket, actions: Collection[Action]) -> list[InteractiveElement]:
    """The menu of the technician's other actions that are open now: at most five at a time (docs.slack.dev,
    "Overflow menu")."""
    options = [
        option(_(words), f"{action}.{ticket.id}") for action, words in MENU.items() if action in actions
    ]
    return [OverflowMenuElement(action_id=ids.MORE, options=options)] if options else []


def menu_buttons(_: Translator, ticket: Ticket, actions: Collection[Action]) -> list[InteractiveElement]:
    """The same as buttons, where there is room: a screen reader finds their words at once."""
    return [
        ButtonElement(text=plain(_(words)), action_id=f"{ids.MORE}.{action}", value=_chosen(action, ticket))
        for action, words in MENU.items()
        if action in actions
    ]


def _chosen(action: Action, ticket: Ticket) -> str:
    return f"{action}.{ticket.id}"


def read_menu(value: str) -> tuple[Action, int]:
    """What was chosen in a ticket's menu, and the ticket's number. Raises `StalePayload`."""
    word, _dot, number = value.partition(".")
    action = read_enum(Action, word)
    if action not in MENU:
        raise StalePayload
    return action, read_number(number)


def _answer_button(text: str, action_id: str, ticket: Ticket, style: str | None = None) -> ButtonElement:
    value = f"{ticket.id}.{ticket.resolution}"
    return ButtonElement(
        text=plain(text),
        action_id=action_id,
        value=value,
        style=style,
        accessibility_label=_named(text, ticket),
    )


def read_button(value: str) -> tuple[int, int | None]:
    """The ticket in a button's value, and the resolution that an answer is to. Raises `StalePayload`."""
    number, _dot, resolution = value.partition(".")
    return read_number(number), read_number(resolution) if resolution else None


def _button(text: str, action_id: str, ticket: Ticket, style: str | None = None) -> ButtonElement:
    return ButtonElement(
        text=plain(text),
        action_id=action_id,
        value=str(ticket.id),
        style=style,
        accessibility_label=_named(text, ticket),
    )


def _named(text: str, ticket: Ticket) -> str:
    """What a screen reader says of a button: many cards have the same ones."""
    return cut(f"{text} · {ticket.id} · {ticket.title}", LABEL_MAX)
