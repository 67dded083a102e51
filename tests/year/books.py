"""What is kept of a run, as plain data: what people and the desk did, what was posted, what a ticket said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.approvals.approval import Decision, StepState
from models.lifecycle import Action, Agreement, HoldReason, Status
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason


@dataclass(frozen=True)
class Step:
    """An event of a ticket's history."""

    ticket: int
    number: int
    at: datetime
    action: Action
    status: Status
    """After it."""
    is_by_requester: bool
    reason: HoldReason | None = None
    """Of a hold."""
    has_date: bool = False
    agreement: Agreement | None = None
    """What the ticket's agreement became with it."""


@dataclass(frozen=True)
class Seen:
    """A ticket as the database had it after a transaction."""

    ticket: int
    number: int
    """Of its last event."""
    at: datetime
    is_refresh: bool
    """The hours had changed; nothing else had happened."""
    status: Status
    priority: str
    team: str
    service: str | None
    is_child: bool
    is_assigned: bool
    taken_due_at: datetime | None
    due_at: datetime


@dataclass(frozen=True)
class Row:
    """A delivery of the outbox."""

    key: str
    kind: DeliveryKind
    state: DeliveryState
    created_at: datetime
    completed_at: datetime | None
    ticket: int | None
    person: int | None
    team: str | None
    reason: Reason | None = None
    waits: tuple[tuple[int, int], ...] = ()
    """Of a reminder: the tickets that are due, each with the number of the unanswered word."""
    percent: int = 0
    """Of a technicians' reminder."""
    untaken: tuple[int, ...] = ()
    template: str = ""
    """Of an e-mail."""
    event: int | None = None
    is_exhausted: bool = False
    """It tells the team that a requester gets no more e-mails about a ticket."""
    approval: int | None = None
    """The step of an agreement that it is about."""
    is_edit: bool = False
    is_uncertain: bool = False
    """An attempt before the last one may have sent it."""


@dataclass(frozen=True)
class Post:
    """A message that was posted in Slack, or an e-mail that was taken by the mail server."""

    at: datetime
    key: str
    """Of its delivery; of an e-mail, its Message-ID."""
    to: str


@dataclass(frozen=True)
class Asked:
    """A step of an agreement as the database had it after a transaction that changed it."""

    approval: int
    ticket: int
    at: datetime
    role: str
    """In French."""
    state: StepState
    open: frozenset[int]
    """The people who may decide."""
    has_fallback: bool
    """The fallback was asked too."""
    lines: int
    """How many messages its requester had about it."""


@dataclass(frozen=True)
class Click:
    """What somebody decided in a step, as they were told that it went well."""

    at: datetime
    approval: int
    person: int
    decision: Decision


@dataclass(frozen=True)
class Rules:
    """The settings from a time on."""

    since: datetime
    close_solution_after: int
    close_question_after: int


@dataclass
class Books:
    """All of it."""

    start: datetime
    end: datetime
    changed_at: datetime
    """When the catalogue's hours changed."""
    rules: Sequence[Rules] = ()
    steps: Sequence[Step] = ()
    seen: Sequence[Seen] = ()
    rows: Sequence[Row] = ()
    posts: Sequence[Post] = ()
    deleted: Mapping[str, datetime] = field(default_factory=dict)
    """When messages were deleted, by the keys of their deliveries."""
    mails: Sequence[Post] = ()
    refused: Sequence[Post] = ()
    """What Slack refused for good."""
    deaths: Mapping[str, int] = field(default_factory=dict)
    """How many workers died where."""
    resent: Mapping[str, int] = field(default_factory=dict)
    """How many workers died after each e-mail, before they saved that."""
    stopped: Sequence[tuple[datetime, datetime]] = ()
    """When no worker ran."""
    requesters: Mapping[int, int] = field(default_factory=dict)
    """Whose each ticket is."""
    filers: Mapping[int, int] = field(default_factory=dict)
    """Who filed it for them, if somebody did."""
    asked: Sequence[Asked] = ()
    clicks: Sequence[Click] = ()
    buttons: Sequence[str] = ()
    """The keys of the messages that had buttons to decide with at the end."""

    def rules_at(self, at: datetime) -> Rules:
        return [each for each in self.rules if each.since <= at][-1]
