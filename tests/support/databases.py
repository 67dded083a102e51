"""The databases that tests run on: whoever asks for one runs twice, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.db.engine import WORKER_PATIENCE, create_db
from bot.ops.release import prepare
from bot.settings import Settings
from tests.conftest import CATALOGUE
from tests.support import postgres
from tests.support.postgres import Reused
from tests.support.use_case_desk import DATABASES, SmallDesk, open_small_desk

# For tests in a browser: the page draws what the local Slack holds and never comes near a database, while
# what people do there is done on both in the conversations' own tests.
ON_SQLITE_ONLY = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: `sqlite`, `postgresql`."""
    return str(request.param)


@pytest.fixture
def empty(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database, of each sort."""
    on_sqlite = database == "sqlite"
    url = f"sqlite:///{tmp_path}/a.db" if on_sqlite else request.getfixturevalue("empty_postgresql_url")
    engine = create_db(url, patience=WORKER_PATIENCE)
    yield engine
    engine.dispose()


# -- a help desk's: migrated, with the catalogue -------------------------------------------------------------


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to be copied."""
    path = tmp_path_factory.mktemp("database") / "guichet.db"
    prepare_database(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def prepared_postgresql(postgresql_server: str) -> Iterator[Reused]:
    """A database to be used again and again."""
    with postgres.database(postgresql_server) as url:
        prepare_database(url)
        yield Reused(url)


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest) -> str:
    """The address of a help desk's database, as `guichet run` has it when it starts for the first time."""
    if database == "postgresql":
        reused: Reused = request.getfixturevalue("prepared_postgresql")
        return reused.restore()
    prepared: Path = request.getfixturevalue("prepared_sqlite")
    for each in prepared.parent.glob(
        "used.db*"
    ):  # its log and index too; whoever has it open keeps the old one
        each.unlink()
    return f"sqlite:///{shutil.copy(prepared, prepared.with_name('used.db'))}"


def prepare_database(url: str) -> None:
    """Migrate an empty database and load the catalogue into it."""
    prepare(Settings(_env_file=None, database_url=url, catalogue=CATALOGUE))


# -- a small desk's: the tables alone ------------------------------------------------------------------------


@pytest.fixture
def tables_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a small desk's database, which several threads may share."""
    if database == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{tmp_path / 'guichet.db'}"


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
