"""Technicians: the search over their teams' tickets."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.values import pressed, read_number
from blocks.kit.view_state import read_place
from blocks.queue.state import read_queue_place, read_search_place
from blocks.search import search_view
from bot.context.actor import Asker, technician
from bot.db.session import Sessions
from bot.listeners.interaction import show, where
from bot.services import search
from bot.slack.directory import Directory
from models.pages import QueuePlace

PAGE = 10
PAGES = re.compile(rf"^{re.escape(ids.SEARCH_PAGE)}\.")


def type_search(
    ack: Ack,
    command: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody typed `/chercher`, perhaps with words."""
    words = unescape(command.get("text", ""))  # docs.slack.dev: "&", "<" and ">" come escaped in a command
    view = _search(sessions, directory, person, _, words, 0, QueuePlace(), clock())
    client.views_open(trigger_id=command["trigger_id"], view=view)
    ack()


def press_search(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody pressed "Chercher", beside the queue."""
    here = read_queue_place(where(body))
    show(client, body, _search(sessions, directory, person, _, "", 0, here, clock()))
    ack()


def move_in_search(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody pressed Enter in the field, turned a page, or came back from a ticket."""
    place = where(body)
    words, page = read_search_place(place)
    match action["action_id"]:
        case ids.TICKET_SEARCH:
            words, page = action.get("value") or "", 0
        case ids.BACK_TO_SEARCH:
            pass
        case _turned:
            page = read_number(pressed(action))
    here = read_queue_place(place)
    view = _search(sessions, directory, person, _, words, page, here, clock())
    show(client, body, view)
    ack()


def submit_search(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody pressed "Rechercher", which does what Enter in the field does."""
    typed = view["state"]["values"].get(ids.TICKET_SEARCH, {}).get(ids.TICKET_SEARCH, {})
    here = read_queue_place(read_place(view))
    found = _search(sessions, directory, person, _, typed.get("value") or "", 0, here, clock())
    ack(response_action="update", view=found)


def register(app: App) -> None:
    app.command(ids.COMMAND_SEARCH)(type_search)
    app.action(ids.OPEN_SEARCH)(press_search)
    for moves in (ids.TICKET_SEARCH, PAGES, ids.BACK_TO_SEARCH):
        app.action(moves)(move_in_search)
    app.view(ids.TICKET_SEARCH)(submit_search)


def _search(
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    _: Translator,
    words: str,
    page: int,
    here: QueuePlace,
    now: datetime,
) -> View:
    asker = technician(directory.with_teams(person))
    with sessions.begin() as session:  # what it asks of PostgreSQL lasts as long as a transaction
        found = search.search(session, asker, words, page=page, size=PAGE)
        return search_view(_, found, queue=here, now=now)
