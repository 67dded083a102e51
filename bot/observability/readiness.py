"""Whether this process can keep what people send: what `/readyz` fails for, and what is logged when it
changes."""

import logging
import threading
from collections.abc import Callable, Mapping
from enum import StrEnum

from bot.db.clock import ticks
from bot.db.session import Sessions
from bot.db.write_trial import try_to_write
from bot.observability.metrics import NOT_READY

logger = logging.getLogger(__name__)
SOCKET_PATIENCE = 60.0
"""Seconds without a connection; slack_sdk connects again within some seconds."""


class Unready(StrEnum):
    """Why a process cannot keep what people send. The values are those of the label `reason` of
    `guichet_not_ready`."""

    DATABASE = "database"
    """It is unreachable, or cannot be written to."""
    TOKEN = "token"
    """Slack refused a token at the start."""
    SOCKET = "socket"
    """There is no connection of Socket Mode."""


class Readiness:
    """Whether this process can keep what people send: set by its start and by Socket Mode, read by probes."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._lock = threading.Lock()
        self._said: Mapping[Unready, str] = {}
        self._is_connected: Callable[[], bool] | None = None
        self._connected_at = ticks()
        self.refused: str | None = None
        """Why Slack refused a token at the start, as long as it does."""
        for reason in Unready:
            NOT_READY.labels(reason)

    def watch_socket(self, is_connected: Callable[[], bool]) -> None:
        """This process is to have a connection of Socket Mode from now on."""
        self._is_connected, self._connected_at = is_connected, ticks()

    @property
    def is_connected(self) -> bool | None:
        """Whether Socket Mode is connected; `None` in a process without it."""
        return None if self._is_connected is None else self._is_connected()

    def check(self) -> Mapping[Unready, str]:
        """Each reason, in words; none when the process is ready. A change is logged."""
        with self._lock:
            found = self._find()
            self._log_changes(found)
            self._said = found
            for reason in Unready:
                NOT_READY.labels(reason).set(reason in found)
        return found

    def _find(self) -> Mapping[Unready, str]:
        found: dict[Unready, str] = {}
        if refusal := try_to_write(self._sessions):
            found[Unready.DATABASE] = f"the database cannot be written to: {refusal}"
        if self.refused:
            found[Unready.TOKEN] = self.refused
        elif (seconds := self._seconds_without_socket()) > SOCKET_PATIENCE:
            found[Unready.SOCKET] = f"no connection to Slack (Socket Mode) for {seconds:.0f} s"
        return found

    def _seconds_without_socket(self) -> float:
        now = ticks()
        if self.is_connected is not False:
            self._connected_at = now
        return now - self._connected_at

    def _log_changes(self, found: Mapping[Unready, str]) -> None:
        for reason, words in found.items():
            # The database may fail for another reason; the seconds without a socket are others each time.
            is_another = reason is not Unready.SOCKET and self._said.get(reason) != words
            if reason not in self._said or is_another:
                logger.error("not ready: %s", words)
        if self._said and not found:
            logger.info("ready again")
