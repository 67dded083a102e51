"""What the database refuses is named by a reason, and told in its own words."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.db.engine import create_db
from bot.db.refusals import Refusal, RefusalReason, refusal
from bot.db.session import Sessions, transact
from bot.observability.metrics import FAILED_WRITES
from models.person import Person
from tests.support import database_faults
from tests.support.databases import ON_POSTGRESQL_ONLY
from tests.support.use_case_desk import SmallDesk

WRITE = "INSERT INTO kept VALUES (1)"


def refused(url: str, *statements: str) -> Refusal:
    """What the last of these statements is refused with."""
    engine = create_db(url, timeout=0.05)
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.commit()
    except SQLAlchemyError as error:
        return refusal(error)
    finally:
        engine.dispose()
    raise AssertionError("nothing was refused")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "desk.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE kept (number INTEGER)")
    return path


def test_a_full_disk_is_told_in_sqlites_words(file: Path) -> None:
    many = "WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g LIMIT 9999) "
    write = f"{many}INSERT INTO kept SELECT n FROM g"
    assert refused(f"sqlite:///{file}", "PRAGMA max_page_count = 2", write) == Refusal(
        RefusalReason.FULL, "database or disk is full"
    )


def test_a_database_that_takes_no_writes_is_read_only(file: Path) -> None:
    assert refused(f"sqlite:///{file}", "PRAGMA query_only = ON", WRITE) == Refusal(
        RefusalReason.READ_ONLY, "attempt to write a readonly database"
    )


def test_a_file_that_is_no_database_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_text("Bonjour, je ne suis pas une base de données." * 30)
    assert refused(f"sqlite:///{path}", WRITE) == Refusal(RefusalReason.OTHER, "file is not a database")


def test_a_missing_table_is_named(file: Path) -> None:
    assert refused(f"sqlite:///{file}", "SELECT * FROM ticket") == Refusal(
        RefusalReason.OTHER, "no such table: ticket"
    )


def test_what_people_wrote_is_not_in_sqlites_words(file: Path) -> None:
    search = "SELECT * FROM search WHERE search MATCH 'secret \"'"
    said = refused(f"sqlite:///{file}", "CREATE VIRTUAL TABLE search USING fts5 (words)", search)
    assert said == Refusal(RefusalReason.OTHER, "SQLITE_ERROR")


FAULTS = pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (database_faults.locked, RefusalReason.LOCKED),
        (database_faults.lost, RefusalReason.UNREACHABLE),
        (database_faults.exhausted, RefusalReason.TIMEOUT),
    ],
)


def without_statement_timeout(connection: psycopg.Connection, _record: object) -> None:
    """It is as long as the timeout for locks; which of them comes first is left to chance."""
    connection.execute("SET statement_timeout = 0")
    connection.commit()


def failed_writes(reason: RefusalReason) -> float:
    return float(FAILED_WRITES.labels(reason)._value.get())


@FAULTS
def test_a_refused_transaction_is_counted_by_its_reason(
    shared_desk: SmallDesk,
    tables_url: str,
    fault: Callable[[Engine], AbstractContextManager[None]],
    reason: RefusalReason,
) -> None:
    shared_desk.open()
    engine = create_db(tables_url, timeout=0.1)
    if fault is database_faults.locked and engine.dialect.name == "postgresql":
        event.listen(engine, "connect", without_statement_timeout)
    before = failed_writes(reason)
    with fault(engine), pytest.raises(SQLAlchemyError) as raised:
        transact(Sessions(engine), lambda session: session.execute(text("UPDATE person SET name = 'Nobody'")))
    engine.dispose()
    assert failed_writes(reason) == before + 1
    assert refusal(raised.value).reason is reason
    assert "UPDATE" not in str(refusal(raised.value))


def test_a_lost_update_that_is_repeated_with_success_is_not_counted(small_desk: SmallDesk) -> None:
    before, tries = failed_writes(RefusalReason.LOCKED), iter([StaleDataError(), None])

    def work(_session: Session) -> None:
        if error := next(tries):
            raise error

    transact(small_desk.sessions, work)
    assert failed_writes(RefusalReason.LOCKED) == before


def test_an_update_that_is_lost_twice_is_counted_once(small_desk: SmallDesk) -> None:
    before = failed_writes(RefusalReason.LOCKED)

    def work(_session: Session) -> None:
        raise StaleDataError

    with pytest.raises(StaleDataError):
        transact(small_desk.sessions, work)
    assert failed_writes(RefusalReason.LOCKED) == before + 1


@ON_POSTGRESQL_ONLY
@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (
            ["SET default_transaction_read_only = on", "COMMIT", "DELETE FROM event"],
            Refusal(RefusalReason.READ_ONLY, "cannot execute DELETE in a read-only transaction"),
        ),
        (
            ["SELECT pg_sleep(5)"],
            Refusal(RefusalReason.TIMEOUT, "canceling statement due to statement timeout"),
        ),
        (["SELECT 'secret'::int"], Refusal(RefusalReason.OTHER, "SQLSTATE 22P02")),
        (["SELECT * FROM absent"], Refusal(RefusalReason.OTHER, 'relation "absent" does not exist')),
    ],
)
def test_postgresqls_refusals_are_told_in_its_words(
    small_desk: SmallDesk, tables_url: str, statements: list[str], expected: Refusal
) -> None:
    assert refused(tables_url, *statements) == expected


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (psycopg.errors.DiskFull("could not extend file"), RefusalReason.FULL),
        (psycopg.errors.SerializationFailure("could not serialize access"), RefusalReason.LOCKED),
        (psycopg.errors.TooManyConnections("sorry, too many clients already"), RefusalReason.UNREACHABLE),
        (psycopg.errors.AdminShutdown("terminating connection"), RefusalReason.UNREACHABLE),
        (psycopg.errors.InsufficientPrivilege("permission denied for table ticket"), RefusalReason.DENIED),
        (
            psycopg.OperationalError('FATAL:  password authentication failed for user "guichet"'),
            RefusalReason.DENIED,
        ),
    ],
)
def test_postgresqls_codes_have_a_reason(error: psycopg.Error, reason: RefusalReason) -> None:
    wrapped = DBAPIError.instance("SELECT 'secret'", {"title": "secret"}, error, psycopg.Error)
    assert isinstance(wrapped, DBAPIError)
    assert refusal(wrapped) == Refusal(reason, str(error).removeprefix("FATAL:  "))


def test_only_the_first_line_is_told() -> None:
    error = psycopg.errors.UniqueViolation(
        "duplicate key value\nDETAIL: Key (email)=(a@b.fr) already exists."
    )
    wrapped = DBAPIError.instance("INSERT", {}, error, psycopg.Error)
    assert isinstance(wrapped, DBAPIError)
    assert str(refusal(wrapped)) == "duplicate key value"


def test_a_pool_without_a_free_connection_is_told_in_words() -> None:
    assert refusal(PoolTimeout()) == Refusal(
        RefusalReason.TIMEOUT, "all connections of this process are in use"
    )


def test_a_person_of_the_same_account_added_at_once_is_no_refusal(small_desk: SmallDesk) -> None:
    """A unique violation that the caller handles: somebody else was faster."""
    before = failed_writes(RefusalReason.OTHER)
    with small_desk.sessions() as session:
        [slack_id] = [session.query(Person).first().slack_id]  # type: ignore[union-attr]
    with pytest.raises(SQLAlchemyError), small_desk.sessions.begin() as session:
        session.add(Person(slack_id=slack_id, name="Again"))
    assert failed_writes(RefusalReason.OTHER) == before
