"""Footprint: 40 technicians, 20,000 people, 500 tickets a working day for a week, in 1 core and 512 MB."""

import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from subprocess import Popen

from sqlalchemy import text

from bot.db.engine import create_db
from bot.settings import Settings
from tests.bench.acknowledgement.load import Load, steadily
from tests.bench.acknowledgement.requests import submissions
from tests.bench.acknowledgement.rivals import OF_A_RUN, bare_app
from tests.bench.environment import Databases, environment, free_port, process, wait_for
from tests.bench.footprint.account import Account, reckon
from tests.bench.footprint.cgroups import Group, NoCgroups
from tests.bench.footprint.clock import VARIABLE, MovedClock
from tests.bench.footprint.people import people
from tests.bench.footprint.traffic import LATE, Ledger, Traffic
from tests.bench.footprint.week import Week
from tests.bench.report.goals import Direction, Goal
from tests.bench.report.table import Section, milliseconds, p50, p99, times

CORES, MEMORY = 1.0, 512
DAYS = int(os.environ.get("FOOTPRINT_DAYS") or 7)
SECONDS = float(os.environ.get("FOOTPRINT_SECONDS") or 10)
TITLE, FIGURE = "Footprint", "figure"
COLUMNS = ("", FIGURE, "beside the bare app")
KILLED, LATER, LOST = "processes killed for want of memory", f"acknowledged after {LATE:g} s", "lost"
PEAK = "memory, at most"
WORDS = f"""`guichet web` (`WEB_PROCESSES=1`) and one `guichet worker`, at nice 5, together in a control
group of {CORES:g} core and {MEMORY} MB; PostgreSQL, Slack, the mail server and the people apart. {DAYS} days
from a Monday: 40 technicians, 20,000 people, 500 tickets a working day and 20 a day at the weekend, with what
is done about them: Homes, forms, searches, *Je prends*, replies, questions, answers, solutions, sign-offs;
every fifth requester never signs off. Half an hour of working time comes in {SECONDS:g} seconds,
{1800 / SECONDS:.0f} times as dense as in life; then what is due is sent and the clock jumps on. At night it
jumps four times, for the jobs, the reminders and the closings. The bare app has a group of its own with the
same limits, and 50 requests a second."""
GOALS: Mapping[str, Sequence[Goal]] = {
    TITLE: (
        Goal(f"memory of {MEMORY} MB", FIGURE, Direction.AT_MOST, MEMORY, rows=PEAK),
        Goal("processes killed for want of memory", FIGURE, Direction.AT_MOST, 0, rows=KILLED),
        Goal(f"acknowledgements after {LATE:g} s", FIGURE, Direction.AT_MOST, 0, rows=LATER),
        Goal("actions and deliveries lost", FIGURE, Direction.AT_MOST, 0, rows=LOST),
    )
}


def run(databases: Databases) -> Sequence[Section]:
    """The table."""
    section = Section(TITLE, WORDS, COLUMNS, GOALS[TITLE])
    section.announce()
    try:
        with limited("guichet-footprint") as group, limited("guichet-footprint-bare") as bares:
            bare = _bare(bares)
            report(section, _week(databases.create("postgresql", "footprint"), databases, group), bare)
    except NoCgroups as error:
        section.add("not measured: no control group can be made here", str(error))
    return [section]


@contextmanager
def limited(name: str) -> Iterator[Group]:
    """A group with the limits. Raises `NoCgroups`."""
    group = Group(f"{name}-{os.getpid()}", cores=CORES, memory=MEMORY)
    try:
        yield group
    finally:
        group.remove()


def _bare(group: Group) -> Load:
    with bare_app(within=group.enter) as port:
        steadily(port, submissions(OF_A_RUN))
        return steadily(port, submissions(2 * OF_A_RUN))


@dataclass(frozen=True)
class Outcome:
    """What a week took."""

    is_whole: bool
    """Whether no process of Guichet's ended before it did."""
    seconds: float
    group: Group
    anonymous: float
    slowest: float
    ledger: Ledger
    account: Account


def _week(settings: Settings, databases: Databases, group: Group) -> Outcome:
    engine = create_db(settings.database_url.get_secret_value(), timeout=60)
    people(engine)
    with engine.connect() as connection:
        newest = [connection.execute(text(f"SELECT max(id) FROM {name}")).scalar_one() for name in _TABLES]
    clock, port, peak = MovedClock(databases.folder / "clock"), free_port(), [0.0]
    with ExitStack() as stack:
        slack = stack.enter_context(_serving("tests.bench.footprint.slack"))
        mail = stack.enter_context(_serving("tests.bench.mail"))
        own = environment(
            settings.model_copy(update={"slack_api_url": f"http://127.0.0.1:{slack}/api/"}),
            PORT=str(port),
            WEB_PROCESSES=str(math.ceil(CORES)),
            SMTP_URL=f"smtp://127.0.0.1:{mail}",
            CLOSE_SOLUTION_AFTER="4",
            **{VARIABLE: str(clock.path)},
        )
        started = list[Popen[bytes]]()
        for command in ("web", "worker"):
            module, log = "tests.bench.footprint.clock", databases.folder / f"{command}.log"
            enter = group.enter if command == "web" else partial(_enter_behind, group)
            guichet = process(module, command, environment=own, within=enter, log=log)
            started.append(stack.enter_context(guichet))
        wait_for(port)
        traffic = Traffic(port, f"http://127.0.0.1:{slack}/api/")
        week = Week(engine, clock, traffic, newest[0], SECONDS, _watching(group, peak, started))
        start = time.monotonic()
        try:
            week.pass_days(DAYS)
            is_whole = True
        except Ended:
            is_whole = False
        seconds = time.monotonic() - start
        account = reckon(engine, traffic.ledger, (newest[0], newest[1]), clock.now())
        outcome = Outcome(is_whole, seconds, group, peak[0], week.slowest, traffic.ledger, account)
    engine.dispose()
    for line in sorted(set(traffic.ledger.refused))[:5]:
        sys.stderr.write(f"refused: {line}\n")
    return outcome


def _enter_behind(group: Group) -> None:
    """Enter the group, with the share of the worker's unit: a third of the server's (deploy/systemd)."""
    group.enter()
    os.nice(5)  # 335 of 1024 (the kernel's sched_prio_to_weight)


_TABLES = ("ticket", "delivery")


@contextmanager
def _serving(module: str) -> Iterator[int]:
    port = free_port()
    with process(module, str(port)):
        wait_for(port)
        yield port


class Ended(Exception):
    """A process of Guichet's is gone: the week is over, and what it would have shown is not measured."""


def _watching(group: Group, peak: list[float], started: Sequence[Popen[bytes]]) -> Callable[[], None]:
    def watch() -> None:
        if any(each.poll() is not None for each in started):
            raise Ended
        peak[0] = max(peak[0], group.anonymous())

    return watch


def report(section: Section, week: Outcome, bare: Load) -> None:
    """Add the rows of a week, beside the bare app."""
    used, ledger, account = week.group.used(), week.ledger, week.account
    middle, tail = p50(ledger.taken), p99(ledger.taken)
    early = "" if week.is_whole else "a process ended before the week did, at "
    rows: Sequence[tuple[str, ...]] = (
        ("tickets", f"{account.tickets:,}"),
        ("requests of people", f"{len(ledger.taken):,}"),
        ("the week took", f"{week.seconds:.0f} s"),
        (PEAK, f"{used.peak:.0f} MB"),
        ("memory of the processes alone, at most", f"{week.anonymous:.0f} MB"),
        (KILLED, f"{used.out_of_memory}"),
        ("processor time", f"{used.processor:.0f} s"),
        ("processor time for each ticket", milliseconds(used.processor / max(account.tickets, 1))),
        ("throttled", f"{used.throttled:.0f} s"),
        ("acknowledgement, p50", milliseconds(middle), times(middle / bare.p50)),
        ("acknowledgement, p99", milliseconds(tail), times(tail / bare.p99)),
        (LATER, f"{early}{ledger.late}"),
        ("refused", f"{len(ledger.refused)}"),
        ("messages and emails sent", f"{account.deliveries:,}"),
        ("from the commit until sent, p50", milliseconds(p50(account.lags))),
        ("from the commit until sent, p99", milliseconds(p99(account.lags))),
        ("after a half hour’s traffic, until all was sent, at most", f"{week.slowest:.1f} s"),
        ("reminders sent", f"{account.reminders:,}"),
        ("closed by silence", f"{account.closed:,}"),
        (LOST, f"{early}{account.lost}"),
    )
    for row in rows:
        section.add(*row)
