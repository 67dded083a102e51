"""Disruptions besides kills, each once or more in a run, at random times."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.chaos.databases import Database
from tests.chaos.environment import WORKERS, Environment
from tests.chaos.launcher import LEASE
from tests.chaos.mail_proxy import MailProxy
from tests.support.processes import STARTING, wait_until

BEYOND_LEASE = LEASE.total_seconds() + 5  # seconds
WRONG = 130  # seconds by which a clock is wrong
MUTE = 25.0  # seconds, longer than the mail server's time-out
FULL = 3.0  # seconds
SMALL = 4096  # bytes: the largest file while the disk is full
CLOCK_STEPS = "clocks wrong by 130 s, stepping"


@dataclass
class Disruptions:
    """The disruptions of one run, each in a thread of its own once it is due."""

    environment: Environment
    database: Database
    mail: MailProxy
    is_up: Callable[[], bool]
    """Whether Slack reaches every process of the bot."""
    rng: random.Random
    struck: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    """Errors of the disruptions themselves, and processes that did not end cleanly."""
    _due: list[tuple[float, str, Callable[[], None]]] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def plan(self, *, brief: bool) -> None:
        """Choose a time for each, as a fraction of the run. A `brief` run has only those of a few seconds."""
        for name, disrupt in self._planned(brief=brief):
            # Long ones begin early, so that people act while they last.
            latest = 0.3 if disrupt in (self._freeze, self._mute) else 0.8
            self._due.append((self.rng.uniform(0.05, latest), name, disrupt))
        if not brief:
            for step, at in enumerate((0.0, 0.35, 0.65)):
                self._due.append((at, CLOCK_STEPS, lambda step=step: self._step_clocks(step)))

    def strike(self, progress: float) -> None:
        """Start those that are due; `progress`: the fraction of the run that is over, from 0 to 1."""
        for due in [each for each in self._due if each[0] <= progress]:
            self._due.remove(due)
            thread = threading.Thread(target=self._run, args=due[1:])
            thread.start()
            self._threads.append(thread)

    def await_end(self, tend: Callable[[], object]) -> None:
        """Wait until all of them are over, and set the clocks right."""
        self.strike(1.0)
        while any(thread.is_alive() for thread in self._threads):
            tend()
            time.sleep(0.05)
        for name in self.environment.commands:
            self.environment.set_clock(name, 0)

    def _planned(self, *, brief: bool) -> Iterator[tuple[str, Callable[[], None]]]:
        yield from self.database.disruptions.items()
        yield "disk full for 3 s", self._fill_disk
        if not brief:
            yield "worker stopped beyond its lease", self._freeze
            yield "mail server silent for 25 s", self._mute
        sockets = [name for name, command in self.environment.commands.items() if command == "socket"]
        if sockets and not brief:
            yield "sockets restarted one after the other", lambda: self._roll(sockets)

    def _run(self, name: str, disrupt: Callable[[], None]) -> None:
        try:
            disrupt()
        except Exception as error:  # noqa: BLE001 # reported in the table
            self.failures.append(f"{name}: {error!r}")
        self.struck[name] += 1

    def _freeze(self) -> None:
        self.environment.freeze(self.rng.choice(sorted(WORKERS)), BEYOND_LEASE)

    def _mute(self) -> None:
        self.mail.mute(MUTE)

    def _fill_disk(self) -> None:
        """No file can grow: SQLite's database, attachments, metrics."""
        self.environment.limit_files(SMALL)
        time.sleep(FULL)
        self.environment.limit_files()

    def _roll(self, names: list[str]) -> None:
        for name in names:
            if (status := self.environment.restart(name)) > 0:
                self.failures.append(f"{name} ended with {status}")
            wait_until(self.is_up, STARTING, f"{name} is not connected again")

    def _step_clocks(self, step: int) -> None:
        """Each machine's clock steps twice, several machines by different amounts."""
        steps = (WRONG, -WRONG, 0) if not self.database.on_one_machine else (0, WRONG, -WRONG)
        for number, name in enumerate(self.environment.commands):
            shift = 0 if self.database.on_one_machine else number
            self.environment.set_clock(name, steps[(step + shift) % len(steps)])
