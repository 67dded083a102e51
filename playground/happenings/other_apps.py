"""Messages that no person and not this app wrote: other apps', webhooks', Slackbot's; previews of links."""

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
class Said:
    """What another app says."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None


def app_message(slack: Slack, channel: Channel, app: str, said: Said, *, webhook: bool = False) -> Message:
    """Post as another app: by its bot user, or as a `bot_message` by a webhook, which has none.

    Sources: reference/events/message/bot_message; recorded messages of monitoring tools.
    """
    if not (said.text or said.blocks or said.attachments):
        raise Refused("no_text", "an app says text, blocks or attachments")
    if problems := slack.manifest.check_blocks(said.blocks):
        raise Refused("invalid_blocks", "; ".join(map(str, problems)))
    bot = _bot(slack, app)
    message = new_message(slack, channel, bot.id, said.text, said.blocks, thread_ts=said.thread_ts)
    message.attachments = [{"id": number, **each} for number, each in enumerate(said.attachments, 1)]
    message.bot_id = bot.bot_id
    if webhook:
        message.subtype, message.username = "bot_message", app
    publish(slack, channel, message)
    return message


def slackbot_message(slack: Slack, channel: Channel, text: str) -> Message:
    """An automatic answer of Slackbot's (reference/events/message, `slackbot_response`)."""
    message = new_message(slack, channel, SLACKBOT, slack_text(slack.workspace, text))
    message.subtype = "slackbot_response"
    publish(slack, channel, message)
    return message


def link_preview(slack: Slack, message: Message, link: str, title: str, words: str) -> Message:
    """Slack has fetched what a link in a message leads to."""
    add_preview(slack, message, preview(link, title, words))
    return message


def _bot(slack: Slack, app: str) -> Person:
    """The bot user of another app, which is there from its first message on."""
    person = slack.workspace.person(stable_id("U", app))
    if person is None:
        handle = app.lower().replace(" ", "-")
        person = Person(stable_id("U", app), handle, app, "", is_bot=True, bot_id=stable_id("B", app))
        slack.workspace.people[person.id] = person
    return person
