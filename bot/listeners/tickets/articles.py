"""Articles that a technician puts into a reply or a solution."""

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import Payload, button_value
from blocks.kit.view_state import load_view_state
from blocks.tickets.state import FormState
from bot.listeners.interaction import Interaction
from bot.views.tickets.articles import with_article


def choose_article(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician chose an article in the form of a reply or of a solution."""
    view = interaction.modal
    number = FormState.load(load_view_state(view)).ticket_id
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(with_article, number, view, button_value(action)))
    ack()


def register(app: App) -> None:
    app.action(ids.INSERT_ARTICLE)(choose_article)
