"""Opens the database, for a command or before a process serves anybody.

Apart from `bot.ops.release`: Alembic, and what reads the catalogue's file, take long to import at the start
of each process.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.pooler import require_session_pooling
from bot.db.revisions import require_newest
from bot.ops.erasures.replay import replay
from bot.settings import Settings


@contextmanager
def open_engine(settings: Settings) -> Iterator[Engine]:
    """An engine on the database, whatever its revision; disposed of after the block."""
    engine = create_db(settings.database_url.get_secret_value(), timeout=WORKER_TIMEOUT)
    try:
        require_session_pooling(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_database(settings: Settings) -> Iterator[Engine]:
    """The same for a database of this version. Raises `SettingsError` when it has another revision."""
    with open_engine(settings) as engine:
        require_newest(engine)
        yield engine


def require_this_version(settings: Settings) -> None:
    """Raise `SettingsError` when the database has another revision. Erase again what a restored backup
    brought back, before anybody is served (`bot.ops.erasures.replay`)."""
    with open_database(settings) as engine:
        replay(settings, engine)
