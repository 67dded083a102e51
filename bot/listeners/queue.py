"""Technicians: their teams' queue, on the Home and as a modal."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.queue.rows import queue_view
from blocks.queue.state import moved_in_queue, read_queue_place, written_queue_place
from bot.context.actor import Asker, technician
from bot.db.session import Sessions
from bot.listeners.app_home import publish
from bot.listeners.interaction import in_home, show, where
from bot.services import queue
from bot.slack.directory import Directory
from models.pages import QueuePlace

PAGE = 10
TABS = re.compile(rf"^{re.escape(ids.QUEUE_TAB)}\.")
PAGES = re.compile(rf"^{re.escape(ids.QUEUE_PAGE)}\.")
FILTERS = (ids.QUEUE_SITE, ids.QUEUE_PRIORITY, ids.QUEUE_SERVICE)


def type_queue(
    ack: Ack,
    command: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody typed `/ma-file`."""
    view = _queue(sessions, directory, person, _, QueuePlace(), clock())
    client.views_open(trigger_id=command["trigger_id"], view=view)
    ack()


def move_in_queue(
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
    """Somebody chose a tab, a filter or a page; or came back from a ticket, or from the search."""
    place = where(body)
    there = moved_in_queue(read_queue_place(place), action)
    if in_home(body):
        place["queue"] = written_queue_place(there)
        publish(client, sessions, directory, person, place, clock())
    else:
        show(client, body, _queue(sessions, directory, person, _, there, clock()))
    ack()


def register(app: App) -> None:
    app.command(ids.COMMAND_QUEUE)(type_queue)
    for moves in (TABS, PAGES, *FILTERS, ids.BACK_TO_QUEUE):
        app.action(moves)(move_in_queue)


def _queue(
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    _: Translator,
    place: QueuePlace,
    now: datetime,
) -> View:
    asker = technician(directory.with_teams(person))
    with sessions() as session:
        return queue_view(_, queue.queue(session, asker, place, size=PAGE, now=now), now=now)
