"""The life of a ticket: states, actions, the table of transitions, the priority matrix."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations_with_replacement, product


class Kind(StrEnum):
    """ITIL: something is broken, or something is asked for."""

    INCIDENT = "incident"
    REQUEST = "request"


class Status(StrEnum):
    NEW = "new"
    IN_PROGRESS = "in_progress"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Ending(StrEnum):
    """How a closed ticket was closed."""

    APPROVED = "approved"
    SILENCE = "silence"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    DECLINED = "declined"  # a request that its approvers did not agree to


class Agreement(StrEnum):
    """Whether the people whose agreement a ticket needs have given it; beside its status."""

    NOT_NEEDED = "not_needed"
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"


class Impact(StrEnum):
    PERSON = "person"
    SERVICE = "service"
    ORGANISATION = "organisation"


class Urgency(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Priority(StrEnum):
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class HoldReason(StrEnum):
    """What a pending ticket waits for."""

    REQUESTER = "requester"
    SUPPLIER = "supplier"
    PART = "part"
    DATE = "date"


class Rating(StrEnum):
    """How satisfied a requester is."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class Role(StrEnum):
    """A person's role for one ticket."""

    REQUESTER = "requester"
    TECHNICIAN = "technician"
    APPROVER = "approver"  # is asked for their agreement in the present step
    DESK = "desk"  # the help desk itself: a date has come, an original is resolved


class Action(StrEnum):
    """What may happen to a ticket; each event of its history has one."""

    OPEN = "open"
    TAKE = "take"
    ASSIGN = "assign"
    RESOLVE = "resolve"
    REPLY = "reply"  # a technician to the requester
    ASK = "ask"  # the same, and the ticket waits for the answer
    ANSWER = "answer"  # the requester, to a pending ticket
    COMMENT = "comment"  # the requester, to any other
    NOTE = "note"  # internal: for the team only
    HOLD = "hold"
    RESUME = "resume"
    WAKE = "wake"  # on the date that the ticket was waiting for
    REQUALIFY = "requalify"
    EDIT = "edit"  # the requester, while nobody has taken it
    TRANSFER = "transfer"  # to another team
    APPROVE = "approve"
    RECORD_APPROVAL = "record_approval"  # the requester approved by word of mouth
    REFUSE = "refuse"
    CANCEL = "cancel"
    DUPLICATE = "duplicate"
    REOPEN = "reopen"
    RATE = "rate"
    ASK_AGAIN = "ask_again"  # a technician, after the requester wrote: the question or solution still stands
    POSTPONE = "postpone"  # the requester needs a week more
    CHASE = "chase"  # the requester, who waits for the team
    CLOSE = "close"  # the desk: its requester never answered
    AGREE = "agree"  # an approver
    DECLINE = "decline"  # the same: the request is closed
    QUERY = "query"  # the same, who needs an information first
    COMPLETE = "complete"  # the requester gives it, or changes what was asked
    CHOOSE_APPROVER = "choose_approver"  # the requester, or the team, names somebody else to ask
    REQUEST_AGREEMENT = "request_agreement"  # a technician asks for one by hand
    RECORD_AGREEMENT = "record_agreement"  # a technician notes one that was given elsewhere
    ATTACH = "attach"  # a technician attaches it to another ticket or a known outage
    DETACH = "detach"  # the same, undone
    ORIGINAL_RESOLVED = "original_resolved"  # the ticket that a closed duplicate names is resolved
    FREE = "free"  # the desk: it cannot be resolved with the ticket that it is attached to
    UNDO_CLOSING = "undo_closing"  # a duplicate or a cancellation by mistake
    UNASSIGN = "unassign"  # the desk: who had it has left the team


# Actions whose text is stored as a comment, which follows the edits of the message.
CONVERSATION = frozenset({Action.REPLY, Action.ASK, Action.ANSWER, Action.COMMENT, Action.NOTE})
# What a requester writes to the team, and what the team answers them.
REQUESTER_WRITES = frozenset({Action.ANSWER, Action.COMMENT, Action.REFUSE, Action.REOPEN})
TEAM_ANSWERS = frozenset({Action.REPLY, Action.ASK, Action.ASK_AGAIN, Action.RESOLVE})
# Events that only the team sees, and those whose text only the team sees.
INTERNAL = frozenset({Action.NOTE})
INTERNAL_WORDS = frozenset({Action.NOTE, Action.HOLD, Action.TRANSFER, Action.RECORD_APPROVAL})


@dataclass(frozen=True)
class Transition:
    """One line of the table: from which states to which, in which roles, and whether a text is needed."""

    sources: frozenset[Status]
    target: Status | None
    """`None`: the state stays the same."""
    roles: frozenset[Role]
    needs_text: bool = False


_NEW, _IN_PROGRESS, _PENDING, _RESOLVED, _CLOSED = (frozenset({status}) for status in Status)
_OPEN = _NEW | _IN_PROGRESS | _PENDING
_ANY = frozenset(Status)
_REQUESTER = frozenset({Role.REQUESTER})
_TECHNICIAN = frozenset({Role.TECHNICIAN})
_APPROVER = frozenset({Role.APPROVER})
_DESK = frozenset({Role.DESK})

TRANSITIONS: Mapping[Action, Transition] = {
    Action.TAKE: Transition(_NEW, Status.IN_PROGRESS, _TECHNICIAN),
    Action.RESUME: Transition(_PENDING, Status.IN_PROGRESS, _TECHNICIAN),
    Action.REPLY: Transition(_ANY - _CLOSED, None, _TECHNICIAN, needs_text=True),
    Action.ASK: Transition(_NEW | _IN_PROGRESS, Status.PENDING, _TECHNICIAN, needs_text=True),
    Action.ANSWER: Transition(_PENDING, Status.IN_PROGRESS, _REQUESTER, needs_text=True),
    Action.COMMENT: Transition(_ANY - _PENDING, None, _REQUESTER, needs_text=True),
    Action.RESOLVE: Transition(_OPEN, Status.RESOLVED, _TECHNICIAN, needs_text=True),
    Action.NOTE: Transition(_ANY, None, _TECHNICIAN, needs_text=True),
    Action.ASSIGN: Transition(_OPEN, None, _TECHNICIAN),
    Action.HOLD: Transition(_NEW | _IN_PROGRESS, Status.PENDING, _TECHNICIAN),
    Action.WAKE: Transition(_PENDING, Status.IN_PROGRESS, _DESK),
    Action.REQUALIFY: Transition(_OPEN, None, _TECHNICIAN),
    Action.EDIT: Transition(_NEW, None, _REQUESTER),
    Action.TRANSFER: Transition(_OPEN, Status.NEW, _TECHNICIAN, needs_text=True),
    Action.APPROVE: Transition(_RESOLVED, Status.CLOSED, _REQUESTER),
    Action.RECORD_APPROVAL: Transition(_RESOLVED, Status.CLOSED, _TECHNICIAN, needs_text=True),
    Action.REFUSE: Transition(_RESOLVED, Status.IN_PROGRESS, _REQUESTER, needs_text=True),
    Action.DUPLICATE: Transition(_OPEN, Status.CLOSED, _TECHNICIAN),
    Action.CANCEL: Transition(_OPEN, Status.CLOSED, _REQUESTER | _TECHNICIAN, needs_text=True),
    Action.REOPEN: Transition(_CLOSED, Status.IN_PROGRESS, _REQUESTER, needs_text=True),
    Action.RATE: Transition(_CLOSED, None, _REQUESTER),
    Action.ASK_AGAIN: Transition(_PENDING | _RESOLVED, None, _TECHNICIAN),
    Action.POSTPONE: Transition(_PENDING | _RESOLVED, None, _REQUESTER),
    Action.CHASE: Transition(_NEW | _IN_PROGRESS, None, _REQUESTER),
    Action.CLOSE: Transition(_PENDING | _RESOLVED, Status.CLOSED, _DESK),
    Action.AGREE: Transition(_OPEN, None, _APPROVER),
    Action.DECLINE: Transition(_OPEN, Status.CLOSED, _APPROVER, needs_text=True),
    Action.QUERY: Transition(_OPEN, None, _APPROVER, needs_text=True),
    Action.COMPLETE: Transition(_OPEN, None, _REQUESTER),
    Action.CHOOSE_APPROVER: Transition(_OPEN, None, _REQUESTER | _TECHNICIAN),
    Action.REQUEST_AGREEMENT: Transition(_OPEN, None, _TECHNICIAN, needs_text=True),
    Action.RECORD_AGREEMENT: Transition(_OPEN, None, _TECHNICIAN, needs_text=True),
    Action.ORIGINAL_RESOLVED: Transition(_CLOSED, None, _DESK),
    Action.ATTACH: Transition(_OPEN, None, _TECHNICIAN),
    Action.DETACH: Transition(_OPEN, None, _TECHNICIAN),
    Action.FREE: Transition(_OPEN, None, _DESK),
    Action.UNDO_CLOSING: Transition(_CLOSED, Status.IN_PROGRESS, _TECHNICIAN, needs_text=True),
    Action.UNASSIGN: Transition(_IN_PROGRESS | _PENDING, None, _DESK),
}

Matrix = Mapping[Impact, Mapping[Urgency, Priority]]


def checked(matrix: Matrix) -> Matrix:
    """The matrix itself, if it is complete and monotone.

    Raises `ValueError` when a pair is missing, or when more impact or more urgency gives less priority.
    """
    for pair in product(Impact, Urgency):
        if pair[1] not in matrix.get(pair[0], {}):
            raise ValueError(f"no priority for impact {pair[0]} and urgency {pair[1]}")
    impacts = combinations_with_replacement(Impact, 2)
    urgencies = combinations_with_replacement(Urgency, 2)
    for (impact, worse_impact), (urgency, worse_urgency) in product(impacts, urgencies):
        if matrix[worse_impact][worse_urgency] > matrix[impact][urgency]:  # "P1" sorts before "P4"
            raise ValueError(
                f"{worse_impact}/{worse_urgency} must not have less priority than {impact}/{urgency}"
            )
    return matrix


def _row(*critical_to_low: Priority) -> Mapping[Urgency, Priority]:
    return dict(zip(reversed(Urgency), critical_to_low, strict=True))


_P1, _P2, _P3, _P4 = Priority
PRIORITIES: Matrix = checked(
    {
        Impact.ORGANISATION: _row(_P1, _P1, _P2, _P4),
        Impact.SERVICE: _row(_P1, _P2, _P3, _P4),
        Impact.PERSON: _row(_P2, _P3, _P3, _P4),
    }
)


def priority_of(impact: Impact, urgency: Urgency) -> Priority:
    """The priority that the matrix gives to a pair."""
    return PRIORITIES[impact][urgency]


TITLE_MAX = 150
DESCRIPTION_MAX = 12_000  # as long as a message of Slack's; what is longer follows as a comment
