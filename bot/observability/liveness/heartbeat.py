"""The heartbeats of a process, in a temporary folder of its own: when each of its loops last turned."""

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bot.temporary import temporary_folder

logger = logging.getLogger(__name__)
PREFIX = "guichet-process-"
"""Of the folders' names."""
RECORD = "process"
"""The file that says what the process is; the others are heartbeats, `LOOP.PID`."""
EVERY = 5.0  # seconds between two heartbeats of one loop
WIDTH = 20  # characters of a heartbeat: written over the last one, it needs no space on the disk
# Names the folder to the processes that this one starts, whether they are forked or not.
_FOLDER = "HEARTBEAT_FOLDER"


class Heartbeat:
    """Notes that loops turn, for `guichet health`; nothing in a process that is not registered."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def beat(self, loop: str) -> None:
        """This loop turns. Writes the clock that no change of the time affects (`time.monotonic`), which all
        processes of a machine share, at most once in `EVERY`."""
        folder, now = os.environ.get(_FOLDER), time.monotonic()
        if folder is None or now - self._at.get(loop, -EVERY) < EVERY:
            return
        self._at[loop] = now
        with suppress(OSError):  # no reason not to work; without heartbeats the process counts as hung
            _write(Path(folder, f"{loop}.{os.getpid()}"), now)


HEARTBEAT = Heartbeat()
"""Shared by all loops of this process."""


def _write(path: Path, now: float) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.pwrite(descriptor, f"{now:<{WIDTH}.3f}".encode(), 0)
    finally:
        os.close(descriptor)


@contextmanager
def registered(command: str, host: str, port: int | None) -> Iterator[None]:
    """`guichet health` finds this process within the block. `port`: where it answers `/healthz`, if it
    does."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(temporary_folder(PREFIX))
            record = {"command": command, "pid": os.getpid(), "host": host, "port": port}
            (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")
        except OSError as error:
            logger.warning("no temporary folder: guichet health does not find this process: %s", error)
        else:
            os.environ[_FOLDER] = str(folder)
            stack.callback(os.environ.pop, _FOLDER, None)
        yield
