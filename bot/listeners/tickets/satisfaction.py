"""How satisfied the requester is, after their approval."""

import re

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import Payload, button_value
from blocks.tickets.satisfaction import opinion_form, read_face, read_opinion
from bot.listeners.interaction import Interaction
from bot.listeners.refresh import close_form
from bot.services.tickets import satisfaction
from models.characters import is_blank

FACE = re.compile(rf"^{re.escape(ids.RATE)}\.")


def press_face(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """The requester pressed one of the three faces."""
    number, rating = read_face(button_value(action))
    ticket = interaction.write(satisfaction.rate, number, rating)
    interaction.show(opinion_form(interaction.translator, ticket, detail=interaction.detail))
    ack()


def submit_opinion(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """The requester sent the form of their opinion, with a comment or without."""
    form = read_opinion(view)
    if not is_blank(form.text):
        interaction.write(satisfaction.comment, form.state.ticket_id, form.text)
    close_form(ack, interaction, form.state)


def register(app: App) -> None:
    app.action(FACE)(press_face)
    app.view(ids.SATISFACTION_FORM)(submit_opinion)
