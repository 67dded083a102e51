"""The line that a process logs once it is ready."""

import logging
from typing import TYPE_CHECKING

from bot.version import version

if TYPE_CHECKING:
    from bot.settings import Settings

logger = logging.getLogger(__name__)


def ready_line(mode: str, settings: "Settings") -> str:
    """`ready: Guichet 1.2.3, run over Socket Mode, SQLite`. `mode`: `run over Socket Mode`, `worker`, …"""
    return f"ready: Guichet {version()}, {mode}, {'SQLite' if settings.on_sqlite else 'PostgreSQL'}"


def log_ready(mode: str, settings: "Settings") -> None:
    """Log that line, at INFO."""
    logger.info(ready_line(mode, settings))
