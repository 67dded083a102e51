"""One person at their screen, with dice of their own."""

import base64
import random
from dataclasses import dataclass
from typing import Any

from playground.state.slack import Slack
from playground.state.workspace import Person
from playground.testing import Playground
from tests.chaos.people.ledger import Ledger, Said
from tests.support.help_desk import DIRECT

Json = dict[str, Any]
# The playground's: no such button on the screen, or no such choice in its menu.
NOTHING_THERE = {"not_visible", "not_found", "ambiguous", "no_such_option"}
FILES = 0.3  # how often something is attached to what is sent


@dataclass(frozen=True)
class Somebody:
    """Who acts: what they do is told to the playground, and noted."""

    slack: Playground
    ledger: Ledger
    name: str
    rng: random.Random

    def does(self, gesture: str, **more: Any) -> bool:
        """Whether it went as they hoped."""
        answer = self.slack.control.post(gesture, user=self.name, **more)
        went = bool(answer["ok"]) and not answer.get("errors")
        if not went and answer.get("error") not in NOTHING_THERE:
            self.ledger.count_refusal()
        return went

    def press(self, where: str, **more: Any) -> bool:
        """Press a button, or choose in a menu: in the newest message of a channel that has it, or in the
        Home."""
        place = where if where == "home" else {"channel": where}
        return self.does("click", **{"in": place}, **more)

    def has_form(self) -> bool:
        """Whether something is open before them."""
        slack = self.slack.slack
        return self.slack.run(lambda: bool(slack.workspace.modals.get(_person(slack, self.name).id)))

    def reads(self) -> str:
        """What is open before them."""
        modal = self.slack.control.get("screen", user=self.name)["modal"]
        return str(modal["text"]) if modal else ""

    def close(self) -> None:
        """Close all of it."""
        self.slack.control.post("close", user=self.name, all=True)

    def number(self) -> str:
        """What nobody else wrote."""
        return f"{self.rng.getrandbits(48):012x}"

    def attaches(self) -> list[Json]:
        """A file or two, or none: each with a name and a content of its own."""
        if self.rng.random() > FILES:
            return []
        return [_file(self.number(), self.rng) for _ in range(self.rng.randint(1, 2))]

    def has_sent(self, files: list[Json], words: str) -> None:
        """These files must be there in the end."""
        self.ledger.files |= {file["name"]: words for file in files}

    def say(self, channel: str) -> None:
        """Write in the thread of one of the bot's messages, perhaps with files."""
        room, roots = self.slack.run(_threads, self.slack.slack, self.name, channel)
        if roots:
            words, files, root = f"Mot {self.number()}", self.attaches(), self.rng.choice(roots)
            self.ledger.said[words] = Said(self.name, room, root)
            self.has_sent(files, words)
            self.does("message", channel=channel, text=words, thread_ts=root, files=files)


def _file(number: str, rng: random.Random) -> Json:
    content = rng.randbytes(rng.choice((300, 20_000, 90_000)))
    return {"name": f"piece-{number}.bin", "content_base64": base64.b64encode(content).decode()}


def _person(slack: Slack, name: str) -> Person:
    person = slack.workspace.person(name)
    assert person is not None
    return person


def _threads(slack: Slack, name: str, called: str) -> tuple[str, list[str]]:
    """The id of a channel, and the bot's messages about tickets there, which somebody may answer."""
    room = (
        slack.workspace.direct_message(_person(slack, name).id)
        if called == DIRECT
        else slack.workspace.channel(called)
    )
    assert room is not None
    return room.id, [
        ts
        for ts, message in room.messages.items()
        if message.metadata
        and message.thread_ts in (None, ts)
        and not message.metadata["event_payload"]["key"].startswith("outage:")
    ]
