"""Chaos test: people use the bot while its processes are killed, stopped and restarted, its database is
unavailable, clocks and disks go wrong, and Slack and the mail server fail. In the end nothing may be lost,
and no message duplicated.

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
from tests.chaos.account.account import count_pending, reckon
from tests.chaos.account.table import Account
from tests.chaos.backups import MidwayBackup, Restored
from tests.chaos.databases import DATABASES, Database
from tests.chaos.disruptions import WRONG, Disruptions
from tests.chaos.environment import TRANSPORTS, Environment, compile_code
from tests.chaos.evidence import logged
from tests.chaos.faults import Faults
from tests.chaos.launcher import LEASE
from tests.chaos.mail_proxy import MailProxy
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
DRAIN_SECONDS = LEASE.total_seconds() + WRONG + 60


@dataclass(frozen=True)
class Run:
    """The parameters of a run; the same seed repeats its random choices."""

    kills: int
    seed: int
    transport: str = "HTTP"
    brief: bool = False
    """Without the long disruptions; leases of killed workers are ended instead of waited for."""


def chaos(database: Database, folder: Path, run: Run) -> Account:
    """One run."""
    began = time.monotonic()
    compile_code()
    prepare(Settings(_env_file=None, database_url=database.url, catalogue=CATALOGUE))  # type: ignore[call-arg] # pydantic-settings takes it at run time
    port = free_port() if run.transport == "HTTP" else None
    engine = create_engine(database.url, pool_pre_ping=True)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        slack = stack.enter_context(local_slack(port, newcomers()))
        mail = stack.enter_context(MailProxy(slack.smtp_url))
        settings = {**variables(slack, database.url, folder, port), "SMTP_URL": mail.url}
        environment = Environment(run.transport, settings, folder, one_machine=database.on_one_machine)
        stack.callback(environment.close)
        is_up = _make_is_up(slack, environment, port)
        wait_until(is_up, STARTING, "the bot does not answer")
        faults = Faults(slack, run.seed)
        disruptions = Disruptions(
            environment, database, mail, is_up, random.Random(f"{run.seed} disruptions")
        )
        disruptions.plan(brief=run.brief)
        with People(slack, run.seed) as people:
            acknowledged = people.ledger.acknowledged
            wait_until(lambda: is_up() and bool(acknowledged), STARTING, "no ticket could be created")
            faults.start()
            backup = MidwayBackup(settings, folder, people.ledger)
            _kill(environment, disruptions, run, backup)
            then = len(acknowledged)  # what the backup does not have, a restore must not give again
            wait_until(lambda: is_up() and len(acknowledged) > then, STARTING, "no ticket after the backup")
        faults.stop()
        wait_until(is_up, STARTING, "the bot does not answer any more")
        if run.brief:
            _skip_leases(environment, engine)
        _drain(environment, engine)
        _redeliver(slack)
        _drain(environment, engine)
        statuses = environment.stop_workers()
        account = reckon(engine, slack, people.ledger, folder / "attachments")
        account.evidence = logged(engine, folder, account.wrong)
        environment.stop_others()
        elsewhere = folder / "restored"
        restored = Restored(
            database.another(), run.transport, elsewhere, lambda each: _make_is_up(slack, each, port)()
        )
        restored.go_on(backup, slack, engine, account)
    account.count("workers that did not end cleanly", (status for status in statuses if status))
    account.count("disruptions that failed", disruptions.failures)
    account.rows |= {"refused": people.ledger.refused, "kills": environment.kills}
    account.rows |= {"faults injected": faults.injected, "events repeated": faults.redelivered}
    account.rows |= {"files shared late": faults.shared_late, "processes restarted": environment.restarts}
    account.rows |= dict(sorted(disruptions.struck.items()))
    account.rows["seconds"] = round(time.monotonic() - began)
    return account


def _kill(environment: Environment, disruptions: Disruptions, run: Run, backup: MidwayBackup) -> None:
    """Kill a process every second or so, and start the disruptions that are due, and a backup midway."""
    rng = random.Random(run.seed)
    for number in range(run.kills):
        if number == (run.kills + 1) // 2:
            backup.start()
        disruptions.strike(number / run.kills)
        end = time.monotonic() + KILL_EVERY * rng.uniform(0.6, 1.4)
        while time.monotonic() < end:
            environment.tend()
            time.sleep(0.02)
        environment.kill_one(rng)
    disruptions.await_end(environment.tend)
    backup.join()


def _make_is_up(slack: Playground, environment: Environment, port: int | None) -> Callable[[], bool]:
    """A function that tells whether Slack reaches every process of the bot, and restarts those that ended."""

    def is_up() -> bool:
        environment.tend()
        transport = slack.slack.delivery.transport
        if isinstance(transport, SocketMode):
            return len(transport.connections) >= len(TRANSPORTS["Socket Mode"])
        assert port is not None
        return answers(port)

    return is_up


def _drain(environment: Environment, engine: Engine) -> None:
    """Wait until no delivery is pending. Those still pending after `DRAIN_SECONDS` are counted."""
    end = time.monotonic() + DRAIN_SECONDS
    while count_pending(engine) and time.monotonic() < end:
        environment.tend()
        time.sleep(0.2)


def _redeliver(slack: Playground) -> None:
    """Advance Slack's clock past its retries, after one and five minutes; in steps, so that the events come
    one after the other."""
    for _ in range(0, sum(map(math.ceil, RETRY_AFTER)) + STEP, STEP):
        slack.control.post("clock", advance=STEP)


def _skip_leases(environment: Environment, engine: Engine) -> None:
    """End the leases of killed workers: once the workers have stopped, nobody else has one."""
    environment.stop_workers()
    with engine.begin() as connection:
        pending = update(Delivery).where(Delivery.state == DeliveryState.PENDING)
        connection.execute(pending.values(lease_until=None, due_at=datetime.now(UTC)))
        connection.execute(delete(Pause))
    environment.tend()


def main(arguments: list[str]) -> int:
    """A run on each database, or on one. Returns the exit status."""
    kills = int(arguments[0]) if arguments else 30
    seed = int(os.environ.get("SEED", "0")) or random.randrange(1, 10**6)
    sys.stdout.write(f"{kills} kills a database, SEED={seed}\n")
    wrong = False
    for name in arguments[1:] or DATABASES:
        # Socket Mode is for several machines, which SQLite is not.
        transport = "HTTP" if name == "sqlite" else random.Random(seed).choice(list(TRANSPORTS))
        run = Run(kills, seed, os.environ.get("TRANSPORT", transport))
        with tempfile.TemporaryDirectory(prefix="guichet-chaos-") as folder:
            Path(folder).chmod(0o755)  # PostgreSQL does not run as root
            with DATABASES[name](Path(folder)) as database:
                account = chaos(database, Path(folder), run)
        account.print(f"{database.name}, {run.transport}")
        wrong = wrong or bool(account.wrong)
    return int(wrong)
