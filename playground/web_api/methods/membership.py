"""conversations.join and conversations.invite"""

from playground import client
from playground.errors import ApiError
from playground.state.conversation.channel_payloads import channel_payload
from playground.state.workspace import BOT_USER_ID, Channel, Json, Person
from playground.web_api.call import ApiCall
from playground.web_api.registry import method


@method("conversations.join", "channels:join")
async def conversations_join(call: ApiCall) -> Json:
    """Join a public channel."""
    channel = _joinable_channel(call)
    if channel.kind != "public":
        raise ApiError("method_not_supported_for_channel_type")
    if BOT_USER_ID in channel.members:
        word = "already_in_channel"
        warning = {"warning": word, "response_metadata": {"warnings": [word]}}
        return {"channel": channel_payload(call.slack, channel), **warning}
    await client.invite(call.slack, call.slack.workspace.people[BOT_USER_ID], channel.id)
    return {"channel": channel_payload(call.slack, channel)}


@method("conversations.invite", "channels:write.invites", "channels:manage", "groups:write")
async def conversations_invite(call: ApiCall) -> Json:
    """Invite people to a channel of the app."""
    channel = _joinable_channel(call)
    call.joined_channel()
    people = [_invited(call, channel, user) for user in call.ids("users")]
    if not people:
        raise ApiError("user_not_found")
    for person in people:
        app = call.slack.workspace.people[BOT_USER_ID]
        await client.invite(call.slack, person, channel.id, inviter=app)
    return {"channel": channel_payload(call.slack, channel)}


def _joinable_channel(call: ApiCall) -> Channel:
    """A channel that can be joined: not a direct message."""
    channel = call.visible_channel()
    if channel.kind == "im":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    return channel


def _invited(call: ApiCall, channel: Channel, user: str) -> Person:
    person = call.slack.workspace.people.get(user)
    if person is None:
        raise ApiError("user_not_found")
    if person.id == BOT_USER_ID:
        raise ApiError("cant_invite_self")
    if person.id in channel.members:
        raise ApiError("already_in_channel")
    return person
