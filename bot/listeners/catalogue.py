"""The catalogue of services: opening it, moving in it, searching it, asking for a service."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from slack_bolt import Ack, App

from blocks import ids
from blocks.catalogue.state import CatalogueState, load_catalogue_state
from blocks.kit.values import button_value
from bot.listeners.interaction import Interaction
from bot.views.catalogue import catalogue_view
from bot.views.tickets.new_ticket import service_form
from models.lifecycle import Kind

PAGING = re.compile(rf"^{re.escape(ids.CATALOGUE_PAGE)}\.")
MOVES = (ids.GROUP, ids.SERVICE, ids.BACK, ids.SEARCH, PAGING)
FORMS: Mapping[str, Kind] = {ids.REQUEST_SERVICE: Kind.REQUEST, ids.REPORT_PROBLEM: Kind.INCIDENT}


def type_command(ack: Ack, command: dict[str, Any], interaction: Interaction) -> None:
    """Somebody typed `/catalogue`, perhaps with words to search."""
    words = unescape(command.get("text", ""))  # docs.slack.dev: "&", "<" and ">" come escaped in a command
    interaction.open(interaction.read(catalogue_view, CatalogueState().to_search(words)))
    ack()


def press_catalogue(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "Catalogue des Services Numériques", on the Home or under a message."""
    interaction.open(interaction.read(catalogue_view, CatalogueState()))
    ack()


def move(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody opened a box, went back, turned a page, or pressed Enter in the search field."""
    here = load_catalogue_state(interaction.body.get("view") or {})
    place = _moved(here, action["action_id"], action.get("value"))
    interaction.show(interaction.read(catalogue_view, place))
    ack()


def submit_search(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """Somebody pressed "Rechercher"."""
    here = load_catalogue_state(view)
    ack(response_action="update", view=interaction.read(catalogue_view, here.to_search(here.typed)))


def press_offer(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody pressed "Demander un service" or "Signaler un problème": the form takes the page's place."""
    kind, service_id = FORMS[action["action_id"]], button_value(action)
    interaction.show(interaction.as_member_if_known().read(service_form, service_id, kind))
    ack()


def follow_link(ack: Ack) -> None:
    """Somebody followed a service's link: Slack opens it, and wants an answer all the same."""
    ack()


def register(app: App) -> None:
    app.command(ids.COMMAND_CATALOGUE)(type_command)
    app.action(ids.OPEN_CATALOGUE)(press_catalogue)
    for action_id in MOVES:
        app.action(action_id)(move)
    app.view(ids.CATALOGUE)(submit_search)
    for action_id in FORMS:
        app.action(action_id)(press_offer)
    app.action(ids.SERVICE_LINK)(follow_link)


def _moved(place: CatalogueState, action_id: str, value: str | None) -> CatalogueState:
    match action_id:
        case ids.GROUP:
            return place.to_group(value or "")
        case ids.SERVICE:
            return place.to_service(value or "")
        case ids.SEARCH:
            return place.to_search(value)
        case ids.BACK:
            return place.back()
    return place.to_page(value or "")
