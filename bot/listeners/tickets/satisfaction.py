"""How satisfied the requester is, after their approval."""

import re
from typing import Any

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import button_value
from blocks.tickets.satisfaction import opinion_form, read_face, read_opinion
from bot.listeners.interaction import Interaction
from bot.listeners.refresh import close_form
from bot.services.tickets import satisfaction
from models.characters import is_blank

FACE = re.compile(rf"^{re.escape(ids.RATE)}\.")


def press_face(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """The requester pressed one of the three faces: it is kept at once, and a comment asked for."""
    number, rating = read_face(button_value(action))
    ticket = interaction.write(satisfaction.rate, number, rating)
    interaction.show(opinion_form(interaction.translator, ticket, place=interaction.origin))
    ack()


def submit_opinion(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """The requester added a comment, or none."""
    about, words = read_opinion(view)
    if not is_blank(words):
        interaction.write(satisfaction.comment, about.ticket_id, words)
    close_form(ack, interaction, about.ticket_id, about.detail)


def register(app: App) -> None:
    app.action(FACE)(press_face)
    app.view(ids.SATISFACTION_FORM)(submit_opinion)
