"""What a ticket form suggests: another form, a ticket to add to, an article."""

from collections.abc import Mapping

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import Payload, button_number, button_value
from blocks.tickets.new_ticket.form import is_technicians, read_ticket_form
from blocks.tickets.suggestions import read_addition, read_article_id
from bot.listeners.interaction import Interaction
from bot.services import articles
from bot.services.tickets.comments import additions
from bot.views.tickets.suggestions import addition_form, article_form, ordinary_form, suggested_form
from models.lifecycle import Kind

FORMS: Mapping[str, Kind] = {ids.SUGGESTED_REQUEST: Kind.REQUEST, ids.SUGGESTED_INCIDENT: Kind.INCIDENT}


def press_service(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Ouvrir" beside a service: its form takes the open one's place."""
    service_id, kind, view = button_value(action), FORMS[action["action_id"]], interaction.modal
    interaction = _with_same_rights(interaction, view)
    interaction.show(interaction.read(suggested_form, view, service_id, kind))
    ack()


def press_back(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Revenir au formulaire simple"."""
    view = interaction.modal
    interaction = _with_same_rights(interaction, view)
    interaction.show(interaction.read(ordinary_form, view))
    ack()


def press_ticket(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Ajouter au n° …" beside a ticket of theirs."""
    draft = read_ticket_form(interaction.modal)
    addition = interaction.write(additions.prepare, button_number(action), draft)
    interaction.push(interaction.read(addition_form, addition))
    ack()


def submit_addition(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """Somebody added to the ticket what their form says; no other ticket is raised."""
    state, text = read_addition(view)
    interaction.write(additions.add, state.ticket_id, text, submission=state.submission)
    ack(response_action="clear")


def press_article(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Lire" beside an article."""
    interaction.push(interaction.read(article_form, button_value(action)))
    ack()


def submit_article(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Ça répond à ma question": no ticket is raised."""
    interaction.write(articles.count_answer, read_article_id(view))
    ack(response_action="clear")


def register(app: App) -> None:
    for action_id in FORMS:
        app.action(action_id)(press_service)
    app.action(ids.BACK_TO_FORM)(press_back)
    app.action(ids.ADD_TO_TICKET)(press_ticket)
    app.view(ids.ADD_TO_TICKET_FORM)(submit_addition)
    app.action(ids.READ_ARTICLE)(press_article)
    app.view(ids.ARTICLE_IN_FORM)(submit_article)


def _with_same_rights(interaction: Interaction, view: Payload) -> Interaction:
    """With the teams of a technician who has their form open: without them, inputs of it would be lost."""
    return interaction.as_member() if is_technicians(view) else interaction
