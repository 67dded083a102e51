"""Somebody's own tickets: the lists and the detail."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.notices import notice
from blocks.kit.values import pressed, read_number
from blocks.kit.view_state import Place
from blocks.tickets import my_tickets as lists
from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.db.session import Sessions
from bot.listeners.interaction import in_modal, show, where
from bot.services.tickets import my_tickets as tickets_my_tickets
from bot.slack.directory import Directory
from bot.views.tickets.my_tickets import detail_view, list_view

PAGING = re.compile(rf"^{re.escape(ids.LIST_PAGE)}\.")
LIST_BUTTONS = (ids.OPEN_LIST, ids.CLOSED_LIST, ids.BACK_TO_LIST)


def show_detail(
    client: WebClient,
    body: dict[str, Any],
    sessions: Sessions,
    person: Asker,
    _: Translator,
    rules: Rules,
    now: datetime,
    *,
    number: int,
) -> None:
    """Draw the detail anew that somebody acted in; on a message there is none."""
    if in_modal(body):
        with sessions() as session:
            place = where(body)
            detail = detail_view(session, person, _, rules, now, number=number, place=place)
        client.views_update(view_id=body["view"]["id"], view=detail)


def close_form(
    ack: Ack,
    sessions: Sessions,
    person: Asker,
    _: Translator,
    rules: Rules,
    now: datetime,
    *,
    number: int,
    place: Place | None,
) -> None:
    """Acknowledge a form about a ticket: back to the detail that it was opened from, if any, and if they may
    still see it."""
    if place is None:
        ack()
        return
    with sessions() as session:
        if tickets_my_tickets.is_visible(session, person, number):
            detail = detail_view(session, person, _, rules, now, number=number, place=place)
        else:
            detail = notice(_, _("Done: another team has the ticket now."))
    ack(response_action="update", view=detail)


def type_command(
    ack: Ack,
    command: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    _: Translator,
) -> None:
    """Somebody typed `/mes-tickets`."""
    with sessions() as session:
        view = list_view(session, person, _, {})
    client.views_open(trigger_id=command["trigger_id"], view=view)
    ack()


def press_my_tickets(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: Sessions, person: Asker, _: Translator
) -> None:
    """Somebody pressed "Mes tickets" under a message."""
    with sessions() as session:
        view = list_view(session, person, _, {})
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def move_in_list(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    _: Translator,
) -> None:
    """Somebody changed list or page in the modal, or came back to it from a detail."""
    place = where(body)
    if action["action_id"] != ids.BACK_TO_LIST:
        which, page = lists.read_list_page(pressed(action))
        place = {"which": which, "page": page}
    with sessions() as session:
        view = list_view(session, person, _, place)
    show(client, body, view)
    ack()


def press_detail(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody opened a ticket: from a message or the Home in a modal, from a list in its place."""
    number = read_number(pressed(action))
    place = where(body) if in_modal(body) else {}
    reader = directory.as_reader(person, number)
    with sessions() as session:
        detail = detail_view(session, reader, _, rules, clock(), number=number, place=place)
    show(client, body, detail)
    ack()


def register(app: App) -> None:
    app.command(ids.COMMAND_MY_TICKETS)(type_command)
    app.action(ids.OPEN_MY_TICKETS)(press_my_tickets)
    for action_id in LIST_BUTTONS:
        app.action(action_id)(move_in_list)
    app.action(PAGING, matchers=[in_modal])(move_in_list)
    app.action(ids.DETAIL)(press_detail)
