"""The App Home, and people coming and going in channels."""

from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, BoltContext

from blocks.kit.values import pressed
from blocks.kit.view_state import read_place
from blocks.queue.state import read_queue_place, written_queue_place
from blocks.tickets.my_tickets import LIST_PAGES, read_list_page
from bot.listeners.interaction import Interaction, in_home
from bot.listeners.refresh import publish_home
from bot.notifications.enqueue import redraw_home
from bot.services.app_home import kept_place
from models.pages import QueuePlace


def open_home(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """Somebody opened the App Home: it is drawn at its first pages, the queue at the tab they left."""
    if event["tab"] == "home":
        publish_home(interaction, {"queue": written_queue_place(_left_at(interaction))})
    ack()


def turn_page(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody turned a page of one of the lists in their App Home."""
    which, page = read_list_page(pressed(action))
    publish_home(interaction, {**interaction.view_state, which: page})
    ack()


def join_channel(ack: Ack, event: dict[str, Any], context: BoltContext, interaction: Interaction) -> None:
    """Somebody joined a channel; when it is the bot, the teams' channels are looked up again."""
    directory = interaction.resources.directory
    if event["user"] == context.bot_user_id:
        directory.resolve_channels()
    directory.joined(event["channel"], event["user"])
    ack()


def leave_channel(ack: Ack, event: dict[str, Any], interaction: Interaction) -> None:
    """Somebody left a channel, and with it what they might do and see there."""
    interaction.resources.directory.left(event["channel"], event["user"])
    interaction.write(redraw_home, event["user"])
    ack()


def register(app: App) -> None:
    app.event("app_home_opened")(open_home)
    app.action(LIST_PAGES, matchers=[in_home])(turn_page)
    app.event("member_joined_channel")(join_channel)
    app.event("member_left_channel")(leave_channel)


def _left_at(interaction: Interaction) -> QueuePlace:
    """The tab and the filters that somebody left in their Home's queue."""
    kept = interaction.read(kept_place)
    return replace(read_queue_place(read_place({"private_metadata": kept})), page=0)
