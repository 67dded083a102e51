"""The addresses of files: their download, and the second step of an upload by the app."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from playground.fault_injection import fault_response
from playground.state.files import app_may_read
from playground.state.workspace import BOT_TOKEN

if TYPE_CHECKING:
    from playground.state.slack import Slack

_SIGN_IN = (
    "<!DOCTYPE html><html lang='en'><head><title>Slack</title></head>"
    "<body><h1>Sign in to your workspace</h1></body></html>"
)


async def _download(request: Request) -> Response:
    """The file, or, with status 200, a page to sign in: as Slack answers without a valid token."""
    slack: Slack = request.app.state.slack
    file = slack.workspace.files.get(request.path_params["file_id"])
    if file is None or file.token != request.path_params["token"] or file.deleted:
        return PlainTextResponse("File not found", 404)
    fault = slack.faults.take("download")
    await asyncio.sleep(slack.faults.latency("download") + (fault.latency if fault else 0))
    if fault is not None:
        return await fault_response(request, fault, file.content)
    authorization = request.headers.get("Authorization")
    known = authorization == f"Bearer {BOT_TOKEN}" and "files:read" in slack.manifest.bot_scopes
    if known and app_may_read(slack, file):
        return Response(file.content, media_type=file.mimetype)
    if authorization is not None:
        slack.workspace.violate("file_access", file.id, "this token may not download this file")
    return HTMLResponse(_SIGN_IN)


async def _upload(request: Request) -> Response:
    """The content of a file announced by `files.getUploadURLExternal`: raw, or a form's first file."""
    slack: Slack = request.app.state.slack
    file = slack.workspace.files.get(request.path_params["file_id"])
    if file is None or file.token != request.path_params["token"] or file.complete:
        return PlainTextResponse("File not found", 404)
    fault = slack.faults.take("upload")
    await asyncio.sleep(slack.faults.latency("upload") + (fault.latency if fault else 0))
    if fault is not None:
        slack.workspace.altered.add(file.id)
    if fault is not None and fault.when == "before":
        return await fault_response(request, fault)
    if request.headers.get("Content-Type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            sent = next(value for value in form.values() if not isinstance(value, str))
            file.content = await sent.read()
    else:
        file.content = await request.body()
    answer = f"OK - {len(file.content)}"
    return await fault_response(request, fault, answer.encode()) if fault else PlainTextResponse(answer)


routes: list[BaseRoute] = [
    Route("/upload/{file_id}-{token}", _upload, methods=["POST"]),
    Route("/{file_id}-{token}/download/{name:path}", _download),
    Route("/{file_id}-{token}/{name:path}", _download),
]
