"""Somebody's own tickets: the lists and the detail."""

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import Payload, button_number, button_value
from blocks.tickets.my_tickets import LIST_PAGES, read_list_page
from blocks.tickets.state import DetailState, ListState
from bot.listeners.interaction import Interaction, in_modal
from bot.views.tickets.my_tickets import detail_view, list_view

LIST_BUTTONS = (ids.OPEN_LIST, ids.CLOSED_LIST, ids.BACK_TO_LIST)


def type_command(ack: Ack, interaction: Interaction) -> None:
    """Somebody typed `/mes-tickets`."""
    interaction.open(interaction.read(list_view, ListState()))
    ack()


def press_my_tickets(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Mes tickets" under a message."""
    interaction.open(interaction.read(list_view, ListState()))
    ack()


def move_in_list(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody chose the other list or a page in the modal, or went back to it from a detail."""
    is_back = action["action_id"] == ids.BACK_TO_LIST
    state = ListState.load(interaction.view_state) if is_back else read_list_page(button_value(action))
    interaction.show(interaction.read(list_view, state))
    ack()


def press_detail(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody opened a ticket's detail."""
    number, state = button_number(action), interaction.detail or DetailState()
    interaction.show(interaction.as_reader(number).read(detail_view, number, state))
    ack()


def register(app: App) -> None:
    for command in (ids.COMMAND_MY_TICKETS, ids.COMMAND_MY_TICKETS_EN):
        app.command(command)(type_command)
    app.action(ids.OPEN_MY_TICKETS)(press_my_tickets)
    for action_id in LIST_BUTTONS:
        app.action(action_id)(move_in_list)
    app.action(LIST_PAGES, matchers=[in_modal])(move_in_list)
    app.action(ids.DETAIL)(press_detail)
