"""Slack and the mail server fail now and then, and Slack repeats itself."""

import random
import threading
from typing import Any

from playground.testing import Playground

FAULT_EVERY = 0.15  # seconds, on average
ROUND = 30  # turns; in the middle of each round files are shared late
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
    """Makes things go wrong until `stop`."""

    def __init__(self, slack: Playground, seed: int) -> None:
        super().__init__()
        self._slack, self._dice = slack, random.Random(f"{seed} faults")
        self._over = threading.Event()
        self._asked = 0
        self.injected = self.told_again = self.shared_late = 0

    def run(self) -> None:
        turn = 0
        while not self._over.wait(FAULT_EVERY * self._dice.uniform(0.5, 1.5)):
            turn += 1
            if self._dice.random() < 0.2:
                self._tell_again()
            else:
                assert self._slack.control.post("faults", **self._fault())["ok"]
                self._asked += 1
            if turn % ROUND in (HELD.start, HELD.stop):
                self._share(held=turn % ROUND in HELD)

    def stop(self) -> None:
        """Everything works again."""
        self._over.set()
        self.join()
        self._share(held=False)
        faults = self._slack.slack.faults
        self.injected = self._asked - self._slack.run(lambda: len(faults._waiting))
        self._slack.run(faults.clear)

    def _tell_again(self) -> None:
        """Slack tells the last event once or twice more: as a new one, or as it does after a failure."""
        dice = self._dice
        answer = self._slack.control.post("repeat", times=dice.randint(1, 2), same_id=dice.random() < 0.3)
        self.told_again += answer.get("told", 0)

    def _share(self, *, held: bool) -> None:
        """Slack shares files after it has answered their completion, or at once."""
        self.shared_late += self._slack.control.post("shares", held=held)["released"]

    def _fault(self) -> dict[str, Any]:
        dice = self._dice
        when = dice.choice(("before", "after"))
        if (kind := dice.random()) < 0.2:
            if dice.random() < 0.5:  # refused, so never "after"
                return {"smtp": "451"}
            return {"smtp": "reset", "when": when}
        if kind < 0.3:
            broken = dice.choice((500, 503, "reset", "truncated"))
            return {dice.choice(TRANSFERS): True, "status": broken, "when": when}
        method = dice.choice(METHODS)
        if dice.random() < 0.25:  # too many requests: refused, so never "after"
            return {"method": method, "status": 429, "retry_after": 1}
        # A time-out holds a worker for 15 s: a few are enough.
        status = "timeout" if dice.random() < 0.03 else dice.choice((500, "reset"))
        return {"method": method, "status": status, "when": when}
