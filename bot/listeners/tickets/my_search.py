"""The search over one's own tickets."""

import re
from dataclasses import replace

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.inputs import element_state
from blocks.kit.values import Payload, button_number
from blocks.tickets.state import MySearchState
from bot.listeners.interaction import Interaction
from bot.views.my_search import own_results

PAGES = re.compile(rf"^{re.escape(ids.MY_SEARCH_PAGE)}\.")


def press_search(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Chercher dans mes tickets" in their Home or in "Mes tickets"."""
    interaction.show(interaction.read(own_results, MySearchState()))
    ack()


def move_in_search(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed Enter in the field, turned a page, or came back from a ticket."""
    state = MySearchState.load(interaction.view_state)
    match action["action_id"]:
        case ids.MY_SEARCH:
            state = MySearchState(action.get("value") or "")
        case ids.BACK_TO_MY_SEARCH:
            pass
        case _page:
            state = replace(state, page=button_number(action))
    interaction.show(interaction.read(own_results, state))
    ack()


def submit_search(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Rechercher"."""
    text = element_state(view, ids.MY_SEARCH).get("value") or ""
    ack(response_action="update", view=interaction.read(own_results, MySearchState(text)))


def register(app: App) -> None:
    app.action(ids.OPEN_MY_SEARCH)(press_search)
    for moves in (ids.MY_SEARCH, PAGES, ids.BACK_TO_MY_SEARCH):
        app.action(moves)(move_in_search)
    app.view(ids.MY_SEARCH)(submit_search)
