"""The App Home, and people coming and going in channels."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from blocks.kit.values import pressed
from blocks.kit.view_state import Place, read_place, write_place
from blocks.queue.state import read_queue_place, written_queue_place
from blocks.tickets.my_tickets import read_list_page
from bot.context.actor import Asker
from bot.db.session import Sessions, transact
from bot.listeners.interaction import in_home, where
from bot.listeners.tickets.my_tickets import PAGING
from bot.notifications import enqueue as notifications
from bot.slack.directory import Directory
from bot.views.app_home import draw_home, tidy_place
from models.pages import QueuePlace
from models.person import Person


def open_home(
    ack: Ack,
    event: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
) -> None:
    """Somebody opened the App Home: it is drawn at its first pages, the queue at the tab they left."""
    if event["tab"] == "home":
        place: Place = {"queue": written_queue_place(_left_at(sessions, person))}
        publish(client, sessions, directory, person, place, clock())
    ack()


def turn_page(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
) -> None:
    """Somebody turned a page of one of the lists in their App Home."""
    which, page = read_list_page(pressed(action))
    place = {**where(body), which: page}
    publish(client, sessions, directory, person, place, clock())
    ack()


def join_channel(ack: Ack, event: dict[str, Any], context: BoltContext, directory: Directory) -> None:
    """Somebody joined a channel; when it is the bot, the teams' channels are looked up again."""
    if event["user"] == context.bot_user_id:
        directory.resolve_channels()
    directory.joined(event["channel"], event["user"])
    ack()


def leave_channel(
    ack: Ack,
    event: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    clock: Callable[[], datetime],
) -> None:
    """Somebody left a channel, and with it what they might do and see there."""
    directory.left(event["channel"], event["user"])
    now = clock()
    transact(sessions, lambda session: notifications.redraw_home(session, event["user"], now=now))
    ack()


def register(app: App) -> None:
    app.event("app_home_opened")(open_home)
    app.action(PAGING, matchers=[in_home])(turn_page)
    app.event("member_joined_channel")(join_channel)
    app.event("member_left_channel")(leave_channel)


def publish(
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    place: Place,
    now: datetime,
) -> None:
    """Draw the Home at this place, and remember where it stands."""
    technician, place = directory.with_teams_if_known(person), tidy_place(place)

    def remember(session: Session) -> None:
        row = session.get_one(Person, person.id)
        row.home_opened_at, row.home_place = now, write_place(place)

    transact(sessions, remember)
    with sessions() as session:
        view = draw_home(
            session,
            person_id=person.id,
            locale=person.locale,
            place=place,
            now=now,
            with_queue=bool(technician.teams),
        )
    client.views_publish(user_id=person.slack_id, view=view)


def _left_at(sessions: Sessions, person: Asker) -> QueuePlace:
    """The tab and the filters that somebody left in their Home's queue."""
    with sessions() as session:
        kept = session.get_one(Person, person.id).home_place
    return replace(read_queue_place(read_place({"private_metadata": kept})), page=0)
