"""Empties the App Home of somebody who was erased: no app can delete it."""

from slack_sdk.models.blocks import SectionBlock
from slack_sdk.models.views import View

from blocks.kit.text import plain
from bot.settings import Settings
from bot.slack.client import UNANSWERED, worker_client
from bot.slack.unanswered import explain


def empty_home(settings: Settings, slack_id: str) -> str:
    """Publish an empty Home. Returns in words what came of it."""
    if settings.slack_bot_token is None:
        return "not emptied: without SLACK_BOT_TOKEN Slack cannot be asked"
    client = worker_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    empty = View(type="home", blocks=[SectionBlock(text=plain("—"))])
    try:
        client.views_publish(user_id=slack_id, view=empty)
    except UNANSWERED as error:
        return f"not emptied: {explain(error)}"
    return "emptied"
