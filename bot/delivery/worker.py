"""The worker: claims due deliveries and makes attempts at them. Any number may run."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from threading import Thread

from bot.context.settings import use_case_settings
from bot.db.session import Sessions
from bot.delivery import outbox, periodic
from bot.delivery.attempt import Attempts
from bot.delivery.lanes import POLL, Dispatcher, LogThrottle, log_failure
from bot.delivery.removals.remover import Remover
from bot.delivery.sending import Senders
from bot.delivery.wakeup import Wakeup
from bot.observability.last_heard import HEARD, WORKER
from bot.observability.liveness.heartbeat import HEARTBEAT
from models.outbox.delivery import Delivery
from models.outbox.kinds import Lane

PERIODIC_CHECK = timedelta(minutes=1)


class Worker:
    """Sends what the outbox holds."""

    def __init__(self, sessions: Sessions, senders: Senders, clock: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._clock = clock
        self._settings = use_case_settings(senders.settings)
        self._attempts = Attempts(sessions, senders, clock)
        self.remover = Remover(sessions, senders.slack, senders.files, clock)
        self._next_check = datetime.min.replace(tzinfo=UTC)

    def run(self, stop: Flag, wakeup: Wakeup) -> None:
        """Work until `stop` is set, and finish what is in progress. After setting it, call `wakeup.set()`."""
        threads = [self._lane(lane, stop, wakeup.flag()) for lane in Lane]
        threads.append(Thread(target=self.remover.run, args=(stop,), name="worker-removals"))
        wake, throttle = wakeup.flag(), LogThrottle()
        for thread in threads:
            thread.start()
        while not stop.is_set():
            HEARD.note(WORKER)
            HEARTBEAT.beat(WORKER)
            try:
                self.look_after()
            except Exception as error:  # noqa: BLE001 (a database that is down must not end the worker)
                if throttle.is_due():
                    log_failure(error)
            wake.wait(POLL)
            wake.clear()
        for thread in threads:
            thread.join()

    def _lane(self, lane: Lane, stop: Flag, wake: Flag) -> Thread:
        breaker = self._attempts.breakers[lane]
        dispatcher = Dispatcher(lane, self._claim, self._attempts.make, breaker)
        return Thread(target=dispatcher.run, args=(stop, wake), name=f"worker-{lane}")

    def _claim(self, lane: Lane, busy: Collection[str]) -> Delivery | None:
        return outbox.claim(self._sessions, now=self._clock(), lane=lane, busy=busy)

    def look_after(self) -> None:
        """Run the periodic jobs that are due, and clear up after late attempts."""
        self._attempts.late_messages.clear()
        now = self._clock()
        if not now < self._next_check <= now + PERIODIC_CHECK:  # the clock may have been set back
            self._next_check = now + PERIODIC_CHECK
            periodic.run_due(self._sessions, now=now, settings=self._settings)

    def drain(self) -> int:
        """Send all that is due now, one after the other. Returns how many deliveries were handled."""
        count = 0
        while self.send_one():
            count += 1
        return count

    def send_one(self) -> bool:
        """Handle the next due delivery of any lane; False when there is none."""
        delivery = outbox.claim(self._sessions, now=self._clock())
        if delivery is None:
            return False
        self._attempts.make(delivery)
        return True
