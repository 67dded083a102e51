"""The web page: the workspace as one of its people sees it, the mailbox, and the log."""

from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from playground.page import files, gestures, live, log, mail, screens

routes: list[BaseRoute] = [
    Route("/", screens.workspace),
    *mail.routes,
    *log.routes,
    *live.routes,
    *files.routes,
    *gestures.routes,
    Mount("/page/static", StaticFiles(directory=Path(__file__).parent / "static")),
]
