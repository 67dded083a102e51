"""Messages of other apps, webhooks and Slackbot; previews of links."""

from dataclasses import dataclass, field

from playground.client.refusal import Refused
from playground.client.writing import slack_text
from playground.state.conversation.attachments import preview
from playground.state.conversation.changes import add_preview
from playground.state.conversation.messages import new_message, publish
from playground.state.fixture import stable_id
from playground.state.slack import Slack
from playground.state.workspace import SLACKBOT, Channel, Json, Message, Person


@dataclass(frozen=True)
class AppMessage:
    """The content of another app's message."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None


def app_message(
    slack: Slack, channel: Channel, app: str, content: AppMessage, *, webhook: bool = False
) -> Message:
    """Post as another app: by its bot user, or as a `bot_message` by a webhook, which has none.

    Sources: reference/events/message/bot_message; recorded messages of monitoring tools.
    """
    if not (content.text or content.blocks or content.attachments):
        raise Refused("no_text", "a message has text, blocks or attachments")
    if problems := slack.manifest.check_blocks(content.blocks):
        raise Refused("invalid_blocks", "; ".join(map(str, problems)))
    bot = _bot(slack, app)
    message = new_message(slack, channel, bot.id, content.text, content.blocks, thread_ts=content.thread_ts)
    message.attachments = [{"id": number, **each} for number, each in enumerate(content.attachments, 1)]
    message.bot_id = bot.bot_id
    if webhook:
        message.subtype, message.username = "bot_message", app
    publish(slack, channel, message)
    return message


def slackbot_message(slack: Slack, channel: Channel, text: str) -> Message:
    """An automatic answer by Slackbot (reference/events/message, `slackbot_response`)."""
    message = new_message(slack, channel, SLACKBOT, slack_text(slack.workspace, text))
    message.subtype = "slackbot_response"
    publish(slack, channel, message)
    return message


def link_preview(slack: Slack, message: Message, link: str, title: str, text: str) -> Message:
    """Add the preview of a link to a message."""
    add_preview(slack, message, preview(link, title, text))
    return message


def _bot(slack: Slack, app: str) -> Person:
    """The bot user of another app, created with its first message."""
    person = slack.workspace.person(stable_id("U", app))
    if person is None:
        handle = app.lower().replace(" ", "-")
        person = Person(stable_id("U", app), handle, app, "", is_bot=True, bot_id=stable_id("B", app))
        slack.workspace.people[person.id] = person
    return person
