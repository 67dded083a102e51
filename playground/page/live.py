"""Notifies open pages of changes (server-sent events)."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from playground.state.workspace import Workspace

_KEEP_ALIVE = 15.0  # seconds without an event before a comment is sent


async def events(request: Request) -> Response:
    """The workspace's version after each change, from the one that the page was rendered with."""
    seen = request.query_params.get("version", "")
    stream = _versions(request.app.state.slack.workspace, int(seen) if seen.isdecimal() else -1)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _versions(workspace: Workspace, seen: int) -> AsyncIterator[str]:
    while True:
        if workspace.version != seen:
            seen = workspace.version
            yield f"data: {seen}\n\n"
        elif not await workspace.next_change(_KEEP_ALIVE):
            yield ": still here\n\n"


routes = [Route("/page/events", events)]
