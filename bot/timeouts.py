"""Time-outs of listeners, in seconds. Slack waits 3 s for an acknowledgement (docs.slack.dev, "Handling user
interaction")."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timeouts:
    """Passed down from `bot.bootstrap.create_desk`."""

    payload: float = 2.5
    """For all calls of the Web API while one payload is handled, together."""
    answer: float = 0.8
    """The part of it that optional calls leave for the response."""
    database: float = 0.7
    """For a lock, a connection, the pool."""
