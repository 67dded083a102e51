"""What an action always changes beside the status."""

from datetime import datetime

from models.lifecycle import (
    REQUESTER_WRITES,
    TEAM_ANSWERS,
    Action,
    Ending,
    HoldReason,
    Status,
)
from models.person import Person
from models.tickets.changes.links import ungroup
from models.tickets.ticket import Ticket

_ENDS_WAIT = frozenset({Action.ANSWER, Action.WAKE})


def apply_effects(ticket: Ticket, action: Action, actor: Person, text: str, now: datetime) -> None:
    """Change what the action always changes beside the status, which is the new one already."""
    if ticket.status is not Status.PENDING:
        ticket.hold_reason = ticket.hold_until = ticket.hold_day = ticket.wakes_at = None
    if action in _ENDS_WAIT and ticket.assignee is None:
        ticket.status = Status.NEW  # nobody has taken it, or who had it has left the team
    if action in REQUESTER_WRITES:
        ticket.requester_wrote_at = now
    elif action in TEAM_ANSWERS:
        ticket.requester_wrote_at = ticket.chased_at = None
    match action:
        case Action.TAKE:
            ticket.assignee, ticket.taken_at = actor, now
        case Action.RESUME if ticket.assignee is None:
            ticket.assignee, ticket.taken_at = actor, now
        case Action.ASK:
            ticket.hold_reason = HoldReason.REQUESTER
        case Action.RESOLVE:
            _propose(ticket, actor, text, now)
        case Action.REFUSE:
            _withdraw_solution(ticket)
            ungroup(ticket)
        case Action.COMMENT | Action.ANSWER:
            ungroup(ticket)
        case Action.APPROVE | Action.RECORD_APPROVAL:
            ticket.ending, ticket.closed_at = Ending.APPROVED, now
        case Action.CANCEL:
            ticket.ending, ticket.closed_at = Ending.CANCELLED, now
        case Action.CLOSE:
            ticket.ending, ticket.closed_at = Ending.SILENCE, now
        case Action.DECLINE:
            ticket.ending, ticket.closed_at = Ending.DECLINED, now
        case Action.POSTPONE:
            _postpone(ticket)
        case Action.CHASE:
            ticket.chased_at = now
        case Action.REOPEN | Action.UNDO_CLOSING:
            _reopen(ticket)


def _propose(ticket: Ticket, actor: Person, solution: str, now: datetime) -> None:
    ticket.solution, ticket.resolved_at = solution, now
    ticket.resolution = ticket.event_count + 1  # the event about to be recorded
    if ticket.assignee is None:
        ticket.assignee, ticket.taken_at = actor, now


def _postpone(ticket: Ticket) -> None:
    """A week more: the last reminder is sent again then, once however often they ask before."""
    ticket.postponed += 1
    if ticket.warned_at is not None or ticket.warned < ticket.reminded:
        ticket.reminded -= 1
        ticket.warned, ticket.warned_at = min(ticket.warned, ticket.reminded), None


def _withdraw_solution(ticket: Ticket) -> None:
    """The old solution leaves the ticket; it stays in its history."""
    ticket.solution = ticket.resolved_at = ticket.resolution = None


def _reopen(ticket: Ticket) -> None:
    ticket.ending = ticket.closed_at = ticket.duplicate_of_id = None
    ticket.rating = ticket.rating_comment = None
    ungroup(ticket)
    _withdraw_solution(ticket)
    if ticket.assignee is None:
        ticket.status = Status.NEW
