"""The App Home."""

from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from blocks.kit.values import button_value
from blocks.kit.view_state import load_view_state
from blocks.queue.state import dump_queue_state, load_queue_state
from blocks.tickets.my_tickets import LIST_PAGES, read_list_page
from bot.listeners.interaction import Interaction, in_home
from bot.listeners.refresh import publish_home
from bot.services.app_home import saved_home_state
from models.pages import QueueState


def open_home(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """Somebody opened the App Home: it is drawn at its first pages, the queue at the tab they left."""
    if event["tab"] == "home":
        publish_home(interaction, {"queue": dump_queue_state(_left_at(interaction))})
    ack()


def turn_page(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody turned a page of one of the lists in their App Home."""
    which, page = read_list_page(button_value(action))
    publish_home(interaction, {**interaction.view_state, which: page})
    ack()


def register(app: App) -> None:
    app.event("app_home_opened")(open_home)
    app.action(LIST_PAGES, matchers=[in_home])(turn_page)


def _left_at(interaction: Interaction) -> QueueState:
    """The tab and the filters that somebody left in their Home's queue."""
    kept = interaction.read(saved_home_state)
    return replace(load_queue_state(load_view_state({"private_metadata": kept})), page=0)
