"""Files: their address, their download, the second step of an upload by the app."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from playground.state.workspace import BOT_TOKEN, BOT_USER_ID, File, Json

if TYPE_CHECKING:
    from playground.state.slack import Slack

_PRETTY_TYPES = {
    "csv": "CSV",
    "docx": "Word Document",
    "gif": "GIF",
    "jpg": "JPEG",
    "pdf": "PDF",
    "png": "PNG",
    "text": "Plain Text",
    "xlsx": "Excel Spreadsheet",
    "zip": "Zip",
}
_FILETYPES = {"jpeg": "jpg", "txt": "text"}
_SIGN_IN = (
    "<!DOCTYPE html><html lang='en'><head><title>Slack</title></head>"
    "<body><h1>Sign in to your workspace</h1></body></html>"
)


def file_payload(slack: Slack, file: File) -> Json:
    """A file object as `files.info`, messages and submitted inputs carry it."""
    person = slack.workspace.people[file.user]
    filetype = _filetype(file.name)
    address = f"{slack.base_url}/files/{file.id}-{file.token}"
    name = quote(file.name, safe="")
    payload: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": filetype,
        "pretty_type": _PRETTY_TYPES.get(filetype, filetype.upper()),
        "user": file.user,
        "user_team": person.team_id,
        "editable": False,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{address}/{name}",
        "url_private_download": f"{address}/download/{name}",
        "permalink": f"{slack.base_url}/files/{file.user}/{file.id}/{name}",
        "permalink_public": f"{slack.base_url}/files/{file.id}-{file.token[:10]}",
        "media_display_type": "unknown",
        "shares": {},
        "file_access": "visible",
    }
    return payload | _shared_in(slack, file)


def app_may_read(slack: Slack, file: File) -> bool:
    """Whether the app may fetch this file: its own, one given in a form, or one shared where it is."""
    channels = slack.workspace.channels
    return not file.shared_in or any(BOT_USER_ID in channels[key].members for key in file.shared_in)


def _shared_in(slack: Slack, file: File) -> dict[str, Any]:
    kinds = {"channels": "public", "groups": "private", "ims": "im"}
    channels = slack.workspace.channels
    return {key: sorted(c for c in file.shared_in if channels[c].kind == kind) for key, kind in kinds.items()}


def _filetype(name: str) -> str:
    extension = PurePath(name).suffix.removeprefix(".").lower() or "binary"
    return _FILETYPES.get(extension, extension)


async def _download(request: Request) -> Response:
    """The file, or, with status 200, a page to sign in: what Slack answers to whoever it does not know."""
    slack: Slack = request.app.state.slack
    file = slack.workspace.files.get(request.path_params["file_id"])
    if file is None or file.token != request.path_params["token"] or file.deleted:
        return PlainTextResponse("File not found", 404)
    authorization = request.headers.get("Authorization")
    known = authorization == f"Bearer {BOT_TOKEN}" and "files:read" in slack.manifest.bot_scopes
    if known and app_may_read(slack, file):
        return Response(file.content, media_type=file.mimetype)
    if authorization is not None:
        slack.workspace.violate("file_access", file.id, "this token may not download this file")
    return HTMLResponse(_SIGN_IN)


async def _upload(request: Request) -> Response:
    """The bytes of a file announced by `files.getUploadURLExternal`: raw, or a form's first file."""
    slack: Slack = request.app.state.slack
    file = slack.workspace.files.get(request.path_params["file_id"])
    if file is None or file.token != request.path_params["token"] or file.complete:
        return PlainTextResponse("File not found", 404)
    if request.headers.get("Content-Type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            sent = next(value for value in form.values() if not isinstance(value, str))
            file.content = await sent.read()
    else:
        file.content = await request.body()
    return PlainTextResponse(f"OK - {len(file.content)}")


routes: list[BaseRoute] = [
    Route("/upload/{file_id}-{token}", _upload, methods=["POST"]),
    Route("/{file_id}-{token}/{name}", _download),
    Route("/{file_id}-{token}/download/{name}", _download),
]
