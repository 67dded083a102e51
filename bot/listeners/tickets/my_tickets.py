"""Somebody's own tickets: the lists and the detail."""

from typing import Any

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import button_value, read_number
from blocks.tickets.my_tickets import LIST_PAGES, read_list_page
from bot.listeners.interaction import Interaction, in_modal
from bot.views.tickets.my_tickets import detail_view, list_view

LIST_BUTTONS = (ids.OPEN_LIST, ids.CLOSED_LIST, ids.BACK_TO_LIST)


def type_command(ack: Ack, interaction: Interaction) -> None:
    """Somebody typed `/mes-tickets`."""
    interaction.open(interaction.read(list_view, {}))
    ack()


def press_my_tickets(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Mes tickets" under a message."""
    interaction.open(interaction.read(list_view, {}))
    ack()


def move_in_list(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody changed list or page in the modal, or came back to it from a detail."""
    place = interaction.view_state
    if action["action_id"] != ids.BACK_TO_LIST:
        which, page = read_list_page(button_value(action))
        place = {"which": which, "page": page}
    interaction.show(interaction.read(list_view, place))
    ack()


def press_detail(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody opened a ticket: from a message or the Home in a modal, from a list in its place."""
    number = read_number(button_value(action))
    place = interaction.view_state if interaction.is_in_modal else {}
    interaction.show(interaction.as_reader(number).read(detail_view, number, place))
    ack()


def register(app: App) -> None:
    app.command(ids.COMMAND_MY_TICKETS)(type_command)
    app.action(ids.OPEN_MY_TICKETS)(press_my_tickets)
    for action_id in LIST_BUTTONS:
        app.action(action_id)(move_in_list)
    app.action(LIST_PAGES, matchers=[in_modal])(move_in_list)
    app.action(ids.DETAIL)(press_detail)
