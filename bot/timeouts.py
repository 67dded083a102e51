"""How long a listener may wait, in seconds. Slack gives its acknowledgement 3 s (docs.slack.dev,
"Handling user interaction")."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timeouts:
    """Given on from `bot.bootstrap.create_desk`."""

    payload: float = 2.5
    """For all that Slack is asked while one payload is answered, together."""
    answer: float = 0.8
    """What of it is kept for the answer, by questions that the answer can do without."""
    database: float = 0.7
    """For a lock, a connection, the pool."""
