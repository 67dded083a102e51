"""The bot's messages in Slack, compared with their deliveries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from blocks.ids import AUTHORISE
from bot.delivery.senders.slack import METADATA_TYPE
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from playground.state.objects import Message
from playground.state.slack import Slack
from playground.state.workspace import BOT_USER_ID
from playground.testing import Playground
from tests.chaos.account.table import Account

# Kinds with one message each, whose metadata has the delivery's key.
POSTED = {DeliveryKind.RESOLUTION, DeliveryKind.THREAD, DeliveryKind.COMMENT}
NO_MESSAGE = {DeliveryKind.MAIL, DeliveryKind.FILE}  # whose `remote_id` is no `ts`


@dataclass(frozen=True)
class Posted:
    """One message of the bot with the key of its delivery."""

    key: str
    channel: str
    ts: str
    thread_ts: str | None = None


@dataclass(frozen=True)
class Copy:
    """A file of the bot in a message."""

    name: str
    content: bytes
    channel: str
    thread_ts: str | None


@dataclass(frozen=True)
class Messages:
    """The content of Slack at the end."""

    posted: Sequence[Posted]
    all_ts: set[str]
    copies: Sequence[Copy]
    uploads: dict[str, bytes]
    """The content of each file uploaded by a person, by id."""
    ephemerals: set[tuple[str, str, str | None]]
    """Person, channel and thread of each ephemeral message."""
    deciding: set[str]
    """The `ts` of messages with a button to give one's agreement."""

    @classmethod
    def of(cls, slack: Playground) -> "Messages":
        """Read from this Slack."""
        return slack.run(_read, slack.slack)


def _read(slack: Slack) -> Messages:
    workspace = slack.workspace
    messages = [
        message
        for channel in workspace.channels.values()
        for message in channel.messages.values()
        if not message.deleted
    ]
    ours = [m for m in messages if m.metadata and m.metadata["event_type"] == METADATA_TYPE]
    copies = [
        Copy(file.name, file.content, message.channel, message.thread_ts)
        for message in messages
        for file in (workspace.files[file_id] for file_id in message.files)
        if file.user == BOT_USER_ID and not file.deleted
    ]
    return Messages(
        [Posted(str((m.metadata or {})["event_payload"]["key"]), m.channel, m.ts, m.thread_ts) for m in ours],
        {m.ts for m in messages},
        copies,
        {file.id: file.content for file in workspace.files.values() if file.user != BOT_USER_ID},
        {
            (workspace.people[person].name, message.channel, message.thread_ts)
            for person, messages in workspace.ephemerals.items()
            for message in messages
        },
        {m.ts for m in ours if _asks_for_an_agreement(m)},
    )


def _asks_for_an_agreement(message: Message) -> bool:
    elements = [each for block in message.blocks for each in block.get("elements", ())]
    return any(each.get("action_id") == AUTHORISE for each in elements)


def reckon_messages(deliveries: Sequence[Delivery], messages: Messages, account: Account) -> None:
    """Each message must exist once, as recorded by its delivery."""
    sent = [row for row in deliveries if row.state is DeliveryState.SENT]
    keys = Counter(each.key for each in messages.posted)
    by_key = {row.key: row for row in sent}
    recorded = [row for row in sent if row.remote_id and row.kind not in NO_MESSAGE]
    account.rows["Slack messages"] = len(messages.posted)
    removed = _removed_prompts(sent)
    gone = (row.key for row in recorded if row.remote_id not in messages.all_ts)
    account.count("Slack messages lost", (key for key in gone if key not in removed))
    account.count("posts lost", (row.key for row in sent if row.kind in POSTED and row.key not in keys))
    account.count("Slack duplicates", (key for key, times in keys.items() if times > 1))
    account.count("Slack messages without a delivery", keys.keys() - by_key.keys())
    unrecorded = (
        each.key for each in messages.posted if each.key in by_key and by_key[each.key].remote_id != each.ts
    )
    account.count("Slack messages not recorded", unrecorded)


def _removed_prompts(sent: Sequence[Delivery]) -> set[str]:
    """The keys of prompts whose message the help desk deleted: another stands below it, or it was answered.
    Either is a later delivery of the same kind."""
    prompts = sorted(
        (row for row in sent if row.kind is DeliveryKind.PROMPT), key=lambda row: row.event_number
    )
    last = {row.ticket_id: row.key for row in prompts}
    return {row.key for row in prompts} - set(last.values())
