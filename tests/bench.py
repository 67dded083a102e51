"""All benchmarks: `make bench`, or some of them: `python -m tests.bench start growth`.

All of them write docs/benchmarks.md; some only print.
"""

import sys

from tests import (
    bench_acknowledgement,
    bench_deliveries,
    bench_growth,
    bench_playground,
    bench_start,
)
from tests.bench_desk import databases
from tests.bench_table import write

PARTS = {
    "acknowledgement": bench_acknowledgement,
    "growth": bench_growth,
    "deliveries": bench_deliveries,
    "start": bench_start,
}


def main() -> None:
    """Measure, print, write."""
    wanted = sys.argv[1:] or list(PARTS)
    with databases() as made:
        sections = [section for name in wanted for section in PARTS[name].run(made)]
    if not sys.argv[1:]:
        write(sections, full=bench_growth.FULL)
        bench_playground.main()


if __name__ == "__main__":
    main()
