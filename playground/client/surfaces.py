"""The surfaces on which a person can act: a message they see, the top modal, their App Home."""

from dataclasses import dataclass

from playground.client.refusal import Refused
from playground.state.conversation.message_payloads import message_payload
from playground.state.inputs import kept_state
from playground.state.slack import Slack
from playground.state.views import view_payload
from playground.state.workspace import Channel, Json, Message, Person, View


@dataclass(frozen=True)
class ViewRef:
    """Refers to a modal or an App Home."""

    view_id: str


@dataclass(frozen=True)
class MessageRef:
    """Refers to a message; `age`: how many of its latest changes the person's screen does not show yet."""

    channel_id: str
    ts: str
    age: int = 0


SurfaceRef = ViewRef | MessageRef


@dataclass(frozen=True)
class Surface:
    """A surface: its blocks, the values of its elements, and its part of the payload."""

    blocks: list[Json]
    state: dict[str, Json]
    payload: Json
    view: View | None = None
    message: Message | None = None
    channel: Channel | None = None


def visible_channel(slack: Slack, person: Person, channel_id: str) -> Channel:
    """A channel this person is in, or Refused `not_visible`."""
    channel = slack.workspace.channels.get(channel_id)
    if channel is None or person.id not in channel.members:
        name = f"#{channel.name}" if channel else f"a channel {channel_id!r}"
        raise Refused("not_visible", f"{person.name} is not in {name}")
    return channel


def visible_message(slack: Slack, person: Person, channel_id: str, ts: str) -> Message:
    """A message this person can see, ephemeral ones too, or Refused `not_visible`."""
    channel = visible_channel(slack, person, channel_id)
    if ts in channel.messages and channel.messages[ts].deleted:
        raise Refused("not_visible", "this message was deleted")
    if ts in channel.messages:
        return channel.messages[ts]
    for message in slack.workspace.ephemerals.get(person.id, []):
        if (message.channel, message.ts) == (channel_id, ts):
            return message
    raise Refused("not_visible", f"{person.name} sees no message {ts} there")


def find_surface(slack: Slack, person: Person, ref: SurfaceRef) -> Surface:
    """The surface as this person sees it, or Refused `not_visible`."""
    if isinstance(ref, ViewRef):
        return _view_surface(slack, person, ref)
    return _message_surface(slack, person, ref)


def _view_surface(slack: Slack, person: Person, ref: ViewRef) -> Surface:
    workspace = slack.workspace
    view = workspace.views.get(ref.view_id)
    stack = workspace.modals.get(person.id, [])
    in_front = stack[-1] if stack else workspace.homes.get(person.id)
    if view is None or view.id not in (in_front, workspace.homes.get(person.id)):
        raise Refused("not_visible", f"this view is not in front of {person.name}")
    payload = {"container": {"type": "view", "view_id": view.id}, "view": view_payload(slack, view)}
    return Surface(view.payload["blocks"], view.state, payload, view=view)


def _message_surface(slack: Slack, person: Person, ref: MessageRef) -> Surface:
    channel = visible_channel(slack, person, ref.channel_id)
    message = visible_message(slack, person, ref.channel_id, ref.ts)
    if ref.age > len(message.versions):
        raise Refused("not_stale", f"this message has changed {len(message.versions)} times only")
    blocks = [*message.versions, message.blocks][-1 - ref.age]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload: Json = {"container": container}
    if message.ephemeral_for is None:
        payload["message"] = {**message_payload(slack, message), "blocks": blocks}
    state = kept_state(blocks, message.state) if ref.age else message.state
    return Surface(blocks, state, payload, message=message, channel=channel)
