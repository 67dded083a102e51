"""When each kind of Slack's requests was last heard, and a worker last at work: noted in memory, saved by
`bot.running.watch`. And when the last complete backup was taken, saved by `guichet backup`."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.clock import ticks
from bot.db.session import Sessions, insert_into
from models.outbox.health import KIND_MAX, LastHeard

WORKER = "worker"
"""The kind of what no request is: that a worker is at work."""
BACKUP = "backup"
"""The kind of the last complete backup: the time whose data it has."""
RESTORE = "restore"
"""The kind of a restore: the time whose data it brought back."""
NO_REQUESTS = frozenset({WORKER, BACKUP, RESTORE})
INTERACTIONS = frozenset(
    {"command", "action", "options", "shortcut", "view_submission", "view_closed", "other"}
)
"""The kinds that are no events: what people do in Guichet's own surfaces."""
CHANNEL_TYPES = {"im": "message.im", "group": "message.groups"}
"""The manifest's events, by `channel_type` of a message's (docs.slack.dev, "message")."""


class Heard:
    """The kinds that this process has heard and not saved yet."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}
        self._lock = threading.Lock()

    def note(self, kind: str) -> None:
        """A request of this kind has just arrived."""
        with self._lock:
            self._at[kind] = ticks()

    def save(self, sessions: Sessions, now: datetime) -> None:
        """Save what was heard since the last call; kept for the next one when the database fails."""
        with self._lock:
            heard, self._at = self._at, {}
        if not heard:
            return
        try:
            with sessions.begin() as session:
                for kind, at in sorted(heard.items()):
                    save(session, kind, now - timedelta(seconds=ticks() - at))
        except BaseException:
            with self._lock:
                self._at = heard | self._at
            raise


HEARD = Heard()
"""Shared by all apps of this process."""


def kind_of(kind: str, name: str, body: Mapping[str, Any]) -> str:
    """An event, whose type is `name`, as the manifest names it; any other payload by its `kind`."""
    if kind != "event":
        return kind
    if name == "message":
        name = CHANNEL_TYPES.get(str(body["event"].get("channel_type")), name)
    return name[:KIND_MAX]


def last_heard(session: Session) -> Mapping[str, datetime]:
    """When each kind was last heard by any process."""
    return {row.kind: row.at for row in session.scalars(select(LastHeard))}


def save(session: Session, kind: str, at: datetime) -> None:
    """Save when `kind` was last heard, unless a later time is there."""
    row = insert_into(session, LastHeard).values(kind=kind, at=at)
    session.execute(
        row.on_conflict_do_update(
            index_elements=[LastHeard.kind],
            set_={"at": row.excluded.at},
            where=LastHeard.at < row.excluded.at,
        )
    )
