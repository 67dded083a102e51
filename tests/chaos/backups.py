"""A backup that is taken in the middle of a run. At its end it is restored, and the desk goes on."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, delete, func, select, update
from sqlalchemy.orm import Session

from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.schedule import Pause
from models.tickets.attachment import Attachment, AttachmentState
from models.tickets.ticket import Ticket
from playground.testing import Playground
from tests.chaos.account.account import count_pending
from tests.chaos.account.messages import Messages
from tests.chaos.account.table import Account
from tests.chaos.environment import Environment
from tests.chaos.people.ledger import Ledger
from tests.chaos.people.requesters import file_ticket
from tests.chaos.people.somebody import Somebody
from tests.support.postgres import server_programs
from tests.support.processes import STARTING, wait_until

LONGEST = 60.0  # seconds until deliveries are drained


@dataclass
class MidwayBackup:
    """A backup that is taken while everything fails, again and again until one is complete."""

    settings: Mapping[str, str]
    folder: Path
    ledger: Ledger
    known: set[str] = field(default_factory=set)
    """The titles of tickets that were acknowledged before it began."""
    failures: list[str] = field(default_factory=list)
    """What `guichet backup` said when it failed."""
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def join(self) -> None:
        """Wait until there is one."""
        assert self._thread is not None
        self._thread.join()

    def run(self, command: str, settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """`guichet backup` or `guichet restore`."""
        environment = {**settings, "PATH": f"{server_programs()}{os.pathsep}{os.environ['PATH']}"}
        return subprocess.run(
            [sys.executable, "-m", "bot", command, str(self.folder / "backups")],
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def _take(self) -> None:
        end = time.monotonic() + STARTING
        while time.monotonic() < end:
            self.known = set(self.ledger.acknowledged)
            done = self.run("backup", self.settings)
            if not done.returncode:
                return
            self.failures.append(done.stderr.strip())


@dataclass(frozen=True)
class Restored:
    """Where the backup is restored, and how its processes are started."""

    url: str
    """Of an empty database."""
    transport: str
    folder: Path
    is_up: Callable[[Environment], bool]

    def go_on(self, backup: MidwayBackup, slack: Playground, lost: Engine, account: Account) -> None:
        """Restore, start, raise one more ticket, drain; and add what came of it to the account. `lost`: the
        database as it is at the end of the run."""
        account.rows["backups that failed and were repeated"] = len(backup.failures)
        self.folder.mkdir()
        settings = {**backup.settings, "DATABASE_URL": self.url, "ATTACHMENTS_URL": str(self._attachments)}
        done = backup.run("restore", settings)
        account.count("restored: errors", done.stderr.splitlines())
        engine = create_engine(self.url, pool_pre_ping=True)
        with ExitStack() as stack:
            stack.callback(engine.dispose)
            self._compare(backup, engine, lost, account)
            keys = _keys(engine)
            posted = _posted(slack, keys)
            _end_leases(engine)
            environment = Environment(self.transport, settings, self.folder)
            stack.callback(environment.close)
            wait_until(lambda: self.is_up(environment), STARTING, "the restored bot does not answer")
            with Session(lost) as session:
                highest = session.scalar(select(func.max(Ticket.id))) or 0
            new = _one_more(slack, environment, engine)
            account.rows["restored: highest number before"] = highest
            account.rows["restored: number of one more ticket"] = max(new, default=0)
            account.count("restored: numbers given twice", [each for each in new or [0] if each <= highest])
            _drain(environment, engine)
            environment.stop_workers()
            account.count("restored: pending deliveries", range(count_pending(engine)))
            twice = (str(each) for each, n in _posted(slack, keys).items() if n > max(1, posted[each]))
            account.count("restored: Slack messages posted again", twice)

    @property
    def _attachments(self) -> Path:
        return self.folder / "attachments"

    def _compare(self, backup: MidwayBackup, engine: Engine, lost: Engine, account: Account) -> None:
        titles = _titles(engine)
        with Session(engine) as session:
            kept = select(Attachment.key).where(Attachment.state == AttachmentState.KEPT)
            files = set(session.scalars(kept))
            begun = select(func.count()).where(Delivery.state == DeliveryState.PENDING)
            account.rows["restored: tickets"] = len(titles)
            account.rows["restored: files"] = len(files)
            account.rows["restored: deliveries in doubt"] = session.scalar(begun) or 0
        account.count("restored: tickets lost", backup.known - titles)
        account.count("restored: tickets that nobody filed", titles - _titles(lost))
        there = {each.name for each in self._attachments.glob("*")}
        account.count("restored: files lost", map(str, files - there))


def _one_more(slack: Playground, environment: Environment, engine: Engine) -> list[int]:
    """Raise a ticket; its number."""
    ledger = Ledger()
    alice = Somebody(slack, ledger, "alice", random.Random())

    def is_raised() -> bool:
        environment.tend()
        file_ticket(alice)
        return bool(ledger.acknowledged)

    wait_until(is_raised, STARTING, "no ticket could be raised after the restore")
    with Session(engine) as session:
        return list(session.scalars(select(Ticket.id).where(Ticket.title.in_(ledger.acknowledged))))


def _drain(environment: Environment, engine: Engine) -> None:
    end = time.monotonic() + LONGEST
    while count_pending(engine) and time.monotonic() < end:
        environment.tend()
        time.sleep(0.2)


def _end_leases(engine: Engine) -> None:
    """Of workers that are no more."""
    with engine.begin() as connection:
        pending = update(Delivery).where(Delivery.state == DeliveryState.PENDING)
        connection.execute(pending.values(lease_until=None, due_at=datetime.now(UTC)))
        connection.execute(delete(Pause))


def _titles(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(Ticket.title)))


def _keys(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(Delivery.key)))


def _posted(slack: Playground, keys: set[str]) -> Counter[tuple[str, str, str | None]]:
    """How often each of these was posted, by key and place: what was posted under the card of the next team
    is not under this team's card, where it belongs again after the restore."""
    posted = (each for each in Messages.of(slack).posted if each.key in keys)
    return Counter((each.key, each.channel, each.thread_ts) for each in posted)
