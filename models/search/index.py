"""The full-text index over tickets, as each database offers it; `create_all` and the migrations make it.

The metadata cannot describe it: a virtual table on SQLite (sqlite.org, "FTS5"), an expression on PostgreSQL
(postgresql.org, "Creating Indexes" under "Full Text Search"). A migration that makes the table `ticket` anew
takes SQLite's triggers with it, and has to make them again.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import DDL, event
from sqlalchemy.schema import ExecutableDDLElement

from models.tickets.ticket import Ticket

NAME = "ticket_search"

# Each word behind its team, so that a search reads no other team's; words and ids have no blank and no slash.
# A query has to repeat the expression to the letter.
VECTOR = (
    "array_to_tsvector(string_to_array(ltrim(replace(' ' || btrim(search_text || ' ' || internal_search_text)"
    ", ' ', ' ' || team_id || '/')), ' '))"
)

_COLUMNS = ("search_text", "internal_search_text", "team_id")
_ALL = ", ".join(_COLUMNS)
_NEW = f"INSERT INTO {NAME} (rowid, {_ALL}) VALUES (new.id, {', '.join(f'new.{each}' for each in _COLUMNS)});"
_OLD = (
    f"INSERT INTO {NAME} ({NAME}, rowid, {_ALL}) "
    f"VALUES ('delete', old.id, {', '.join(f'old.{each}' for each in _COLUMNS)});"
)
_CHANGED = " OR ".join(f"old.{each} IS NOT new.{each}" for each in _COLUMNS)

CREATE: Mapping[str, Sequence[str]] = {
    "sqlite": (
        # The `ascii` tokenizer splits at blanks: what the words hold beside them are letters,
        # digits and the mark of a stem (`models.words.search_words.STEM`).
        f"CREATE VIRTUAL TABLE {NAME} USING fts5({_ALL}, content='ticket', content_rowid='id', "
        "detail='column', columnsize=0, tokenize=\"ascii tokenchars '-_.'\")",
        f"INSERT INTO {NAME} ({NAME}) VALUES ('rebuild')",
        f"CREATE TRIGGER {NAME}_insert AFTER INSERT ON ticket BEGIN {_NEW} END",
        f"CREATE TRIGGER {NAME}_delete AFTER DELETE ON ticket BEGIN {_OLD} END",
        f"CREATE TRIGGER {NAME}_update AFTER UPDATE OF {_ALL} ON ticket WHEN {_CHANGED} "
        f"BEGIN {_OLD} {_NEW} END",
    ),
    "postgresql": (f"CREATE INDEX ix_{NAME} ON ticket USING gin ({VECTOR})",),
}
DROP: Mapping[str, Sequence[str]] = {
    "sqlite": (
        *(f"DROP TRIGGER IF EXISTS {NAME}_{change}" for change in ("insert", "delete", "update")),
        f"DROP TABLE IF EXISTS {NAME}",
    ),
    "postgresql": (f"DROP INDEX IF EXISTS ix_{NAME}",),
}


def is_modelled(name: str | None) -> bool:
    """Whether the metadata has a database's table or index of this name: those of this index it has not."""
    return name is None or NAME not in name


def _with_the_table(at: str, statement: str, dialect: str) -> None:
    ddl: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call] # SQLAlchemy's own
    event.listen(Ticket.__table__, at, ddl.execute_if(dialect=dialect))


for _dialect in CREATE:
    for _statement in CREATE[_dialect]:
        _with_the_table("after_create", _statement, _dialect)
    for _statement in DROP[_dialect]:
        _with_the_table("before_drop", _statement, _dialect)
