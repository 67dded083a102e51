"""What befalls the bot beside kills, each once or more in a run, at a moment that the dice choose."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.chaos.databases import Database
from tests.chaos.environment import WORKERS, Environment
from tests.chaos.launcher import LEASE
from tests.chaos.mail_line import MailLine
from tests.support.processes import STARTING, wait_until

BEYOND_LEASE = LEASE.total_seconds() + 5  # seconds
WRONG = 130  # seconds by which a clock is wrong
MUTE = 25.0  # seconds: more than the mail server is waited for
FULL = 3.0  # seconds
SMALL = 4096  # bytes: no file can become longer while the disk is full
CLOCK_STEPS = "clocks wrong by 130 s, stepping"


@dataclass
class Blows:
    """Those of one run, each in a thread of its own once its moment has come."""

    environment: Environment
    database: Database
    mail: MailLine
    is_up: Callable[[], bool]
    """Whether Slack reaches all that it can reach."""
    rng: random.Random
    struck: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    """What went wrong with the blows themselves, and processes that did not end cleanly."""
    _due: list[tuple[float, str, Callable[[], None]]] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def plan(self, *, brief: bool) -> None:
        """Draw a moment for each, as a part of the run. A `brief` run has those that take a few seconds."""
        for name, blow in self._known(brief=brief):
            # What takes long begins early, so that people act while it lasts.
            latest = 0.3 if blow in (self._freeze, self._mute) else 0.8
            self._due.append((self.rng.uniform(0.05, latest), name, blow))
        if not brief:
            for place, moment in enumerate((0.0, 0.35, 0.65)):
                self._due.append((moment, CLOCK_STEPS, lambda place=place: self._step_clocks(place)))

    def strike(self, progress: float) -> None:
        """Begin those that are due; `progress`: how much of the run is over, from 0 to 1."""
        for due in [each for each in self._due if each[0] <= progress]:
            self._due.remove(due)
            thread = threading.Thread(target=self._guarded, args=due[1:])
            thread.start()
            self._threads.append(thread)

    def await_end(self, tend: Callable[[], object]) -> None:
        """Wait until all of them are over; the clocks are right again."""
        self.strike(1.0)
        while any(thread.is_alive() for thread in self._threads):
            tend()
            time.sleep(0.05)
        for name in self.environment.commands:
            self.environment.set_clock(name, 0)

    def _known(self, *, brief: bool) -> Iterator[tuple[str, Callable[[], None]]]:
        yield from self.database.hurts.items()
        yield "disk full for 3 s", self._fill_disk
        if not brief:
            yield "worker stopped beyond its lease", self._freeze
            yield "mail server silent for 25 s", self._mute
        sockets = [name for name, command in self.environment.commands.items() if command == "socket"]
        if sockets and not brief:
            yield "sockets restarted one after the other", lambda: self._roll(sockets)

    def _guarded(self, name: str, blow: Callable[[], None]) -> None:
        try:
            blow()
        except Exception as error:  # noqa: BLE001 # the table says so: a thread dies in silence
            self.failures.append(f"{name}: {error!r}")
        self.struck[name] += 1

    def _freeze(self) -> None:
        self.environment.freeze(self.rng.choice(sorted(WORKERS)), BEYOND_LEASE)

    def _mute(self) -> None:
        self.mail.mute(MUTE)

    def _fill_disk(self) -> None:
        """The database's file on SQLite, the attachments, what the server counts in: none takes any more."""
        self.environment.limit_files(SMALL)
        time.sleep(FULL)
        self.environment.limit_files()

    def _roll(self, names: list[str]) -> None:
        for name in names:
            if (status := self.environment.restart(name)) > 0:
                self.failures.append(f"{name} ended with {status}")
            wait_until(self.is_up, STARTING, f"{name} is not connected again")

    def _step_clocks(self, place: int) -> None:
        """Of several machines each has another clock, which steps twice; a machine alone steps twice."""
        steps = (WRONG, -WRONG, 0) if not self.database.on_one_machine else (0, WRONG, -WRONG)
        for number, name in enumerate(self.environment.commands):
            shift = 0 if self.database.on_one_machine else number
            self.environment.set_clock(name, steps[(place + shift) % len(steps)])
