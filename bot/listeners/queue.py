"""A technician's queue, on the Home and as a modal."""

import re
from dataclasses import replace

from slack_bolt import Ack, App

from blocks import ids
from blocks.app_home import HomeState
from blocks.kit.values import Payload
from blocks.queue.state import load_queue_state, moved_in_queue
from bot.listeners.interaction import Interaction, in_home
from bot.listeners.refresh import publish_home
from bot.views.queue import own_queue
from models.pages import QueueState

TABS = re.compile(rf"^{re.escape(ids.QUEUE_TAB)}\.")
PAGES = re.compile(rf"^{re.escape(ids.QUEUE_PAGE)}\.")
FILTERS = (ids.QUEUE_SITE, ids.QUEUE_PRIORITY, ids.QUEUE_SERVICE, ids.QUEUE_TECHNICIAN, ids.QUEUE_STATUS)


def type_queue(ack: Ack, interaction: Interaction) -> None:
    """Somebody typed `/ma-file`."""
    interaction.open(interaction.as_member().read(own_queue, QueueState()))
    ack()


def move_in_queue(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody chose a tab, a filter or a page; or went back from a ticket, or from the search."""
    fields = interaction.view_state
    queue = moved_in_queue(load_queue_state(fields), action)
    if in_home(interaction.body):
        publish_home(interaction, replace(HomeState.load(fields), queue=queue))
    else:
        interaction.show(interaction.as_member().read(own_queue, queue))
    ack()


def register(app: App) -> None:
    for command in (ids.COMMAND_QUEUE, ids.COMMAND_QUEUE_EN):
        app.command(command)(type_queue)
    for moves in (TABS, PAGES, *FILTERS, ids.BACK_TO_QUEUE):
        app.action(moves)(move_in_queue)
