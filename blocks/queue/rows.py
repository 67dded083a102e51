"""The technicians' queue, on the Home and as a modal."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DividerBlock,
    Option,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.lists import due_parts, last_text, paging, raised, ticket_row, ticket_state
from blocks.kit.selects import OPTIONS_MAX, enum_options, row_options
from blocks.kit.text import Part, cut, date_time, labelled, note, option, plain, rich, text_part
from blocks.kit.view_state import dump_view_state
from blocks.queue.beside import beside_blocks
from blocks.queue.state import ALL, dump_queue_view
from models.lifecycle import Priority, Status
from models.pages import COUNT_MAX, NOBODY, Beside, Queue, QueueState, Tab
from models.tickets.ticket import Ticket

_NAME_MAX = 80  # three names and what stands between them fit a line

TABS: Mapping[Tab, str] = {
    Tab.UNASSIGNED: N_("Unassigned"),
    Tab.MINE: N_("Mine"),
    Tab.MINE_ON_HOLD: N_("Mine, on hold"),
    Tab.TEAM: N_("Team"),
    Tab.ON_HOLD: N_("On hold"),
    Tab.TO_APPROVE: N_("Awaiting sign-off"),
    Tab.LATE: N_("Overdue"),
    Tab.DUE_TODAY: N_("Due today"),
}
STATES: Mapping[Status, str] = {each: labels.STATUS[each] for each in Status if each is not Status.CLOSED}


def queue_view(_: Translator, queue: Queue, *, now: datetime) -> View:
    """The queue as a modal."""
    return View(
        type="modal",
        callback_id=ids.QUEUE,
        title=plain(_("My queue")),
        close=plain(_("Close")),
        private_metadata=dump_view_state(dump_queue_view(queue.state)),
        blocks=queue_blocks(_, queue, now=now),
    )


def queue_blocks(_: Translator, queue: Queue, *, now: datetime) -> list[Block]:
    """One page of a tab: the tabs, the filters, a row a ticket, and the paging."""
    state = queue.state
    by = N_("Showing: {tab}, by priority, then due date")
    if state.tab is Tab.TEAM:
        by = N_("Showing: {tab}, unassigned first, then by technician, priority and due date")
    shown = note(_(by, tab=_(TABS[state.tab])))
    blocks: list[Block] = [_tabs(_, queue), _filters(_, queue), shown]
    if not queue.tickets:
        filtered = state.site_id or state.priority or state.service_id or _is_filtered_by_team(state)
        blocks.append(note(_("Nothing matches these filters.") if filtered else _("Nothing here for now.")))
    blocks += ticket_rows(_, queue.tickets, now=now, queue=queue)
    return [*blocks, *paging(_, ids.QUEUE_PAGE, state.page, queue.has_more)]


def _is_filtered_by_team(state: QueueState) -> bool:
    return state.tab is Tab.TEAM and (state.technician is not None or state.status is not None)


def ticket_rows(
    _: Translator, tickets: Sequence[Ticket], *, now: datetime, queue: Queue | None = None
) -> list[Block]:
    """A row a ticket, with dividers between them; in a `queue` with the last word and links."""
    rows: list[Block] = []
    for ticket in tickets:
        rows += [*([DividerBlock()] if rows else []), *_row(_, ticket, now=now)]
        if queue is not None:
            rows += beside_blocks(_, ticket, queue.beside.get(ticket.id, Beside()), queue.workspace)
    return rows


def _row(_: Translator, ticket: Ticket, *, now: datetime) -> list[Block]:
    """A ticket's row, with its site, its requester and its assignee."""
    if ticket.forgotten_at is not None:
        return ticket_row(_, ticket, ticket_state(_, ticket), raised(_, ticket))
    late = ["⏰ " + _("Overdue")] if ticket.is_late(now) else []
    people = [
        ticket.site.name.in_(_.locale),
        _("from {name}", name=ticket.requester.name),
        _("assigned to {name}", name=ticket.assignee.name) if ticket.assignee else _("unassigned"),
    ]
    row = ticket_row(_, ticket, [*ticket_state(_, ticket), *late], _since_and_until(_, ticket))
    if ticket.is_confidential:
        return row
    return [
        *row,
        note(" · ".join(cut(each, _NAME_MAX) for each in people)),
        *(rich(line) for line in last_text(_, ticket)),
    ]


def _since_and_until(_: Translator, ticket: Ticket) -> list[Part]:
    """How old it is, and when it is due."""
    due = due_parts(_, ticket) or _waits(_, ticket)
    return [*raised(_, ticket), *([text_part(" · "), *due] if due else [])]


def _waits(_: Translator, ticket: Ticket) -> list[Part]:
    """When a ticket on hold comes back: on its day, for a review, or with its requester's answer."""
    if ticket.status is not Status.PENDING:
        return []
    if ticket.waits_until is not None:
        return [text_part(_("back on {day}", day=_.day(ticket.waits_until)))]
    if ticket.wakes_at is not None:
        return labelled(_, _("To be reviewed"), date_time(_, ticket.wakes_at))
    if ticket.awaits_answer:
        return [text_part(_("back when they reply"))]
    return [text_part(_("no date of return"))]


def _tabs(_: Translator, queue: Queue) -> ActionsBlock:
    return ActionsBlock(elements=[_tab(_, tab, queue) for tab in Tab])


def _tab(_: Translator, tab: Tab, queue: Queue) -> ButtonElement:
    count = queue.counts[tab]
    counted = _(
        "{tab} ({count})", tab=_(TABS[tab]), count=count if count < COUNT_MAX else f"{COUNT_MAX - 1}+"
    )
    current = tab is queue.state.tab
    return ButtonElement(
        text=plain(counted),
        action_id=f"{ids.QUEUE_TAB}.{tab}",
        value=tab,
        style="primary" if current else None,
        accessibility_label=_("{tab}, selected", tab=counted) if current else _("Show: {tab}", tab=counted),
    )


def _filters(_: Translator, queue: Queue) -> ActionsBlock:
    state = queue.state
    sites, services = row_options(_, queue.sites), row_options(_, queue.services)
    priorities = enum_options(_, labels.PRIORITY, Priority)
    search = ButtonElement(text=plain(_("Search tickets")), action_id=ids.OPEN_SEARCH, value="search")
    return ActionsBlock(
        elements=[
            _filter(ids.QUEUE_SITE, _("All sites"), sites, state.site_id),
            _filter(ids.QUEUE_PRIORITY, _("All priorities"), priorities, state.priority),
            _filter(ids.QUEUE_SERVICE, _("All services"), services, state.service_id),
            *(_of_team(_, queue) if state.tab is Tab.TEAM else []),
            search,
        ]
    )


def _of_team(_: Translator, queue: Queue) -> list[StaticSelectElement]:
    """The filters by technician and by state."""
    state = queue.state
    people = [
        option(_("Nobody"), str(NOBODY)),
        *(option(_.name(each.name), str(each.id)) for each in queue.technicians),
    ]
    states = enum_options(_, STATES, [*STATES])
    technician = None if state.technician is None else str(state.technician)
    return [
        _filter(ids.QUEUE_TECHNICIAN, _("All technicians"), people, technician),
        _filter(ids.QUEUE_STATUS, _("All states"), states, state.status),
    ]


def _filter(
    action_id: str, everything: str, options: Sequence[Option], chosen: str | None
) -> StaticSelectElement:
    """A menu that filters. A value that is no longer offered is shown by its id, so that it can be undone."""
    offered = [option(everything, ALL), *options[: OPTIONS_MAX - 1]]
    current = next((each for each in offered if each.value == (chosen or ALL)), None)
    if current is None:
        current = option(str(chosen), str(chosen))
        offered = [*offered[: OPTIONS_MAX - 1], current]
    return StaticSelectElement(
        action_id=action_id, placeholder=plain(everything), options=offered, initial_option=current
    )
