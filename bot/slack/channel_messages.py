"""Messages in channels, as a listener shows and names them. Both may fail: what was written is kept."""

import logging

from slack_sdk import WebClient

from blocks.kit.block_text import Content, full_text
from blocks.kit.values import Payload
from bot.slack import budget
from bot.slack.client import UNANSWERED
from bot.slack.unanswered import explain
from bot.timeouts import Timeouts

logger = logging.getLogger(__name__)


def address_of(client: WebClient, channel: str, ts: str) -> str | None:
    """The message's address; `None` when Slack does not give it in time."""
    try:
        with budget.reserve(Timeouts().answer):
            return str(client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    except UNANSWERED as error:
        logger.warning("the address of a message is not known: %s", explain(error))
        return None


def show_to(client: WebClient, event: Payload, content: Content) -> bool:
    """Show an answer to the author of a message only, in its thread if it is in one. False when Slack refuses
    it or does not answer."""
    blocks = [block.to_dict() for block in content[1]]
    thread = {"thread_ts": event["thread_ts"]} if "thread_ts" in event else {}
    try:
        client.chat_postEphemeral(
            channel=event["channel"],
            user=event["user"],
            text=full_text(content[0], blocks),
            blocks=blocks,
            **thread,
        )
    except UNANSWERED as error:
        logger.warning("a message was not shown to the author of another: %s", explain(error))
        return False
    return True
