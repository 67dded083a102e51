"""The state of one local Slack workspace, in memory.

Everything here is touched from the server's event loop only, so nothing is locked. Rules live elsewhere
(`block_kit`, `web_api`, `client`): this module holds what is, and tells those who wait that it has changed.
"""

import asyncio
import secrets
import string
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.state.clock import Clock

Json = dict[str, Any]
TEAM_ID = "T0PLAYGRND"
APP_ID = "A0PLAYGRND"
BOT_USER_ID = "U0GUICHET0"
BOT_ID = "B0GUICHET0"
BOT_TOKEN = "xoxb-playground"
APP_TOKEN = "xapp-playground"
SIGNING_SECRET = "playground"

_ALPHABET = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    """A random id in Slack's form: a letter or two and ten capitals or digits."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(10))


@dataclass
class Person:
    """A member of the workspace, the app's own bot user among them."""

    id: str
    name: str  # the handle, as in "@camille"
    real_name: str
    email: str
    locale: str = "fr-FR"
    tz: str = "Europe/Paris"
    restricted: bool = False  # a guest
    is_bot: bool = False
    deleted: bool = False
    team_id: str = TEAM_ID  # another one: a person met through Slack Connect


@dataclass
class Message:
    """What somebody posted. `ephemeral_for` names the only person who sees it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    reactions: dict[str, set[str]] = field(default_factory=dict)
    edited: str | None = None
    ephemeral_for: str | None = None
    client_msg_id: str | None = None
    deleted: bool = False  # a root whose replies keep its place: a tombstone
    state: dict[str, Json] = field(default_factory=dict)  # values[block_id][action_id] of its elements
    versions: list[list[Json]] = field(default_factory=list)  # earlier blocks, for clicks on an old screen


@dataclass
class Channel:
    """A conversation. The direct message of a person with the app has kind `im` and that person's id."""

    id: str
    name: str
    kind: Literal["public", "private", "im"]
    members: set[str] = field(default_factory=set)
    person: str | None = None
    archived: bool = False
    topic: str = ""
    messages: dict[str, Message] = field(default_factory=dict)  # by ts, in order; replies too, not ephemerals


@dataclass
class File:
    """An uploaded file. Private to its owner until shared in a channel."""

    id: str
    user: str
    name: str
    mimetype: str
    content: bytes
    created: int
    title: str = ""
    shared_in: set[str] = field(default_factory=set)
    token: str = field(default_factory=lambda: secrets.token_hex(8))  # makes its address unguessable
    complete: bool = True  # False between the upload and its completion
    deleted: bool = False


@dataclass
class View:
    """A modal or an App Home, as the app gave it (block_ids and action_ids filled in)."""

    id: str
    user: str
    payload: Json
    hash: str
    state: dict[str, Json] = field(default_factory=dict)  # values[block_id][action_id]
    root_id: str = ""
    previous_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict)  # block_id -> what stands in red under this input

    @property
    def type(self) -> str:
        return str(self.payload["type"])


@dataclass
class Trigger:
    """The right to open a view: 3 seconds, once."""

    id: str
    user: str
    born: float
    used: bool = False
    view_id: str | None = None  # the view it was clicked in


@dataclass
class ResponseUrl:
    """An address to answer an interaction: 5 times in 30 minutes."""

    id: str
    user: str
    channel: str
    born: float
    uses: int = 0
    message_ts: str | None = None
    ephemeral: Message | None = None  # its source, when that was ephemeral
    thread_ts: str | None = None


@dataclass(frozen=True)
class Violation:
    """A rule of Slack that the app broke."""

    rule: str  # a short code: "invalid_blocks", "late_ack", "bad_ack", "expired_trigger_id", …
    where: str  # the method or the payload's type
    detail: str
    at: float


@dataclass(frozen=True)
class Call:
    """One Web API call of the app, with Slack's answer."""

    method: str
    arguments: Json
    status: int
    answer: Json
    at: float


class Workspace:
    """People, channels, files, open views, and what has happened since the start."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.version = 0
        self._changed: asyncio.Event | None = None
        self.clear()

    def clear(self) -> None:
        """Nobody, nowhere, nothing; the clock keeps its time."""
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[str]] = {}  # person id -> ids of the open modals, the top one last
        self.homes: dict[str, str] = {}  # person id -> id of the published home view
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.ephemerals: dict[str, list[Message]] = {}  # person id -> what only they see
        self.read_up_to: dict[tuple[str, str], str] = {}  # (person id, channel id) -> ts, for unread marks
        self.toasts: dict[str, list[str]] = {}  # person id -> refusals that Slack itself showed
        self.violations: list[Violation] = []
        self.calls: list[Call] = []

    # -- who and where ---------------------------------------------------------------------------------

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

    def direct_message(self, person_id: str) -> Channel:
        """The person's direct message with the app, made when there is none."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.person == person_id:
                return channel
        channel = Channel(new_id("D"), "guichet", "im", {person_id, BOT_USER_ID}, person=person_id)
        self.channels[channel.id] = channel
        return channel

    # -- what happened ---------------------------------------------------------------------------------

    def violate(self, rule: str, where: str, detail: str) -> None:
        """Record that the app broke a rule."""
        self.violations.append(Violation(rule, where, detail, self.clock.now()))
        self.changed()

    def changed(self) -> None:
        """Wake everyone who waits for something to appear."""
        self.version += 1
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    async def next_change(self, timeout: float) -> bool:
        """Wait for the next change, at most `timeout` seconds; False when nothing came."""
        if self._changed is None:
            self._changed = asyncio.Event()
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return False
        return True
