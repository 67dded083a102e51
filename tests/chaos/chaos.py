"""Torture: people use the bot while its processes are killed, stopped and restarted, its database goes away,
clocks and disks go wrong, and Slack and the mail server fail. At the end nothing may be lost and no message
be there twice.

`python -m tests.chaos [kills] [sqlite|postgresql]` prints a table for each database; exit status 1 when
something is wrong.
"""

import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, delete, update

from bot.ops.release import prepare
from bot.settings import Settings
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.schedule import Pause
from playground.delivery.events import RETRY_AFTER
from playground.delivery.socket_mode import SocketMode
from playground.testing import Playground
from tests.chaos.account.account import reckon, unsettled
from tests.chaos.account.table import Account
from tests.chaos.blows import WRONG, Blows
from tests.chaos.databases import DATABASES, Database
from tests.chaos.environment import DOORS, Environment
from tests.chaos.faults import Faults
from tests.chaos.launcher import LEASE
from tests.chaos.mail_line import MailLine
from tests.chaos.people.crowd import People, newcomers
from tests.support.processes import (
    CATALOGUE,
    STARTING,
    answers,
    free_port,
    local_slack,
    variables,
    wait_until,
)

KILL_EVERY = 1.0  # seconds, on average
STEP = 2  # seconds
SETTLING = LEASE.total_seconds() + WRONG + 60


@dataclass(frozen=True)
class Run:
    """What a run is made of: the same numbers throw the same dice."""

    kills: int
    seed: int
    door: str = "HTTP"
    brief: bool = False
    """Without what takes long; and the leases of killed workers are not waited for, but skipped."""


def chaos(database: Database, folder: Path, run: Run) -> Account:
    """One run."""
    began = time.monotonic()
    prepare(Settings(_env_file=None, database_url=database.url, catalogue=CATALOGUE))  # type: ignore[call-arg] # pydantic-settings takes it at run time
    port = free_port() if run.door == "HTTP" else None
    engine = create_engine(database.url, pool_pre_ping=True)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        slack = stack.enter_context(local_slack(port, newcomers()))
        mail = stack.enter_context(MailLine(slack.smtp_url))
        settings = {**variables(slack, database.url, folder, port), "SMTP_URL": mail.url}
        environment = Environment(run.door, settings, folder, one_machine=database.on_one_machine)
        stack.callback(environment.close)
        is_up = _door(slack, environment, port)
        wait_until(is_up, STARTING, "the bot does not answer")
        faults = Faults(slack, run.seed)
        blows = Blows(environment, database, mail, is_up, random.Random(f"{run.seed} blows"))
        blows.plan(brief=run.brief)
        with People(slack, run.seed) as people:
            filed = people.ledger.acknowledged
            wait_until(lambda: is_up() and bool(filed), STARTING, "nobody could file a ticket")
            faults.start()
            _kill(environment, blows, run)
        faults.stop()
        wait_until(is_up, STARTING, "the bot does not answer any more")
        if run.brief:
            _skip_leases(environment, engine)
        _settle(environment, engine)
        _redeliver(slack)
        _settle(environment, engine)
        statuses = environment.stop_workers()
        account = reckon(engine, slack, people.ledger, folder / "attachments")
    account.count("workers that did not end cleanly", (status for status in statuses if status))
    account.count("blows that failed", blows.failures)
    account.rows |= {"refused, in words or by Slack": people.ledger.refused, "kills": environment.kills}
    account.rows |= {"faults injected": faults.injected, "events told again": faults.redelivered}
    account.rows |= {"files shared late": faults.shared_late, "processes started again": environment.restarts}
    account.rows |= dict(sorted(blows.struck.items()))
    account.rows["seconds"] = round(time.monotonic() - began)
    return account


def _kill(environment: Environment, blows: Blows, run: Run) -> None:
    """A process a second or so, and what befalls the bot beside that."""
    rng = random.Random(run.seed)
    for number in range(run.kills):
        blows.strike(number / run.kills)
        end = time.monotonic() + KILL_EVERY * rng.uniform(0.6, 1.4)
        while time.monotonic() < end:
            environment.tend()
            time.sleep(0.02)
        environment.kill_one(rng)
    blows.await_end(environment.tend)


def _door(slack: Playground, environment: Environment, port: int | None) -> Callable[[], bool]:
    """Whether Slack reaches the bot by all the doors that it has; what has ended is started again."""

    def is_up() -> bool:
        environment.tend()
        transport = slack.slack.delivery.transport
        if isinstance(transport, SocketMode):
            return len(transport.connections) >= len(DOORS["Socket Mode"])
        assert port is not None
        return answers(port)

    return is_up


def _settle(environment: Environment, engine: Engine) -> None:
    """Let everything that waits be sent. What still waits then is counted."""
    end = time.monotonic() + SETTLING
    while unsettled(engine) and time.monotonic() < end:
        environment.tend()
        time.sleep(0.2)


def _redeliver(slack: Playground) -> None:
    """Let the time pass after which Slack sends its unacknowledged events again: a minute, and five. In
    steps, so that they come one after the other as they did before, and not all at the same moment."""
    for _ in range(0, sum(map(math.ceil, RETRY_AFTER)) + STEP, STEP):
        slack.control.post("clock", advance=STEP)


def _skip_leases(environment: Environment, engine: Engine) -> None:
    """Let the leases of those who were killed be over: nobody else has one, once the workers have ended."""
    environment.stop_workers()
    with engine.begin() as connection:
        waiting = update(Delivery).where(Delivery.state == DeliveryState.PENDING)
        connection.execute(waiting.values(lease_until=None, due_at=datetime.now(UTC)))
        connection.execute(delete(Pause))
    environment.tend()


def main(arguments: list[str]) -> int:
    """Torture on each database, or on one. The exit status."""
    kills = int(arguments[0]) if arguments else 30
    seed = int(os.environ.get("SEED", "0")) or random.randrange(1, 10**6)
    sys.stdout.write(f"{kills} kills a database, SEED={seed}\n")
    wrong = False
    for name in arguments[1:] or DATABASES:
        # Socket Mode is for several machines, which SQLite is not.
        door = "HTTP" if name == "sqlite" else random.Random(seed).choice(list(DOORS))
        run = Run(kills, seed, os.environ.get("DOOR", door))
        with tempfile.TemporaryDirectory(prefix="guichet-torture-") as folder:
            Path(folder).chmod(0o755)  # PostgreSQL does not run as root
            with DATABASES[name](Path(folder)) as database:
                account = chaos(database, Path(folder), run)
        account.print(f"{database.name}, {run.door}")
        wrong = wrong or bool(account.wrong)
    return int(wrong)
