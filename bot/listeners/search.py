"""A technician's search over the tickets of their teams."""

import re
from dataclasses import replace
from html import unescape

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.inputs import element_state
from blocks.kit.values import Payload, button_number
from blocks.queue.state import SearchState, load_queue_state
from bot.listeners.interaction import Interaction
from bot.views.search import results

PAGES = re.compile(rf"^{re.escape(ids.SEARCH_PAGE)}\.")


def type_search(ack: Ack, command: Payload, interaction: Interaction) -> None:
    """Somebody typed `/chercher`, perhaps with a text."""
    text = unescape(command.get("text", ""))  # docs.slack.dev: "&", "<" and ">" come escaped in a command
    interaction.open(interaction.as_member().write(results, SearchState(text)))
    ack()


def press_search(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Chercher un ticket" in the queue."""
    state = SearchState(queue=load_queue_state(interaction.view_state))
    interaction.show(interaction.as_member().write(results, state))
    ack()


def move_in_search(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed Enter in the field, turned a page, or came back from a ticket."""
    state = SearchState.load(interaction.view_state)
    match action["action_id"]:
        case ids.TICKET_SEARCH:
            state = replace(state, query=action.get("value") or "", page=0)
        case ids.BACK_TO_SEARCH:
            pass
        case _page:
            state = replace(state, page=button_number(action))
    interaction.show(interaction.as_member().write(results, state))
    ack()


def submit_search(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Rechercher"."""
    text = element_state(view, ids.TICKET_SEARCH).get("value") or ""
    state = replace(SearchState.load(interaction.view_state), query=text, page=0)
    ack(response_action="update", view=interaction.as_member().write(results, state))


def register(app: App) -> None:
    for command in (ids.COMMAND_SEARCH, ids.COMMAND_SEARCH_EN):
        app.command(command)(type_search)
    app.action(ids.OPEN_SEARCH)(press_search)
    for moves in (ids.TICKET_SEARCH, PAGES, ids.BACK_TO_SEARCH):
        app.action(moves)(move_in_search)
    app.view(ids.TICKET_SEARCH)(submit_search)
