"""App Homes that listed a forgotten ticket."""

from datetime import datetime

from slack_sdk.models.blocks import DividerBlock
from slack_sdk.models.views import View

from bot.context.actor import person_by_slack_id
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.delivery.errors import Permanent
from bot.delivery.rendering.rendered import RenderedHome
from bot.delivery.senders.slack import SlackSender
from bot.notifications.cards import refresh_home
from models.removals.removal import Removal

EMPTY = View(type="home", blocks=[DividerBlock()])
"""A view has one block at least."""


def draw(sessions: Sessions, slack: SlackSender, removal: Removal, *, now: datetime) -> None:
    """Queue a Home as a live message, in order with its others; or empty that of somebody who is no longer
    known. Raises `DeliveryError`, not for an account that has no Home any more."""
    assert removal.owner
    with sessions.begin() as session:
        if person_by_slack_id(session, removal.owner) is not None:
            refresh_home(UnitOfWork(session, now), removal.owner)
            return
    try:
        slack.publish(RenderedHome(removal.owner, EMPTY.to_dict()))
    except Permanent:
        return
