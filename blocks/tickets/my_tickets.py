"""Lists of somebody's own tickets."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
)
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.lists import NEWER_OLDER, paging, ticket_row, ticket_state
from blocks.kit.text import header, note, plain
from blocks.kit.values import read_number
from blocks.kit.view_state import dump_view_state
from blocks.tickets.actions import action_buttons
from blocks.tickets.requester.said import last_said
from blocks.tickets.state import ListState, Which
from models.errors import StalePayload
from models.lifecycle import Action, Ending, Status
from models.tickets.event import Event
from models.tickets.ticket import Ticket

LIST_PAGES = re.compile(rf"^{re.escape(ids.LIST_PAGE)}\.")
TITLES: dict[Which, str] = {"open": N_("My open tickets"), "closed": N_("My closed tickets")}
EMPTY: dict[Which, str] = {
    "open": N_("You have no open tickets."),
    "closed": N_("You have no closed tickets yet."),
}


@dataclass(frozen=True)
class Listing:
    """One page of a list: which one, which page (from 0), its tickets, and whether more follow."""

    which: Which
    page: int
    tickets: Sequence[Ticket]
    has_more: bool
    last: Mapping[int, Event] = field(default_factory=dict)
    """By a ticket's number, its last event that its requester may see."""
    chaseable: Collection[int] = ()
    """The numbers of those that their requester may chase now."""


def read_list_page(value: str) -> ListState:
    """The list and its page in a button's value. Raises `StalePayload`."""
    which, _colon, page = value.partition(":")
    if which == "open":
        return ListState("open", read_number(page or 0))
    if which == "closed":
        return ListState("closed", read_number(page or 0))
    raise StalePayload


def listing(_: Translator, found: Listing) -> list[Block]:
    """The list under its header: a row a ticket, with a button that opens it, and the paging."""
    blocks: list[Block] = [header(_(TITLES[found.which]))]
    if not found.tickets:
        blocks.append(note(_(EMPTY[found.which])))
    silent = [ticket for ticket in found.tickets if ticket.ending is Ending.SILENCE]
    for ticket in found.tickets:
        if ticket not in silent:
            blocks += own_ticket_row(_, ticket, found.last.get(ticket.id))
            blocks += _chase(_, ticket) if ticket.id in found.chaseable else []
    blocks += [header(_(labels.OWN_SILENCE))] if silent else []
    for ticket in silent:
        blocks += own_ticket_row(_, ticket, None)
    action_id, prefix = f"{ids.LIST_PAGE}.{found.which}", f"{found.which}:"
    return [*blocks, *paging(_, action_id, found.page, found.has_more, labels=NEWER_OLDER, prefix=prefix)]


def search_button(_: Translator) -> ButtonElement:
    """Opens the search over the reader's own tickets."""
    return ButtonElement(text=plain(_("Search my tickets")), action_id=ids.OPEN_MY_SEARCH, value="search")


def my_tickets(_: Translator, found: Listing) -> View:
    """The modal of one list, with the way to the other."""
    other: Which = "closed" if found.which == "open" else "open"
    action_id = ids.CLOSED_LIST if other == "closed" else ids.OPEN_LIST
    switch = ButtonElement(text=plain(_(TITLES[other])), action_id=action_id, value=other)
    return View(
        type="modal",
        callback_id=ids.MY_TICKETS,
        title=plain(_("My tickets")),
        close=plain(_("Close")),
        private_metadata=dump_view_state(ListState(found.which, found.page).dump()),
        blocks=[ActionsBlock(elements=[switch, search_button(_)]), *listing(_, found)],
    )


def own_ticket_row(_: Translator, ticket: Ticket, last: Event | None) -> list[Block]:
    """The row of a ticket of the reader's. `last`: its last event that they may see."""
    state = _("Resolved, awaiting your sign-off") if ticket.status is Status.RESOLVED else None
    if ticket.ending is Ending.SILENCE:
        state = _(labels.OWN_SILENCE)
    return ticket_row(_, ticket, ticket_state(_, ticket, state=state), last_said(_, ticket, last))


def _chase(_: Translator, ticket: Ticket) -> list[Block]:
    return [ActionsBlock(elements=action_buttons(_, ticket, {Action.CHASE}))]
