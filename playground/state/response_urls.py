"""Answers to a `response_url` ("Handling user interaction", "Message responses")."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from playground.state.conversation.changes import delete_message, update_message
from playground.state.conversation.messages import post_ephemeral, post_message
from playground.state.slack import Slack
from playground.state.workspace import BOT_USER_ID, Json, Message, ResponseUrl

MAX_USES = 5
MAX_AGE = 30 * 60  # seconds of Slack's time


class _Refusal(Exception):
    """Slack's answer as plain text, with its HTTP status; `why` is recorded as a violation."""

    def __init__(self, status: int, answer: str, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.answer = answer


async def _endpoint(request: Request) -> PlainTextResponse:
    slack: Slack = request.app.state.slack
    try:
        address = _address(slack, request.path_params["id"])
        answer = await _json(request)
        _check(slack, address, answer)
        _apply(slack, address, answer)
        address.uses += 1
    except _Refusal as refusal:
        slack.workspace.violate(refusal.answer, "response_url", str(refusal))
        return PlainTextResponse(refusal.answer, refusal.status)
    return PlainTextResponse("ok")


def post_reply(slack: Slack, address: ResponseUrl, answer: Json) -> Message:
    """Post an answer in its channel: to one person, unless `response_type` is `in_channel`."""
    channel = slack.workspace.channels[address.channel]
    text, blocks = answer.get("text") or "", answer.get("blocks") or []
    if answer.get("response_type") != "in_channel":
        return post_ephemeral(slack, channel, address.user, text, blocks, thread_ts=address.thread_ts)
    return post_message(
        slack,
        channel,
        BOT_USER_ID,
        text,
        blocks,
        thread_ts=answer.get("thread_ts"),
        attachments=answer.get("attachments") or [],
    )


def _address(slack: Slack, address_id: str) -> ResponseUrl:
    """The valid `response_url` with this id. The texts of the refusals are not documented."""
    address = slack.workspace.response_urls.get(address_id)
    if address is None:
        raise _Refusal(404, "no_service", "nobody was given this response_url")
    if slack.workspace.clock.now() - address.born > MAX_AGE:
        raise _Refusal(404, "expired_url", "a response_url can be used for 30 minutes")
    if address.uses >= MAX_USES:
        raise _Refusal(404, "used_url", "a response_url can be used 5 times")
    return address


async def _json(request: Request) -> Json:
    try:
        answer = await request.json()
    except ValueError as error:
        raise _Refusal(400, "invalid_payload", f"the body is not JSON: {error}") from error
    if not isinstance(answer, dict):
        raise _Refusal(400, "invalid_payload", "the body is not an object")
    return answer


def _check(slack: Slack, address: ResponseUrl, answer: Json) -> None:
    """Refuse what Slack refuses. Assumption: flags are refused for a command's `response_url`."""
    on_message = address.message_ts is not None
    if (answer.get("delete_original") or answer.get("replace_original")) and not on_message:
        raise _Refusal(400, "invalid_payload", "there is no original message to replace or delete")
    if answer.get("delete_original"):
        return
    if answer.get("thread_ts") and (
        answer.get("response_type") != "in_channel" or answer.get("replace_original", True)
    ):
        raise _Refusal(400, "invalid_payload", "thread_ts needs in_channel and replace_original false")
    if problems := slack.manifest.check_blocks(answer.get("blocks") or []):
        raise _Refusal(400, "invalid_blocks", "; ".join(map(str, problems)))
    if not answer.get("text") and not answer.get("blocks") and not answer.get("attachments"):
        raise _Refusal(400, "no_text", "an answer needs text, blocks or attachments")


def _apply(slack: Slack, address: ResponseUrl, answer: Json) -> None:
    if not answer.get("delete_original") and not answer.get("replace_original"):
        post_reply(slack, address, answer)
        return
    original = _original(slack, address)
    if answer.get("delete_original"):
        delete_message(slack, original)
    else:
        update_message(slack, original, answer.get("text") or "", answer.get("blocks") or [])


def _original(slack: Slack, address: ResponseUrl) -> Message:
    """The message that was clicked, if it still exists."""
    here = slack.workspace.channels[address.channel].messages.get(address.message_ts or "")
    if address.ephemeral is not None:
        here = (
            address.ephemeral
            if address.ephemeral in slack.workspace.ephemerals.get(address.user, [])
            else None
        )
    if here is None:
        raise _Refusal(404, "message_not_found", "the original message is gone")
    return here


routes: list[BaseRoute] = [Route("/{kind}/{team}/{id}", _endpoint, methods=["POST"])]
