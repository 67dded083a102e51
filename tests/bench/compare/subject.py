"""`python -m tests.bench.compare.subject NAME SERVER FOLDER`: a revision's own process.

It is started in that revision's tree, whose `tests` is this one. Reads the names of figures, one a line, and
answers each with a line of JSON: the seconds by name, or `{"error": "why not"}`.
"""

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.bench.compare.figures import Revision
from tests.bench.environment import Databases


def main(name: str, server: str, folder: str) -> None:
    """Answer until there are no more questions."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the product says itself
    with ExitStack() as stack:
        revision = Revision(Databases(Path(folder), server), name, stack)
        for line in sys.stdin:
            try:
                answer: object = revision.measure(line.strip())
            except Exception as error:  # noqa: BLE001 (the other figures go on)
                answer = {"error": f"{type(error).__name__}: {error}"}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
