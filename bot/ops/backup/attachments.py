"""The attachments of all backups, in one folder: each file is copied once, since it never changes.

A backup's manifest says which of them belong to it. A file that no row of the newest backup leads to, because
its author took it back or its ticket was forgotten, leaves the folder.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.ops.backup.manifest import Content, content_of
from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.stopping import Stop
from bot.storage.base import Store, StoreUnavailable

AT_ONCE = 8
"""Files that are read side by side: a bucket answers each after some 20 ms."""
_KEY = re.compile(r"[\w-][\w.-]*", re.ASCII)
_GIVEN = r"\d{1,19}-\d{1,19}"
GIVEN = re.compile(_GIVEN, re.ASCII)
"""A name that Guichet gives (`key_of`)."""
_COPY = re.compile(rf"\.?{_GIVEN}(\.part)?", re.ASCII)
"""A copy, or a part of one."""
Result = TypeVar("Result")


@dataclass(frozen=True)
class Copied:
    """What there is of the attachments after they were copied."""

    contents: Mapping[str, Content]
    new: int
    missing: Sequence[str]
    """Those that the store does not have."""


@dataclass(frozen=True)
class Copies:
    """The folder of copies of a store."""

    folder: Path
    store: Store
    stop: Stop

    def take(self, wanted: Mapping[str, str | None], known: Mapping[str, Content]) -> Copied:
        """Copy what is not there yet. `wanted`: names, with their SHA-256 where it is known. `known`: what is
        there, as the last backup has it. Raises `BackupProblem`."""
        here = {key: size for key, size in self._sizes().items() if key in known and size == known[key].size}
        same = {key for key in here if wanted.get(key) in {None, known[key].sha256}}
        contents = {key: known[key] for key in wanted if key in same}
        new = [key for key in wanted if key not in same]
        missing = []
        for key, content in self._each(lambda key: self._left(key, wanted[key]) or self._copy(key), new):
            if content is None:
                missing.append(key)
            else:
                contents[key] = content
        return Copied(contents, len(new) - len(missing), missing)

    def delete_others(self, wanted: Collection[str]) -> int:
        """Delete the copies of what is not wanted; no file of another name than Guichet gives. Returns how
        many there were."""
        gone = [key for key in self._sizes() if key not in wanted and _COPY.fullmatch(key)]
        for key in gone:
            (self.folder / key).unlink(missing_ok=True)
        return len(gone)

    def put_back(self, wanted: Mapping[str, Content]) -> tuple[int, Sequence[str], Sequence[str]]:
        """Store what the store lacks. Returns how many that was, and the names of those that have left the
        folder since, or are damaged. Raises `BackupProblem`."""
        put, gone, damaged = 0, list[str](), list[str]()
        for key, done in self._each(lambda key: self._put(key, wanted[key]), wanted):
            put += done == "put"
            if done == "gone":
                gone.append(key)
            elif done == "damaged":
                damaged.append(key)
        return put, gone, damaged

    def _left(self, key: str, sha256: str | None) -> Content | None:
        """A sound copy that an interrupted backup has left: no manifest names it."""
        if sha256 is None:
            return None
        try:
            content = content_of(self.folder / key, self.stop)
        except FileNotFoundError:
            return None
        return content if content.sha256 == sha256 else None

    def _copy(self, key: str) -> Content | None:
        try:
            content = self.store.get(key)
        except FileNotFoundError:
            return None
        part = self.folder / f".{key}.part"
        part.touch(mode=0o600)
        part.write_bytes(content)
        part.replace(self.folder / key)
        return Content.of(content)

    def _put(self, key: str, content: Content) -> str:
        if self.store.size(key) == content.size:
            return "there"
        try:
            copy = (self.folder / key).read_bytes()
        except FileNotFoundError:
            return "gone"
        if Content.of(copy) != content:
            return "damaged"
        self.store.put(key, copy)
        return "put"

    def _sizes(self) -> Mapping[str, int]:
        return {each.name: each.stat().st_size for each in os.scandir(self.folder) if each.is_file()}

    def _each(self, work: Callable[[str], Result], keys: Iterable[str]) -> Iterable[tuple[str, Result]]:
        def one(key: str) -> tuple[str, Result]:
            self.stop.check()
            if not _KEY.fullmatch(key):
                raise BackupProblem(f"the attachment {key!r} has a name that Guichet never gives")
            return key, work(key)

        executor = ThreadPoolExecutor(AT_ONCE)
        try:
            yield from executor.map(one, keys)
        except StoreUnavailable as error:
            raise BackupProblem(f"ATTACHMENTS_URL: {self.store}: {error.reason}") from error
        finally:
            executor.shutdown(cancel_futures=True)
