"""conversations.*: lookups and members (see `history` and `membership` for the rest)"""

from playground.errors import ApiError
from playground.state.conversation.channel_payloads import channel_payload
from playground.state.workspace import BOT_USER_ID, SLACKBOT, Channel, Json, Person
from playground.web_api.call import ApiCall
from playground.web_api.paging import page
from playground.web_api.registry import method

_READ = {"public": "channels:read", "private": "groups:read", "im": "im:read"}
_TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
MAX_USERS = 8


@method("conversations.open", "im:write", "mpim:write")
def conversations_open(call: ApiCall) -> Json:
    """The direct message with a person, given as `users`, or as `channel` when it is known."""
    if call.text("channel"):
        channel = call.visible_channel()
        if channel.kind != "im":
            raise ApiError("method_not_supported_for_channel_type")
    else:
        channel = _direct_message(call)
    if not call.flag("return_im"):
        return {"channel": {"id": channel.id}}
    return {"no_op": True, "already_open": True, "channel": channel_payload(call.slack, channel)}


@method("conversations.info", *_READ.values())
def conversations_info(call: ApiCall) -> Json:
    """One conversation."""
    channel = _readable(call)
    payload = channel_payload(call.slack, channel)
    if call.flag("include_num_members"):
        payload["num_members"] = len(channel.members)
    return {"channel": payload}


@method("conversations.list", *_READ.values())
def conversations_list(call: ApiCall) -> Json:
    """The conversations of these `types`, by default public channels; private ones only with the app."""
    kinds = _kinds(call)
    found = [
        channel
        for channel in _listed(call, kinds)
        if channel.kind == "public" or BOT_USER_ID in channel.members
    ]
    shown, more = page(call, found, lambda channel: channel.id, default=100)
    payloads = [
        channel_payload(call.slack, channel) | {"num_members": len(channel.members)} for channel in shown
    ]
    return {"channels": payloads, **more}


@method("users.conversations", *_READ.values())
def users_conversations(call: ApiCall) -> Json:
    """The conversations of a person, or of the app; other than public ones only with the app.

    Its objects have neither `is_member` nor `num_members` (docs.slack.dev, users.conversations).
    """
    kinds = _kinds(call)
    user = call.person().id if call.text("user") else BOT_USER_ID
    found = [
        channel
        for channel in _listed(call, kinds)
        if user in channel.members and (channel.kind == "public" or BOT_USER_ID in channel.members)
    ]
    shown, more = page(call, found, lambda channel: channel.id, default=100, most=999)
    payloads = [channel_payload(call.slack, channel) for channel in shown]
    for payload in payloads:
        payload.pop("is_member", None)
    return {"channels": payloads, **more}


@method("conversations.members", *_READ.values())
def conversations_members(call: ApiCall) -> Json:
    """The ids of those in a conversation."""
    members, more = page(call, sorted(_readable(call).members), str, default=100)
    return {"members": members, **more}


def _direct_message(call: ApiCall) -> Channel:
    users = call.ids("users")
    if not users:
        raise ApiError("users_list_not_supplied")
    if len(users) > MAX_USERS:
        raise ApiError("too_many_users")
    people = [call.slack.workspace.people.get(user) for user in users]
    if None in people:
        raise ApiError("user_not_found")
    if len(people) > 1:
        call.need("mpim:write")
        raise ApiError("invalid_user_combination")  # this workspace has no group messages
    (person,) = (person for person in people if person is not None)
    refusal = _direct_message_refusal(person)
    if refusal:
        raise ApiError(refusal)
    return call.slack.workspace.direct_message(person.id)


def _direct_message_refusal(person: Person) -> str:
    """The error for an account without a direct message with the app; Slackbot's is that of other bots."""
    if person.id == BOT_USER_ID:
        return "invalid_user_combination"
    if person.id == SLACKBOT or person.is_bot:
        return "cannot_dm_bot"
    if person.deleted:
        return "user_disabled"
    return "" if person.is_colleague and not person.hidden else "user_not_visible"


def _readable(call: ApiCall) -> Channel:
    channel = call.visible_channel()
    call.need(_READ[channel.kind])
    return channel


def _listed(call: ApiCall, kinds: set[str]) -> list[Channel]:
    """The channels of these kinds; without archived ones on request."""
    channels = [c for c in call.slack.workspace.channels.values() if c.kind in kinds]
    return [c for c in channels if not (c.archived and call.flag("exclude_archived"))]


def _kinds(call: ApiCall) -> set[str]:
    """The kinds of channel asked for; each needs its scope."""
    types = call.ids("types") or ["public_channel"]
    if any(name not in _TYPES for name in types):
        raise ApiError("invalid_types")
    kinds = {_TYPES[name] for name in types}
    for kind in kinds:
        call.need(_READ.get(kind, "mpim:read"))
    return kinds
