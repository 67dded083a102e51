"""A person's actions on messages: write, edit, delete, forward, read."""

import re

from playground import client, workspace_events
from playground.client.surfaces import visible_message
from playground.page.gestures import gesture
from playground.state.slack import Slack
from playground.state.workspace import Json, Person

LINK = re.compile(r"<(https?://[^>|]+)")


@gesture("message")
async def message(slack: Slack, person: Person, body: Json) -> Json:
    """Write a message."""
    await client.post(slack, person, body["channel"], body["text"], body.get("thread"), body.get("files"))
    return {}


@gesture("edit")
async def edit(slack: Slack, person: Person, body: Json) -> Json:
    """Change one's own message."""
    await client.edit(slack, person, body["channel"], body["ts"], body["text"])
    return {}


@gesture("delete")
async def delete(slack: Slack, person: Person, body: Json) -> Json:
    """Delete one's own message."""
    await client.delete(slack, person, body["channel"], body["ts"])
    return {}


@gesture("forward")
async def forward(slack: Slack, person: Person, body: Json) -> Json:
    """Forward a message, with or without a comment."""
    source = visible_message(slack, person, body["channel"], body["ts"])
    await client.forward(slack, person, source, body["to"], body["text"])
    return {}


@gesture("preview")
async def preview(slack: Slack, person: Person, body: Json) -> Json:
    """Add a preview of the first link in a message."""
    message = visible_message(slack, person, body["channel"], body["ts"])
    found = LINK.search(message.text)
    if found is None:
        raise client.Refused("no_link", "this message has no link")
    host, _, path = found[1].partition("://")[2].partition("/")
    workspace_events.link_preview(slack, message, found[1], path or host, host)
    return {}


@gesture("take_out")
async def take_out(slack: Slack, person: Person, body: Json) -> Json:
    """Remove a file from one's own message."""
    message = visible_message(slack, person, body["channel"], body["ts"])
    await client.take_file_out(slack, person, message, body["file"])
    return {}


@gesture("read")
async def read_channel(slack: Slack, person: Person, body: Json) -> Json:
    """Mark a channel as read."""
    await client.mark_read(slack, person, body["channel"])
    return {}
