"""People who use the help desk at a steady rate while it is being tortured, and what they were told."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.state.slack import Slack
from playground.state.workspace import Person
from playground.testing import Playground
from tests.support.help_desk import APPROVE, DIRECT, RESOLVE, TAKE, TRIAGE

Json = dict[str, Any]
FORM = {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}
REQUESTERS = ("alice", "boris", "chloe", "david", "camille")
TECHNICIANS = ("karim", "lea")
NOTHING_THERE = {"not_visible", "not_found", "ambiguous"}  # the playground's: no such button on the screen
PAUSE = 0.25  # seconds between two things that one person does
PATIENCE = 3  # how often somebody presses "Enregistrer et fermer" before they give up


def newcomers() -> list[Json]:
    """Those of them whom the workspace does not have by itself."""
    return [
        {"name": name, "real_name": name.capitalize(), "email": f"{name}@univ.example"}
        for name in REQUESTERS
        if name != "camille"
    ]


@dataclass
class Ledger:
    """What people did, and what they may rely on."""

    submitted: set[str] = field(default_factory=set)
    """The titles of the forms that were sent, whatever came back."""
    acknowledged: set[str] = field(default_factory=set)
    """Those whose form closed: the help desk has them."""
    said: set[str] = field(default_factory=set)
    """What was written in threads."""
    refused: int = 0
    """How often somebody was told, in words or by Slack, that it did not work."""
    crashed: list[str] = field(default_factory=list)
    """What went wrong with the people themselves."""


class People:
    """Everybody, each in a thread of their own, within a `with` block."""

    def __init__(self, slack: Playground, seed: int) -> None:
        self.slack, self.ledger = slack, Ledger()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._live, args=(name, acts, random.Random(f"{seed} {name}")))
            for names, acts in (
                (REQUESTERS, (self._file, self._file, self._comment, self._approve, self._open_home)),
                (TECHNICIANS, (self._take, self._resolve, self._resolve, self._note)),
            )
            for name in names
        ]

    def __enter__(self) -> "People":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _live(
        self, name: str, acts: Sequence[Callable[[str, random.Random], None]], dice: random.Random
    ) -> None:
        try:
            while not self._stop.wait(PAUSE * dice.uniform(0.5, 1.5)):
                dice.choice(acts)(name, dice)
        except Exception as error:  # noqa: BLE001 # the table says so: a thread dies in silence
            self.ledger.crashed.append(f"{name}: {error!r}")

    # -- what they do --------------------------------------------------------------------------------------

    def _file(self, name: str, dice: random.Random) -> None:
        title = f"Panne {dice.getrandbits(48):012x} de {name}"
        if not self._does("command", name, command="/ticket", text=title):
            return
        for _attempt in range(dice.randint(1, PATIENCE)):
            if not self._has_form(name):  # it was refused in words
                return
            self.ledger.submitted.add(title)
            if self._does("submit", name, values=FORM):
                self.ledger.acknowledged.add(title)
                return
        self._close(name)

    def _has_form(self, name: str) -> bool:
        slack = self.slack.slack
        return self.slack.run(lambda: bool(slack.workspace.modals.get(_person(slack, name).id)))

    def _take(self, name: str, _dice: random.Random) -> None:
        self._does("click", name, text=TAKE, **{"in": {"channel": TRIAGE}})

    def _resolve(self, name: str, _dice: random.Random) -> None:
        if self._does("click", name, text=RESOLVE, **{"in": {"channel": TRIAGE}}) and not self._does(
            "submit", name, values={"Solution": "Redémarré."}
        ):
            self._close(name)

    def _approve(self, name: str, _dice: random.Random) -> None:
        self._does("click", name, text=APPROVE, **{"in": {"channel": DIRECT}})

    def _open_home(self, name: str, _dice: random.Random) -> None:
        self._does("home", name)

    def _comment(self, name: str, dice: random.Random) -> None:
        self._say(name, DIRECT, dice)

    def _note(self, name: str, dice: random.Random) -> None:
        self._say(name, TRIAGE, dice)

    def _say(self, name: str, channel: str, dice: random.Random) -> None:
        """Write in the thread of one of the bot's messages."""
        roots = self.slack.run(_threads, self.slack.slack, name, channel)
        if roots:
            words = f"Mot {dice.getrandbits(48):012x}"
            self.ledger.said.add(words)
            self._does("message", name, channel=channel, text=words, thread_ts=dice.choice(roots))

    def _close(self, name: str) -> None:
        self.slack.control.post("close", user=name, all=True)

    def _does(self, gesture: str, name: str, **more: Any) -> bool:
        """Whether it went as they hoped."""
        answer = self.slack.control.post(gesture, user=name, **more)
        went = bool(answer["ok"]) and not answer.get("errors")
        if not went and answer.get("error") not in NOTHING_THERE:
            with self._lock:
                self.ledger.refused += 1
        return went


def _person(slack: Slack, name: str) -> Person:
    person = slack.workspace.person(name)
    assert person is not None
    return person


def _threads(slack: Slack, name: str, called: str) -> list[str]:
    """The bot's messages in a channel that somebody may answer."""
    room = (
        slack.workspace.direct_message(_person(slack, name).id)
        if called == DIRECT
        else slack.workspace.channel(called)
    )
    assert room is not None
    return [
        ts for ts, message in room.messages.items() if message.metadata and message.thread_ts in (None, ts)
    ]
