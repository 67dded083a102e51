"""docs/benchmarks.md: the goals, then the tables, each with when and on what it was measured."""

import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from os import cpu_count, getloadavg
from pathlib import Path

from tests.bench.report.goals import Goal, Judged, Verdict
from tests.bench.report.table import GOAL, Section, markdown_table

DOCUMENT = Path(__file__).parents[3] / "docs" / "benchmarks.md"
LIBRARIES = ("SQLAlchemy", "psycopg", "slack-bolt", "granian")
GOALS_TITLE = "Goals"
HEAD = """# Benchmarks

`make bench` measures, prints and writes this page; `python -m tests.bench --write PART` measures one part of
it anew. Each figure is beside a reference measurement of the same run on the same machine: compare ratios,
not milliseconds. `BENCH_FULL=1` also measures 1,000,000 tickets, `BENCH_PEERS=1` another help desk.
"""
SUMMARY_COLUMNS = ("", "goal", "figure", "")


def machine() -> str:
    """When and on what something is measured; the load average says what else the machine had to do."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"Measured {datetime.now(UTC):%-d %B %Y}, {cpu_count()} cores ({platform.machine()}), "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {versions}; "
        f"load average before: {getloadavg()[0]:.1f}."
    )


def read(text: str, goals: Mapping[str, Sequence[Goal]]) -> list[Section]:
    """The tables of the document, each with the goals of its title; the summary is left out."""
    parts = text.split("\n## ")[1:]
    sections = [_section(part, goals) for part in parts]
    return [section for section in sections if section.title != GOALS_TITLE]


def _section(part: str, goals: Mapping[str, Sequence[Goal]]) -> Section:
    title, _, rest = part.partition("\n")
    lines = rest.strip().split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    table = [line for line in lines[first:] if line.startswith("|")]
    columns, _rule, *rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in table)
    if columns[-1] == GOAL:
        columns, rows = columns[:-1], [row[: len(columns) - 1] for row in rows]
    words = "\n".join(lines[:first]).strip()
    measured = "\n".join(lines[first + len(table) :]).strip()
    return Section(title, words, columns, goals.get(title, ()), [*rows], measured)


def merged(old: Sequence[Section], new: Sequence[Section], titles: Sequence[str]) -> list[Section]:
    """The sections of both in the order of the titles; a new one replaces the old one of its title, and one
    that has no title any more is left out."""
    by_title = {section.title: section for section in [*old, *new]}
    return [by_title[title] for title in titles if title in by_title]


def render(sections: Sequence[Section], goals: Mapping[str, Sequence[Goal]]) -> str:
    """The document. A goal whose table is missing is not measured."""
    parts = [HEAD, _summary(_with_missing(sections, goals)), *(section.markdown() for section in sections)]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def write(new: Sequence[Section], goals: Mapping[str, Sequence[Goal]]) -> None:
    """Put new tables into the document, and mark all of them again; `goals` has each title in its order."""
    old = read(DOCUMENT.read_text(), goals) if DOCUMENT.exists() else []
    DOCUMENT.write_text(render(merged(old, new, list(goals)), goals))


def _with_missing(sections: Sequence[Section], goals: Mapping[str, Sequence[Goal]]) -> list[Section]:
    empty = [Section(title, "", (), own) for title, own in goals.items()]
    return merged(empty, sections, list(goals))


def _judged(sections: Sequence[Section]) -> list[tuple[Section, Judged]]:
    return [(section, judged) for section in sections for judged in section.judged()]


def _summary(sections: Sequence[Section]) -> str:
    lines: list[Sequence[str]] = [SUMMARY_COLUMNS]
    for section, judged in _judged(sections):
        name = f"{section.title}: {judged.goal.says}"
        lines.append((name, judged.goal.bound, _figure(judged), judged.verdict))
    words = "What each figure has to be, and what it was. Of several rows the worst counts, as it is printed."
    return f"## {GOALS_TITLE}\n\n{words}\n\n{markdown_table(lines)}"


def _figure(judged: Judged) -> str:
    is_one_row = judged.row in {"", judged.goal.rows}
    return judged.cell if is_one_row else f"{judged.cell} ({judged.row})"


def missed(sections: Sequence[Section]) -> list[str]:
    """A line for each goal that was missed."""
    return [
        f"{section.title}: {judged.goal.says}: {_figure(judged)}, goal {judged.goal.bound}"
        for section, judged in _judged(sections)
        if judged.verdict is Verdict.MISSED
    ]


def print_missed(sections: Sequence[Section]) -> int:
    """List them on the terminal. Returns how many there are."""
    lines = missed(sections)
    sys.stdout.write(f"\n== Goals missed: {len(lines) or 'none'}\n")
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return len(lines)
