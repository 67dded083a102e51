"""The App Home, messages typed to Guichet, and people coming and going in channels."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from blocks.home import door_blocks, door_text
from blocks.i18n import Translator
from blocks.place import Place, read_place, write_place
from bot.db import Sessions, transact
from bot.directory import Directory
from bot.home import draw_home
from bot.listeners.my_tickets import PAGING
from bot.people import Asker
from models.person import Person


def open_home(
    ack: Ack,
    event: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    clock: Callable[[], datetime],
) -> None:
    """Somebody opened the App Home: it is drawn at its first pages."""
    if event["tab"] == "home":
        _publish(client, sessions, person, {}, clock())
    ack()


def turn_page(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    clock: Callable[[], datetime],
) -> None:
    """Somebody turned a page of one of the lists in their App Home."""
    which, _colon, page = action["value"].partition(":")
    _publish(client, sessions, person, {**read_place(body["view"]), which: int(page)}, clock())
    ack()


def write_to_guichet(
    ack: Ack, event: dict[str, Any], client: WebClient, person: Asker, _: Translator
) -> None:
    """Somebody wrote a message to Guichet: until conversations are carried, it says what it can do."""
    client.chat_postEphemeral(
        channel=event["channel"],
        user=person.slack_id,
        thread_ts=event.get("thread_ts"),
        text=door_text(_),
        blocks=door_blocks(_),
    )
    ack()


def join_channel(ack: Ack, event: dict[str, Any], context: BoltContext, directory: Directory) -> None:
    """Somebody joined a channel; when it is the bot, the teams' channels are looked up again."""
    if event["user"] == context.bot_user_id:
        directory.resolve_channels()
    directory.joined(event["channel"], event["user"])
    ack()


def leave_channel(ack: Ack, event: dict[str, Any], directory: Directory) -> None:
    """Somebody left a channel, and with it what they might do there."""
    directory.left(event["channel"], event["user"])
    ack()


def register(app: App) -> None:
    app.event("app_home_opened")(open_home)
    app.action(PAGING, matchers=[_in_home])(turn_page)
    app.event("message", matchers=[_is_typed])(write_to_guichet)
    app.event("message")(ignore)
    app.event("member_joined_channel")(join_channel)
    app.event("member_left_channel")(leave_channel)


def ignore(ack: Ack) -> None:
    """An edit, a deletion, a message of our own: nothing to answer."""
    ack()


def _publish(client: WebClient, sessions: Sessions, person: Asker, place: Place, now: datetime) -> None:
    def remember(session: Session) -> None:
        row = session.get_one(Person, person.id)
        row.home_opened_at, row.home_place = now, write_place(place)

    transact(sessions, remember)
    with sessions() as session:
        view = draw_home(session, person_id=person.id, locale=person.locale, place=place)
    client.views_publish(user_id=person.slack_id, view=view)


def _is_typed(event: dict[str, Any]) -> bool:
    return event.get("subtype") in {None, "file_share"} and "bot_id" not in event


def _in_home(body: dict[str, Any]) -> bool:
    return bool(body["view"]["type"] == "home")
