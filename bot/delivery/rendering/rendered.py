"""What is to be sent: all that a sender needs, with no session open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.services.own_data.outcome import Posted
from models.approval_rule import Approvers
from models.base import LocalizedText
from models.outbox.kinds import DeliveryKind
from models.tickets.clocks.promise import ShownPromise
from models.tickets.event import Event
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class ReferenceKey:
    """The key of a `MessageReference`."""

    ticket_id: int
    recipient: str
    kind: DeliveryKind
    event_number: int = 0
    part: int = 0


@dataclass(frozen=True)
class Sent:
    """A message that stands in Slack."""

    channel: str
    ts: str


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
    former_root: Sent | None = None
    """The root of the thread in which an earlier attempt may have posted it: the card that the team had."""
    replaces: Sent | None = None
    """An earlier message of ours, deleted before this one is posted."""
    only_if_posted: bool = False
    """It is not posted any more, but an earlier attempt may have posted it: it is looked for, so that later
    deliveries can edit it."""
    tickets: Sequence[int] = ()
    """The numbers of the tickets that it lists, of a message about several."""


@dataclass(frozen=True)
class RenderedHome:
    slack_id: str
    view: Mapping[str, Any]


@dataclass(frozen=True)
class RenderedFile:
    """A file to fetch, unless it is stored already, and to post in a thread; without a channel it is stored
    only."""

    attachment_id: int
    slack_file_id: str
    owner: str | None
    """The Slack id of the person it must belong to."""
    name: str
    key: str | None
    channel: str | None
    thread_ts: str | None
    slack_id: str | None = None
    """Whose direct message it goes to, which is still to be opened."""


@dataclass(frozen=True)
class FileRemoval:
    """A file that its author deleted: our copies in Slack, by their ids, and its keys in the store."""

    attachment_id: int
    copies: Sequence[str]
    keys: Sequence[str]


@dataclass(frozen=True)
class RenderedOwnData:
    """A person's own data, which is written into a file when it is sent."""

    person_id: int
    slack_id: str
    text: str
    """What the message with the file says."""
    file_name: str
    file: str | None
    """Slack's id of the copy that an earlier attempt announced."""


@dataclass(frozen=True)
class AskedFor:
    """What an e-mail asks an approver to agree to."""

    by: str
    """The name of the requester."""
    role: LocalizedText
    """In which role the approver is asked."""
    absent: str | None
    """The name of the approver for whom they decide."""
    day: date
    """On which they were first asked."""


@dataclass(frozen=True)
class RenderedEmail:
    """The variables of an e-mail; its text is in the templates."""

    template: str
    locale: str
    to: str
    name: str
    ticket: Ticket
    event: Event
    token: str | None
    """The random part of its Message-ID; `None` in what version 0.1 queued."""
    at: datetime
    text: str = ""
    """The question, the solution or the reason."""
    answers: Sequence[tuple[str, str]] = ()
    """The service's questions with their answers."""
    files: Sequence[str] = ()
    """The names of the files that came with the step."""
    agreement: str = ""
    """Whose agreement the request waits for, in the first e-mail."""
    promise: ShownPromise | None = None
    """What is promised, in the first e-mail."""
    time_zone: str = "UTC"
    """The reader's."""
    original_is_open: bool = False
    """Of a duplicate."""
    closes_on: date | None = None
    """The day on which the ticket is closed if its requester stays silent."""
    asked_for: AskedFor | None = None
    """What an approver is asked; `None`: the reader is the requester."""
    is_confidential: bool = False
    """It has the ticket's number and state only."""
    message: "Sent | None" = None
    """The message in Slack that the link opens; `None`: the help desk."""


@dataclass(frozen=True)
class ChannelReading:
    """A channel to read from Slack; all that the bot is in when none is named."""

    channel: str | None


@dataclass(frozen=True)
class ApproverReading:
    """Approvers to read from Slack: those of a step's rule, or its fallback."""

    approval_id: int
    who: Approvers
    requester: str
    """The Slack id of the person whose manager may be asked."""


@dataclass(frozen=True)
class FoundApprovers:
    """Their Slack ids; each has a row."""

    slack_ids: Sequence[str]
    is_complete: bool
    """Whoever is not among them is not a member."""


@dataclass(frozen=True)
class DepartureReading:
    """Somebody to look for among the members of a channel that they left."""

    channel: str
    slack_id: str


@dataclass(frozen=True)
class Presence:
    """Whether they are really gone."""

    is_gone: bool


@dataclass(frozen=True)
class MessageRemoval:
    """A message of ours to delete."""

    message: Sent


Rendered = (
    RenderedMessage
    | MessageRemoval
    | RenderedHome
    | RenderedFile
    | FileRemoval
    | RenderedOwnData
    | RenderedEmail
    | ChannelReading
    | ApproverReading
    | DepartureReading
)

Outcome = Sent | Posted | FoundApprovers | Presence | str | None
"""What a sender gives: where the message stands, whom it found, whether somebody is gone, an e-mail's
Message-ID, or a file's id."""
