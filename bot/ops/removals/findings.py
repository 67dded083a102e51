"""Whether the deletion of forgotten tickets in Slack goes on, for `guichet doctor`."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from bot.observability.removals.progress import progress
from bot.ops.finding import Finding, warning, well
from bot.ops.removals.listing import about, reason


def removal_findings(session: Session, now: datetime) -> Iterator[Finding]:
    """What waits, what stands still, what Slack refuses, what is left to people."""
    far = progress(session, now)
    waiting, refused = sum(far.waiting.values()), sum(far.refused.values())
    if far.is_stuck:
        yield warning(
            f"deletions in Slack: {waiting} wait, and none was done for 6 h: see the log of the worker"
        )
    elif waiting:
        yield well(f"deletions in Slack: {waiting} waiting, {about(far.left)} left")
    if refused:
        codes = ", ".join(f"{count} as {reason(code)}" for code, count in sorted(far.refused.items()))
        yield warning(
            f"deletions in Slack: {refused} refused, {codes}: see `guichet removals --list`, then "
            "`guichet removals retry` or `guichet removals done`"
        )
    if far.others:
        yield well(f"deletions in Slack: {far.others} messages and files are left to those who wrote them")
