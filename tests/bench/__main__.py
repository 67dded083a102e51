"""All benchmarks: `make bench`, or some parts of them: `python -m tests.bench start growth`.

All of them write docs/benchmarks.md; some only print, or with `--write` replace their tables in it. `--mark`
measures nothing and marks the document's tables again. With `--strict` a missed goal is exit status 1.
"""

import os
import signal
import sys

from tests.bench import playground as bench_playground
from tests.bench.environment import databases
from tests.bench.parts import GOALS, PARTS
from tests.bench.report import document
from tests.bench.report.table import Section

OPTIONS = {"--write", "--mark", "--strict"}


def main(arguments: list[str]) -> int:
    """Measure, print, write."""
    named = [name for name in arguments if name not in OPTIONS]
    if unknown := set(named) - set(PARTS):
        sys.stderr.write(f"there is no part {unknown.pop()}: expected {', '.join(PARTS)}\n")
        return 2
    sections = [] if "--mark" in arguments else _measured(named or _usual())
    if "--write" in arguments or "--mark" in arguments or not named:
        document.write(sections, GOALS)
    if not named and sections:
        bench_playground.main()
    if "--mark" in arguments:
        sections = document.read(document.DOCUMENT.read_text(), GOALS)
    missed = document.print_missed(sections)
    return 1 if missed and "--strict" in arguments else 0


def _usual() -> list[str]:
    return [name for name, part in PARTS.items() if not part.only_if or os.environ.get(part.only_if)]


def _measured(names: list[str]) -> list[Section]:
    sections = list[Section]()
    with databases() as made:
        for name in names:
            machine = document.machine()
            for section in PARTS[name].run(made):
                section.measured = machine
                sections.append(section)
    return sections


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and end what was started
    sys.exit(main(sys.argv[1:]))
