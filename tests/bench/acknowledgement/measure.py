"""Acknowledgement: signed requests over HTTP, beside bare Bolt apps and beside the bare statements."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import text

from bot.db.engine import create_db
from bot.settings import Settings
from tests.bench.acknowledgement.load import Load, at_once
from tests.bench.acknowledgement.raw import record, replay
from tests.bench.acknowledgement.requests import commands, submissions, takes
from tests.bench.acknowledgement.rivals import AT_ONCE, WARM_UP, Bare, Make, Rival, bare_app
from tests.bench.environment import Databases, environment, free_port, process, quick_slack, wait_for
from tests.bench.growth import NAMES
from tests.bench.history import fill
from tests.bench.report.goals import Direction, Goal
from tests.bench.report.table import Section, milliseconds, times

TICKETS = 12_000
OF_BARE, OF_RAW, TAIL, P99 = "rate / bare", "rate / raw", "p99 / p50", "p99 / bare"
MOST, STEADY = "Acknowledgement, 16 at once", "Acknowledgement, 50 a second"
MOST_COLUMNS = ("", "requests/s", "p50", "p99", TAIL, OF_BARE, OF_RAW)
STEADY_COLUMNS = ("", "p50", "p99", "bare: p99", P99, "lowest to highest")
MOST_WORDS = """Requests over signed HTTP, with a Slack that answers at once: to `guichet web` (two
processes on PostgreSQL, one on SQLite), and once to `guichet run`, whose worker sends meanwhile. "Bare" is
a Bolt app that only acknowledges, under the same server. "Raw" are the submission’s own statements and
commits only, in 16 threads of one process."""
STEADY_WORDS = """The same, 50 requests a second, whether the earlier ones are answered or not. Medians of
five runs of 300 requests, each beside a run of the bare app, in turns; "p99 / bare" is the median of the
five ratios, with the lowest and the highest of them."""
GOALS: Mapping[str, Sequence[Goal]] = {
    MOST: (
        Goal(
            "a submission’s rate beside its raw statements, PostgreSQL",
            OF_RAW,
            Direction.AT_LEAST,
            0.25,
            rows="PostgreSQL: a submission",
        ),
        Goal(
            "a submission’s p99 beside its p50, SQLite", TAIL, Direction.UNDER, 3, rows="SQLite: a submission"
        ),
    ),
    STEADY: (
        Goal(
            "a submission’s p99 beside the bare app’s, PostgreSQL",
            P99,
            Direction.UNDER,
            5,
            rows="PostgreSQL: a submission",
        ),
        Goal(
            "*Je prends*, p99 beside the bare app’s, PostgreSQL",
            P99,
            Direction.UNDER,
            6,
            rows="PostgreSQL: Je prends",
        ),
    ),
}


def run(databases: Databases) -> Sequence[Section]:
    """Both tables."""
    tables = Tables(
        Section(MOST, MOST_WORDS, MOST_COLUMNS, GOALS[MOST]),
        Section(STEADY, STEADY_WORDS, STEADY_COLUMNS, GOALS[STEADY]),
    )
    with bare_app() as port, bare_app("default") as default_port:
        at_once(port, submissions(WARM_UP))
        bare = Bare(port, at_once(port, submissions(AT_ONCE)))
        tables.announce()
        tables.add("bare Bolt app", bare.rival(port, submissions), bare, None)
        handed_over = bare.rival(default_port, submissions)
        tables.add("bare Bolt app, default hand-off to a thread", handed_over, bare, None)
        for backend in ("postgresql", "sqlite"):
            settings = databases.create(backend, "acknowledgement")
            _measure(tables, settings, NAMES[backend], bare)
    return [tables.most, tables.steady]


@dataclass(frozen=True)
class Tables:
    """16 at once, and 50 a second; each row of one has its fellow in the other."""

    most: Section
    steady: Section

    def announce(self) -> None:
        for section in (self.steady, self.most):
            section.announce()

    def add(self, name: str, rival: Rival, bare: Bare, raw: Load | None) -> None:
        """A row of each."""
        most = rival.most
        self.most.add(
            name,
            f"{most.rate:.0f}",
            *(milliseconds(most.p50), milliseconds(most.p99), times(most.p99 / most.p50)),
            times(most.rate / bare.most.rate),
            times(most.rate / raw.rate) if raw else "",
        )
        self.steady.add(
            name,
            milliseconds(rival.median(lambda turn: turn.load.p50)),
            milliseconds(rival.median(lambda turn: turn.load.p99)),
            milliseconds(rival.median(lambda turn: turn.bare.p99)),
            times(rival.median(lambda turn: turn.ratio)),
            f"{times(rival.ratios[0])} to {times(rival.ratios[-1])}",
        )


def _measure(tables: Tables, settings: Settings, database: str, bare: Bare) -> None:
    numbers = iter(untaken(settings, TICKETS))
    with quick_slack() as slack:
        recording = record(settings.model_copy(update={"slack_api_url": slack}))
    replay(settings, recording, WARM_UP)
    raw = replay(settings, recording, AT_ONCE)
    latencies = (milliseconds(raw.p50), milliseconds(raw.p99), times(raw.p99 / raw.p50))
    tables.most.add(
        f"{database}: a submission’s statements, raw", f"{raw.rate:.0f}", *latencies, "", times(1)
    )
    kinds: tuple[tuple[str, Make], ...] = (
        ("/mes-tickets", commands),
        ("Je prends", lambda number: takes([next(numbers) for _ in range(number)])),
        ("a submission", submissions),
    )
    with served(settings, "web") as port:
        for name, make in kinds:
            rival = bare.rival(port, make)
            tables.add(f"{database}: {name}", rival, bare, raw if make is submissions else None)
    if settings.on_sqlite:
        with served(settings, "run") as port:
            rival = bare.rival(port, submissions)
            tables.add(f"{database}: a submission, with the worker at work", rival, bare, raw)


def untaken(settings: Settings, tickets: int) -> Sequence[int]:
    """Fill a database with so many tickets that nobody has. Returns those of the technician's team."""
    engine = create_db(settings.database_url.get_secret_value(), timeout=600)
    fill(engine, tickets)
    with engine.begin() as connection:
        connection.execute(text("UPDATE ticket SET status = 'new', assignee_id = NULL"))
        own = text("SELECT id FROM ticket WHERE team_id = (SELECT id FROM team WHERE is_default) ORDER BY id")
        numbers = connection.scalars(own).all()
    engine.dispose()
    return numbers


@contextmanager
def served(settings: Settings, command: str) -> Iterator[int]:
    """The port of a `guichet` command with a Slack that answers at once."""
    port = free_port()
    with quick_slack() as slack:
        own = settings.model_copy(update={"slack_api_url": slack})
        with process("bot", command, environment=environment(own, PORT=str(port))):
            wait_for(port)
            yield port
