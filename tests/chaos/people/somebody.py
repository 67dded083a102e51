"""One person, with a random generator of their own."""

import base64
import random
from dataclasses import dataclass
from typing import Any

from playground.state.slack import Slack
from playground.state.workspace import Person
from playground.testing import Playground
from tests.chaos.people.ledger import Comment, Ledger
from tests.support.help_desk import DIRECT

Json = dict[str, Any]
# The playground's errors for a missing button or menu option.
NOTHING_THERE = {"not_visible", "not_found", "ambiguous", "no_such_option"}
FILES = 0.3  # the share of messages and forms with files


@dataclass(frozen=True)
class Somebody:
    """A person who acts in the playground, and records it in the ledger."""

    slack: Playground
    ledger: Ledger
    name: str
    rng: random.Random

    def does(self, gesture: str, **more: Any) -> bool:
        """Whether the action succeeded."""
        answer = self.slack.control.post(gesture, user=self.name, **more)
        went = bool(answer["ok"]) and not answer.get("errors")
        if not went and answer.get("error") not in NOTHING_THERE:
            self.ledger.count_refusal()
        return went

    def press(self, where: str, **more: Any) -> bool:
        """Press a button, or choose in a menu: in the newest message of a channel that has it, or in the
        Home."""
        surface = where if where in {"home", "modal"} else {"channel": where}
        return self.does("click", **{"in": surface}, **more)

    def has_form(self) -> bool:
        """Whether a modal is open."""
        slack = self.slack.slack
        return self.slack.run(lambda: bool(slack.workspace.modals.get(_person(slack, self.name).id)))

    def sends(self, values: Json) -> bool:
        """Submit the open form, and once more when it asks whether that is meant. Whether it closed; a form
        that did not is closed."""
        for each in (values, {}):
            if not self.does("submit", values=each):
                break
            if not self.has_form():
                return True
        self.close()
        return False

    def reads(self) -> str:
        """The text of the open modal."""
        modal = self.slack.control.get("screen", user=self.name)["modal"]
        return str(modal["text"]) if modal else ""

    def options(self, label: str) -> list[str]:
        """What a menu of the open modal offers."""
        answer = self.slack.control.post("options", user=self.name, label=label, query="", **{"in": "modal"})
        return [option["text"]["text"] for option in answer.get("options", ())]

    def close(self) -> None:
        """Close all modals."""
        self.slack.control.post("close", user=self.name, all=True)

    def number(self) -> str:
        """A unique number."""
        return f"{self.rng.getrandbits(48):012x}"

    def attaches(self) -> list[Json]:
        """No file, or one or two with unique names and contents."""
        if self.rng.random() > FILES:
            return []
        return [_file(self.number(), self.rng) for _ in range(self.rng.randint(1, 2))]

    def has_sent(self, files: list[Json], text: str) -> None:
        """Record files that must be stored."""
        self.ledger.files |= {file["name"]: text for file in files}

    def say(self, channel: str) -> None:
        """Write in the thread of one of the bot's messages, perhaps with files."""
        channel_id, roots = self.slack.run(_threads, self.slack.slack, self.name, channel)
        if roots:
            text, files, root = f"Mot {self.number()}", self.attaches(), self.rng.choice(roots)
            # The bot may have deleted the root since: then nothing was written.
            if self.does("message", channel=channel, text=text, thread_ts=root, files=files):
                self.ledger.comments[text] = Comment(self.name, channel_id, root)
                self.has_sent(files, text)


def _file(number: str, rng: random.Random) -> Json:
    content = rng.randbytes(rng.choice((300, 20_000, 90_000)))
    return {"name": f"piece-{number}.bin", "content_base64": base64.b64encode(content).decode()}


def _person(slack: Slack, name: str) -> Person:
    person = slack.workspace.person(name)
    assert person is not None
    return person


def _threads(slack: Slack, name: str, where: str) -> tuple[str, list[str]]:
    """The id of a channel, and the bot's messages about tickets there, which can be answered."""
    channel = (
        slack.workspace.direct_message(_person(slack, name).id)
        if where == DIRECT
        else slack.workspace.channel(where)
    )
    assert channel is not None
    return channel.id, [
        ts
        for ts, message in channel.messages.items()
        if message.metadata
        and message.thread_ts in (None, ts)
        and not message.metadata["event_payload"]["key"].startswith("outage:")
    ]
