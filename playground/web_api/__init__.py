"""The Web API: one file a family of methods, each method one function."""

from starlette.routing import BaseRoute, Route

from playground.web_api import (  # noqa: F401 (importing a family registers its methods)
    apps,
    auth,
    blocks,
    chat,
    conversations,
    files,
    history,
    membership,
    reactions,
    team,
    users,
    views,
)
from playground.web_api.dispatch import endpoint

routes: list[BaseRoute] = [Route("/{method}", endpoint, methods=["GET", "POST"])]
