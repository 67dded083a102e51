"""Messages of attempts that got no answer."""

from bot.delivery.errors import CardGone, Permanent
from bot.delivery.rendering.rendered import Sent
from bot.delivery.senders.slack import SlackSender
from models.removals.removal import Removal


def find(slack: SlackSender, removal: Removal) -> Sent | None:
    """A message that may have been posted; `None` when it is not there, or its thread is gone. Raises
    `DeliveryError`."""
    assert removal.key
    channel = removal.channel or slack.open_dm(removal.owner)
    try:
        ts = slack.find(channel, removal.thread_ts, removal.key, removal.created_at)
    except CardGone:  # the thread is
        return None
    except Permanent as error:
        if error.cause.code != "thread_not_found":
            raise
        return None
    return Sent(channel, ts) if ts else None
