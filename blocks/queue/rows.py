"""The technicians' queue, on the Home and as a modal."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    Option,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.paging import paging
from blocks.kit.text import cut, escape, mrkdwn, note, option, plain
from blocks.kit.view_state import Place, dump_view_state
from blocks.queue.state import ALL, dump_queue_state
from models.lifecycle import Priority
from models.pages import COUNT_MAX, Queue, Tab
from models.tickets.ticket import Ticket

_OPTIONS_MAX = 99  # and "all of them": Slack's limit is 100
_NAME_MAX = 80  # three names and what stands between them fit a line

TABS: Mapping[Tab, str] = {
    Tab.UNASSIGNED: N_("Unassigned"),
    Tab.MINE: N_("Mine"),
    Tab.ON_HOLD: N_("On hold"),
    Tab.TO_APPROVE: N_("To approve"),
    Tab.LATE: N_("Late"),
}


def queue_view(_: Translator, queue: Queue, *, now: datetime) -> View:
    """The queue as a modal."""
    place: Place = {"from": "queue", "queue": dump_queue_state(queue.place)}
    return View(
        type="modal",
        callback_id=ids.QUEUE,
        title=plain(_("My queue")),
        close=plain(_("Close")),
        private_metadata=dump_view_state(place),
        blocks=queue_blocks(_, queue, now=now),
    )


def queue_blocks(_: Translator, queue: Queue, *, now: datetime) -> list[Block]:
    """One page of a tab: the tabs, the filters, a row a ticket, and the paging."""
    place = queue.place
    shown = note(_("Shown: {tab}, by priority, then age", tab=_(TABS[place.tab])))
    blocks: list[Block] = [_tabs(_, queue), _filters(_, queue), shown]
    if not queue.tickets:
        filtered = place.site_id or place.priority or place.service_id
        blocks.append(note(_("Nothing here with these filters.") if filtered else _("Nothing here for now.")))
    blocks += ticket_rows(_, queue.tickets, now=now)
    return [*blocks, *paging(_, ids.QUEUE_PAGE, place.page, queue.has_more)]


def ticket_rows(_: Translator, tickets: Sequence[Ticket], *, now: datetime) -> list[Block]:
    """A row a ticket, set apart from each other."""
    rows: list[Block] = []
    for ticket in tickets:
        rows += [*([DividerBlock()] if rows else []), *_row(_, ticket, now=now)]
    return rows


def _row(_: Translator, ticket: Ticket, *, now: datetime) -> list[Block]:
    """A ticket as its technicians look for it: what it is, where, whose, who has it."""
    age = f"<!date^{int(ticket.opened_at.timestamp())}^{{ago}}|{_.date_time(ticket.opened_at, 'UTC')}>"
    words = [
        _("No. {number}", number=ticket.id),
        _(labels.KIND[ticket.kind]),
        labels.state(_, ticket),
        labels.priority(_, ticket),
    ]
    if ticket.is_late(now):
        words.append("⏰ " + _("Late"))
    people = [
        ticket.site.name.in_(_.locale),
        _("from {name}", name=ticket.requester.name),
        _("taken by {name}", name=ticket.assignee.name) if ticket.assignee else _("nobody has it"),
    ]
    open_it = ButtonElement(
        text=plain(_("Open")),
        action_id=ids.DETAIL,
        value=str(ticket.id),
        accessibility_label=_("Open No. {number}", number=ticket.id),
    )
    return [
        ContextBlock(elements=[mrkdwn(escape(" · ".join(words)) + f" · {age}")]),
        SectionBlock(text=plain(ticket.title), accessory=open_it),
        note(" · ".join(cut(each, _NAME_MAX) for each in people)),
    ]


def _tabs(_: Translator, queue: Queue) -> ActionsBlock:
    return ActionsBlock(elements=[_tab(_, tab, queue) for tab in Tab])


def _tab(_: Translator, tab: Tab, queue: Queue) -> ButtonElement:
    count = queue.counts[tab]
    counted = _(
        "{tab} ({count})", tab=_(TABS[tab]), count=count if count < COUNT_MAX else f"{COUNT_MAX - 1}+"
    )
    current = tab is queue.place.tab
    return ButtonElement(
        text=plain(counted),
        action_id=f"{ids.QUEUE_TAB}.{tab}",
        value=tab,
        style="primary" if current else None,
        accessibility_label=_("{tab}, shown", tab=counted) if current else _("Show: {tab}", tab=counted),
    )


def _filters(_: Translator, queue: Queue) -> ActionsBlock:
    place = queue.place
    sites = [option(site.name.in_(_.locale), site.id) for site in queue.sites]
    priorities = [option(_(labels.PRIORITY[priority]), priority) for priority in Priority]
    services = [option(service.name.in_(_.locale), service.id) for service in queue.services]
    search = ButtonElement(text=plain(_("Search tickets")), action_id=ids.OPEN_SEARCH, value="search")
    return ActionsBlock(
        elements=[
            _filter(ids.QUEUE_SITE, _("All sites"), sites, place.site_id),
            _filter(ids.QUEUE_PRIORITY, _("All priorities"), priorities, place.priority),
            _filter(ids.QUEUE_SERVICE, _("All services"), services, place.service_id),
            search,
        ]
    )


def _filter(
    action_id: str, everything: str, options: Sequence[Option], chosen: str | None
) -> StaticSelectElement:
    """A menu that filters. What is filtered by and no longer offered is named by its id, to be undone."""
    offered = [option(everything, ALL), *options[:_OPTIONS_MAX]]
    current = next((each for each in offered if each.value == (chosen or ALL)), None)
    if current is None:
        current = option(str(chosen), str(chosen))
        offered[-1 if len(offered) > _OPTIONS_MAX else len(offered) :] = [current]
    return StaticSelectElement(
        action_id=action_id, placeholder=plain(everything), options=offered, initial_option=current
    )
