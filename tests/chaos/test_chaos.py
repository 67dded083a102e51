"""The runs of `make chaos`, shorter: three kills on each database."""

import tempfile
from pathlib import Path

import pytest

from tests.chaos.chaos import Run, chaos
from tests.chaos.databases import postgresql_database, sqlite_database


def test_nothing_is_lost_on_sqlite(tmp_path: Path) -> None:
    with sqlite_database(tmp_path) as database:
        account = chaos(database, tmp_path, Run(kills=3, seed=5, brief=True))
    account.print(database.name)
    assert account.wrong == []
    assert account.rows["tickets"]


@pytest.mark.postgresql
def test_nothing_is_lost_on_postgresql() -> None:
    # Not `tmp_path`: PostgreSQL does not run as root, and pytest's folder is private to its user.
    with tempfile.TemporaryDirectory(prefix="guichet-chaos-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with postgresql_database(folder) as database:
            account = chaos(database, folder, Run(kills=3, seed=5, brief=True))
    account.print(database.name)
    assert account.wrong == []
    assert account.rows["tickets"]
