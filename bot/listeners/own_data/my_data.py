"""*My data*: the notice, and a person's own data by direct message."""

from slack_bolt import Ack, App

from blocks import ids
from bot.listeners.interaction import Interaction
from bot.services.own_data.asking import ask_own_data
from bot.views.own_data.my_data import own_data


def press_own_data(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Mes données", in their Home or below a message."""
    interaction.show(interaction.read(own_data))
    ack()


def press_receive(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Recevoir mes données"."""
    asked = interaction.write(ask_own_data)
    interaction.show(interaction.read(own_data, asked))
    ack()


def register(app: App) -> None:
    app.action(ids.OPEN_OWN_DATA)(press_own_data)
    app.action(ids.RECEIVE_OWN_DATA)(press_receive)
