"""The two databases of a run, empty."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from bot.db.engine import WORKER_TIMEOUT, create_db
from tests.support import postgres

NAMES = ("sqlite", "postgresql")


@contextmanager
def empty_database(name: str) -> Iterator[Engine]:
    """An engine for an empty database: in a file, or on a server of its own."""
    # Not pytest's folder: PostgreSQL does not run as root, and that one is private to its user.
    with tempfile.TemporaryDirectory(prefix="guichet-year-") as folder:
        Path(folder).chmod(0o755)
        with _url(name, Path(folder)) as url:
            engine = create_db(url, timeout=WORKER_TIMEOUT)
            yield engine
            engine.dispose()


@contextmanager
def _url(name: str, folder: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite:///{folder}/year.db"
        return
    server = postgres.server_in(folder / "postgresql")
    try:
        with postgres.database(server.get_uri()) as url:
            yield url
    finally:
        server.cleanup()
