"""One's own absence: when, and who decides meanwhile."""

from slack_bolt import Ack, App

from blocks import ids
from blocks.app_home import HomeState
from blocks.approvals.absence import read_absence
from blocks.kit.values import Payload
from bot.listeners.interaction import Interaction
from bot.listeners.refresh import publish_home
from bot.services.approvers.absence import delete_absence, save_absence
from bot.views.approvers import own_absence_form
from models.fields import Field


def press_absence(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Mon absence", or "Modifier" beside it, in their Home."""
    interaction.open(interaction.read(own_absence_form))
    ack()


def submit_absence(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """Somebody sent the form of their absence."""
    form = read_absence(view)
    substitute = interaction.chosen(form.substitute, Field.SUBSTITUTE).id if form.substitute else None
    interaction.write(save_absence, form.first_day, form.last_day, substitute)
    ack()


def press_delete(ack: Ack, interaction: Interaction) -> None:
    """Somebody deleted their absence."""
    interaction.write(delete_absence)
    publish_home(interaction, HomeState.load(interaction.view_state))
    ack()


def register(app: App) -> None:
    app.action(ids.OPEN_ABSENCE)(press_absence)
    app.action(ids.DELETE_ABSENCE)(press_delete)
    app.view(ids.ABSENCE_FORM)(submit_absence)
