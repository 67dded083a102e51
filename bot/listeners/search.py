"""Technicians: the search over their teams' tickets."""

import re
from html import unescape
from typing import Any

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import button_value, read_number
from blocks.queue.state import load_queue_state, load_search_state
from bot.listeners.interaction import Interaction
from bot.views.search import results
from models.pages import QueueState

PAGES = re.compile(rf"^{re.escape(ids.SEARCH_PAGE)}\.")


def type_search(ack: Ack, command: dict[str, Any], interaction: Interaction) -> None:
    """Somebody typed `/chercher`, perhaps with words."""
    words = unescape(command.get("text", ""))  # docs.slack.dev: "&", "<" and ">" come escaped in a command
    interaction.open(interaction.as_member().write(results, words, 0, QueueState()))
    ack()


def press_search(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Chercher", beside the queue."""
    here = load_queue_state(interaction.view_state)
    interaction.show(interaction.as_member().write(results, "", 0, here))
    ack()


def move_in_search(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody pressed Enter in the field, turned a page, or came back from a ticket."""
    place = interaction.view_state
    words, page = load_search_state(place)
    match action["action_id"]:
        case ids.TICKET_SEARCH:
            words, page = action.get("value") or "", 0
        case ids.BACK_TO_SEARCH:
            pass
        case _turned:
            page = read_number(button_value(action))
    interaction.show(interaction.as_member().write(results, words, page, load_queue_state(place)))
    ack()


def submit_search(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """Somebody pressed "Rechercher", which does what Enter in the field does."""
    typed = view["state"]["values"].get(ids.TICKET_SEARCH, {}).get(ids.TICKET_SEARCH, {})
    here = load_queue_state(interaction.view_state)
    found = interaction.as_member().write(results, typed.get("value") or "", 0, here)
    ack(response_action="update", view=found)


def register(app: App) -> None:
    app.command(ids.COMMAND_SEARCH)(type_search)
    app.action(ids.OPEN_SEARCH)(press_search)
    for moves in (ids.TICKET_SEARCH, PAGES, ids.BACK_TO_SEARCH):
        app.action(moves)(move_in_search)
    app.view(ids.TICKET_SEARCH)(submit_search)
