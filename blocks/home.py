"""The App Home: the doors of the help desk, and the person's tickets."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock, SectionBlock
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.my_tickets import Listing, listing
from blocks.place import write_place
from blocks.text import header, plain


def home_view(_: Translator, *, open_tickets: Listing, closed_tickets: Listing) -> View:
    """The whole App Home; how many tickets there are changes nothing to its size."""
    blocks: list[Block] = [
        header(_("IT help desk")),
        ActionsBlock(elements=doors(_)[:2]),
        DividerBlock(),
        *listing(_, open_tickets),
        DividerBlock(),
        *listing(_, closed_tickets),
    ]
    place = {"open": open_tickets.page, "closed": closed_tickets.page}
    return View(type="home", callback_id=ids.HOME, private_metadata=write_place(place), blocks=blocks)


def doors(_: Translator) -> list[ButtonElement]:
    """The buttons that open what the help desk has."""
    return [
        ButtonElement(text=plain(_("New IT ticket")), action_id=ids.NEW_TICKET, value="new", style="primary"),
        ButtonElement(text=plain(_("IT service catalogue")), action_id=ids.OPEN_CATALOGUE, value="top"),
        ButtonElement(text=plain(_("My tickets")), action_id=ids.OPEN_MY_TICKETS, value="open"),
    ]


def door_blocks(_: Translator) -> list[Block]:
    """What Guichet answers to a message: what it can do, with the buttons that do it."""
    return [SectionBlock(text=plain(door_text(_))), ActionsBlock(elements=doors(_))]


def door_text(_: Translator) -> str:
    return _(
        "Nobody reads messages written here yet. To reach the IT department, file a ticket or pick a service."
    )
