"""The benchmark's table: on the terminal, and in docs/benchmarks.md."""

import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from os import cpu_count
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
LIBRARIES = ("SQLAlchemy", "psycopg", "slack-bolt", "granian")

HEAD = """# Benchmarks

`make bench` measures, prints and writes this page. Each figure is beside a reference measurement of the same
run on the same machine: compare ratios, not milliseconds. {full}

{machine}
"""


@dataclass
class Section:
    """A table: its title, what the figures are, the columns, and the rows that came in."""

    title: str
    words: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """One more row, printed at once."""
        self.rows.append(cells)
        sys.stdout.write("".join(f"{cell:<{58 if not n else 14}}" for n, cell in enumerate(cells)) + "\n")
        sys.stdout.flush()

    def announce(self) -> None:
        """Print what follows."""
        sys.stdout.write(f"\n== {self.title}\n")
        self_columns = "".join(f"{name:<{58 if not n else 14}}" for n, name in enumerate(self.columns))
        sys.stdout.write(self_columns + "\n")

    def markdown(self) -> str:
        """The table as the document has it."""
        lines = [self.columns, ["---", *["---:"] * (len(self.columns) - 1)], *self.rows]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{self.words}\n\n{table}\n"


def write(sections: Sequence[Section], *, full: bool) -> None:
    """Write the document."""
    size = "" if full else "`BENCH_FULL=1 make bench` also measures 1,000,000 tickets."
    parts = [HEAD.format(full=size, machine=_machine()), *(section.markdown() for section in sections)]
    DOCUMENT.write_text(_joined(parts))


def replace(sections: Sequence[Section]) -> None:
    """Write some sections over those of the same titles, each with when and on what it was measured."""
    head, *parts = DOCUMENT.read_text().split("\n## ")
    new = {section.title: section for section in sections}
    kept = [f"## {part}" for part in parts]
    for number, part in enumerate(parts):
        if section := new.pop(part.partition("\n")[0], None):
            kept[number] = f"{section.markdown()}\nMeasured on its own: {_machine()}\n"
    DOCUMENT.write_text(_joined([head, *kept, *(section.markdown() for section in new.values())]))


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{datetime.now(UTC):%d %B %Y}, {cpu_count()} cores ({platform.machine()}), {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, {versions}."
    )


def _joined(parts: Sequence[str]) -> str:
    return "\n".join(part.rstrip() + "\n" for part in parts).replace(". \n", ".\n")


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def times(ratio: float) -> str:
    return f"{ratio:.2f}"


def p50(taken: Sequence[float]) -> float:
    return statistics.median(taken)


def p99(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=100)[-1]
