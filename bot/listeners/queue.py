"""Technicians: their teams' queue, on the Home and as a modal."""

import re
from typing import Any

from slack_bolt import Ack, App

from blocks import ids
from blocks.queue.state import dump_queue_state, load_queue_state, moved_in_queue
from bot.listeners.interaction import Interaction, in_home
from bot.listeners.refresh import publish_home
from bot.views.queue import own_queue
from models.pages import QueueState

TABS = re.compile(rf"^{re.escape(ids.QUEUE_TAB)}\.")
PAGES = re.compile(rf"^{re.escape(ids.QUEUE_PAGE)}\.")
FILTERS = (ids.QUEUE_SITE, ids.QUEUE_PRIORITY, ids.QUEUE_SERVICE)


def type_queue(ack: Ack, interaction: Interaction) -> None:
    """Somebody typed `/ma-file`."""
    interaction.open(interaction.as_member().read(own_queue, QueueState()))
    ack()


def move_in_queue(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody chose a tab, a filter or a page; or came back from a ticket, or from the search."""
    here = interaction.view_state
    there = moved_in_queue(load_queue_state(here), action)
    if in_home(interaction.body):
        publish_home(interaction, {**here, "queue": dump_queue_state(there)})
    else:
        interaction.show(interaction.as_member().read(own_queue, there))
    ack()


def register(app: App) -> None:
    app.command(ids.COMMAND_QUEUE)(type_queue)
    for moves in (TABS, PAGES, *FILTERS, ids.BACK_TO_QUEUE):
        app.action(moves)(move_in_queue)
