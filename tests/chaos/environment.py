"""The bot's processes in a chaos run; those that end are restarted at once."""

import compileall
import os
import random
import resource
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.processes import ROOT, STARTING, Process, wait_until

WORKERS = {"worker 1": "worker", "worker 2": "worker"}
TRANSPORTS = {"HTTP": {"web": "web"}, "Socket Mode": {"socket 1": "socket", "socket 2": "socket"}}
NO_LIMIT = resource.RLIM_INFINITY
# On a full disk Python writes half a file of it, and reads it at the next start (python/cpython#126606).
NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}


def compile_code() -> None:
    """Compile what the processes import, which they do not do themselves."""
    for package in ("bot", "blocks", "models", "tests"):
        compileall.compile_dir(ROOT / package, quiet=1)


class Environment:
    """Processes by name. Several threads may disrupt them at once."""

    def __init__(
        self, transport: str, settings: Mapping[str, str], folder: Path, *, one_machine: bool = False
    ) -> None:
        """`one_machine`: they share a clock, as with SQLite; otherwise each has its own."""
        self.commands = {**TRANSPORTS[transport], **WORKERS}
        self.kills = self.restarts = 0
        self._settings, self._folder = settings, folder
        self._processes: dict[str, Process] = {}
        self._reserved: set[str] = set()  # not to be restarted for a while
        self._limit = NO_LIMIT
        self._lock = threading.RLock()
        self._clocks = {
            name: folder / f"{'machine' if one_machine else name}.clock" for name in self.commands
        }

    def tend(self) -> None:
        """Start processes that do not run."""
        with self._lock:
            for name in self.commands:
                known = self._processes.get(name)
                if name not in self._reserved and (known is None or not known.is_running):
                    self.restarts += known is not None
                    self._start(name)

    def kill_one(self, rng: random.Random) -> None:
        """Kill one of them, or a child of one (SIGKILL)."""
        with self._lock:
            candidates = [process for name, process in self._processes.items() if name not in self._reserved]
        victim = rng.choice([pid for each in candidates for pid in (each.pid, *each.children())])
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            self.kills += 1

    def freeze(self, name: str, seconds: float) -> None:
        """Stop a process (SIGSTOP), and continue it after `seconds`."""
        with self._reserve(name) as process:
            os.kill(process.pid, signal.SIGSTOP)
            time.sleep(seconds)
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)

    def restart(self, name: str) -> int:
        """Stop a process and start it again. Returns its exit status."""
        with self._reserve(name) as process:
            wait_until(lambda: process.awaits(signal.SIGTERM), STARTING, f"{name} does not start")
            status = process.stop()
            with self._lock:
                self._start(name)
            return status

    def limit_files(self, most: int = NO_LIMIT) -> None:
        """Limit the size of files in bytes (setrlimit(2), RLIMIT_FSIZE)."""
        with self._lock:
            self._limit = most
            for process in self._processes.values():
                self._limit_one(process)

    def set_clock(self, name: str, ahead: float) -> None:
        """Set the clock of a process's machine `ahead` by seconds."""
        clock = self._clocks[name]
        new = clock.with_suffix(".new")
        new.write_text(str(ahead))
        new.replace(clock)

    def stop_workers(self) -> list[int]:
        """Stop the workers. Returns their exit statuses."""
        return self._stop(*WORKERS)

    def stop_others(self) -> list[int]:
        """Stop all but the workers: a killed server would leave children, which go on for a moment."""
        return self._stop(*(name for name in self.commands if name not in WORKERS))

    def _stop(self, *names: str) -> list[int]:
        processes = [self._processes[name] for name in names]
        for each in processes:  # one that was just started does not handle it yet
            wait_until(lambda each=each: each.awaits(signal.SIGTERM), STARTING, "a process does not start")
        return [each.stop() for each in processes]

    def close(self) -> None:
        """Kill all processes."""
        for process in self._processes.values():
            process.kill()

    def _start(self, name: str) -> None:
        settings = {**self._settings, **NO_BYTECODE, "CHAOS_CLOCK": str(self._clocks[name])}
        log = self._folder / f"{name}.log"
        process = Process(self.commands[name], settings, log, module="tests.chaos.launcher")
        self._processes[name] = process
        if self._limit != NO_LIMIT:
            self._limit_one(process)

    def _limit_one(self, process: Process) -> None:
        for pid in (process.pid, *process.children()):
            with suppress(ProcessLookupError):
                _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                most = hard if self._limit == NO_LIMIT else self._limit
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))

    @contextmanager
    def _reserve(self, name: str) -> Iterator[Process]:
        """A running process that no other thread stops or starts within the block."""
        while True:
            self.tend()
            with self._lock:
                if name not in self._reserved and self._processes[name].is_running:
                    self._reserved.add(name)
                    break
            time.sleep(0.1)
        try:
            yield self._processes[name]
        finally:
            with self._lock:
                self._reserved.discard(name)
