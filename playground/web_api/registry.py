"""The registry of methods."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playground.state.workspace import Json
from playground.web_api.call import ApiCall

Run = Callable[[ApiCall], Json | Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """One method: its function, and what calling it requires."""

    name: str
    run: Run
    scopes: tuple[str, ...]  # one of them is required
    app_token: bool  # called with the app-level token (xapp)


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, app_token: bool = False) -> Callable[[Run], Run]:
    """Register a function as the method `name`; its rate is in `rate_limits.TIERS`.

    The function returns the answer without its `ok`, or raises `ApiError`.
    """

    def register(run: Run) -> Run:
        METHODS[name] = Method(name, run, scopes, app_token)
        return run

    return register
