"""chat.*"""

from playground.errors import ApiError
from playground.state.conversation.attachments import permalink
from playground.state.conversation.changes import delete_message, update_message
from playground.state.conversation.channels import posting_refusal
from playground.state.conversation.message_payloads import message_payload
from playground.state.conversation.messages import MAX_TEXT, post_ephemeral, post_message
from playground.state.rate_limits import POST_IN_CHANNEL
from playground.state.workspace import BOT_USER_ID, Channel, Json, Message
from playground.web_api.call import ApiCall
from playground.web_api.content import read_content
from playground.web_api.registry import method

MAX_UPDATED_TEXT = 4_000


@method("chat.postMessage", "chat:write")
def chat_post_message(call: ApiCall) -> Json:
    """Post in a channel (its id or name) or to a person (their id)."""
    channel = _destination(call)
    content = read_content(call)
    thread_ts = call.thread(channel)
    if refusal := posting_refusal(channel, thread_ts):
        raise ApiError(refusal)
    _check_channel_rate(call, channel)
    message = post_message(
        call.slack,
        channel,
        BOT_USER_ID,
        content.text,
        content.blocks,
        thread_ts=thread_ts,
        metadata=content.metadata or None,
        attachments=content.attachments or (),
    )
    answer = _answer(call, message)
    if len(content.text) > MAX_TEXT:
        answer["response_metadata"] = {"warnings": ["message_truncated"]}
    return answer


@method("chat.update", "chat:write")
def chat_update(call: ApiCall) -> Json:
    """Replace one of the app's messages. `channel` must be the id of a conversation."""
    channel = call.visible_channel()
    message = call.message(channel)
    content = read_content(call)
    if message.user != BOT_USER_ID:
        raise ApiError("cant_update_message")
    if channel.archived:
        raise ApiError("is_inactive")
    if len(content.text) > MAX_UPDATED_TEXT:
        raise ApiError("msg_too_long")
    update_message(
        call.slack,
        message,
        content.text,
        content.blocks,
        metadata=content.metadata,
        attachments=content.attachments,
    )
    return _answer(call, message) | {"text": message.text}


@method("chat.delete", "chat:write")
def chat_delete(call: ApiCall) -> Json:
    """Delete one of the app's messages."""
    channel = call.visible_channel()
    message = call.message(channel)
    if message.user != BOT_USER_ID:
        raise ApiError("cant_delete_message")
    delete_message(call.slack, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", "chat:write")
def chat_post_ephemeral(call: ApiCall) -> Json:
    """Post a message that one member of a channel sees."""
    channel = call.joined_channel()
    if channel.archived:
        raise ApiError("is_archived")
    person = call.person()
    if person.id not in channel.members:
        raise ApiError("user_not_in_channel")
    content = read_content(call)
    if len(content.text) > MAX_TEXT:
        raise ApiError("msg_too_long")
    thread_ts = call.thread(channel)
    message = post_ephemeral(
        call.slack, channel, person.id, content.text, content.blocks, thread_ts=thread_ts
    )
    return {"message_ts": message.ts}


@method("chat.getPermalink")
def chat_get_permalink(call: ApiCall) -> Json:
    """The permalink of a message."""
    channel = call.visible_channel()
    call.required("message_ts")
    message = call.message(channel, "message_ts")
    return {"channel": channel.id, "permalink": permalink(call.slack, message)}


def _destination(call: ApiCall) -> Channel:
    """The channel to post in, if the app may."""
    channel = _named(call) or call.visible_channel()
    if channel.archived:
        raise ApiError("is_archived")
    if channel.kind == "im" and not call.slack.manifest.messages_tab:
        raise ApiError("messages_tab_disabled")
    if BOT_USER_ID not in channel.members and "chat:write.public" not in call.slack.manifest.bot_scopes:
        raise ApiError("not_in_channel")
    return channel


def _named(call: ApiCall) -> Channel | None:
    """The channel with a name given, or the direct message of a person's id; None when it is neither."""
    key = call.text("channel") or ""
    workspace = call.slack.workspace
    person = workspace.people.get(key)
    if person is not None:
        if not person.is_human or not person.is_colleague:
            raise ApiError("channel_not_found")
        return workspace.direct_message(person.id)
    channel = workspace.channel(key)
    hidden = channel is None or (channel.kind == "private" and BOT_USER_ID not in channel.members)
    return None if hidden else channel


def _check_channel_rate(call: ApiCall, channel: Channel) -> None:
    """One message a second in each channel."""
    seconds = call.slack.limits.take(f"{call.method} {channel.id}", POST_IN_CHANNEL)
    if seconds:
        raise ApiError("ratelimited", retry_after=seconds)


def _answer(call: ApiCall, message: Message) -> Json:
    payload = message_payload(call.slack, message)
    if message.metadata:
        payload["metadata"] = message.metadata
    return {"channel": message.channel, "ts": message.ts, "message": payload}
