"""Temporary folders, of which none stays: those of killed processes are removed by the next one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A folder in TMPDIR for the length of the block, whose name begins with `prefix`. Folders of that prefix
    whose process was killed are removed before.

    A process holds a lock on its folder (flock(2)), which ends with it and with the children that it forked,
    whatever they end of.
    """
    for stale in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        _remove_if_unused(stale)
    folder, lock = _create(prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def folders_in_use(prefix: str) -> Iterator[Path]:
    """The folders in TMPDIR whose name begins with `prefix` and whose process, of this user's, still runs."""
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{prefix}*")):
        with _opened(folder) as descriptor:
            if descriptor is not None and not _lock(descriptor):
                yield folder


def _create(prefix: str) -> tuple[Path, int]:
    """A new folder, and its lock's file descriptor."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix))
        # Another process may take the new folder for a stale one, until it is locked.
        with suppress(FileNotFoundError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            with suppress(OSError):  # a file system without locks: nobody removes it either
                fcntl.flock(lock, fcntl.LOCK_SH)
            if folder.exists():
                return folder, lock
            os.close(lock)


def _remove_if_unused(folder: Path) -> None:
    """Remove a folder of this user's that nobody holds the lock of. A link is not followed."""
    with _opened(folder) as descriptor:
        if descriptor is not None and _lock(descriptor):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _opened(folder: Path) -> Iterator[int | None]:
    """A folder of this user's, opened for the length of the block; `None` for anything else."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:  # no folder, or not ours
        yield None
        return
    try:
        yield descriptor if os.fstat(descriptor).st_uid == os.getuid() else None
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Lock it, until it is closed; False when somebody holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
