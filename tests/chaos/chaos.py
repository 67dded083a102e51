"""Torture: people use the bot while its processes are killed, its database goes away, and Slack and the mail
server fail. At the end nothing may be lost and no message be there twice.

`python -m tests.chaos [kills] [sqlite|postgresql]` prints a table for each database; exit status 1 when
something is wrong.
"""

import os
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, delete, update

from bot.delivery.outbox import LEASE
from bot.ops.release import prepare
from bot.settings import Settings
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.schedule import Pause
from playground.testing import Playground
from tests.chaos.account import Account, reckon, unsettled
from tests.chaos.databases import DATABASES, Database
from tests.chaos.people import People, newcomers
from tests.support.processes import (
    CATALOGUE,
    STARTING,
    Process,
    answers,
    environment,
    free_port,
    local_slack,
    wait_until,
)

COMMANDS = {"web": "web", "worker 1": "worker", "worker 2": "worker"}
KILL_EVERY = 1.0  # seconds, on average
FAULT_EVERY = 0.15
SETTLING = LEASE.total_seconds() + 60
METHODS = (
    "chat.postMessage",
    "chat.postMessage",
    "chat.update",
    "views.publish",
    "conversations.open",
    "conversations.history",
    "conversations.replies",
)


class House:
    """The bot's processes; whichever ends is started again at once."""

    def __init__(self, settings: dict[str, str], folder: Path) -> None:
        self._settings, self._folder = settings, folder
        self._processes: dict[str, Process] = {}
        self.kills = self.restarts = 0

    def tend(self) -> None:
        """Start what does not run."""
        for name, command in COMMANDS.items():
            known = self._processes.get(name)
            if known is None or not known.is_running:
                self.restarts += known is not None
                log = self._folder / f"{name}.log"
                self._processes[name] = Process(command, self._settings, log)

    def kill_one(self, dice: random.Random) -> None:
        """End one of them, or a child of one, without a word."""
        processes = list(self._processes.values())
        victim = dice.choice([pid for each in processes for pid in (each.pid, *each.children())])
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            self.kills += 1

    def stop_workers(self) -> list[int]:
        """Let the workers end by themselves, once they can; their exit statuses."""
        workers = [self._processes[name] for name, command in COMMANDS.items() if command == "worker"]
        for worker in workers:  # one that was just started would not hear it
            wait_until(lambda each=worker: each.awaits(signal.SIGTERM), STARTING, "a worker does not start")
        return [worker.stop() for worker in workers]

    def close(self) -> None:
        """End everything."""
        for process in self._processes.values():
            process.kill()


class Faults(threading.Thread):
    """Makes Slack and the mail server fail now and then, until `stop`."""

    def __init__(self, slack: Playground, seed: int) -> None:
        super().__init__()
        self._slack, self._dice = slack, random.Random(f"{seed} faults")
        self._over = threading.Event()
        self._asked = 0
        self.injected = 0

    def run(self) -> None:
        while not self._over.wait(FAULT_EVERY * self._dice.uniform(0.5, 1.5)):
            assert self._slack.control.post("faults", **self._fault())["ok"]
            self._asked += 1

    def stop(self) -> None:
        """Everything works again."""
        self._over.set()
        self.join()
        faults = self._slack.slack.faults
        self.injected = self._asked - self._slack.run(lambda: len(faults._waiting))
        self._slack.run(faults.clear)

    def _fault(self) -> dict[str, Any]:
        dice = self._dice
        when = dice.choice(("before", "after"))
        if dice.random() < 0.2:
            if dice.random() < 0.5:  # refused, so never "after"
                return {"smtp": "451"}
            return {"smtp": "reset", "when": when}
        method = dice.choice(METHODS)
        if dice.random() < 0.25:  # too many requests: refused, so never "after"
            return {"method": method, "status": 429, "retry_after": 1}
        # A time-out holds a worker for 15 s: a few are enough.
        status = "timeout" if dice.random() < 0.03 else dice.choice((500, "reset"))
        return {"method": method, "status": status, "when": when}


def torture(database: Database, folder: Path, *, kills: int, seed: int, patient: bool) -> Account:
    """One run. `patient`: the leases of killed workers are waited for; else the time they take is skipped."""
    began = time.monotonic()
    prepare(Settings(_env_file=None, database_url=database.url, catalogue=CATALOGUE))  # type: ignore[call-arg] # pydantic-settings takes it at run time
    port, dice = free_port(), random.Random(seed)
    engine = create_engine(database.url, pool_pre_ping=True)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        slack = stack.enter_context(local_slack(port, newcomers()))
        house = House(environment(slack, database.url, folder, port), folder)
        stack.callback(house.close)
        house.tend()
        wait_until(lambda: answers(port), STARTING, "the bot does not answer")
        faults = Faults(slack, seed)
        with People(slack, seed) as people:
            filed = people.ledger.acknowledged
            wait_until(lambda: _tended(house, port) and bool(filed), STARTING, "nobody could file a ticket")
            faults.start()
            _kill(house, database, kills, dice)
        faults.stop()
        wait_until(lambda: _tended(house, port), STARTING, "the bot does not answer any more")
        if not patient:
            _skip_leases(house, engine)
        _settle(house, engine)
        _redeliver(slack)
        _settle(house, engine)
        statuses = house.stop_workers()
        account = reckon(engine, slack, people.ledger)
    account.count("workers that did not end cleanly", (status for status in statuses if status))
    account.rows |= {"refused, in words or by Slack": people.ledger.refused, "kills": house.kills}
    account.rows |= {"faults injected": faults.injected, "processes started again": house.restarts}
    account.rows["seconds"] = round(time.monotonic() - began)
    return account


def _kill(house: House, database: Database, kills: int, dice: random.Random) -> None:
    """A process a second or so; in the middle the database goes away beside that."""
    hurting = threading.Thread(target=database.hurt)
    for number in range(kills):
        if number == kills // 2:
            hurting.start()
        end = time.monotonic() + KILL_EVERY * dice.uniform(0.6, 1.4)
        while time.monotonic() < end:
            house.tend()
            time.sleep(0.02)
        house.kill_one(dice)
    hurting.join()


def _tended(house: House, port: int) -> bool:
    house.tend()
    return answers(port)


def _settle(house: House, engine: Engine) -> None:
    """Let everything that waits be sent. What still waits then is counted."""
    end = time.monotonic() + SETTLING
    while unsettled(engine) and time.monotonic() < end:
        house.tend()
        time.sleep(0.1)


def _redeliver(slack: Playground) -> None:
    """Let the time pass after which Slack sends its unacknowledged events again: a minute, and five."""
    deliveries = slack.slack.delivery
    for seconds in (61, 301):
        slack.control.post("clock", advance=seconds)
        with suppress(TimeoutError):  # those that failed again wait for the next time
            wait_until(lambda: not deliveries.queue._tasks, 5, "the events were not delivered")


def _skip_leases(house: House, engine: Engine) -> None:
    """Let the leases of those who were killed be over: nobody else has one, once the workers have ended."""
    house.stop_workers()
    with engine.begin() as connection:
        waiting = update(Delivery).where(Delivery.state == DeliveryState.PENDING)
        connection.execute(waiting.values(lease_until=None, due_at=datetime.now(UTC)))
        connection.execute(delete(Pause))
    house.tend()


def print_table(name: str, account: Account) -> None:
    """What was counted, and what is wrong."""
    sys.stdout.write(f"\n{name}\n")
    for words, value in account.rows.items():
        sys.stdout.write(f"  {words:<44}{value:>7}\n")
    for words in account.wrong:
        sys.stdout.write(f"  WRONG {words}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Torture on each database, or on one. The exit status."""
    kills = int(arguments[0]) if arguments else 30
    seed = int(os.environ.get("SEED", "0")) or random.randrange(1, 10**6)
    sys.stdout.write(f"{kills} kills a database, SEED={seed}\n")
    wrong = False
    for name in arguments[1:] or DATABASES:
        with tempfile.TemporaryDirectory(prefix="guichet-torture-") as folder:
            Path(folder).chmod(0o755)  # PostgreSQL does not run as root
            with DATABASES[name](Path(folder)) as database:
                account = torture(database, Path(folder), kills=kills, seed=seed, patient=True)
        print_table(database.name, account)
        wrong = wrong or bool(account.wrong)
    return int(wrong)
