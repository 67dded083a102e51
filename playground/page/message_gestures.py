"""What a person does with messages on the page: write, change, delete, read."""

from playground import client
from playground.page.gestures import gesture
from playground.state.slack import Slack
from playground.state.workspace import Json, Person


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


@gesture("read")
async def read_channel(slack: Slack, person: Person, body: Json) -> Json:
    """Have read a channel."""
    await client.mark_read(slack, person, body["channel"])
    return {}
