"""How long tickets are kept: nothing is erased before that is chosen (GDPR, art. 25(2))."""

from collections.abc import Iterator

from bot.observability.removals.put_off import count_put_off
from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, warning, well, wrong

RECOMMENDED = {"RETENTION_FILES_MONTHS": 12, "RETENTION_TICKETS_MONTHS": 24}
SHORTEST_MONTH = 28  # days


def check_retention(context: CheckContext) -> Iterator[Finding]:
    """The periods, and which is longer."""
    settings = context.settings
    files, tickets = settings.retention_files_months, settings.retention_tickets_months
    chosen = {"RETENTION_FILES_MONTHS": files, "RETENTION_TICKETS_MONTHS": tickets}
    missing = [name for name, months in chosen.items() if months is None]
    for name in missing:
        yield wrong(
            f"{name} is not chosen: nothing is ever erased: set it to months after the closing "
            f"of a ticket (recommended: {RECOMMENDED[name]})"
        )
    if files is None or tickets is None:
        return
    if files > tickets:
        yield warning(
            f"RETENTION_FILES_MONTHS is {files}, and RETENTION_TICKETS_MONTHS {tickets}: files and notes "
            "are erased with their ticket"
        )
    reopenable = max(settings.reopen_days, settings.reopen_silent_days)
    if reopenable > min(files, tickets) * SHORTEST_MONTH:
        yield warning(
            f"retention: a closed ticket may be reopened for {reopenable} days, and is kept for as long, "
            "which is longer than people are told: set REOPEN_DAYS or REOPEN_SILENT_DAYS, or RETENTION_*, to "
            "match"
        )
    yield from _put_off(context)
    yield well(f"retention: files and notes for {files} months after closing, tickets for {tickets}")


def _put_off(context: CheckContext) -> Iterator[Finding]:
    session = context.read()
    if session is None:
        return
    with session:
        count = count_put_off(session, context.now)
    if count:
        yield wrong(f"retention: tickets that could not be erased: {count}: see the log of the worker")
