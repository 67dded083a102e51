"""Start: the command's help, the first acknowledgement of a cold start; what the processes cost at rest."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.db.engine import create_db
from bot.settings import Settings
from tests.bench.acknowledgement.starts import first_acknowledgement, run_python
from tests.bench.environment import Databases, free_port, memory, processor, quick_slack
from tests.bench.history import fill
from tests.bench.report.goals import Direction, Goal
from tests.bench.report.table import Section, milliseconds, p50, times
from tests.support import processes
from tests.support.processes import local_slack, running

ROUNDS = 9
BARE, BESIDE = "python -c pass", "beside `python -c pass`"
FIRST = "guichet web, until the first acknowledgement"
TITLE, AT_REST = "Start", "Idle"
COLUMNS = ("", "figure", BESIDE)
GOALS: Mapping[str, Sequence[Goal]] = {
    TITLE: (Goal("a cold start", BESIDE, Direction.AT_MOST, 70, rows=FIRST),),
    AT_REST: (),
}
# All that `guichet web` imports before its first request, Python's own and Guichet's apart; without
# collecting garbage, as it does, and without the end of the process.
LIBRARIES = """import gc, os; gc.disable()
import babel.dates, granian.server, idna, markdown_it, prometheus_client, psycopg
import pydantic_settings, rapidfuzz, slack_bolt, sqlalchemy.dialects.postgresql, sqlalchemy.orm, Stemmer
import typer; os._exit(0)"""
WORDS = f"Medians of {ROUNDS} starts each, in turns, on PostgreSQL with 1,000 tickets."
REST, IDLE = 8.0, 5.0  # seconds until a process has come to rest, and for which it is watched
REST_COLUMNS = ("", "processor", "memory")
REST_WORDS = """Share of a core, and resident set including child processes, with shared pages counted in
each. On PostgreSQL except the last line, with a local Slack."""


def run(databases: Databases) -> Sequence[Section]:
    """The table."""
    section = Section(TITLE, WORDS, COLUMNS, GOALS[TITLE])
    section.announce()
    settings = databases.create("postgresql", "start")
    engine = create_db(settings.database_url.get_secret_value(), timeout=60)
    fill(engine, 1000)
    engine.dispose()
    with quick_slack() as slack:
        own = settings.model_copy(update={"slack_api_url": slack})
        rounds = [_round(own) for _ in range(ROUNDS)]
    figures = {name: p50([each[name] for each in rounds]) for name in rounds[0]}
    for name, seconds in figures.items():
        section.add(name, milliseconds(seconds), times(seconds / figures[BARE]))
    return [section, _at_rest(settings, databases.create("sqlite", "start"))]


def _at_rest(on_postgresql: Settings, on_sqlite: Settings) -> Section:
    section = Section(AT_REST, REST_WORDS, REST_COLUMNS)
    section.announce()
    for command, name, settings in (
        ("web", "guichet web (two processes and their parent)", on_postgresql),
        ("socket", "guichet socket", on_postgresql),
        ("worker", "guichet worker", on_postgresql),
        ("run", "guichet run, over Socket Mode", on_sqlite),
    ):
        port = free_port() if command == "web" else None
        with (
            local_slack(port) as slack,
            tempfile.TemporaryDirectory() as folder,
            running(
                command,
                processes.variables(slack, settings.database_url.get_secret_value(), Path(folder), port),
                Path(folder, "log"),
            ) as guichet,
        ):
            time.sleep(REST)
            worked = processor(guichet.pid)
            time.sleep(IDLE)
            share = (processor(guichet.pid) - worked) / IDLE
            section.add(name, f"{share:.1%}", f"{memory(guichet.pid):.0f} MB")
    return section


def _round(settings: Settings) -> Mapping[str, float]:
    """Seconds of each start, one after the other."""
    return {
        BARE: run_python("-c", "pass"),
        "guichet --help": run_python("-m", "bot", "--help"),
        "python, importing the libraries of guichet web": run_python("-c", LIBRARIES),
        FIRST: first_acknowledgement(settings),
    }
