"""Runs a request under `/api/`: fault, token, rate limit, scopes, method, and the record of calls."""

from __future__ import annotations

import asyncio
import inspect
import secrets
from copy import deepcopy
from typing import TYPE_CHECKING

from starlette.responses import Response

from playground.errors import ApiError
from playground.fault_injection import fault_response
from playground.json_text import AnyJSONResponse
from playground.state.rate_limits import TIERS
from playground.state.workspace import APP_TOKEN, BOT_TOKEN, Call, Json
from playground.web_api.call import ApiCall, read_arguments
from playground.web_api.registry import METHODS, Method

if TYPE_CHECKING:
    from starlette.requests import Request

    from playground.state.slack import Slack

# Errors that a correct app may get. Every other one is a violation.
BENIGN = frozenset(
    {
        "already_in_channel",  # by a concurrent change
        "already_reacted",
        "hash_conflict",  # the purpose of a hash
        "invalid_auth",  # a configuration error
        "not_authed",
        "not_found",  # the view was closed meanwhile
        "ratelimited",
        "users_not_found",  # the answer of a lookup
    }
)

# Errors that are no violations for objects in `Workspace.altered`.
ALTERED_ERRORS = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "file_deleted",
        "file_not_found",
        "is_archived",
        "is_inactive",
        "no_such_subteam",
        "posting_to_channel_denied",
        "user_disabled",
        "user_not_visible",
    }
)


async def endpoint(request: Request) -> Response:
    """Answer one call, by GET or POST, whatever the method."""
    slack: Slack = request.app.state.slack
    call = ApiCall(slack, request.path_params["method"], {})
    answer: Json
    unreadable = await _read(request, call)
    fault = slack.faults.take(call.method, arguments=call.arguments)
    if fault is not None:  # the app does not know whether it took effect
        slack.workspace.altered |= _files_named(call)
    slow = slack.faults.latency(call.method, call.arguments)
    await asyncio.sleep(slow + (fault.latency if fault else 0))
    try:
        if unreadable is not None:
            raise unreadable
        token = _token(request, call)
        lost = fault is not None and fault.when == "before"
        answer = {} if lost else {"ok": True} | await _run(call, token)
    except ApiError as error:
        answer = error.answer()
        expected = error.error in BENIGN or _is_declined(call, error)
        if not expected and not _concerns_altered(call, error.error):
            slack.workspace.violate(error.error, call.method, error.detail)
    if fault is not None and fault.error:
        answer = {"ok": False, "error": fault.error}
    response = _response(call, answer)
    _record(call, fault.http_status if fault else response.status_code, answer)
    broken = fault is not None and not fault.error
    return await fault_response(request, fault, bytes(response.body)) if fault and broken else response


async def _read(request: Request, call: ApiCall) -> ApiError | None:
    """Read the arguments. Returns the error, if any."""
    try:
        call.arguments.update(await read_arguments(request))
    except ApiError as error:
        return error
    return None


def _is_declined(call: ApiCall, error: ApiError) -> bool:
    """Whether what is missing is a scope that was declined at the installation."""
    needed = str(error.extra.get("needed", "")).split(",")
    return error.error == "missing_scope" and not call.slack.manifest.optional_scopes.isdisjoint(needed)


def _concerns_altered(call: ApiCall, error: str) -> bool:
    """Whether the call names an altered object, and the error may follow from that."""
    if error not in ALTERED_ERRORS and not error.startswith("restricted_action"):
        return False
    named = {str(value) for value in call.arguments.values()} | _files_named(call)
    return not named.isdisjoint(call.slack.workspace.altered)


def _files_named(call: ApiCall) -> set[str]:
    """The ids of the files that `files.completeUploadExternal` is called for."""
    files = call.arguments.get("files")
    return (
        {str(each.get("id")) for each in files if isinstance(each, dict)}
        if isinstance(files, list)
        else set()
    )


async def _run(call: ApiCall, token: str | None) -> Json:
    method = METHODS.get(call.method)
    if method is None:
        raise ApiError("unknown_method", req_method=call.method)
    _check_token(method, token)
    _check_rate(call)
    if not method.app_token:
        call.need_one_of(method.scopes)
    result = method.run(call)
    return await result if inspect.isawaitable(result) else result


def _token(request: Request, call: ApiCall) -> str | None:
    """The token of the header, or else of the arguments, from which it is removed."""
    argument = call.arguments.pop("token", None)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else argument


def _check_token(method: Method, token: str | None) -> None:
    if not token:
        raise ApiError("not_authed")
    if token not in (BOT_TOKEN, APP_TOKEN):
        raise ApiError("invalid_auth")
    if token != (APP_TOKEN if method.app_token else BOT_TOKEN):
        raise ApiError("not_allowed_token_type")


def _check_rate(call: ApiCall) -> None:
    seconds = call.slack.limits.take(call.method, TIERS[call.method])
    if seconds:
        raise ApiError("ratelimited", retry_after=seconds)


def _response(call: ApiCall, answer: Json) -> Response:
    """The answer over HTTP: status 200 also for errors, except for rate limits (429)."""
    method = METHODS.get(call.method)
    headers = {
        "X-Slack-Req-Id": secrets.token_hex(16),
        "X-OAuth-Scopes": ",".join(sorted(call.slack.manifest.bot_scopes)),
        "X-Accepted-OAuth-Scopes": ",".join(method.scopes if method else ()),
    }
    wait = answer.pop("retry_after", None)
    if wait is not None:
        return AnyJSONResponse(answer, 429, headers | {"Retry-After": str(wait)})
    return AnyJSONResponse(answer, headers=headers)


def _record(call: ApiCall, status: int, answer: Json) -> None:
    workspace = call.slack.workspace
    answer = deepcopy(answer)  # its objects change later
    workspace.calls.append(Call(call.method, call.arguments, status, answer, workspace.clock.now()))
    workspace.changed()
