"""Acknowledgement: signed requests over HTTP, beside bare Bolt apps and beside the bare statements."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import text

from bot.db import create_db
from bot.settings import Settings
from tests.bench_desk import Databases, environment, free_port, process, quick_slack, wait_for
from tests.bench_growth import NAMES
from tests.bench_history import fill
from tests.bench_load import Load, Request, at_once, steadily
from tests.bench_raw import record, replay
from tests.bench_requests import commands, submissions, takes
from tests.bench_table import Section, milliseconds, times

AT_ONCE, STEADY, WARM_UP, TICKETS = 1500, 500, 200, 12_000
OF_BARE, OF_RAW = "rate / bare", "rate / raw"
COLUMNS = ("", "requests/s", "p50", "p99", OF_BARE, OF_RAW, "50/s: p50", "50/s: p99", "p99 / bare")
WORDS = """Requests over signed HTTP to `guichet web` (two processes), 16 at once and then 50 a second,
on a Slack that answers at once. "Bare" is a Bolt app that only acknowledges, under the same server;
"raw" the submission’s own statements and commits without anything around them, in 16 threads of one
process. Goals: a submission reaches 0.25 of the raw rate on PostgreSQL, its p99 at 50/s stays under 5
times the bare app’s, and on SQLite its p99 at 16 at once under 3 times its p50."""

Make = Callable[[int], Sequence[Request]]


def run(databases: Databases) -> Sequence[Section]:
    """The table."""
    section = Section("Acknowledgement", WORDS, COLUMNS)
    section.announce()
    bare = _bare(section, "bare Bolt app", None)
    _bare(section, "bare Bolt app, default hand-off to a thread", bare, "default")
    for backend in ("postgresql", "sqlite"):
        _measure(section, databases.create(backend, "acknowledgement"), NAMES[backend], bare)
    return [section]


def _bare(
    section: Section, name: str, yardstick: tuple[Load, Load] | None, *arguments: str
) -> tuple[Load, Load]:
    port = free_port()
    with (
        quick_slack() as slack,
        process(
            "tests.bench_bare", str(port), *arguments, environment={**os.environ, "SLACK_API_URL": slack}
        ),
    ):
        wait_for(port)
        both = _loads(port, submissions)
    _row(section, name, both, yardstick or both, None)
    return both


def _measure(section: Section, settings: Settings, database: str, bare: tuple[Load, Load]) -> None:
    engine = create_db(settings.database_url, patience=600)
    fill(engine, TICKETS)
    with engine.begin() as connection:
        connection.execute(text("UPDATE ticket SET status = 'new', assignee_id = NULL"))
        numbers = iter(connection.scalars(text("SELECT id FROM ticket ORDER BY id")).all())
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
    with _served(settings) as port:
        for name, make in kinds:
            both = _loads(port, make)
            _row(section, f"{database}: {name}", both, bare, raw if make is submissions else None)
    engine.dispose()


@contextmanager
def _served(settings: Settings) -> Iterator[int]:
    port = free_port()
    with quick_slack() as slack:
        own = settings.model_copy(update={"slack_api_url": slack})
        with process("bot", "web", environment=environment(own, PORT=str(port))):
            wait_for(port)
            yield port


def _loads(port: int, make: Make) -> tuple[Load, Load]:
    at_once(port, make(WARM_UP))
    return at_once(port, make(AT_ONCE)), steadily(port, make(STEADY))


def _row(
    section: Section, name: str, both: tuple[Load, Load], bare: tuple[Load, Load], raw: Load | None
) -> None:
    most, steady = both
    section.add(
        name,
        f"{most.rate:.0f}",
        *_latencies(most),
        times(most.rate / bare[0].rate),
        times(most.rate / raw.rate) if raw else "",
        *_latencies(steady),
        times(steady.p99 / bare[1].p99),
    )


def _latencies(load: Load) -> tuple[str, str]:
    return milliseconds(load.p50), milliseconds(load.p99)
