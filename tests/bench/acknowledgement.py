"""Acknowledgement: signed requests over HTTP, beside bare Bolt apps and beside the bare statements."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import text

from bot.db.engine import create_db
from bot.settings import Settings
from tests.bench.environment import Databases, environment, free_port, process, quick_slack, wait_for
from tests.bench.growth import NAMES
from tests.bench.history import fill
from tests.bench.load import Load, Request, at_once, steadily, together
from tests.bench.raw import record, replay
from tests.bench.requests import commands, submissions, takes
from tests.bench.table import Section, milliseconds, times

AT_ONCE, STEADY, WARM_UP, TICKETS = 1500, 300, 200, 12_000
SUBMISSIONS = 1500  # at a steady rate: the p99 that there is a goal for
BLOCK = 100  # requests at a steady rate, before the bare app has its turn
OF_BARE, OF_RAW = "rate / bare", "rate / raw"
COLUMNS = ("", "requests/s", "p50", "p99", OF_BARE, OF_RAW, "50/s: p50", "50/s: p99", "p99 / bare")
WORDS = """Requests over signed HTTP, 16 at once and then 50 a second, with a Slack that answers at once: to
`guichet web` (two processes on PostgreSQL, one on SQLite), and once to `guichet run`, whose worker sends
meanwhile. "Bare" is a Bolt app that only acknowledges, under the same server. It is measured after every
100 of the 50 a second, so that both run under the same conditions. "Raw" are the submission’s own
statements and commits only, in 16 threads of one process. Goals: a submission reaches 0.25 of the raw rate
on PostgreSQL, its p99 at 50/s stays under 5 times the bare app’s, and on SQLite its p99 at 16 at once under
3 times its p50."""

Make = Callable[[int], Sequence[Request]]


def run(databases: Databases) -> Sequence[Section]:
    """The table."""
    section = Section("Acknowledgement", WORDS, COLUMNS)
    section.announce()
    with _bare() as port, _bare("default") as default_port:
        at_once(port, submissions(WARM_UP))
        bare = Bare(port, at_once(port, submissions(AT_ONCE)))
        _row(section, "bare Bolt app", bare.rival(port, submissions), bare, None)
        handed_over = bare.rival(default_port, submissions)
        _row(section, "bare Bolt app, default hand-off to a thread", handed_over, bare, None)
        for backend in ("postgresql", "sqlite"):
            settings = databases.create(backend, "acknowledgement")
            _measure(section, settings, NAMES[backend], bare)
    return [section]


@dataclass(frozen=True)
class Rival:
    """What the same requests took at the bot, and beside it at the bare app."""

    most: Load
    steady: Load
    bare: Load


@dataclass(frozen=True)
class Bare:
    """The yardstick: where it listens, and what it does with 16 at once."""

    port: int
    most: Load

    def rival(self, port: int, make: Make) -> Rival:
        """Measure what listens on `port`, and this one in turns with it."""
        at_once(port, make(WARM_UP))
        most = at_once(port, make(AT_ONCE))
        steady, bare = list[Load](), list[Load]()
        for _ in range((SUBMISSIONS if make is submissions else STEADY) // BLOCK):
            steady.append(steadily(port, make(BLOCK)))
            bare.append(steadily(self.port, submissions(BLOCK)))
        return Rival(most, together(steady), together(bare))


@contextmanager
def _bare(*arguments: str) -> Iterator[int]:
    port = free_port()
    with (
        quick_slack() as slack,
        process(
            "tests.bench.bare", str(port), *arguments, environment={**os.environ, "SLACK_API_URL": slack}
        ),
    ):
        wait_for(port)
        yield port


def _measure(section: Section, settings: Settings, database: str, bare: Bare) -> None:
    engine = create_db(settings.database_url.get_secret_value(), timeout=600)
    fill(engine, TICKETS)
    with engine.begin() as connection:
        connection.execute(text("UPDATE ticket SET status = 'new', assignee_id = NULL"))
        own = text("SELECT id FROM ticket WHERE team_id = (SELECT id FROM team WHERE is_default) ORDER BY id")
        numbers = iter(connection.scalars(own).all())
    with quick_slack() as slack:
        recording = record(settings.model_copy(update={"slack_api_url": slack}))
    replay(settings, recording, WARM_UP)
    raw = replay(settings, recording, AT_ONCE)
    section.add(
        f"{database}: a submission’s statements, raw", f"{raw.rate:.0f}", *_latencies(raw), "", "1.00"
    )
    kinds: tuple[tuple[str, Make], ...] = (
        ("/mes-tickets", commands),
        ("Je prends", lambda number: takes([next(numbers) for _ in range(number)])),
        ("a submission", submissions),
    )
    with _served(settings, "web") as port:
        for name, make in kinds:
            rival = bare.rival(port, make)
            _row(section, f"{database}: {name}", rival, bare, raw if make is submissions else None)
    if settings.on_sqlite:
        with _served(settings, "run") as port:
            rival = bare.rival(port, submissions)
            _row(section, f"{database}: a submission, with the worker at work", rival, bare, raw)
    engine.dispose()


@contextmanager
def _served(settings: Settings, command: str) -> Iterator[int]:
    port = free_port()
    with quick_slack() as slack:
        own = settings.model_copy(update={"slack_api_url": slack})
        with process("bot", command, environment=environment(own, PORT=str(port))):
            wait_for(port)
            yield port


def _row(section: Section, name: str, rival: Rival, bare: Bare, raw: Load | None) -> None:
    section.add(
        name,
        f"{rival.most.rate:.0f}",
        *_latencies(rival.most),
        times(rival.most.rate / bare.most.rate),
        times(rival.most.rate / raw.rate) if raw else "",
        *_latencies(rival.steady),
        times(rival.steady.p99 / rival.bare.p99),
    )


def _latencies(load: Load) -> tuple[str, str]:
    return milliseconds(load.p50), milliseconds(load.p99)
