"""The help desk as tests use it: through what people see and click in the local Slack."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.adapter.socket_mode import SocketModeHandler
from sqlalchemy import select

from bot.runtime import create_desk, utc_now
from bot.settings import Settings
from models.ticket import Ticket
from playground.testing import Playground

TRIAGE = "#dnum-assistance"
DIRECT = "@guichet"


class Desk:
    """A running help desk. `settle` lets the worker send all that is due."""

    def __init__(self, slack: Playground, settings: Settings, connection: SocketModeHandler) -> None:
        self.slack = slack
        self.settings = settings
        self.ahead = timedelta()
        self.parts = create_desk(settings, lambda: self.now)
        self.sessions = self.parts.sessions
        connection.app = self.parts.app

    @property
    def now(self) -> datetime:
        """The desk's own time; tests move it by `ahead`."""
        return utc_now() + self.ahead

    def __enter__(self) -> "Desk":
        self.parts.directory.resolve_channels()
        return self

    def __exit__(self, *_error: object) -> None:
        for engine in (self.parts.worker_engine, self.sessions.kw["bind"]):
            engine.dispose()

    def settle(self) -> None:
        """Let everything that is due be sent."""
        self.parts.worker.drain()

    def person(self, name: str) -> "Person":
        """Somebody of the workspace, at their screen."""
        return Person(self, name)

    def mails(self) -> list[dict[str, Any]]:
        """Every e-mail that arrived, oldest first."""
        return list(self.slack.control.get("mail")["mail"])

    def ticket(self, number: int = 1) -> Ticket:
        """A ticket as the database has it."""
        with self.sessions() as session:
            return session.scalars(select(Ticket).where(Ticket.id == number)).one()


class Person:
    """What somebody does and sees."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.name = desk, name
        self._control = desk.slack.control

    def command(self, command: str, text: str = "", channel: str | None = None) -> Any:
        where = {"channel": channel} if channel else {}
        return self._control.post("command", user=self.name, command=command, text=text, **where)

    def submit(self, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Fill the open form and send it; then let the worker work."""
        answer = self._control.post("submit", user=self.name, values=dict(values or {}))
        self.desk.settle()
        return dict(answer)

    def choose(self, label: str, option: str) -> dict[str, Any]:
        """Choose in a menu of the open modal."""
        return dict(self._control.post("click", user=self.name, text=label, option=option, **{"in": "modal"}))

    def press(self, words: str, where: str = "modal", **more: Any) -> dict[str, Any]:
        """Press a button in the modal, the home, or the newest message of a channel that has it."""
        place: Any = where
        if where not in {"modal", "home"}:
            place = {"channel": where, "ts": self._newest_with(words, where, stale=bool(more.get("stale")))}
        answer = self._control.post("click", user=self.name, text=words, **{"in": place}, **more)
        self.desk.settle()
        return dict(answer)

    def home(self) -> str:
        """Open the App Home; what it says."""
        self._control.post("home", user=self.name)
        return str(self.screen()["home"]["text"])

    def write(self, text: str, channel: str = DIRECT) -> dict[str, Any]:
        return dict(self._control.post("message", user=self.name, channel=channel, text=text))

    def screen(self) -> dict[str, Any]:
        return dict(self._control.get("screen", user=self.name))

    @property
    def modal(self) -> dict[str, Any]:
        """The open modal."""
        modal = self.screen()["modal"]
        assert modal is not None, f"{self.name} has no modal open"
        return dict(modal)

    @property
    def has_modal(self) -> bool:
        return self.screen()["modal"] is not None

    def messages(self, channel: str = DIRECT) -> list[dict[str, Any]]:
        """The messages of a channel, oldest first."""
        return list(self.screen()["channels"][channel])

    def reads(self, channel: str = DIRECT) -> list[str]:
        """The texts of a channel's messages, as read on the screen."""
        return [message["text"] for message in self.messages(channel)]

    def told(self) -> list[str]:
        """What only they were told."""
        return [message["text"] for message in self.screen()["ephemeral"]]

    def file_ticket(self, title: str = "Imprimante en panne", **values: Any) -> dict[str, Any]:
        """File a ticket with the command, in the person's language."""
        self.command("/ticket", title)
        labels = self.modal["labels"]
        french = "Titre" in labels
        form = (
            {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}
            if french
            else {"User impact": "Just me", "User urgency": "High", "Site": "IUT"}
        )
        return self.submit({**form, **values})

    def _newest_with(self, words: str, channel: str, *, stale: bool) -> str:
        messages = self.messages(channel)
        wanted = f"[{words}]".casefold().replace("’", "'")
        for message in reversed(messages):
            if stale or wanted in message["text"].casefold().replace("’", "'"):
                return str(message["ts"])
        raise AssertionError(f"{self.name} sees no button {words!r} in {channel}: {messages}")
