"""Upload and download of files by people."""

from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from playground import client
from playground.client.values import MAX_FILE_BYTES
from playground.page.frame import reader_of
from playground.page.text.reader import Reader
from playground.state.slack import Slack
from playground.state.workspace import File

# The types that a browser may show; others are downloaded.
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


async def download(request: Request) -> Response:
    """Serve a file that this person may see."""
    reader = reader_of(request)
    file = reader.workspace.files.get(request.path_params["file_id"])
    if file is None or file.deleted or not may_see(file, reader):
        return PlainTextResponse("Not found", 404)
    kind = "inline" if file.mimetype in _PICTURES else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(file.name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, media_type=file.mimetype, headers=headers)


async def upload(request: Request) -> Response:
    """Store uploaded files; the answer has their ids in the same order."""
    slack: Slack = request.app.state.slack
    reader = reader_of(request)
    uploaded = []
    async with request.form() as form:
        for part in form.getlist("file"):
            assert isinstance(part, UploadFile)  # the page's script sends nothing else
            content = await part.read()
            if not 0 < len(content) <= MAX_FILE_BYTES:
                return JSONResponse({"ok": False, "error": "file_size"})
            file = await client.upload(
                slack, reader.person, part.filename or "file", content, part.content_type
            )
            uploaded.append({"id": file.id, "name": file.name})
    return JSONResponse({"ok": True, "files": uploaded})


def may_see(file: File, reader: Reader) -> bool:
    """Whether this person may see the file: their own, or one shared in a channel of theirs."""
    channels = reader.workspace.channels
    shared = any(reader.is_in(channels[key]) for key in file.shared_in if key in channels)
    return file.user == reader.person.id or shared


routes = [
    Route("/page/files/{file_id}", download),
    Route("/page/upload", upload, methods=["POST"]),
]
