"""What Socket Mode and signed HTTP have in common."""

from dataclasses import dataclass
from typing import Literal, Protocol

from playground.state.workspace import Json

Kind = Literal["slash_commands", "interactive", "events_api"]
ACK_SECONDS = 3.0  # how long Slack waits for an acknowledgement, in real time


@dataclass(frozen=True)
class Retry:
    """Which delivery of an event this is: 0 is the first one; `reason` says how the one before failed."""

    number: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Reply:
    """The app's reply to one payload.

    `failure` is "" when it acknowledged in time, otherwise Slack's code for what went wrong, as in
    `X-Slack-Retry-Reason`. `reached` is False when the payload did not arrive at the app.
    """

    failure: str = ""
    detail: str = ""
    body: Json | str | None = None
    reached: bool = True
    no_retry: bool = False


class Transport(Protocol):
    """Socket Mode or signed HTTP."""

    ack_seconds: float

    async def send(self, kind: Kind, payload: Json, retry: Retry) -> Reply:
        """Send one payload to the app and wait up to `ack_seconds` for its acknowledgement."""
        ...
