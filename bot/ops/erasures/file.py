"""The file of erasures: a line of JSON for each person who was erased, and each approved list of retention.

It holds no names and no Slack ids. A person is an HMAC-SHA-256 of their Slack id and workspace: without the
key nobody can find out who it is, with it a row of the database is recognised.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.settings import Settings, SettingsError

PERSON, RETENTION = "person", "retention"
PUT_IT_BACK = "put the newest copy back; without it nobody knows who has to be erased again"
NEW_FILE = "`install -m 600 /dev/null FILE`"
MISSING = (
    "missing; without it a restored backup would bring back what is erased: set it in the environment or in "
    ".env (see .env.example)"
)


@dataclass(frozen=True)
class Entry:
    """A line."""

    kind: str
    """`person`, `retention`."""
    at: datetime
    digest: str | None
    """Of a person."""
    values: Mapping[str, Any]
    """What else it says, such as the number of a list."""


class ErasuresFile:
    """The file that ERASURES_FILE names, and the key of its digests."""

    def __init__(self, path: Path, key: str) -> None:
        self.path, self._key = path, key.encode()

    def digest(self, slack_id: str, team_id: str) -> str:
        """What a person is in the file."""
        return self._hmac(f"{team_id}/{slack_id}")

    def append(self, kind: str, at: datetime, *, digest: str | None = None, **values: Any) -> None:
        """Add a line, which is on the disk when this returns. Raises `SettingsError` when that fails, and
        what `read` raises."""
        line = {"kind": kind, "at": at.isoformat(), "key": self._mark}
        line |= {"person": digest} if digest else {}
        try:
            with self._locked() as descriptor:
                content = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
                self._parsed(content)
                # The machine stopped in the middle of the last line, before what it names was erased.
                os.ftruncate(descriptor, content.rfind(b"\n") + 1)
                _write(descriptor, f"{json.dumps(line | values)}\n".encode())
        except OSError as error:
            raise SettingsError(self._in_words(error)) from None

    def read(self) -> tuple[Sequence[Entry], str]:
        """Its lines, and their fingerprint, which any further line changes; "" without lines.

        Raises `SettingsError` when it cannot be read, has lines that are none, or was written with another
        key."""
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise SettingsError(self._in_words(error)) from None
        entries = self._parsed(content)
        return entries, sha256(content).hexdigest() if entries else ""

    @property
    def _mark(self) -> str:
        """What tells whether a line was made with this key."""
        return self._hmac("guichet erasures")[:8]

    def _hmac(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), sha256).hexdigest()

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The open file, which no other process writes meanwhile."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _parsed(self, content: bytes) -> Sequence[Entry]:
        whole = content.split(b"\n")[:-1]
        return [self._entry(number, line) for number, line in enumerate(whole, start=1)]

    def _entry(self, number: int, line: bytes) -> Entry:
        try:
            said = json.loads(line)
            kind, at, mark = str(said.pop("kind")), datetime.fromisoformat(said.pop("at")), said.pop("key")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SettingsError(
                f"ERASURES_FILE: line {number} of {self.path} is none that Guichet wrote: {PUT_IT_BACK}"
            ) from None
        if mark != self._mark:
            raise SettingsError(
                f"ERASURES_KEY: {self.path} was written with another key: set that one again; without it "
                "nobody knows who has to be erased again"
            )
        return Entry(kind, at, said.pop("person", None), said)

    def _in_words(self, error: OSError) -> str:
        if isinstance(error, FileNotFoundError):  # a disk that is not mounted must not pass for a new file
            return f"ERASURES_FILE: there is no file {self.path}: {PUT_IT_BACK}; for a new one {NEW_FILE}"
        reason = (error.strerror or "no reason is given").lower()
        return f"ERASURES_FILE: {self.path} cannot be used: {reason}"


def erasures_of(settings: Settings) -> ErasuresFile | None:
    """The file; `None` unless both settings are there."""
    if settings.erasures_file is None or settings.erasures_key is None:
        return None
    return ErasuresFile(settings.erasures_file, settings.erasures_key.get_secret_value())


def required_erasures(settings: Settings) -> ErasuresFile:
    """The file. Raises `SettingsError` unless both settings are there."""
    found = erasures_of(settings)
    if found is not None:
        return found
    missing = [name for name in ("erasures_file", "erasures_key") if getattr(settings, name) is None]
    raise SettingsError("\n".join(f"{name.upper()}: {MISSING}" for name in missing))


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
