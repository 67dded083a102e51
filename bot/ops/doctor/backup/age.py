"""How old the last backup is that `guichet backup` has made of this database."""

from collections.abc import Iterator
from datetime import timedelta

from bot.observability.last_heard import BACKUP, last_heard
from bot.ops.doctor.context import CheckContext
from bot.ops.doctor.events import duration
from bot.ops.finding import Finding, warning, well

OLD = timedelta(hours=26)
"""A day, and what a nightly backup may be late."""


def check_backup(context: CheckContext) -> Iterator[Finding]:
    """A warning when there is none, or it is older than `OLD`."""
    session = context.read()
    if session is None:
        return
    with session:
        at = last_heard(session).get(BACKUP)
    if at is None:
        yield warning(
            "backup: `guichet backup` has never made one of this database: run it every night, and see that "
            "other backups than its own are made, if you have some"
        )
    elif context.now - at > OLD:
        yield warning(f"backup: the last one is {duration(context.now - at)} old: does `guichet backup` run?")
    else:
        yield well(f"backup: the last one is {duration(max(timedelta(), context.now - at))} old")
