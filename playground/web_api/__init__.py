"""The Web API: one file for each family of methods, one function for each method."""

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
