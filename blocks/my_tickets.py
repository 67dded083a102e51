"""Lists of somebody's own tickets, and the detail of one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    SectionBlock,
)
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.place import Place, write_place
from blocks.text import bold, escape, header, moment, mrkdwn, note, plain, quoted, rich, said, typed
from blocks.ticket_card import action_buttons, answers, facts, file_line, summary_line
from models.attachment import Attachment
from models.event import Event
from models.lifecycle import Action, Status
from models.ticket import Ticket

Which = Literal["open", "closed"]

_HISTORY_MAX = 25  # the newest lines: a view has 100 blocks
_DETAIL_ROOM = 100_000  # characters of answers: a view has 250 kB

TITLES: dict[Which, str] = {"open": N_("My open tickets"), "closed": N_("My closed tickets")}
EMPTY: dict[Which, str] = {"open": N_("No ticket is open."), "closed": N_("No ticket is closed yet.")}


@dataclass(frozen=True)
class Listing:
    """One page of a list: which one, which page (from 0), its tickets, and whether more follow."""

    which: Which
    page: int
    tickets: Sequence[Ticket]
    has_more: bool


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
        private_metadata=write_place({"which": found.which, "page": found.page}),
        blocks=[ActionsBlock(elements=[switch]), *listing(_, found)],
    )


def ticket_detail(
    _: Translator,
    ticket: Ticket,
    *,
    events: Sequence[Event],
    files: Sequence[Attachment],
    actions: Collection[Action],
    follow_up: bool = False,
    place: Place,
) -> View:
    """All there is to know of a ticket, and what its reader may do now.

    `follow_up`: it can no longer be reopened, but a new ticket can continue it."""
    buttons = action_buttons(_, ticket, actions)
    if follow_up:
        buttons.append(
            ButtonElement(
                text=plain(_("File a follow-up ticket")), action_id=ids.CONTINUE, value=str(ticket.id)
            )
        )
    blocks: list[Block] = [summary_line(_, ticket), header(ticket.title), facts(_, ticket)]
    blocks += typed(ticket.description)
    blocks += answers(_, ticket, room=_DETAIL_ROOM)
    blocks += [file_line(_, file) for file in files]
    if ticket.solution:
        blocks += [note(_("Solution:")), *quoted(ticket.solution)]
    if buttons:
        blocks.append(ActionsBlock(elements=buttons))
    blocks += [DividerBlock(), *_history(_, events)]
    if place.get("which"):
        back = ButtonElement(text=plain(_("Back")), action_id=ids.BACK_TO_LIST, value="back")
        blocks.append(ActionsBlock(elements=[back]))
    return View(
        type="modal",
        callback_id=ids.TICKET_DETAIL,
        title=plain(_("No. {number}", number=ticket.id)),
        close=plain(_("Close")),
        private_metadata=write_place({**place, "ticket": ticket.id}),
        blocks=blocks,
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
    age = f"<!date^{int(ticket.opened_at.timestamp())}^{{ago}}|{_.moment(ticket.opened_at, 'UTC')}>"
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


def _history(_: Translator, events: Sequence[Event]) -> list[Block]:
    blocks: list[Block] = [header(_("History"))]
    if len(events) > _HISTORY_MAX:
        blocks.append(note(_("The {count} newest lines:", count=_HISTORY_MAX)))
    for event in events[-_HISTORY_MAX:]:
        blocks.append(
            rich([bold(labels.done(_, event)), said(" · "), moment(event.at, _.moment(event.at, "UTC"))])
        )
        blocks += quoted(event.text or "")
    return blocks
