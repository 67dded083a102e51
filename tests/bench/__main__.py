"""All benchmarks: `make bench`, or some of them: `python -m tests.bench start growth`.

All of them write docs/benchmarks.md; some only print, or with `--write` replace their sections of it.
"""

import sys

from tests.bench import acknowledgement as bench_acknowledgement
from tests.bench import catalogue_search as bench_catalogue_search
from tests.bench import deliveries as bench_deliveries
from tests.bench import growth as bench_growth
from tests.bench import playground as bench_playground
from tests.bench import start as bench_start
from tests.bench.environment import databases
from tests.bench.table import replace, write

PARTS = {
    "acknowledgement": bench_acknowledgement,
    "growth": bench_growth,
    "deliveries": bench_deliveries,
    "start": bench_start,
    "catalogue_search": bench_catalogue_search,
}


def main() -> None:
    """Measure, print, write."""
    named = [name for name in sys.argv[1:] if name != "--write"]
    wanted = named or list(PARTS)
    with databases() as made:
        sections = [section for name in wanted for section in PARTS[name].run(made)]
    if "--write" in sys.argv:
        replace(sections)
    elif not named:
        write(sections, full=bench_growth.FULL)
        bench_playground.main()


if __name__ == "__main__":
    main()
