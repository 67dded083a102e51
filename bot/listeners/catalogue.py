"""The catalogue of services: opening it, moving in it, searching it, asking for a service."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from uuid import uuid4

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.catalogue.state import CataloguePlace, read_catalogue_place
from blocks.i18n import Translator
from blocks.kit.values import pressed
from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.db.session import Sessions
from bot.listeners.interaction import show
from bot.services import catalogue
from bot.slack.directory import Directory
from bot.views.catalogue import catalogue_view
from bot.views.tickets.new_ticket import form_view
from models.lifecycle import Kind

PAGING = re.compile(rf"^{re.escape(ids.CATALOGUE_PAGE)}\.")
MOVES = (ids.GROUP, ids.SERVICE, ids.BACK, ids.SEARCH, PAGING)
FORMS: Mapping[str, Kind] = {ids.REQUEST_SERVICE: Kind.REQUEST, ids.REPORT_PROBLEM: Kind.INCIDENT}


def type_command(
    ack: Ack, command: dict[str, Any], client: WebClient, sessions: Sessions, _: Translator
) -> None:
    """Somebody typed `/catalogue`, perhaps with words to search."""
    words = unescape(command.get("text", ""))  # docs.slack.dev: "&", "<" and ">" come escaped in a command
    with sessions() as session:
        view = catalogue_view(session, _, CataloguePlace().to_search(words))
    client.views_open(trigger_id=command["trigger_id"], view=view)
    ack()


def press_catalogue(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: Sessions, _: Translator
) -> None:
    """Somebody pressed "Catalogue des Services Numériques", on the Home or under a message."""
    with sessions() as session:
        view = catalogue_view(session, _, CataloguePlace())
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def move(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    _: Translator,
) -> None:
    """Somebody opened a box, went back, turned a page, or pressed Enter in the search field."""
    place = _moved(read_catalogue_place(body.get("view") or {}), action["action_id"], action.get("value"))
    with sessions() as session:
        view = catalogue_view(session, _, place)
    show(client, body, view)
    ack()


def submit_search(ack: Ack, view: dict[str, Any], sessions: Sessions, _: Translator) -> None:
    """Somebody pressed "Rechercher"."""
    here = read_catalogue_place(view)
    with sessions() as session:
        found = catalogue_view(session, _, here.to_search(here.typed))
    ack(response_action="update", view=found)


def press_offer(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    _: Translator,
) -> None:
    """Somebody pressed "Demander un service" or "Signaler un problème": the form takes the page's place."""
    kind, service_id = FORMS[action["action_id"]], pressed(action)
    filer = directory.with_teams_if_known(person)
    with sessions() as session:
        draft = catalogue.draft_for(session, service_id, kind, submission=str(uuid4()), locale=_.locale)
        view = form_view(session, filer, _, rules, draft=draft)
    show(client, body, view)
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


def _moved(place: CataloguePlace, action_id: str, value: str | None) -> CataloguePlace:
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
