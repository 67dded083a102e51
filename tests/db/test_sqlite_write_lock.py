"""The SQLite connections of one process write in the order of their requests."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from bot.db.engine import create_db
from bot.db.sqlite_write_lock import WriteLock


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_db(f"sqlite:///{tmp_path / 'queue.db'}", timeout=0.05)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE word (word TEXT)"))
    yield engine
    engine.dispose()


def write(engine: Engine, word: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO word VALUES (:word)"), {"word": word})


def words(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT word FROM word ORDER BY rowid")))


def test_the_lock_is_acquired_in_the_order_of_the_requests() -> None:
    lock, order, asked = WriteLock(), list[int](), Event()
    assert lock.acquire(0)

    def ask(number: int) -> None:
        asked.set()
        assert lock.acquire(30)
        order.append(number)
        lock.release()

    threads = []
    for number in range(5):
        threads.append(Thread(target=ask, args=(number,)))
        threads[-1].start()
        while len(lock._waiting) <= number:
            asked.wait(0.001)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_request_that_timed_out_leaves_the_queue() -> None:
    lock = WriteLock()
    assert lock.acquire(0)
    assert not lock.acquire(0.001)
    lock.release()
    assert lock.acquire(0)


def test_a_writer_that_times_out_gets_database_is_locked(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO word VALUES ('first')"))
        assert words(engine) == []  # readers do not wait
        with pytest.raises(OperationalError, match="database is locked"):
            write(engine, "second")
    write(engine, "third")
    assert words(engine) == ["first", "third"]


def test_a_transaction_that_fails_releases_the_lock(engine: Engine) -> None:
    with pytest.raises(OperationalError, match="no such table"), engine.begin() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO word VALUES ('lost')"))
    write(engine, "kept")
    assert words(engine) == ["kept"]


def test_a_lock_of_another_process_is_waited_for_until_the_timeout(engine: Engine) -> None:
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="database is locked"):
        write(engine, "too soon")
    other.execute("ROLLBACK")
    other.close()
    write(engine, "now")
    assert words(engine) == ["now"]
