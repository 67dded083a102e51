"""A folder of backups: which are complete, and who writes into it."""

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.ops.backup.manifest import NAME as MANIFEST
from bot.ops.backup.manifest import read_manifest, sync
from bot.ops.backup.problem import BackupProblem, in_words

ATTACHMENTS = "attachments"
PART = ".part-"
AWAY = "before-restore-"
"""How the names of those begin that `guichet restore --replace` made of what it replaced."""
AWAY_KEPT_FOR = timedelta(days=7)
TIME = "%Y-%m-%dT%H-%M-%SZ"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")


class BackupFolder:
    """A folder of backups."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.attachments = self.path / ATTACHMENTS

    def create(self) -> None:
        """Make it, for this user only. Raises `BackupProblem`."""
        self._refuse_one_backup()
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.attachments.mkdir(mode=0o700, exist_ok=True)
            for each in (self.path, self.attachments):
                if each.stat().st_mode & stat.S_IWOTH:
                    raise BackupProblem(
                        f"{each} can be written by every user: chmod o-w, or name another one"
                    )
        except OSError as error:
            raise BackupProblem(in_words(error)) from None

    def names(self) -> Sequence[str]:
        """Of the complete backups, the oldest first."""
        found = (each for each in self._listed() if _NAME.fullmatch(each))
        return sorted(name for name in found if (self.path / name / MANIFEST).exists())

    def away_attachments(self) -> Iterator[str]:
        """Those of what a restore replaced, and was not removed yet."""
        for name in self._listed():
            if name.startswith(AWAY):
                with suppress(BackupProblem):  # it can be restored no more
                    yield from read_manifest(self.path / name).attachments

    def find(self, name: str | None) -> Path:
        """The newest backup, or the one with this name. Raises `BackupProblem`."""
        self._refuse_one_backup()
        names = self.names()
        if name is None and names:
            return self.path / names[-1]
        if name is not None and Path(name).name == name and (self.path / name / MANIFEST).exists():
            return self.path / name
        there = f"there are {', '.join(names[-14:])}" if names else "it has none"
        raise BackupProblem(f"{self.path}: no complete backup{f' {name}' if name else ''} is there: {there}")

    def _refuse_one_backup(self) -> None:
        """Raise `BackupProblem` for the folder of one backup, with which all that is in it is removed."""
        if (self.path / MANIFEST).exists():
            raise BackupProblem(
                f"{self.path} is one backup: name the folder that it is in, {self.path.parent}; to restore "
                f"this one, --at {self.path.name}"
            )

    def new_name(self, at: datetime, before: str = "") -> str:
        """The name of a backup taken at this time; a second after the newest one's, should a clock that was
        wrong have named that: in their order they are found and removed. `before`: how it begins."""
        for name in self.names()[-1:]:
            at = max(at, datetime.strptime(name, TIME).replace(tzinfo=UTC) + timedelta(seconds=1))
        while (self.path / (name := f"{before}{at.astimezone(UTC):{TIME}}")).exists():
            at += timedelta(seconds=1)
        return name

    @contextmanager
    def part(self, name: str) -> Iterator[Path]:
        """A folder to write a backup into, which has its name once the block is over. When that fails nothing
        of it stays, nor of one that was killed."""
        self._remove_parts()
        part = self.path / f"{PART}{name}"
        try:
            part.mkdir(mode=0o700)
            yield part
            sync(part)
            part.rename(self.path / name)
            sync(self.path)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def prune(self, keep: int, now: datetime) -> Sequence[str]:
        """Remove all backups but the newest `keep`, and what a restore replaced a week ago. Their names."""
        old = list(self.names()[:-keep])
        before = (now - AWAY_KEPT_FOR).timestamp()
        for name in self._listed():
            if name.startswith(AWAY) and (self.path / name).stat().st_mtime < before:
                old.append(name)
        for name in old:
            gone = self.path / f"{PART}{name}"  # killed meanwhile, half of one must not look whole
            (self.path / name).rename(gone)
            shutil.rmtree(gone)
        return old

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While no other backup or restore uses it. Raises `BackupProblem`."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise BackupProblem(in_words(error)) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise BackupProblem(
                f"{self.path} is in use by another `guichet backup` or `guichet restore`: wait until it ends"
            ) from None
        finally:
            os.close(descriptor)

    def _remove_parts(self) -> None:
        for name in self._listed():
            if name.startswith(PART):
                shutil.rmtree(self.path / name, ignore_errors=True)

    def _listed(self) -> Sequence[str]:
        try:
            return [each.name for each in self.path.iterdir() if each.is_dir()]
        except OSError as error:
            raise BackupProblem(in_words(error)) from None
