"""An app that records every payload, connected to a playground of its own."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from playground.state.workspace import SIGNING_SECRET
from playground.testing import Playground
from tests.playground.bolt_apps import connected
from tests.playground.web_api_calls import find

Json = dict[str, Any]


class RecordingApp:
    """An app that records the payloads that it receives, and its workspace."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        self.client = WebClient("xoxb-playground", retry_handlers=[])
        self.bodies: list[Json] = []
        self.retries: list[str] = []
        self.app = App(client=self.client, signing_secret=SIGNING_SECRET, token_verification_enabled=False)
        self.app.middleware(self._record)
        everything: Any = re.compile("")
        self.app.event(everything)(lambda: None)
        for listen_to in (self.app.action, self.app.view, self.app.shortcut, self.app.command):
            listen_to(everything)(lambda ack: ack())

    @property
    def events(self) -> list[Json]:
        """The events received, oldest first."""
        return [body["event"] for body in self.bodies if "event" in body]

    def of(self, subtype: str) -> list[Json]:
        """The events of a type or subtype."""
        return [event for event in self.events if subtype in (event["type"], event.get("subtype"))]

    def do(self, gesture: str, **fields: Any) -> Json:
        """A call of the control API that must succeed."""
        answer: Json = self.playground.control.post(gesture, **fields)
        assert answer["ok"], answer
        return answer

    def refused(self, gesture: str, **fields: Any) -> str:
        """The error of a call of the control API that must not succeed."""
        answer: Json = self.playground.control.post(gesture, **fields)
        assert not answer["ok"]
        return str(answer["error"])

    def write(
        self, text: str = "bonjour", user: str = "camille", channel: str = "@guichet", **more: Any
    ) -> Json:
        """Write a message as a person. Returns it."""
        return dict(self.do("message", user=user, channel=channel, text=text, **more)["message"])

    def id_of(self, key: str) -> str:
        """The id behind "@camille", "#general" or "dm:camille"."""
        return find(self.playground, key)

    def _record(self, req: BoltRequest, body: Json, next: Any) -> None:
        self.bodies.append(body)
        self.retries.append(",".join(req.headers.get("x-slack-retry-num", [])))
        next()


@pytest.fixture(scope="module")
def recording_server() -> Iterator[RecordingApp]:
    with Playground(rate_limits=False) as playground:
        recorder = RecordingApp(playground)
        with connected(recorder.app, playground):
            yield recorder


@pytest.fixture
def slack(recording_server: RecordingApp) -> Iterator[RecordingApp]:
    """The same, new; a rule that the app broke fails the test."""
    recording_server.playground.reset()
    recording_server.bodies.clear()
    recording_server.retries.clear()
    yield recording_server
    assert recording_server.playground.control.get("violations")["violations"] == []
