"""The search over one's own tickets, as a modal."""

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InputBlock,
)
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import N_, Translator
from blocks.kit.inputs import FormHead, form_view, search_field
from blocks.kit.lists import paging
from blocks.kit.text import note, plain
from blocks.tickets.my_tickets import own_ticket_row
from blocks.tickets.state import MySearchState
from models.pages import OwnTicketsFound

NOTHING_FOUND = N_(
    "None of your tickets match “{words}”. Try fewer words, the start of a word, or a ticket number. If you "
    "have not reported it yet, raise a ticket."
)


def my_search_view(_: Translator, found: OwnTicketsFound) -> View:
    """The search, with what it found; for an empty text, the field only."""
    state = MySearchState(found.words, found.page)
    back = ButtonElement(text=plain(_("My tickets")), action_id=ids.OPEN_LIST, value="open")
    blocks: list[Block] = [_field(_, found.words)]
    if found.words and not found.tickets:
        raise_one = ButtonElement(text=plain(_("New IT ticket")), action_id=ids.NEW_TICKET, value="new")
        blocks += [note(_(NOTHING_FOUND, words=found.words)), ActionsBlock(elements=[back, raise_one])]
    else:
        blocks.append(ActionsBlock(elements=[back]))
    if found.tickets:
        blocks.append(note(_("Tickets matching “{words}”, newest first", words=found.words)))
    for ticket in found.tickets:
        blocks += own_ticket_row(_, ticket, found.last.get(ticket.id))
    head = FormHead(ids.MY_SEARCH, title=_("My tickets: search"), submit=_("Search"))
    blocks += paging(_, ids.MY_SEARCH_PAGE, found.page, found.has_more)
    return form_view(_, head, blocks, state.dump())


def _field(_: Translator, query: str) -> InputBlock:
    label, placeholder = _("Keywords or ticket number"), _("Title, description, solution…")
    return search_field(ids.MY_SEARCH, label, query, placeholder=placeholder)
