"""Lists that were approved after a backup was taken: what is remembered of them outside of the database, and
how they come back after a restore."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from models.retention.retention_list import Due, RetentionList

_LINES = TypeAdapter(list[Due])
_TIMES = ("tickets_before", "files_before", "made_at", "approved_at")


def remembered(made: RetentionList) -> dict[str, Any]:
    """An approved list as JSON; it names nobody."""
    lines = _LINES.dump_python(list(made.lines), mode="json")
    times = {name: getattr(made, name).isoformat() for name in _TIMES}
    return {"list": made.id, "visa": made.visa, "lines": lines, **times}


def restore(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    """Approve a list again, or write it again, that this database does not know as approved. The job erases
    what it covers, as if the visa had just been recorded."""
    session = uow.session
    times = {name: datetime.fromisoformat(values[name]) for name in _TIMES}
    if session.scalar(select(RetentionList.id).where(RetentionList.approved_at == times["approved_at"])):
        return
    found = session.get(RetentionList, values["list"])
    lines = _LINES.validate_python(values["lines"])
    if found is None:
        session.add(RetentionList(id=values["list"], visa=values["visa"], lines=lines, **times))
        session.flush()
        _skip_number(session)
    elif found.approved_at is None and found.made_at == times["made_at"]:
        found.approved_at, found.visa = times["approved_at"], values["visa"]
    else:  # the number was given anew
        session.add(RetentionList(visa=values["visa"], lines=lines, **times))


def _skip_number(session: Session) -> None:
    """PostgreSQL's sequence does not see a number that was written. SQLite does (sqlite.org,
    "Autoincrement")."""
    if session.get_bind().dialect.name == "postgresql":
        sequence = "pg_get_serial_sequence('retention_list', 'id')"
        session.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM retention_list))"))
