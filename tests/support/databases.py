"""The databases of the tests: a test with one of these fixtures runs twice, on SQLite and on PostgreSQL."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.db.engine import LISTENER_TIMEOUT, WORKER_TIMEOUT, create_db
from bot.db.session import Sessions
from bot.ops.release import prepare
from bot.settings import Settings
from models.base import Base
from tests.conftest import CATALOGUE, ROOT
from tests.support import postgres
from tests.support.postgres import ReusedDatabase
from tests.support.use_case_desk import DATABASES, SmallDesk, add_catalogue

# For tests in a browser: the page does not depend on the database, and what people do there is tested on both
# databases elsewhere.
ON_SQLITE_ONLY = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRESQL_ONLY = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
_numbers = count(1)
_engines: list[Engine] = []


@cache
def shared_engine(url: str, *, timeout: float = LISTENER_TIMEOUT) -> Engine:
    """An engine that later tests use too, for its cache of compiled statements: compiling took a fifth of a
    test's time. On PostgreSQL it also keeps the idle connections, which cost 10 ms each."""
    engine = create_db(url, timeout=timeout)
    if engine.dialect.name == "postgresql":
        _engines.append(engine)
        engine.dispose = partial(_dispose_if_used, engine)  # type: ignore[method-assign]
    return engine


def _dispose_if_used(engine: Engine) -> None:
    """Replaces `Engine.dispose` at the end of a desk: close the connections only if one is checked out."""
    if engine.pool.checkedout():  # type: ignore[attr-defined]
        Engine.dispose(engine)


@pytest.fixture(scope="session", autouse=True)
def disposed_engines() -> Iterator[None]:
    """Close the kept connections at the end of the run."""
    yield
    for engine in _engines:
        Engine.dispose(engine)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the whole run: `tmp_path` lists all earlier ones to choose a name."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def attachments(folder: Path) -> Path:
    """The folder for a help desk's attachments, which does not exist yet."""
    return folder / f"attachments-{next(_numbers)}"


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: `sqlite`, `postgresql`."""
    return str(request.param)


@pytest.fixture
def empty(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    on_sqlite = database == "sqlite"
    url = f"sqlite:///{tmp_path}/a.db" if on_sqlite else request.getfixturevalue("empty_postgresql_url")
    engine = create_db(url, timeout=WORKER_TIMEOUT)
    yield engine
    engine.dispose()


# -- for a help desk: migrated, with the catalogue -----------------------------------------------------------


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to be copied."""
    path = tmp_path_factory.mktemp("database") / "guichet.db"
    prepare_database(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def prepared_postgresql(postgresql_server: str) -> Iterator[ReusedDatabase]:
    """A database that is restored before each test."""
    with postgres.reused_database(postgresql_server, prepare_database) as reused:
        yield reused


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest) -> str:
    """The URL of a help desk's database, as `guichet run` finds it at its first start."""
    if database == "postgresql":
        reused: ReusedDatabase = request.getfixturevalue("prepared_postgresql")
        return reused.restore()
    prepared: Path = request.getfixturevalue("prepared_sqlite")
    return f"sqlite:///{shutil.copy(prepared, cleared(prepared.with_name('used.db')))}"


def cleared(path: Path) -> Path:
    """Remove the database at a path, with its journal files. Open connections keep the old one."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    return path


def prepare_database(url: str) -> None:
    """Migrate an empty database and load the catalogue into it."""
    prepare(Settings(_env_file=None, database_url=url, catalogue=CATALOGUE, articles=ROOT / "articles"))


@cache
def _without_articles() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "guichet.db")
        prepare(Settings(_env_file=None, database_url=f"sqlite:///{path}", catalogue=CATALOGUE))
        return path.read_bytes()


def write_prepared(path: Path) -> None:
    """Make an SQLite database as `guichet run` does without articles. Only the first one is migrated, and has
    the catalogue read: that takes a second."""
    path.write_bytes(_without_articles())


# -- for a small desk: the tables only -----------------------------------------------------------------------


@pytest.fixture
def tables_url(database: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of a small desk's database, which several threads may share."""
    if database == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{cleared(folder / 'tables.db')}"


@cache
def seeded_sqlite() -> sqlite3.Connection:
    """A small desk's tables and rows, in memory, to be copied."""
    engine = create_db("sqlite://", timeout=WORKER_TIMEOUT)
    Base.metadata.create_all(engine)
    add_catalogue(Sessions(engine))
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    copy_sqlite(engine, copy)
    engine.dispose()
    return copy


def copy_sqlite(source: Engine, target: sqlite3.Connection) -> None:
    with source.connect() as connection:
        connection.connection.dbapi_connection.backup(target)  # type: ignore[union-attr]


@contextmanager
def open_small_desk(url: str = "sqlite://", *, timeout: float = WORKER_TIMEOUT) -> Iterator[SmallDesk]:
    """A small desk in an empty database, by default one in memory; only one at a time in each."""
    engine = shared_engine(url, timeout=timeout)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            seeded_sqlite().backup(connection.connection.dbapi_connection)  # type: ignore[arg-type]
        desk = SmallDesk(Sessions(engine))
    else:
        desk = _seed_postgresql(engine, ReusedDatabase.at(url))
    try:
        yield desk
    finally:
        engine.dispose()


def _seed_postgresql(engine: Engine, reused: ReusedDatabase) -> SmallDesk:
    """Add a small desk's rows: with the ORM at first, later as they were saved then."""
    if "seeded" in reused.snapshots:
        reused.restore("seeded")
        return SmallDesk(Sessions(engine))
    desk = add_catalogue(Sessions(engine))
    reused.save("seeded")
    return desk


@pytest.fixture
def small_desk(database: str, request: pytest.FixtureRequest) -> Iterator[SmallDesk]:
    """A small desk for one thread: SQLite's is in memory."""
    url = "sqlite://" if database == "sqlite" else request.getfixturevalue("postgresql_url")
    with open_small_desk(url) as desk:
        yield desk


@pytest.fixture
def shared_desk(tables_url: str) -> Iterator[SmallDesk]:
    """A small desk for several threads: SQLite's is in a file."""
    with open_small_desk(tables_url) as desk:
        yield desk
