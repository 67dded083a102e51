"""Lists of somebody's own tickets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    SectionBlock,
)
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.text import (
    escape,
    header,
    mrkdwn,
    note,
    plain,
)
from blocks.kit.values import read_number
from blocks.kit.view_state import dump_view_state
from models.errors import StalePayload
from models.lifecycle import Status
from models.tickets.ticket import Ticket

Which = Literal["open", "closed"]


LIST_PAGES = re.compile(rf"^{re.escape(ids.LIST_PAGE)}\.")
TITLES: dict[Which, str] = {"open": N_("My open tickets"), "closed": N_("My closed tickets")}
EMPTY: dict[Which, str] = {"open": N_("No ticket is open."), "closed": N_("No ticket is closed yet.")}


@dataclass(frozen=True)
class Listing:
    """One page of a list: which one, which page (from 0), its tickets, and whether more follow."""

    which: Which
    page: int
    tickets: Sequence[Ticket]
    has_more: bool


def read_list_page(value: str) -> tuple[Which, int]:
    """Which list, and its page, as a button says it. Raises `StalePayload`."""
    which, _colon, page = value.partition(":")
    if which == "open":
        return "open", read_number(page or 0)
    if which == "closed":
        return "closed", read_number(page or 0)
    raise StalePayload


def listing(_: Translator, found: Listing) -> list[Block]:
    """The list under its header: a row a ticket, with a button that opens it, and the paging."""
    blocks: list[Block] = [header(_(TITLES[found.which]))]
    if not found.tickets:
        blocks.append(note(_(EMPTY[found.which])))
    for ticket in found.tickets:
        blocks += _row(_, ticket)
    paging = _paging(_, found)
    return [*blocks, ActionsBlock(elements=paging)] if paging else blocks


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
        private_metadata=dump_view_state({"which": found.which, "page": found.page}),
        blocks=[ActionsBlock(elements=[switch]), *listing(_, found)],
    )


def _row(_: Translator, ticket: Ticket) -> list[Block]:
    open_it = ButtonElement(
        text=plain(_("Open")),
        action_id=ids.DETAIL,
        value=str(ticket.id),
        accessibility_label=_("Open No. {number}", number=ticket.id),
    )
    return [_summary(_, ticket), SectionBlock(text=plain(ticket.title), accessory=open_it)]


def _summary(_: Translator, ticket: Ticket) -> ContextBlock:
    age = f"<!date^{int(ticket.opened_at.timestamp())}^{{ago}}|{_.date_time(ticket.opened_at, 'UTC')}>"
    words = [
        _("No. {number}", number=ticket.id),
        _(labels.KIND[ticket.kind]),
        _("Resolved, for you to approve") if ticket.status is Status.RESOLVED else labels.state(_, ticket),
        labels.priority(_, ticket),
    ]
    return ContextBlock(elements=[mrkdwn(escape(" · ".join(words)) + f" · {age}")])


def _paging(_: Translator, found: Listing) -> list[ButtonElement]:
    buttons = []
    if found.page > 0:
        buttons.append((_("Newer"), found.page - 1))
    if found.has_more:
        buttons.append((_("Older"), found.page + 1))
    return [
        ButtonElement(
            text=plain(words),
            action_id=f"{ids.LIST_PAGE}.{found.which}.{page}",
            value=f"{found.which}:{page}",
        )
        for words, page in buttons
    ]
