"""Sending side by side: e-mail beside Slack, and several messages of each at once."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from queue import SimpleQueue
from threading import Event as Flag
from threading import Lock, Thread
from time import monotonic

from bot.delivery.outbox import Lane
from models.outbox.delivery import Delivery

logger = logging.getLogger("guichet.deliveries")
POLL = 1.0  # seconds; the net under the wake-up
# At 300 ms a call, eight are 26 a second; more than Slack lets one app send for long.
SENDERS = {Lane.SLACK: 8, Lane.MAIL: 2}
SAID_EVERY = 60.0  # seconds
SILENCES_MAX = 3
RESTS = (timedelta(seconds=30), timedelta(minutes=5))  # the first, and the longest


class Silence:
    """How often in a row the far side of a lane did not answer, and how long to leave it alone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = self._rests = 0
        self._until: datetime | None = None

    @property
    def is_long(self) -> bool:
        """Whether one attempt at a time is enough, until there is an answer."""
        return self._count >= SILENCES_MAX

    def end(self) -> None:
        """The far side answered."""
        with self._lock:
            self._count = self._rests = 0
            self._until = None

    def note(self, now: datetime) -> datetime | None:
        """The far side did not answer. Until when to rest, when a rest begins: 30 s after `SILENCES_MAX` in a
        row, twice as long each time there is still no answer, at most 5 min."""
        with self._lock:
            self._count += 1
            if not self.is_long or (self._until and now < self._until):
                return None
            first, longest = RESTS
            self._until = now + min(first * 2 ** min(self._rests, 10), longest)
            self._rests += 1
            return self._until


class Complaint:
    """Whether to say it again: a database that is away is asked each second."""

    def __init__(self) -> None:
        self._said_at = -SAID_EVERY

    def is_due(self) -> bool:
        """True once in `SAID_EVERY`."""
        if monotonic() - self._said_at < SAID_EVERY:
            return False
        self._said_at = monotonic()
        return True


class Dispatcher:
    """Claims the deliveries of one lane and hands each to a sender, one at a time for each recipient."""

    def __init__(
        self,
        lane: Lane,
        claim: Callable[[Lane, Collection[str]], Delivery | None],
        handle: Callable[[Delivery], object],
        silence: Silence,
    ) -> None:
        self._lane, self._claim, self._handle, self._silence = lane, claim, handle, silence
        self._busy: set[str] = set()
        self._lock = Lock()
        self._claimed: SimpleQueue[Delivery | None] = SimpleQueue()
        self._complaint = Complaint()

    def run(self, stop: Flag, look: Flag) -> None:
        """Work until `stop`, and finish what is in hand. `look` ends a wait; an attempt that ends sets it."""
        senders = self._start_senders(stop, look)
        while not stop.is_set():
            delivery = self._next(len(senders))
            if delivery is None:
                look.wait(POLL)
                look.clear()
                continue
            with self._lock:
                self._busy.add(delivery.recipient)
            self._claimed.put(delivery)
        for _sender in senders:
            self._claimed.put(None)
        for sender in senders:
            sender.join()

    def _start_senders(self, stop: Flag, look: Flag) -> Sequence[Thread]:
        """The lane's threads; fewer when the machine has no more to spare, and one at least. No executor: it
        takes nothing more once the main thread has ended, while this goes on for a moment."""
        senders = list[Thread]()
        while len(senders) < SENDERS[self._lane] and not stop.is_set():
            sender = Thread(target=self._serve, args=(look,), name=f"sender-{self._lane}-{len(senders)}")
            try:
                sender.start()
            except RuntimeError as error:
                if self._complaint.is_due():
                    logger.warning("%s has %d senders: %s", self._lane, len(senders), error)
                if senders:
                    break
                look.wait(POLL)
            else:
                senders.append(sender)
        return senders

    def _next(self, senders: int) -> Delivery | None:
        with self._lock:
            busy = sorted(self._busy)
        if len(busy) >= (1 if self._silence.is_long else senders):
            return None
        try:
            return self._claim(self._lane, busy)
        except Exception:  # a database that is down for a while must not end the worker
            if self._complaint.is_due():
                logger.exception("the worker could not work")
            return None

    def _serve(self, look: Flag) -> None:
        while (delivery := self._claimed.get()) is not None:
            self._send(delivery, look)

    def _send(self, delivery: Delivery, look: Flag) -> None:
        try:
            self._handle(delivery)
        except Exception:  # nobody would start this thread again; the row is taken up when its lease ends
            logger.exception("the worker could not work")
        finally:
            with self._lock:
                self._busy.discard(delivery.recipient)
            look.set()
