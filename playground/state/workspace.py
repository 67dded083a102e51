"""The state of one local Slack workspace, in memory.

Only the server's event loop may access it, so there are no locks. The rules are in `block_kit`, `web_api` and
`client`; this module holds the state, and notifies waiters of changes.
"""

import asyncio
from collections.abc import Callable

from playground.state.clock import Clock
from playground.state.objects import (
    SLACKBOT,
    TEAM_ID,
    Call,
    Channel,
    File,
    Json,
    Message,
    Person,
    ResponseUrl,
    Trigger,
    Usergroup,
    View,
    Violation,
    new_id,
)

__all__ = [
    "APP_ID",
    "APP_TOKEN",
    "BOT_ID",
    "BOT_TOKEN",
    "BOT_USER_ID",
    "SIGNING_SECRET",
    "SLACKBOT",
    "TEAM_ID",
    "Call",
    "Channel",
    "File",
    "Json",
    "Message",
    "Person",
    "ResponseUrl",
    "Trigger",
    "Usergroup",
    "View",
    "Violation",
    "Workspace",
    "new_id",
]
APP_ID = "A0PLAYGRND"
BOT_USER_ID = "U0GUICHET0"
BOT_ID = "B0GUICHET0"
BOT_TOKEN = "xoxb-playground"
APP_TOKEN = "xapp-playground"
SIGNING_SECRET = "706c617967726f756e642d736c61636b"  # 32 digits from 0 to f, as Slack's


class Workspace:
    """People, channels, files, open views, and the record of calls and violations."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.version = 0
        self._changed: asyncio.Event | None = None
        self.clear()

    def clear(self) -> None:
        """Empty the workspace; the clock is not changed."""
        self.enterprise_id: str | None = None  # of the Enterprise Grid that the workspace is part of
        self.org_install = False  # the app was installed for the whole organisation
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.altered: set[str] = (
            set()
        )  # ids of what was changed without the app: refusals about them are no violations
        self.files: dict[str, File] = {}
        self.held_shares: list[Callable[[], object]] | None = None  # messages of files, while shares are held
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[str]] = {}  # person id -> ids of the open modals, the top one last
        self.homes: dict[str, str] = {}  # person id -> id of the published home view
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.ephemerals: dict[str, list[Message]] = {}  # person id -> their ephemeral messages
        self.read_up_to: dict[tuple[str, str], str] = {}  # (person id, channel id) -> ts, for unread marks
        self.toasts: dict[str, list[str]] = {}  # person id -> error messages of Slack itself
        self.violations: list[Violation] = []
        self.calls: list[Call] = []

    # -- looking up ------------------------------------------------------------------------------------

    def person(self, key: str) -> Person | None:
        """The person with this id or handle (a leading @ is allowed)."""
        wanted = key.removeprefix("@")
        return self.people.get(wanted) or next((p for p in self.people.values() if p.name == wanted), None)

    def channel(self, key: str) -> Channel | None:
        """The channel with this id or name (a leading # is allowed)."""
        wanted = key.removeprefix("#")
        return self.channels.get(wanted) or next(
            (c for c in self.channels.values() if c.kind != "im" and c.name == wanted), None
        )

    def usergroup(self, key: str) -> Usergroup | None:
        """The user group with this id or handle."""
        return self.usergroups.get(key) or next(
            (group for group in self.usergroups.values() if group.handle == key), None
        )

    def direct_message(self, person_id: str) -> Channel:
        """The person's direct message with the app, created when there is none."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.person == person_id:
                return channel
        channel = Channel(new_id("D"), "guichet", "im", {person_id, BOT_USER_ID}, person=person_id)
        self.channels[channel.id] = channel
        return channel

    # -- changes ---------------------------------------------------------------------------------------

    def violate(self, rule: str, where: str, detail: str) -> None:
        """Record that the app broke a rule."""
        self.violations.append(Violation(rule, where, detail, self.clock.now()))
        self.changed()

    def changed(self) -> None:
        """Wake those who wait in `next_change`."""
        self.version += 1
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    async def next_change(self, timeout: float) -> bool:
        """Wait for the next change, at most `timeout` seconds; False when there was none."""
        if self._changed is None:
            self._changed = asyncio.Event()
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return False
        return True
