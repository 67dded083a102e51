"""The buttons and the menu of a ticket's card or detail, and the readers of their values."""

from collections.abc import Collection, Mapping

from slack_sdk.models.blocks import ButtonElement, InteractiveElement, OverflowMenuElement

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.text import LABEL_MAX, cut, option, plain
from blocks.kit.values import read_enum, read_number
from models.errors import StalePayload
from models.lifecycle import Action, Agreement, Ending, Kind, Status
from models.tickets.ticket import Ticket


def detail_button(_: Translator, ticket: Ticket) -> ButtonElement:
    """Opens the ticket's detail."""
    return ticket_button(_("View details"), ids.DETAIL, ticket)


def reply_button(_: Translator, ticket: Ticket) -> ButtonElement:
    """Opens the form in which a technician writes to the requester."""
    return ticket_button(_("Reply"), ids.ANSWER_REQUESTER, ticket)


def follow_up_button(_: Translator, ticket: Ticket) -> ButtonElement:
    """Opens the form of a ticket that continues a closed one."""
    return ticket_button(_("Raise a follow-up ticket"), ids.CONTINUE, ticket)


def answer_button(
    _: Translator, ticket: Ticket, *, is_primary: bool = False, is_reply: bool = False
) -> ButtonElement:
    """Opens the requester's form: an answer while we wait for one, or below a message of ours (`is_reply`);
    else more details."""
    label = _("Reply") if is_reply or ticket.awaits_answer else _("Add details")
    return ticket_button(label, ids.ANSWER, ticket, style="primary" if is_primary else None)


def complete_button(_: Translator, ticket: Ticket, *, style: str | None = None) -> ButtonElement:
    """Opens the form that completes a request, or changes its answers."""
    return ticket_button(_("Complete the request"), ids.COMPLETE_REQUEST, ticket, style=style)


def action_buttons(_: Translator, ticket: Ticket, actions: Collection[Action]) -> list[ButtonElement]:
    """The buttons of the requester's allowed actions; an answer's value names the resolution too."""
    resolution = f"{ticket.id}.{ticket.resolution}"
    approve, refuse = _("It works, close"), _("It still does not work")
    if ticket.kind is Kind.REQUEST:
        approve, refuse = _("I have everything, close"), _("Something is missing")
    reopen = ticket_button(_("Reopen"), ids.REOPEN, ticket)
    if ticket.ending is Ending.DECLINED:
        reopen = follow_up_button(_, ticket)
    offered = {
        Action.APPROVE: ticket_button(approve, ids.APPROVE, ticket, style="primary", value=resolution),
        Action.REFUSE: ticket_button(refuse, ids.REFUSE, ticket, value=resolution),
        Action.POSTPONE: ticket_button(_("Give me a week"), ids.POSTPONE, ticket),
        Action.EDIT: ticket_button(_("Edit"), ids.EDIT, ticket),
        Action.CHASE: ticket_button(_("Chase"), ids.CHASE, ticket),
        Action.CANCEL: ticket_button(_("Cancel this ticket"), ids.CANCEL, ticket),
        Action.REOPEN: reopen,
    }
    return [button for action, button in offered.items() if action in actions]


def technician_elements(
    _: Translator, ticket: Ticket, actions: Collection[Action]
) -> list[InteractiveElement]:
    """The buttons of the technician's allowed actions; the note is one, since a menu holds five options."""
    offered = {
        Action.TAKE: ticket_button(_("I’ll take it"), ids.TAKE, ticket, style="primary"),
        Action.RESUME: ticket_button(_("Resume"), ids.RESUME, ticket, style="primary"),
        Action.ASK_AGAIN: ticket_button(_("Ask again"), ids.ASK_AGAIN, ticket),
        Action.REPLY: reply_button(_, ticket),
        Action.RESOLVE: ticket_button(_("Resolve"), ids.RESOLVE, ticket),
        Action.NOTE: ticket_button(_("Internal note"), ids.WRITE_NOTE, ticket),
        **({} if ticket.has_card else {Action.DETACH: ticket_button(_("Detach"), ids.DETACH, ticket)}),
    }
    open_now = set(actions) - ({Action.NOTE} if ticket.status is Status.CLOSED else set())
    return [button for action, button in offered.items() if action in open_now]


MENU: Mapping[Action, str] = {
    Action.ASSIGN: N_("Assign to…"),
    Action.HOLD: N_("Put on hold…"),
    Action.REQUALIFY: N_("Reclassify or transfer…"),
    Action.ATTACH: N_("Attach…"),
    Action.CANCEL: N_("Cancel…"),
    Action.RECORD_APPROVAL: N_("Record verbal sign-off…"),
    Action.UNDO_CLOSING: N_("Undo the closing…"),
}


# In the detail alone: the card's menu is full. While an agreement is asked, its card has a button for it.
IN_DETAIL: Mapping[Action, str] = {
    Action.DUPLICATE: N_("Link as duplicate…"),
    Action.REQUEST_AGREEMENT: N_("Ask for an agreement…"),
    Action.RECORD_AGREEMENT: N_("Record an agreement…"),
}


def record_agreement_button(_: Translator, ticket: Ticket) -> list[InteractiveElement]:
    """On a card, in place of the one that resolves the ticket, while its agreement is asked."""
    is_asked = ticket.agreement is Agreement.ASKED
    return menu_buttons(_, ticket, {Action.RECORD_AGREEMENT}) if is_asked else []


def menu(_: Translator, ticket: Ticket, actions: Collection[Action]) -> list[InteractiveElement]:
    """The menu of the technician's other allowed actions: at most five at a time (docs.slack.dev, "Overflow
    menu")."""
    options = [
        option(_(label), _menu_value(action, ticket))
        for action, label in MENU.items()
        if _is_offered(action, ticket, actions)
    ]
    return [OverflowMenuElement(action_id=ids.MORE, options=options)] if options else []


def menu_buttons(_: Translator, ticket: Ticket, actions: Collection[Action]) -> list[InteractiveElement]:
    """The same as buttons, for a view: a screen reader reads them without opening a menu. There is room for
    more of them."""
    return [
        ticket_button(_(label), f"{ids.MORE}.{action}", ticket, value=_menu_value(action, ticket))
        for action, label in {**MENU, **IN_DETAIL}.items()
        if _is_offered(action, ticket, actions)
    ]


def _is_offered(action: Action, ticket: Ticket, actions: Collection[Action]) -> bool:
    """Whether it is allowed, and can succeed: a confidential ticket is put behind nothing."""
    return action in actions and not (action is Action.ATTACH and ticket.is_confidential)


def _menu_value(action: Action, ticket: Ticket) -> str:
    return f"{action}.{ticket.id}"


def read_menu(value: str) -> tuple[Action, int]:
    """The action and the ticket's number in a menu's value. Raises `StalePayload`."""
    name, _dot, number = value.partition(".")
    action = read_enum(Action, name)
    if action not in MENU and action not in IN_DETAIL:
        raise StalePayload
    return action, read_number(number)


def read_button(value: str) -> tuple[int, int | None]:
    """The ticket's number in a button's value, and an answer's resolution. Raises `StalePayload`."""
    number, _dot, resolution = value.partition(".")
    return read_number(number), read_number(resolution) if resolution else None


def ticket_button(
    text: str, action_id: str, ticket: Ticket, *, style: str | None = None, value: str | None = None
) -> ButtonElement:
    """A button about a ticket, which its accessible label names. `value`: the ticket's number by default."""
    return ButtonElement(
        text=plain(text),
        action_id=action_id,
        value=value or str(ticket.id),
        style=style,
        # Many cards have the same buttons.
        accessibility_label=cut(f"{text} · {labels.named(ticket)}", LABEL_MAX),
    )
