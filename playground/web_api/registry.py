"""The table of methods: each family registers its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playground.state.workspace import Json
from playground.web_api.call import ApiCall

Run = Callable[[ApiCall], Json | Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """One method: what does it, and who may call it."""

    name: str
    run: Run
    scopes: tuple[str, ...]  # any one of them will do
    app_token: bool  # called with the xapp token, not the bot's


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, app_token: bool = False) -> Callable[[Run], Run]:
    """Register a function as the method `name`; its rate is in `rate_limits.TIERS`.

    The function returns the answer without its `ok`, or raises `ApiError`.
    """

    def register(run: Run) -> Run:
        METHODS[name] = Method(name, run, scopes, app_token)
        return run

    return register
