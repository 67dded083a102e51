"""How a message looks to the app: in answers, events and interactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.state.files import file_payload, tombstone
from playground.state.workspace import APP_ID, BOT_ID, BOT_USER_ID, SLACKBOT, TEAM_ID, Channel, Json, Message

if TYPE_CHECKING:
    from playground.state.slack import Slack

TOMBSTONE = "This message was deleted."


def message_payload(slack: Slack, message: Message) -> Json:
    """A message as the API and interactions show it (metadata only when asked for: see `conversations`)."""
    if message.deleted:
        stone = {"type": "message", "subtype": "tombstone", "user": SLACKBOT, "text": TOMBSTONE}
        return stone | {"hidden": True, "ts": message.ts} | _thread(slack, message)
    payload = _author(slack, message) | {"type": "message", "ts": message.ts, "text": message.text}
    if message.blocks or message.user == BOT_USER_ID:
        payload["blocks"] = message.blocks
    if message.subtype:
        payload["subtype"] = message.subtype
    if message.client_msg_id:
        payload["client_msg_id"] = message.client_msg_id
    payload |= _thread(slack, message)
    if message.attachments:
        payload["attachments"] = message.attachments
    if message.files:
        share = {"subtype": "file_share", "upload": False, "display_as_bot": False}
        payload |= share | {"files": _files(slack, message)}
    if message.edited:
        payload["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        payload["reactions"] = [
            {"name": name, "users": sorted(users), "count": len(users)}
            for name, users in message.reactions.items()
        ]
    return payload


def _author(slack: Slack, message: Message) -> Json:
    """The author: a person, this app, another app's bot user, or a webhook without one."""
    if message.subtype == "bot_message":
        return {"bot_id": message.bot_id, "username": message.username}
    author: Json = {"user": message.user, "team": _team(slack, message.user)}
    if message.user == BOT_USER_ID:
        return author | {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": bot_profile(slack)}
    return author | ({"bot_id": message.bot_id} if message.bot_id else {})


def bot_profile(slack: Slack) -> Json:
    """The app's bot profile in messages."""
    return {
        "id": BOT_ID,
        "app_id": APP_ID,
        "user_id": BOT_USER_ID,
        "name": slack.manifest.bot_name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": TEAM_ID,
    }


def replies(channel: Channel, root_ts: str) -> list[Message]:
    """The replies in a thread, oldest first."""
    return [m for m in channel.messages.values() if m.thread_ts == root_ts and m.ts != root_ts]


def _thread(slack: Slack, message: Message) -> Json:
    """The fields about the thread: a reply names its root, a root counts its replies."""
    root_ts = message.thread_ts or message.ts
    channel = slack.workspace.channels[message.channel]
    if message.ts != root_ts:
        root = channel.messages.get(root_ts)
        user = SLACKBOT if root is None or root.deleted else root.user
        return {"thread_ts": root_ts, "parent_user_id": user}
    answers = replies(channel, root_ts)
    if not answers:
        return {"thread_ts": root_ts} if message.thread_ts else {}
    return {
        "thread_ts": root_ts,
        "reply_count": len(answers),
        "reply_users": list(dict.fromkeys(m.user for m in answers)),
        "reply_users_count": len({m.user for m in answers}),
        "latest_reply": answers[-1].ts,
    }


def _files(slack: Slack, message: Message) -> list[Json]:
    """The files of a message; those of another workspace without details (Slack Connect)."""
    if _team(slack, message.user) != TEAM_ID:
        return [{"id": file_id, "file_access": "check_file_info"} for file_id in message.files]
    return [
        tombstone(file_id)
        if file_id in message.tombstones
        else file_payload(slack, slack.workspace.files[file_id])
        for file_id in message.files
    ]


def _team(slack: Slack, user: str) -> str:
    person = slack.workspace.people.get(user)
    return TEAM_ID if person is None or person.is_colleague else person.team_id
