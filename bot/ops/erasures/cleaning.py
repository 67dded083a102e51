"""What databases keep of deleted rows, cleaned at once.

SQLite: the search index and the write-ahead log (`bot.db.erasure`). PostgreSQL: dead rows and entries of
indexes, which VACUUM removes (postgresql.org, "Routine Vacuuming"), and values in the planner's statistics.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Engine

from bot.db.erasure import clean_index, truncate_log
from models.personal_data.columns import PERSONAL

_MINE = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace "
    "AND pg_has_role(relowner, 'USAGE')"
)


def clean(engine: Engine, *, rewrite: bool = False) -> Iterator[str]:
    """Clean, and say in lines what could not be. `rewrite`: VACUUM FULL, which locks each table meanwhile."""
    if engine.dialect.name == "sqlite":
        yield from _clean_sqlite(engine)
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield from _vacuum(connection, rewrite=rewrite)


def _clean_sqlite(engine: Engine) -> Iterator[str]:
    while _clean_index(engine):
        pass
    if truncate_log(engine):
        yield "SQLite: freed pages are overwritten, the search index is merged, the write-ahead log is empty"
    else:
        yield (
            "SQLite: a reader keeps the write-ahead log, in which erased rows can still be found; the worker "
            "tries again every 5 minutes, and `guichet person clean` at once"
        )


def _clean_index(engine: Engine) -> bool:
    with engine.begin() as connection:
        return clean_index(connection)


def _vacuum(connection: Connection, *, rewrite: bool) -> Iterator[str]:
    run = connection.exec_driver_sql
    limit = run("SHOW statement_timeout").scalar_one()
    run("SET statement_timeout = 0")
    # By itself VACUUM leaves the indexes of a table with few dead rows alone. The planner's statistics quote
    # frequent values and bounds of each column until ANALYZE takes them anew (postgresql.org, "pg_stats").
    options = f"{'FULL' if rewrite else 'INDEX_CLEANUP ON'}, ANALYZE"
    mine = {*run(_MINE).scalars()}
    others = sorted({*PERSONAL} - mine)
    for name in sorted(mine & {*PERSONAL}):
        run(f'VACUUM ({options}) "{name}"')
    run(f"SET statement_timeout = '{limit}'")
    done = "VACUUM FULL" if rewrite else "VACUUM"
    yield f"PostgreSQL: {done} of {len(PERSONAL) - len(others)} tables"
    if others:
        yield f"PostgreSQL: this role may not VACUUM {', '.join(others)}: have their owner do it"
    if readers := _old_readers(connection):
        yield (
            "PostgreSQL: open transactions that may still see deleted rows, which stay until they end: "
            f"{readers}: run `guichet person clean` then"
        )


def _old_readers(connection: Connection) -> int:
    held = (
        "SELECT count(*) FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() "
        "AND datname = current_database() AND state LIKE 'idle in transaction%%'"
    )
    return int(connection.exec_driver_sql(held).scalar_one())
