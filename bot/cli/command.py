"""The entry point: runs a subcommand, and prints the errors that an administrator can fix."""

import logging
import os
import sys
from collections.abc import Sequence

from bot.cli import (
    audit,
    backup,
    calendar,
    catalogue,
    deliveries,
    person,
    processes,
    removals,
    retention,
    search,
    setup,
)
from bot.cli.apps import app
from bot.observability import logs

logger = logging.getLogger(__name__)
__all__ = [
    "app",
    "audit",
    "backup",
    "calendar",
    "catalogue",
    "deliveries",
    "main",
    "person",
    "processes",
    "removals",
    "retention",
    "search",
    "setup",
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a subcommand. A wrong setting or file is a line on standard error and exit status 2."""
    os.umask(0o077)  # files that Guichet creates are for its own user
    logs.configure()
    try:
        app(args=arguments)
    except Exception as error:
        text = _explanation(error)
        if text is None:
            logger.exception("the command failed by a defect: please report this line")
            sys.exit(1)
        sys.stderr.write("".join(f"guichet: {line}\n" for line in text.splitlines()))
        sys.exit(2)


def _explanation(error: Exception) -> str | None:
    """The message for an error that an administrator can fix; `None` for any other."""
    from sqlalchemy.exc import IntegrityError, SQLAlchemyError

    from bot.catalogue.file import CatalogueError
    from bot.db.mistakes import explain
    from bot.settings import SettingsError

    if isinstance(error, SettingsError | CatalogueError):
        return str(error)
    if isinstance(error, SQLAlchemyError) and not isinstance(error, IntegrityError):
        return explain(error)
    if isinstance(error, OSError) and error.filename:  # a file or a folder, of which the administrator knows
        return f"{error.filename}: cannot be used: {(error.strerror or 'no reason is given').lower()}"
    return None
