"""Changes of channels by administrators: name, privacy, archive, sharing, posting, id."""

from collections.abc import Callable

from playground.client.refusal import Refused
from playground.state.conversation.channel_payloads import PARTNER, channel_payload
from playground.state.conversation.channels import POSTING, remove_channel, rename_channel_id
from playground.state.conversation.messages import CHANNEL_TYPES
from playground.state.slack import Slack
from playground.state.workspace import Channel, Json, Person, new_id


def change_channel(slack: Slack, channel: Channel, changes: Json) -> None:
    """Change a public or private channel, one field after the other."""
    if channel.kind == "im":
        raise Refused("bad_request", "only the id of a direct message can be changed")
    for name, value in changes.items():
        change = _CHANGES.get(name)
        if change is None:
            raise Refused("bad_request", f"fields of a channel: {', '.join(_CHANGES)}")
        change(slack, channel, value)
    slack.workspace.altered.add(channel.id)
    slack.workspace.changed()


def move_channel(slack: Slack, channel: Channel) -> None:
    """Give a channel another id; the old one is refused from now on (reference/events/channel_id_changed)."""
    old, new = channel.id, new_id("C")
    rename_channel_id(slack, channel, new)
    slack.workspace.altered.add(old)
    _emit(slack, {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new})


def renew_direct_message(slack: Slack, person: Person) -> None:
    """Replace somebody's direct message with the app by a new one, without an event.

    Reported: the old id answers `channel_not_found` from then on, `conversations.open` the new one.
    """
    channel = slack.workspace.direct_message(person.id)
    remove_channel(slack, channel)
    slack.workspace.altered.add(channel.id)
    slack.workspace.changed()


def _rename(slack: Slack, channel: Channel, name: object) -> None:
    channel.previous_names = [channel.name, *channel.previous_names]
    channel.name = str(name)
    fields = {
        key: channel_payload(slack, channel)[key] for key in ("id", "name", "name_normalized", "created")
    }
    _emit(slack, {"type": _event_type("rename", channel), "channel": fields})


def _convert(slack: Slack, channel: Channel, private: object) -> None:
    """Members get a message; the channel's events have the other type from then on."""
    kind = "private" if private else "public"
    if channel.kind == kind:
        return
    channel.kind = "private" if private else "public"
    now = slack.workspace.clock.next_ts()
    text = f"made this channel {kind}"
    event = {
        "type": "message",
        "subtype": f"channel_convert_to_{kind}",
        "ts": now,
        "user": _administrator(slack),
    }
    where = {"channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind], "text": text}
    slack.delivery.emit(event | where | {"event_ts": now})


def _archive(slack: Slack, channel: Channel, archived: object) -> None:
    channel.archived = bool(archived)
    kind = _event_type("archive" if archived else "unarchive", channel)
    _emit(slack, {"type": kind, "channel": channel.id, "user": _administrator(slack)})


def _share(slack: Slack, channel: Channel, shared: object) -> None:
    """A private channel that is shared gets another id first."""
    channel.shared = bool(shared)
    if not shared:
        fields = {"previously_connected_team_id": PARTNER, "channel": channel.id, "is_ext_shared": False}
        _emit(slack, {"type": "channel_unshared", **fields})
        return
    if channel.kind == "private":
        move_channel(slack, channel)
    _emit(slack, {"type": "channel_shared", "connected_team_id": PARTNER, "channel": channel.id})


def _restrict(_slack: Slack, channel: Channel, posting: object) -> None:
    if posting not in ("", "everybody", *POSTING):
        raise Refused("bad_request", f"posting is everybody or one of {', '.join(POSTING)}")
    channel.posting = "" if posting == "everybody" else str(posting)


def _set_topic(_slack: Slack, channel: Channel, topic: object) -> None:
    channel.topic = str(topic)


def _event_type(what: str, channel: Channel) -> str:
    return f"{'channel' if channel.kind == 'public' else 'group'}_{what}"


def _administrator(slack: Slack) -> str:
    """The person who did it: the first one of the workspace."""
    return next(person.id for person in slack.workspace.people.values() if person.is_human)


def _emit(slack: Slack, event: Json) -> None:
    slack.delivery.emit(event | {"event_ts": slack.workspace.clock.next_ts()})


_CHANGES: dict[str, Callable[[Slack, Channel, object], None]] = {
    "name": _rename,
    "private": _convert,
    "archived": _archive,
    "shared": _share,
    "posting": _restrict,
    "topic": _set_topic,
}
