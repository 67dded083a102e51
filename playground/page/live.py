"""Tells an open page that something has happened (server-sent events)."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from playground.state.workspace import Workspace

_BEAT = 15.0  # seconds of silence after which a comment keeps the line open


async def events(request: Request) -> Response:
    """The workspace's version each time it moves, from the one the page was drawn with."""
    seen = request.query_params.get("version", "")
    stream = _versions(request.app.state.slack.workspace, int(seen) if seen.isdecimal() else -1)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _versions(workspace: Workspace, seen: int) -> AsyncIterator[str]:
    while True:
        if workspace.version != seen:
            seen = workspace.version
            yield f"data: {seen}\n\n"
        elif not await workspace.next_change(_BEAT):
            yield ": still here\n\n"


routes = [Route("/page/events", events)]
