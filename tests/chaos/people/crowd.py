"""All people, each in a thread of their own."""

import random
import threading
from collections.abc import Sequence

from playground.testing import Playground
from tests.chaos.people import approvals, requesters, technicians
from tests.chaos.people.ledger import Ledger
from tests.chaos.people.somebody import Json, Somebody
from tests.support.help_desk import TRIAGE

REQUESTERS = ("alice", "boris", "chloe", "david", "camille")
# Only one of them declares and ends outages, so that there is one at a time.
TECHNICIANS = {
    "karim": technicians.acts(TRIAGE, technicians.declare_or_end),
    "lea": technicians.acts(TRIAGE),
    "marc": technicians.acts(technicians.NETWORK),
}
PAUSE = 0.25  # seconds between two actions of one person


def newcomers() -> list[Json]:
    """The people who are not in the default workspace."""
    return [
        {"name": name, "real_name": name.capitalize(), "email": f"{name}@univ.example"}
        for name in (*REQUESTERS, *approvals.APPROVERS)
        if name != "camille"
    ]


class People:
    """People who act within a `with` block."""

    def __init__(self, slack: Playground, seed: int) -> None:
        self.ledger = Ledger()
        self._stop = threading.Event()
        acts = {
            **dict.fromkeys(REQUESTERS, requesters.ACTS),
            **dict.fromkeys(approvals.APPROVERS, approvals.ACTS),
            **TECHNICIANS,
        }
        self._threads = [
            threading.Thread(
                target=self._live,
                args=(Somebody(slack, self.ledger, name, random.Random(f"{seed} {name}")), what),
            )
            for name, what in acts.items()
        ]

    def __enter__(self) -> "People":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _live(self, who: Somebody, acts: Sequence[technicians.Act]) -> None:
        try:
            while not self._stop.wait(PAUSE * who.rng.uniform(0.5, 1.5)):
                who.rng.choice(acts)(who)
        except Exception as error:  # noqa: BLE001 # reported in the table
            self.ledger.crashed.append(f"{who.name}: {error!r}")
