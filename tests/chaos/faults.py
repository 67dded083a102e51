"""Random faults of Slack and the mail server, and repeated events."""

import random
import threading
from typing import Any

from playground.state.files import hold_shares, release_shares
from playground.testing import Playground

FAULT_EVERY = 0.15  # seconds, on average
MAX_PENDING = 20  # faults
ROUND = 30  # steps; in the middle of each round files are shared late
HELD = range(5, 25)
METHODS = (
    "chat.postMessage",
    "chat.postMessage",
    "chat.update",
    "views.publish",
    "conversations.open",
    "conversations.history",
    "conversations.replies",
    "files.info",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "files.completeUploadExternal",
)
TRANSFERS = ("upload", "download")


class Faults(threading.Thread):
    """Injects faults until `stop`."""

    def __init__(self, slack: Playground, seed: int) -> None:
        super().__init__()
        self._slack, self._rng = slack, random.Random(f"{seed} faults")
        self._over = threading.Event()
        self._added = 0
        self.injected = self.redelivered = self.shared_late = 0

    def run(self) -> None:
        step = 0
        while not self._over.wait(FAULT_EVERY * self._rng.uniform(0.5, 1.5)):
            step += 1
            if self._rng.random() < 0.2:
                self._repeat_event()
            elif self._slack.run(self._pending) < MAX_PENDING:
                self._slack.run(self._slack.slack.faults.add, self._fault())
                self._added += 1
            if step % ROUND in (HELD.start, HELD.stop):
                self._share(held=step % ROUND in HELD)

    def stop(self) -> None:
        """Stop, and remove the pending faults."""
        self._over.set()
        self.join()
        self._share(held=False)
        self.injected = self._added - self._slack.run(self._pending)
        self._slack.run(self._slack.slack.faults.clear)

    def _pending(self) -> int:
        """The number of faults that were not applied yet."""
        return len(self._slack.slack.faults._waiting)

    def _repeat_event(self) -> None:
        """Send the last event once or twice more: as a new one, or as a retry after a failure."""
        rng, queue = self._rng, self._slack.slack.delivery.queue
        times, same_id = rng.randint(1, 2), rng.random() < 0.3
        self.redelivered += self._slack.run(queue.repeat, None, times, same_id)

    def _share(self, *, held: bool) -> None:
        """Share completed files later, or at once."""
        if held:
            self._slack.run(hold_shares, self._slack.slack)
        else:
            self.shared_late += self._slack.run(release_shares, self._slack.slack)

    def _fault(self) -> dict[str, Any]:
        rng = self._rng
        when = rng.choice(("before", "after"))
        if (kind := rng.random()) < 0.2:
            if rng.random() < 0.5:  # refused, so never "after"
                return {"smtp": "451"}
            return {"smtp": "reset", "when": when}
        if kind < 0.3:
            broken = rng.choice((500, 503, "reset", "truncated"))
            return {rng.choice(TRANSFERS): True, "status": broken, "when": when}
        method = rng.choice(METHODS)
        if rng.random() < 0.25:  # too many requests: refused, so never "after"
            return {"method": method, "status": 429, "retry_after": 1}
        # A time-out holds a worker for 15 s: a few are enough.
        status = "timeout" if rng.random() < 0.03 else rng.choice((500, "reset"))
        return {"method": method, "status": status, "when": when}
