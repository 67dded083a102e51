"""The words and the rules of a ticket's life: states, the table of transitions, the priority matrix."""

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


class Role(StrEnum):
    """What somebody is to one ticket."""

    REQUESTER = "requester"
    TECHNICIAN = "technician"


class Action(StrEnum):
    """What may happen to a ticket; each event of its history carries one."""

    OPEN = "open"
    TAKE = "take"
    RESOLVE = "resolve"
    ASK = "ask"
    ANSWER = "answer"
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Transition:
    """One line of the table: who may do it, from where, to where, and what they must say."""

    sources: frozenset[Status]
    target: Status
    roles: frozenset[Role]
    needs_text: bool = False


_OPEN = frozenset({Status.NEW, Status.IN_PROGRESS, Status.PENDING})
_REQUESTER = frozenset({Role.REQUESTER})
_TECHNICIAN = frozenset({Role.TECHNICIAN})

TRANSITIONS: Mapping[Action, Transition] = {
    Action.TAKE: Transition(frozenset({Status.NEW}), Status.IN_PROGRESS, _TECHNICIAN),
    Action.RESOLVE: Transition(_OPEN, Status.RESOLVED, _TECHNICIAN, needs_text=True),
    Action.ASK: Transition(frozenset({Status.IN_PROGRESS}), Status.PENDING, _TECHNICIAN, needs_text=True),
    Action.ANSWER: Transition(frozenset({Status.PENDING}), Status.IN_PROGRESS, _REQUESTER, needs_text=True),
    Action.APPROVE: Transition(frozenset({Status.RESOLVED}), Status.CLOSED, _REQUESTER),
    Action.REFUSE: Transition(frozenset({Status.RESOLVED}), Status.IN_PROGRESS, _REQUESTER, needs_text=True),
    Action.CANCEL: Transition(_OPEN, Status.CLOSED, _REQUESTER | _TECHNICIAN, needs_text=True),
    Action.REOPEN: Transition(frozenset({Status.CLOSED}), Status.IN_PROGRESS, _REQUESTER, needs_text=True),
}

Matrix = Mapping[Impact, Mapping[Urgency, Priority]]


def checked(matrix: Matrix) -> Matrix:
    """The matrix itself, once it is known to be complete and monotone.

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
