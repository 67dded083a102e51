"""Rows of the queue, each message and file once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import insert_into
from models.removals.removal import Removal, RemovalKind, RemovalState

Values = dict[str, Any]


def add(uow: UnitOfWork, kind: RemovalKind, rows: Sequence[Values]) -> None:
    """Add rows to the queue. One that is there already is due at the earlier of both times."""
    if not rows:
        return
    added = insert_into(uow.session, Removal).values([_complete(uow, kind, row) for row in rows])
    place = [Removal.slack_file_id] if kind is RemovalKind.FILE else [Removal.channel, Removal.ts]
    is_earlier = and_(Removal.due_at > added.excluded.due_at, Removal.state == RemovalState.WAITING)
    uow.session.execute(
        added.on_conflict_do_update(
            index_elements=place, set_={"due_at": added.excluded.due_at}, where=is_earlier
        )
    )


def _complete(uow: UnitOfWork, kind: RemovalKind, row: Values) -> Values:
    """With a value for each column: rows that are inserted together need the same ones."""
    columns = ("ticket_id", "channel", "ts", "thread_ts", "slack_file_id", "permalink", "owner", "key")
    return {
        "kind": kind,
        "state": row.get("state", RemovalState.WAITING),
        "created_at": row.get("created_at") or uow.now,
        "due_at": row.get("due_at") or uow.now,
        **{column: row.get(column) for column in columns},
    }
