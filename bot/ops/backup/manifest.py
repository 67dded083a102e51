"""What a backup says of itself: `manifest.json`."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.stopping import Stop

NAME = "manifest.json"
FORMAT = 1
"""Of folders of backups; raised when an older Guichet can no longer read them."""
CHUNK = 1 << 20  # bytes


@dataclass(frozen=True)
class Content:
    """What a file has to be."""

    size: int
    """Bytes."""
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "Content":
        """Of these bytes."""
        return cls(len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class Manifest:
    """What a backup is, and what is in it."""

    guichet: str
    """Guichet's version."""
    revision: str
    """The database's."""
    taken_at: datetime
    """The time whose data it has."""
    database: str
    """`sqlite` or `postgresql`."""
    made_by: str
    """The program and its version."""
    rows: Mapping[str, int]
    """How many each table has."""
    highest_ticket: int
    files: Mapping[str, Content]
    """By their path in the backup's folder."""
    attachments: Mapping[str, Content]
    """By their name in the store, and in the folder that all backups share."""
    missing: tuple[str, ...] = ()
    """Names of attachments that the store did not have."""
    format: int = field(default=FORMAT)

    def as_json(self) -> str:
        """The content of its file."""
        values = asdict(self) | {"taken_at": self.taken_at.isoformat()}
        return json.dumps(values, ensure_ascii=False, indent=1)


def read_manifest(folder: Path) -> Manifest:
    """Of the backup in this folder. Raises `BackupProblem`."""
    path = folder / NAME
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] > FORMAT:
            raise BackupProblem(
                f"{path} was written by a newer Guichet ({values['guichet']}): install that one"
            )
        for name in ("files", "attachments"):
            values[name] = {key: Content(**each) for key, each in values[name].items()}
        values |= {"taken_at": datetime.fromisoformat(values["taken_at"]), "missing": (*values["missing"],)}
        return Manifest(**values)
    except FileNotFoundError:
        raise BackupProblem(f"{folder} is no backup: it has no {NAME}") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BackupProblem(f"{path} is damaged: take another backup, with --at NAME") from None


def content_of(path: Path, stop: Stop) -> Content:
    """The size and the hash of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            stop.check()
            digest.update(chunk)
            size += len(chunk)
    return Content(size, digest.hexdigest())


def sync(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
