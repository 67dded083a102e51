"""The web page: the workspace as seen by one of its people, the mailbox, and the log."""

from starlette.routing import BaseRoute, Route

from playground.page import (
    backstage,
    files,
    gestures,
    live,
    log,
    mail,
    message_gestures,  # noqa: F401 (registers more gestures)
    screens,
    static_files,
)

routes: list[BaseRoute] = [
    Route("/", screens.workspace),
    *mail.routes,
    *log.routes,
    *backstage.routes,
    *live.routes,
    *files.routes,
    *gestures.routes,
    *static_files.routes,
]
