"""The database that a backup is restored into."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.db.revisions import known
from bot.ops.backup.manifest import Manifest
from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.stopping import Stop

Say = Callable[[str], object]
IN_USE = "stop every process of Guichet first, and what else uses the database"
TABLES = ("ticket", "person")
"""Of Guichet's: a database without them has nothing to keep."""
NOT_EMPTY = "with --replace the backup takes its place; what is there now is moved away, and kept for 7 days"


@dataclass(frozen=True)
class Source:
    """A backup that was found and whose files are as its manifest says."""

    folder: Path
    manifest: Manifest
    stop: Stop


def require_own(there: Collection[str], revision: str | None) -> None:
    """Raise `BackupProblem` for another program's database: what is in it would be lost. `there`: the names
    of its tables."""
    others = sorted({*there} - {"alembic_version"})
    if others and revision not in known():
        raise BackupProblem(
            f"DATABASE_URL: the database has tables that are not Guichet's ({', '.join(others[:5])}): name "
            "Guichet's own database, or an empty one"
        )


class Target(Protocol):
    """A database. All methods raise `BackupProblem`, `SQLAlchemyError` or `OSError`."""

    def require_unused(self) -> None:
        """Raise `BackupProblem` while other processes use it."""

    def contents(self) -> Mapping[str, int]:
        """How many people and tickets it has; empty for none. Raises `BackupProblem` for another program's
        database."""

    def restore(self, source: Source, say: Say) -> int:
        """Replace what is there by the backup, migrated and made ready, all or nothing. Returns how many
        deliveries are in doubt."""
