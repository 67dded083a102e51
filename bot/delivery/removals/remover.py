"""Deletes what is queued, one message and one file at a time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event as Flag

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.session import Sessions
from bot.delivery.errors import (
    AccountClosed,
    Defect,
    DeliveryError,
    MethodPaused,
    NoAnswer,
    Permanent,
    RateLimited,
    Retryable,
    SenderPaused,
)
from bot.delivery.lanes import LogThrottle, log_failure
from bot.delivery.outbox import backoff
from bot.delivery.removals import claims, homes, lost
from bot.delivery.rendering.rendered import Sent
from bot.delivery.senders.files import SlackFiles
from bot.delivery.senders.slack import SlackSender
from bot.notifications.maintenance.pauses import PAUSED_FOR
from bot.observability.removals.progress import PACE
from bot.slack.client import PASSING
from models.removals.removal import Removal, RemovalKind

logger = logging.getLogger("guichet.deliveries")
LOOK_EVERY = 0.5  # seconds, while there is something to delete
IDLE = 5.0  # seconds
UNKNOWN_MAX = 5
"""How often a code that is new to us is tried again."""


class Remover:
    """Carries the queue out. Any number may run; together they keep to the pace."""

    def __init__(
        self,
        sessions: Sessions,
        slack: SlackSender,
        files: SlackFiles,
        clock: Callable[[], datetime],
        pace: timedelta = PACE,
    ) -> None:
        self._sessions, self._slack, self._files, self._clock = sessions, slack, files, clock
        self._pace = pace
        self._failures = dict.fromkeys(RemovalKind, 0)
        self._throttle = LogThrottle()

    def run(self, stop: Flag) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            is_busy = False
            try:
                is_busy = self.step() or claims.is_any_due(self._sessions, now=self._clock())
            except Exception as error:  # noqa: BLE001 (a database that is down must not end the worker)
                if self._throttle.is_due():
                    log_failure(error)
            stop.wait(LOOK_EVERY if is_busy else IDLE)

    def step(self) -> bool:
        """Delete one message and one file, and draw one Home anew, if their turn has come. False when there
        was nothing to do."""
        deleted = [self._delete_one(kind) for kind in RemovalKind]
        return any(deleted)

    def _delete_one(self, kind: RemovalKind) -> bool:
        removal = claims.claim(self._sessions, kind, now=self._clock(), pace=self._pace)
        if removal is None:
            return False
        try:
            self._checked_call(removal)
        except DeliveryError as error:
            if not isinstance(error, Retryable):
                self._failures[kind] = 0
            self._save(partial(self._follow_up, removal=removal, error=error))
            return True
        self._failures[kind] = 0
        self._save(partial(claims.finish, removal=removal, now=self._clock()))
        return True

    def _save(self, change: Callable[[Session], object]) -> None:
        with self._sessions.begin() as session:
            change(session)

    def _checked_call(self, removal: Removal) -> None:
        """Ask Slack. Raises `DeliveryError`, and that the database is away: any other error must not leave
        its row the first of the queue."""
        try:
            self._call(removal)
        except (DeliveryError, SQLAlchemyError):
            raise
        except Exception as error:
            logger.exception("a removal failed")
            raise Defect(type(error).__name__) from error

    def _call(self, removal: Removal) -> None:
        """Ask Slack; what is gone already is no failure. Raises `DeliveryError`."""
        if removal.kind is RemovalKind.HOME:
            homes.draw(self._sessions, self._slack, removal, now=self._clock())
        elif removal.kind is RemovalKind.FILE:
            assert removal.slack_file_id
            self._files.remove(removal.slack_file_id)
        else:
            message = _place(removal) or lost.find(self._slack, removal)
            if message:
                self._slack.delete(message)

    def _follow_up(self, session: Session, removal: Removal, error: DeliveryError) -> None:
        """Wait as long as Slack says, try again later, or list what it refuses."""
        now, code = self._clock(), error.cause.code or error.cause.reason
        match error:
            case RateLimited(seconds=seconds):
                claims.put_off(session, removal.kind, now + timedelta(seconds=seconds))
                claims.release(session, removal, due_at=removal.due_at, code=code)
            case MethodPaused() | SenderPaused():
                claims.put_off(session, removal.kind, now + PAUSED_FOR)
                claims.release(session, removal, due_at=removal.due_at, code=code)
                self._log("removals wait: %s", error)
            case Permanent() | AccountClosed():
                claims.refuse(session, removal, code)
                logger.info("removal %s is refused: %s", removal.id, code)
            case Retryable() | Defect() if _is_unknown(error) and removal.attempt >= UNKNOWN_MAX:
                claims.refuse(session, removal, code)
                logger.info("removal %s is refused: %s", removal.id, code)
            case _:
                self._failures[removal.kind] += 1
                claims.put_off(session, removal.kind, now + backoff(self._failures[removal.kind]))
                claims.release(session, removal, due_at=now + backoff(removal.attempt), code=code)
                self._log("removals are tried again later: %s", error)

    def _log(self, text: str, error: DeliveryError) -> None:
        if self._throttle.is_due():
            logger.warning(text, error)


def _place(removal: Removal) -> Sent | None:
    return Sent(removal.channel, removal.ts) if removal.channel and removal.ts else None


def _is_unknown(error: Retryable | Defect) -> bool:
    """Whether Slack answered with a code that is neither passing nor known, or we failed."""
    code = error.cause.code or ""
    return not isinstance(error, NoAnswer) and not code.isdecimal() and code not in PASSING
