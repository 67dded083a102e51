"""`python -m tests.year [sqlite|postgresql]`; TICKETS=number and SEED=number in the environment."""

import logging
import os
import random
import sys
from time import monotonic

from tests.year.account import reckon
from tests.year.databases import NAMES, empty_database
from tests.year.run import Plan, Run


def main(chosen: list[str]) -> int:
    logging.disable(logging.CRITICAL)
    tickets = int(os.environ.get("TICKETS") or 5000)
    seed = int(os.environ.get("SEED") or random.randrange(1_000_000))
    _say(f"{tickets} tickets, SEED={seed}")
    if unknown := set(chosen) - set(NAMES):
        _say(f"there is no database {unknown.pop()}: expected {' or '.join(NAMES)}")
        return 2
    wrong = 0
    for name in chosen or NAMES:
        started = monotonic()
        with empty_database(name) as engine:
            books = Run(engine, Plan(tickets, seed), say=_say).go()
        account = reckon(books)
        account.print(f"{name}, {monotonic() - started:.0f} s, SEED={seed}")
        wrong += len(account.wrong)
    return 1 if wrong else 0


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


sys.exit(main([each for each in sys.argv[1:] if each]))
