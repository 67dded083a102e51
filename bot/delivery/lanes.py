"""Deliveries are sent in parallel: e-mail beside Slack, and several messages of each at once."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from queue import SimpleQueue
from threading import Event as Flag
from threading import Lock, Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from bot.db.refusals import RefusalReason, refusal
from bot.observability.liveness.heartbeat import HEARTBEAT
from models.outbox.delivery import Delivery
from models.outbox.kinds import Lane

logger = logging.getLogger("guichet.deliveries")
POLL = 1.0  # seconds; the fallback when a wake-up is lost
# At 300 ms a call, eight are 26 a second; more than Slack lets one app send for long.
SENDERS = {Lane.SLACK: 8, Lane.MAIL: 2}
LOG_EVERY = 60.0  # seconds
FAILURES_MAX = 3
PAUSES = (timedelta(seconds=30), timedelta(minutes=5))  # the first, and the longest


class CircuitBreaker:
    """How often in a row a lane's server did not answer, and until when the lane pauses."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = self._pauses = 0
        self._until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether only one attempt at a time is made, until there is an answer."""
        return self._failures >= FAILURES_MAX

    def close(self) -> None:
        """The server answered."""
        with self._lock:
            self._failures = self._pauses = 0
            self._until = None

    def count(self, now: datetime) -> datetime | None:
        """The server did not answer. Returns until when to pause, when a pause begins: 30 s after
        `FAILURES_MAX` in a row, twice as long each time there is still no answer, at most 5 min."""
        with self._lock:
            self._failures += 1
            if not self.is_open or (self._until and now < self._until):
                return None
            first, longest = PAUSES
            self._until = now + min(first * 2 ** min(self._pauses, 10), longest)
            self._pauses += 1
            return self._until


class LogThrottle:
    """Whether to log an error again: a database that is down is asked each second."""

    def __init__(self) -> None:
        self._logged_at = -LOG_EVERY

    def is_due(self) -> bool:
        """True once in `LOG_EVERY`."""
        if monotonic() - self._logged_at < LOG_EVERY:
            return False
        self._logged_at = monotonic()
        return True


def log_failure(error: Exception) -> None:
    """Log that the worker could not work: the database's words, or where a defect is."""
    if isinstance(error, SQLAlchemyError) and (why := refusal(error)).reason is not RefusalReason.OTHER:
        logger.error("the worker could not work: %s", why)
    else:
        logger.error("the worker could not work", exc_info=error)


class Dispatcher:
    """Claims the deliveries of one lane and passes each to a thread, one at a time for each recipient."""

    def __init__(
        self,
        lane: Lane,
        claim: Callable[[Lane, Collection[str]], Delivery | None],
        handle: Callable[[Delivery], object],
        breaker: CircuitBreaker,
    ) -> None:
        self._lane, self._claim, self._handle, self._breaker = lane, claim, handle, breaker
        self._busy: set[str] = set()
        self._lock = Lock()
        self._claimed: SimpleQueue[Delivery | None] = SimpleQueue()
        self._throttle = LogThrottle()

    def run(self, stop: Flag, wake: Flag) -> None:
        """Work until `stop`, and finish what is in progress. `wake` ends a wait; each attempt sets it when it
        ends."""
        senders = self._start_senders(stop, wake)
        while not stop.is_set():
            HEARTBEAT.beat(f"sending-{self._lane}")
            delivery = self._next(len(senders))
            if delivery is None:
                wake.wait(POLL)
                wake.clear()
                continue
            with self._lock:
                self._busy.add(delivery.recipient)
            self._claimed.put(delivery)
        for _sender in senders:
            self._claimed.put(None)
        for sender in senders:
            sender.join()

    def _start_senders(self, stop: Flag, wake: Flag) -> Sequence[Thread]:
        """The lane's threads; fewer when the machine cannot start more, and one at least. No executor: it
        takes no work once the main thread has ended, which this outlives for a moment."""
        senders = list[Thread]()
        while len(senders) < SENDERS[self._lane] and not stop.is_set():
            sender = Thread(target=self._serve, args=(wake,), name=f"sender-{self._lane}-{len(senders)}")
            try:
                sender.start()
            except RuntimeError as error:
                if self._throttle.is_due():
                    logger.warning("%s has %d senders: %s", self._lane, len(senders), error)
                if senders:
                    break
                wake.wait(POLL)
            else:
                senders.append(sender)
        return senders

    def _next(self, senders: int) -> Delivery | None:
        with self._lock:
            busy = sorted(self._busy)
        if len(busy) >= (1 if self._breaker.is_open else senders):
            return None
        try:
            return self._claim(self._lane, busy)
        except Exception as error:  # noqa: BLE001 (a database that is down must not end the worker)
            if self._throttle.is_due():
                log_failure(error)
            return None

    def _serve(self, wake: Flag) -> None:
        while (delivery := self._claimed.get()) is not None:
            self._send(delivery, wake)

    def _send(self, delivery: Delivery, wake: Flag) -> None:
        try:
            self._handle(delivery)
        except Exception as error:  # noqa: BLE001 (the row is claimed again when its lease ends)
            log_failure(error)
        finally:
            with self._lock:
                self._busy.discard(delivery.recipient)
            wake.set()
