"""Migrations that die on the way, in processes of their own."""

import os
import signal
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, repeat
from typing import Literal

from sqlalchemy import Engine, event

from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.ops.migrate import migrate

DEAD = -signal.SIGKILL
UtcDateTime = int | Literal["commit"]


def in_a_process_of_its_own(work: Callable[[], object]) -> int:
    """Its exit status; a signal's number, negative, if one ended it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads stay behind: none is needed there
        child = os.fork()
    if not child:
        status = 1
        try:
            signal.alarm(60)
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def migrate_until(url: str, moment: UtcDateTime) -> None:
    """Migrate, and die before a statement, or before the commit."""
    engine = create_db(url, timeout=WORKER_TIMEOUT)
    moments: Iterator[UtcDateTime] = iter(count(1))

    def pass_by(now: UtcDateTime) -> None:
        if now == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def commit(_connection: object) -> None:
        nonlocal moments
        pass_by("commit")
        moments = repeat("commit")  # what comes after it undoes nothing

    event.listen(engine, "before_cursor_execute", lambda *_: pass_by(next(moments)))
    event.listen(engine, "commit", commit)
    migrate(engine)


def kill_at_each_tenth_statement(engine: Engine, as_it_was: Callable[[], bool]) -> int:
    """Migrate again and again, killed later each time, at last not at all. How often it was killed."""
    url = engine.url.render_as_string(hide_password=False)
    for moment in count(10, 10):
        engine.dispose()  # nothing of the parent's is open in the child
        ended = in_a_process_of_its_own(partial(migrate_until, url, moment))
        if ended == 0:
            return moment // 10 - 1
        assert ended == DEAD
        assert as_it_was(), f"killed before statement {moment}"
        if moment == 10:
            engine.dispose()
            assert in_a_process_of_its_own(partial(migrate_until, url, "commit")) == DEAD
            assert as_it_was(), "killed before the commit"
    raise AssertionError
