"""The button below the summary of a departure."""

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import Payload, button_number
from bot.listeners.interaction import Interaction
from bot.services.departures.queries import who_left
from bot.services.departures.release import give_back


def press_give_back(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Tout rendre"."""
    number = button_number(action)
    channel, slack_id = interaction.read(who_left, number)
    interaction = interaction.as_member().at("departure")
    is_member = interaction.resources.directory.is_member(channel, slack_id)
    interaction.write(give_back, number, is_member=is_member)
    ack()


def register(app: App) -> None:
    app.action(ids.GIVE_BACK)(press_give_back)
