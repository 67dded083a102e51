"""A backup, or a restore, that SIGINT or SIGTERM ends between two steps, or in the middle of a long one."""

import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.ops.backup.problem import Interrupted


@dataclass
class Stop:
    """Whether to end."""

    event: threading.Event = field(default_factory=threading.Event)
    _calls: list[Callable[[], object]] = field(default_factory=list)

    def set(self) -> None:
        """End what is going on, as soon as it can."""
        self.event.set()
        for call in list(self._calls):
            call()

    def check(self) -> None:
        """Raise `Interrupted` when it is to end."""
        if self.event.is_set():
            raise Interrupted("interrupted")

    @contextmanager
    def calls(self, interrupt: Callable[[], object]) -> Iterator[None]:
        """`interrupt`, given to another thread, ends what the block does."""
        self._calls.append(interrupt)
        try:
            if self.event.is_set():
                interrupt()
            self.check()
            yield
        finally:
            self._calls.remove(interrupt)

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        """Run a program. Returns its exit status, its output and its errors. Raises `Interrupted`."""
        with (
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                encoding="utf-8",
                errors="replace",
            ) as process,
            # Not SIGTERM: it inherits that this process blocks it (`bot.signals`).
            self.calls(process.kill),
        ):
            output, errors = process.communicate()
        self.check()
        return process.returncode, output, errors
