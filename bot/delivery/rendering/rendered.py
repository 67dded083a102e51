"""What is to be sent, ready: all that a sender needs, with no session open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.outbox.kinds import DeliveryKind
from models.tickets.event import Event
from models.tickets.ticket import Ticket


class Superseded(Exception):
    """There is nothing to send any more; the argument says why."""


@dataclass(frozen=True)
class ReferenceKey:
    """Which of our messages this is: what it is found by when it must be edited."""

    ticket_id: int
    recipient: str
    kind: DeliveryKind
    event_number: int = 0
    part: int = 0


@dataclass(frozen=True)
class RenderedMessage:
    """A Slack message to post, or to edit when `edit_ts` is set."""

    channel: str | None
    """`None`: the direct message of `slack_id`, still to be opened."""
    slack_id: str | None
    text: str
    blocks: Sequence[Mapping[str, Any]]
    reference: ReferenceKey | None = None
    edit_ts: str | None = None
    thread_ts: str | None = None
    only_if_posted: bool = False
    """Nobody needs it any more, but it may stand there: to find, so that what follows can edit it."""


@dataclass(frozen=True)
class RenderedHome:
    slack_id: str
    view: Mapping[str, Any]


@dataclass(frozen=True)
class RenderedFile:
    """A file to fetch, unless it is kept already, and to post in a thread; without a channel in none."""

    attachment_id: int
    slack_file_id: str
    owner: str | None
    """The Slack id of whose it must be."""
    name: str
    key: str | None
    channel: str | None
    thread_ts: str | None


@dataclass(frozen=True)
class FileRemoval:
    """A file that its author took back: our copies in Slack, by its ids, and what the store keeps of it."""

    attachment_id: int
    copies: Sequence[str]
    keys: Sequence[str]


@dataclass(frozen=True)
class RenderedEmail:
    """What a mail needs; its words are in the templates."""

    template: str
    locale: str
    to: str
    name: str
    ticket: Ticket
    event: Event
    token: str | None
    """What tells its Message-ID from those of other installations; `None` in what version 0.1 queued."""
    at: datetime


@dataclass(frozen=True)
class ChannelReading:
    """A channel to read from Slack; all that the bot is in when none is named."""

    channel: str | None


Rendered = RenderedMessage | RenderedHome | RenderedFile | FileRemoval | RenderedEmail | ChannelReading


@dataclass(frozen=True)
class Sent:
    """Where a message landed."""

    channel: str
    ts: str
