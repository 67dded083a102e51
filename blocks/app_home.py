"""The App Home: known outages, the doors of the help desk, a technician's queue, and the person's tickets."""

from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock, SectionBlock
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.text import header, plain
from blocks.kit.view_state import dump_view_state
from blocks.outages.cards import declare_button, outage_banner
from blocks.queue.rows import queue_blocks
from blocks.queue.state import dump_queue_state
from blocks.tickets.my_tickets import Listing, listing
from models.pages import Queue
from models.tickets.outage import KnownOutages


def home_view(
    _: Translator,
    *,
    open_tickets: Listing,
    closed_tickets: Listing,
    outages: KnownOutages,
    queue: Queue | None = None,
    now: datetime,
) -> View:
    """The whole App Home; how many tickets there are changes nothing to its size.

    `queue`: a technician's."""
    buttons = entry_buttons(_)[:2] if queue is None else [*entry_buttons(_)[:2], declare_button(_)]
    blocks: list[Block] = [
        header(_("IT help desk")),
        *outage_banner(_, outages),
        ActionsBlock(elements=buttons),
    ]
    if queue is not None:
        blocks += [DividerBlock(), header(_("My queue")), *queue_blocks(_, queue, now=now)]
    for found in (open_tickets, closed_tickets):
        blocks += [DividerBlock(), *listing(_, found)]
    place = {
        "open": open_tickets.page,
        "closed": closed_tickets.page,
        "queue": dump_queue_state(queue.place) if queue else None,
    }
    return View(type="home", callback_id=ids.HOME, private_metadata=dump_view_state(place), blocks=blocks)


def entry_buttons(_: Translator) -> list[ButtonElement]:
    """The buttons that open what the help desk has."""
    return [
        ButtonElement(text=plain(_("New IT ticket")), action_id=ids.NEW_TICKET, value="new", style="primary"),
        ButtonElement(text=plain(_("IT service catalogue")), action_id=ids.OPEN_CATALOGUE, value="top"),
        ButtonElement(text=plain(_("My tickets")), action_id=ids.OPEN_MY_TICKETS, value="open"),
    ]


def entry_blocks(_: Translator) -> list[Block]:
    """What Guichet answers to a message: what it can do, with the buttons that do it."""
    return [SectionBlock(text=plain(entry_text(_))), ActionsBlock(elements=entry_buttons(_))]


def entry_text(_: Translator) -> str:
    return _(
        "Nobody reads what is written here. To add to a ticket, write in the thread of its message; "
        "otherwise file a ticket or pick a service."
    )
