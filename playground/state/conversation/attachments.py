"""Attachments that Slack makes: of a forwarded message, of a link's preview (recorded)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from playground.state.conversation.message_payloads import message_payload
from playground.state.workspace import TEAM_ID, Json, Message

if TYPE_CHECKING:
    from playground.state.slack import Slack

GREY = "D0D0D0"


def share(slack: Slack, message: Message) -> Json:
    """The attachment of a message that forwards `message`."""
    author = slack.workspace.people[message.user]
    channel = slack.workspace.channels[message.channel]
    payload = message_payload(slack, message)
    words = message.text or "\n".join(
        str(a.get("text") or a.get("fallback", "")) for a in message.attachments
    )
    at = datetime.fromtimestamp(float(message.ts), UTC)
    attachment: Json = {
        "id": 1,
        "ts": message.ts,
        "channel_id": channel.id,
        "channel_team": TEAM_ID,
        "is_msg_unfurl": True,
        "is_share": True,
        "from_url": permalink(slack, message),
        "author_id": message.user,
        "author_name": message.username or author.real_name,
        "author_subname": message.username or author.name,
        "author_link": f"{slack.base_url}/team/{message.user}",
        "color": GREY,
        "text": words,
        "fallback": f"[{at:%B} {at.day}, {at:%Y %I:%M %p}] {author.name}: {words}",
        "mrkdwn_in": ["text"],
        "footer": "Direct message" if channel.kind == "im" else "Slack Conversation",
    }
    if message.blocks:
        inside = {"team": TEAM_ID, "channel": channel.id, "ts": message.ts}
        attachment["message_blocks"] = [inside | {"message": {"blocks": message.blocks}}]
    return attachment | ({"files": payload["files"]} if message.files else {})


def preview(link: str, title: str, text: str) -> Json:
    """The attachment with a link's preview ("Unfurling links in messages")."""
    host = link.partition("://")[2].partition("/")[0]
    return {
        "from_url": link,
        "original_url": link,
        "title": title,
        "title_link": link,
        "text": text,
        "fallback": f"{host}: {title}",
        "service_name": host,
    }


def permalink(slack: Slack, message: Message) -> str:
    """The address of a message."""
    link = f"{slack.base_url}/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return link + (f"?thread_ts={message.thread_ts}&cid={message.channel}" if message.thread_ts else "")
