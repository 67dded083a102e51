"""Whom a delivery is for."""

from dataclasses import dataclass

from models.outbox.kinds import Queue

_NUMBERED = (Queue.OUTAGE, Queue.ANNOUNCEMENT, Queue.CHILDREN)


@dataclass(frozen=True)
class Recipient:
    """A queue of deliveries, and whose it is. As text, which the tables hold: `dm:12`, `team:reseau`,
    `outage:3`, `announcement:4`, `channel:*`, `approvers:5` (a step's id), `children:7`,
    `departures:7` or `followers`."""

    queue: Queue
    id: int | str | None = None

    @classmethod
    def parse(cls, text: str) -> "Recipient":
        """The recipient that a table names. Raises `ValueError`."""
        name, _colon, rest = text.partition(":")
        queue = Queue(name)
        return cls(queue, int(rest) if queue.is_personal or queue in _NUMBERED else rest or None)

    @property
    def person_id(self) -> int | None:
        return self.id if self.queue.is_personal and isinstance(self.id, int) else None

    @property
    def team_id(self) -> str | None:
        return self.id if self.queue is Queue.TEAM and isinstance(self.id, str) else None

    def __str__(self) -> str:
        return self.queue.value if self.id is None else f"{self.queue}:{self.id}"


def team_recipient(team_id: str) -> Recipient:
    """The channel of a team, and the threads in it."""
    return Recipient(Queue.TEAM, team_id)
