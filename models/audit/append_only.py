"""What keeps the audit trail as it was written: both databases refuse to change it.

Entries are deleted once they are old. Whatever the settings say, one that is younger than `SHORTEST` days is
not: six months is the least that the CNIL recommends for such a trail (deliberation 2021-122).
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import DDL, event
from sqlalchemy.schema import ExecutableDDLElement

from models.audit.entry import AuditEntry

NAME = "audit_entry"
SHORTEST = 180
REFUSED = "audit_entry is append-only"
FUNCTION = f"{NAME}_append_only"

CREATE: Mapping[str, Sequence[str]] = {
    "sqlite": (
        f"CREATE TRIGGER {NAME}_update BEFORE UPDATE ON {NAME} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
        f"CREATE TRIGGER {NAME}_delete BEFORE DELETE ON {NAME} "
        f"WHEN old.at >= datetime('now', '-{SHORTEST} days') BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    ),
    "postgresql": (
        f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN "
        f"IF old.at < now() - interval '{SHORTEST} days' THEN RETURN old; END IF; END IF; "
        f"RAISE EXCEPTION '{REFUSED}'; END $$",
        f"CREATE TRIGGER {NAME}_change BEFORE UPDATE OR DELETE ON {NAME} "
        f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()",
        f"CREATE TRIGGER {NAME}_truncate BEFORE TRUNCATE ON {NAME} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
    ),
}
# The triggers go with the table.
AFTER_DROP: Mapping[str, Sequence[str]] = {"postgresql": (f"DROP FUNCTION IF EXISTS {FUNCTION}()",)}


def _with_the_table(at: str, statement: str, dialect: str) -> None:
    ddl: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call] # SQLAlchemy's own
    event.listen(AuditEntry.__table__, at, ddl.execute_if(dialect=dialect))


for _dialect in CREATE:
    for _statement in CREATE[_dialect]:
        _with_the_table("after_create", _statement, _dialect)
    for _statement in AFTER_DROP.get(_dialect, ()):
        _with_the_table("after_drop", _statement, _dialect)
