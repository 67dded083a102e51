"""The technicians' search over tickets, as a modal."""

from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InputBlock,
)
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.inputs import FormHead, form_view, search_field
from blocks.kit.lists import paging
from blocks.kit.text import bold, note, plain, rich, text_part
from blocks.queue.rows import ticket_rows
from blocks.queue.state import SearchState
from models.pages import HandedOver, QueueState, TicketsFound

NOTHING_FOUND = N_(
    "None of your teams’ tickets match “{words}”. Try fewer words, the start of a word, or a ticket number."
)


def search_view(_: Translator, found: TicketsFound, *, queue: QueueState, now: datetime) -> View:
    """The search as a modal, with what it found; for an empty text, the field only. `queue`: the state to go
    back to."""
    state = SearchState(found.words, found.page, queue)
    back = ButtonElement(text=plain(_("My queue")), action_id=ids.BACK_TO_QUEUE, value="queue")
    blocks: list[Block] = [_search_field(_, found.words), ActionsBlock(elements=[back])]
    blocks += [_handed_over(_, each) for each in found.handed_over]
    if found.words and not (found.tickets or found.handed_over):
        blocks.append(note(_(NOTHING_FOUND, words=found.words)))
    elif found.tickets:
        blocks.append(note(_("Tickets matching “{words}”, newest first", words=found.words)))
    blocks += ticket_rows(_, found.tickets, now=now)
    head = FormHead(ids.TICKET_SEARCH, title=_("Search tickets"), submit=_("Search"))
    blocks += paging(_, ids.SEARCH_PAGE, found.page, found.has_more)
    return form_view(_, head, blocks, state.dump())


def _handed_over(_: Translator, found: HandedOver) -> Block:
    """The state and the present team of a ticket that was handed over."""
    said = _(
        "{state} · with the {team} team: your team handed it over on {day}.",
        state=_(labels.STATUS[found.status]),
        team=found.team.name.in_(_.locale),
        day=_.day(found.at),
    )
    return rich([bold(_("No. {number}", number=found.number)), text_part(f" · {said}")])


def _search_field(_: Translator, query: str) -> InputBlock:
    label, placeholder = _("Keywords or ticket number"), _("Title, description, solution, requester…")
    return search_field(ids.TICKET_SEARCH, label, query, placeholder=placeholder)
