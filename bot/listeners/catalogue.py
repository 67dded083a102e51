"""The catalogue of services."""

import re
from collections.abc import Mapping
from html import unescape

from slack_bolt import Ack, App

from blocks import ids
from blocks.catalogue.state import CatalogueState, load_catalogue_state, tidy
from blocks.kit.notices import notice
from blocks.kit.values import Payload, button_value
from bot.listeners.interaction import Interaction
from bot.services.articles import count_answer
from bot.services.catalogue_search import finds_nothing, keep_gap
from bot.views.catalogue import catalogue_view
from bot.views.tickets.new_ticket import new_draft, new_form, service_form
from models.lifecycle import Kind

PAGING = re.compile(rf"^{re.escape(ids.CATALOGUE_PAGE)}\.")
ARTICLE_SERVICE = re.compile(rf"^{re.escape(ids.ARTICLE_SERVICE)}\.")
MOVES = (ids.GROUP, ids.SERVICE, ids.OPEN_ARTICLE, ARTICLE_SERVICE, ids.BACK, ids.BROWSE, ids.SEARCH, PAGING)
FORMS: Mapping[str, Kind] = {ids.REQUEST_SERVICE: Kind.REQUEST, ids.REPORT_PROBLEM: Kind.INCIDENT}


def type_command(ack: Ack, command: Payload, interaction: Interaction) -> None:
    """Somebody typed `/catalogue`, perhaps with a text to search."""
    text = unescape(command.get("text", ""))  # docs.slack.dev: "&", "<" and ">" come escaped in a command
    state = CatalogueState().to_search(text)
    interaction.open(interaction.read(catalogue_view, state))
    ack()
    _keep_if_nothing(interaction, state)


def press_catalogue(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Catalogue des Services Numériques", on the Home or under a message."""
    interaction.open(interaction.read(catalogue_view, CatalogueState()))
    ack()


def move(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody opened a group, a service or an article, went back, turned a page, or searched."""
    state = load_catalogue_state(interaction.body.get("view") or {})
    moved = _moved(state, action["action_id"], action.get("value"))
    interaction.show(interaction.read(catalogue_view, moved))
    ack()
    if action["action_id"] == ids.SEARCH:
        _keep_if_nothing(interaction, moved)


def submit_search(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Rechercher"."""
    state = load_catalogue_state(view)
    searched = state.to_search(state.field_text)
    ack(response_action="update", view=interaction.read(catalogue_view, searched))
    _keep_if_nothing(interaction, searched)


def press_file_words(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Créer un ticket avec ces mots" below the results of a search."""
    draft = new_draft(tidy(button_value(action)))
    interaction.show(interaction.as_member_if_known().read(new_form, draft))
    ack()


def submit_article(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Ça répond à ma question" on an article's page."""
    interaction.write(count_answer, load_catalogue_state(view).article or "")
    _ = interaction.translator
    thanks = _("Thank you: we are glad it helped. Nothing was sent to the help desk.")
    ack(response_action="update", view=notice(_, thanks))


def press_offer(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Demander un service" or "Signaler un problème" on a service's page."""
    kind, service_id = FORMS[action["action_id"]], button_value(action)
    interaction.show(interaction.as_member_if_known().read(service_form, service_id, kind))
    ack()


def follow_link(ack: Ack) -> None:
    """Somebody followed a service's link. Slack opens it, and needs an acknowledgement."""
    ack()


def register(app: App) -> None:
    app.command(ids.COMMAND_CATALOGUE)(type_command)
    app.action(ids.OPEN_CATALOGUE)(press_catalogue)
    for action_id in MOVES:
        app.action(action_id)(move)
    app.view(ids.CATALOGUE)(submit_search)
    app.action(ids.FILE_WORDS)(press_file_words)
    app.view(ids.ARTICLE)(submit_article)
    for action_id in FORMS:
        app.action(action_id)(press_offer)
    app.action(ids.SERVICE_LINK)(follow_link)


def _keep_if_nothing(interaction: Interaction, state: CatalogueState) -> None:
    """Keep a search that found nothing, for who writes the catalogue."""
    if state.query and interaction.read(finds_nothing, state.query):
        interaction.write_if_possible(keep_gap, state.query)


def _moved(state: CatalogueState, action_id: str, value: str | None) -> CatalogueState:
    match action_id:
        case ids.GROUP:
            return state.to_group(value or "")
        case ids.SERVICE:
            return state.to_service(value or "")
        case ids.OPEN_ARTICLE:
            return state.to_article(value or "")
        case ids.SEARCH:
            return state.to_search(value)
        case ids.BACK:
            return state.back()
        case ids.BROWSE:
            return CatalogueState(field_text=state.field_text)
    if ARTICLE_SERVICE.match(action_id):
        return state.to_service(value or "")
    return state.to_page(value or "")
