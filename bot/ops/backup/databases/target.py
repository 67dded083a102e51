"""The database that a backup is restored into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.ops.backup.manifest import Manifest
from bot.ops.backup.stopping import Stop

Say = Callable[[str], object]
IN_USE = "stop every process of Guichet first, and what else uses the database"
NOT_EMPTY = "with --replace the backup takes its place; what is there now is moved away, and kept for 7 days"


@dataclass(frozen=True)
class Source:
    """A backup that was found and whose files are as its manifest says."""

    folder: Path
    manifest: Manifest
    stop: Stop


class Target(Protocol):
    """A database. All methods raise `BackupProblem`, `SQLAlchemyError` or `OSError`."""

    def require_unused(self) -> None:
        """Raise `BackupProblem` while other processes use it."""

    def contents(self) -> Mapping[str, int]:
        """How many people and tickets it has; empty for none."""

    def restore(self, source: Source, say: Say) -> int:
        """Replace what is there by the backup, migrated and made ready, all or nothing. Returns how many
        deliveries are in doubt."""
