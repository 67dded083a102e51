"""The App Home."""

from dataclasses import replace

from slack_bolt import Ack, App

from blocks.app_home import HomeState
from blocks.kit.values import Payload, button_value
from blocks.tickets.my_tickets import LIST_PAGES, read_list_page
from bot.listeners.interaction import Interaction, in_home
from bot.listeners.refresh import publish_home
from bot.services.app_home import saved_home_state


def open_home(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody opened their App Home."""
    if event["tab"] == "home":
        publish_home(interaction, _first_pages(HomeState.saved(interaction.read(saved_home_state))))
    ack()


def turn_page(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Plus récents" or "Plus anciens" in their App Home."""
    chosen = read_list_page(button_value(action))
    publish_home(interaction, HomeState.load(interaction.view_state).at_page(chosen.which, chosen.page))
    ack()


def register(app: App) -> None:
    app.event("app_home_opened")(open_home)
    app.action(LIST_PAGES, matchers=[in_home])(turn_page)


def _first_pages(state: HomeState) -> HomeState:
    """The same tab and filters of the queue, with every list at its first page."""
    return HomeState(queue=None if state.queue is None else replace(state.queue, page=0))
