"""The objects of a workspace: people, channels, messages, files, views, and the app's calls."""

import secrets
import string
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
TEAM_ID = "T0PLAYGRND"
SLACKBOT = "USLACKBOT"

_ALPHABET = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    """A random id in Slack's form: a letter or two and ten capitals or digits."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(10))


@dataclass
class Person:
    """A member of the workspace; also the app's bot user."""

    id: str
    name: str  # the handle, as in "@camille"
    real_name: str
    email: str
    locale: str | None = "fr-FR"
    tz: str | None = "Europe/Paris"
    restricted: bool = False  # a guest
    is_bot: bool = False
    deleted: bool = False
    team_id: str = TEAM_ID  # another one for a person of Slack Connect, or of the Grid
    display_name: str | None = None  # the handle when it is None; it may be empty
    is_workflow_bot: bool = False
    bot_id: str = ""  # of a bot user
    teams: list[str] = field(default_factory=list)  # workspaces of the Grid; of a colleague, ours among them
    hidden: bool = False  # the app may not see them: `user_not_visible`
    manager: str = ""  # their handle or id, in a custom field of the profile
    without: list[str] = field(default_factory=list)  # fields missing in their user object, also "profile.…"

    @property
    def is_colleague(self) -> bool:
        """Whether the app may write to them: of this workspace, or of its Grid and in this workspace."""
        return self.team_id == TEAM_ID or TEAM_ID in self.teams

    @property
    def is_human(self) -> bool:
        """Whether a person uses this account."""
        return not (self.is_bot or self.deleted or self.id == SLACKBOT)


@dataclass
class Message:
    """A posted message. `ephemeral_for` is the only person who sees it."""

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
    deleted: bool = False  # a tombstone: a deleted root with replies
    subtype: str = ""  # "bot_message", "me_message", …
    username: str = ""  # the name of a `bot_message`
    bot_id: str = ""  # the other app that wrote it
    tombstones: list[str] = field(default_factory=list)  # removed files that are still shown as such
    state: dict[str, Json] = field(default_factory=dict)  # values[block_id][action_id] of its elements
    versions: list[list[Json]] = field(
        default_factory=list
    )  # earlier blocks, for clicks on an outdated screen


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
    shared: bool = False  # with another organisation, through Slack Connect
    posting: str = ""  # who may post: "" everybody, else one of `channels.POSTING`
    previous_names: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)  # the ts of deleted roots
    messages: dict[str, Message] = field(default_factory=dict)  # by ts, in order; replies too, not ephemerals


@dataclass
class Usergroup:
    """A user group, which can be mentioned, as in "@dnum"."""

    id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)
    disabled: bool = False


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
    token: str = field(
        default_factory=lambda: secrets.token_hex(8)
    )  # part of its URL, so that it cannot be guessed
    external: Json | None = None  # {"type", "url"} of a file outside Slack
    size: int | None = -1  # -1: that of the content; None: unknown
    url: str = ""  # its download URL, when that is on another host
    access: str = ""  # "hidden_by_limit", "access_denied" or "check_file_info" when the app has no access
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
    errors: dict[str, str] = field(default_factory=dict)  # block_id -> the error under this input

    @property
    def type(self) -> str:
        return str(self.payload["type"])


@dataclass
class Trigger:
    """The right to open a view: 3 seconds, once."""

    id: str
    user: str
    born: float  # by time.monotonic()
    used: bool = False
    view_id: str | None = None  # the view it was clicked in


@dataclass
class ResponseUrl:
    """A `response_url`: good for 5 answers within 30 minutes."""

    id: str
    user: str
    channel: str
    born: float
    uses: int = 0
    message_ts: str | None = None
    ephemeral: Message | None = None  # the clicked message, when that was ephemeral
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
