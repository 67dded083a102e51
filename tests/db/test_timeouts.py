"""Statements and locks on PostgreSQL time out after the listeners' limit."""

import pytest
from psycopg import errors
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from bot.db.engine import create_db
from tests.support.postgres import connect

pytestmark = pytest.mark.postgresql
TIMEOUT = 0.5  # seconds


@pytest.fixture
def engine(postgresql_url: str) -> Engine:
    return create_db(postgresql_url, timeout=TIMEOUT)


def fail(engine: Engine, statement: str) -> BaseException | None:
    """What PostgreSQL says when it gives up; the connection goes on serving."""
    with engine.connect() as connection:
        with pytest.raises(OperationalError) as failed:
            connection.execute(text(statement))
        connection.rollback()
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
    return failed.value.orig


def test_a_statement_that_lasts_is_cancelled(engine: Engine) -> None:
    assert isinstance(fail(engine, "SELECT pg_sleep(60)"), errors.QueryCanceled)


def test_a_lock_that_somebody_keeps_is_not_waited_for(engine: Engine, postgresql_url: str) -> None:
    with connect(postgresql_url) as other, other.transaction():
        other.execute("LOCK TABLE ticket")
        failure = fail(engine, "SELECT count(*) FROM ticket")
    assert isinstance(failure, (errors.LockNotAvailable, errors.QueryCanceled))
