"""The Web API: one file a family of methods, each method one function."""

from starlette.routing import BaseRoute, Route

from playground.web_api import auth  # noqa: F401 (importing a family registers its methods)
from playground.web_api.dispatch import endpoint
from playground.web_api.methods import (  # noqa: F401 (importing a family registers its methods)
    apps,
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

routes: list[BaseRoute] = [Route("/{method}", endpoint, methods=["GET", "POST"])]
