"""Start: the command's help, the first acknowledgement of a cold start, memory at rest."""

import subprocess
import sys
import time
from collections.abc import Sequence

from bot.db import create_db
from tests.bench_desk import ROOT, Databases, environment, free_port, memory, process, quick_slack, wait_for
from tests.bench_history import fill
from tests.bench_load import at_once
from tests.bench_requests import commands
from tests.bench_table import Section, milliseconds, p50, times

ROUNDS = 7
COLUMNS = ("", "figure", "beside `python -c pass`")
WORDS = """Medians of cold starts, on PostgreSQL. Memory is the resident set of all its processes, shared
pages included."""


def run(databases: Databases) -> Sequence[Section]:
    """The table."""
    section = Section("Start", WORDS, COLUMNS)
    section.announce()
    bare = p50([_ran("-c", "pass") for _ in range(ROUNDS)])
    section.add("python -c pass", milliseconds(bare), "1.00")
    shown = p50([_ran("-m", "bot", "--help") for _ in range(ROUNDS)])
    section.add("guichet --help", milliseconds(shown), times(shown / bare))
    settings = databases.create("postgresql", "start")
    engine = create_db(settings.database_url, patience=60)
    fill(engine, 1000)
    engine.dispose()
    taken, at_rest = list[float](), 0.0
    with quick_slack() as slack:
        own = settings.model_copy(update={"slack_api_url": slack})
        for _ in range(3):
            port, start = free_port(), time.perf_counter()
            with process("bot", "web", environment=environment(own, PORT=str(port))) as web:
                wait_for(port)
                at_once(port, commands(1))
                taken.append(time.perf_counter() - start)
                at_rest = memory(web.pid)
    section.add(
        "guichet web, until the first acknowledgement", milliseconds(p50(taken)), times(p50(taken) / bare)
    )
    section.add("guichet web (two processes and their parent), memory at rest", f"{at_rest:.0f} MB", "")
    return [section]


def _ran(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
