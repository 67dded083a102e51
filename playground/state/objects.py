"""What a workspace consists of: people, channels, messages, files, views, and what the app did."""

import secrets
import string
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
TEAM_ID = "T0PLAYGRND"

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
