"""What may happen to a ticket, and its doing: the table `TRANSITIONS`, applied."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.characters import is_blank
from models.details import EventDetails
from models.errors import (
    AgreementAsked,
    PostponedEnough,
    RatedAlready,
    ReopeningTooLate,
    RoleRefused,
    TransitionRefused,
)
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import CONVERSATION, TRANSITIONS, Action, Agreement, Ending, Role, Status
from models.person import Person
from models.tickets.changes.effects import apply_effects
from models.tickets.clocks import clock
from models.tickets.clocks.clock import LevelOf, Step
from models.tickets.clocks.promise import has_moved_later, promise_of
from models.tickets.event import Change, Event
from models.tickets.ticket import SHORT_AFTER, Ticket

REOPENINGS = frozenset({Action.REOPEN, Action.UNDO_CLOSING})
POSTPONED_MAX = 2
"""How many weeks a requester may ask for in one wait."""


@dataclass(frozen=True)
class Trigger:
    """Who does something to a ticket, in which roles, when, and on which surface; what its clocks go by."""

    person: Person
    roles: Collection[Role]
    now: datetime
    surface: str
    level_of: LevelOf


def possible(ticket: Ticket, roles: Collection[Role]) -> list[Action]:
    """The actions that the ticket's state opens to these roles, whenever it was closed."""
    return [
        action
        for action, line in TRANSITIONS.items()
        if line.roles.intersection(roles) and is_possible(ticket, action)
    ]


def is_possible(ticket: Ticket, action: Action) -> bool:
    """Whether the ticket's state opens the action to those who may do it."""
    return ticket.status in TRANSITIONS[action].sources and _is_open(ticket, action)


def _is_open(ticket: Ticket, action: Action) -> bool:
    """Whether the ticket allows the action for more reasons than its status."""
    match action:
        case Action.RESOLVE:
            return ticket.agreement is not Agreement.ASKED
        case Action.AGREE | Action.DECLINE | Action.QUERY | Action.CHOOSE_APPROVER:
            return ticket.agreement is Agreement.ASKED
        case Action.COMPLETE:  # other answers ask anew for what was given
            return ticket.agreement in {Agreement.ASKED, Agreement.GIVEN}
        case Action.REOPEN:  # it is filed again, from what it said
            return ticket.ending is not Ending.DECLINED
        case Action.RATE:
            return ticket.may_be_rated
        case Action.CHASE if ticket.agreement is Agreement.ASKED:  # the team can do nothing yet
            return False
        case Action.EDIT | Action.CHASE:  # of a grouped follower the team has no card
            return not ticket.is_outage_child
        case Action.ASK_AGAIN:
            is_asked = ticket.status is Status.RESOLVED or ticket.awaits_answer
            return is_asked and ticket.requester_wrote_at is not None
        case Action.POSTPONE:
            return ticket.wait_event is not None and ticket.postponed < POSTPONED_MAX
        case Action.CLOSE:
            return ticket.wait_event is not None
        case Action.ATTACH:
            return not ticket.is_outage_child
        case Action.DETACH:
            return ticket.parent_id is not None or ticket.outage_id is not None
        case Action.FREE:
            return ticket.parent_id is not None
        case Action.UNDO_CLOSING:
            return ticket.ending in {Ending.CANCELLED, Ending.DUPLICATE}
    return True


def allowed(ticket: Ticket, roles: Collection[Role], *, now: datetime, reopen_days: int) -> list[Action]:
    """The actions open now to these roles: what a detail offers."""
    may_reopen = is_reopenable(ticket, now, reopen_days)
    return [action for action in possible(ticket, roles) if action not in REOPENINGS or may_reopen]


def is_reopenable(ticket: Ticket, now: datetime, reopen_days: int) -> bool:
    """Whether the ticket was closed at most `reopen_days` ago, and not for want of an agreement."""
    if ticket.closed_at is None or ticket.ending is Ending.DECLINED:
        return False
    return now <= ticket.closed_at + timedelta(days=reopen_days)


def check(ticket: Ticket, action: Action, roles: Collection[Role], *, resolution: int | None = None) -> None:
    """Raise why these roles cannot do `action` to the ticket as it is, if they cannot.

    `RoleRefused` when they may not; `TransitionRefused` when the state forbids it, or when they answer
    another `resolution` than the present one; `RatedAlready`.
    """
    line = TRANSITIONS[action]
    if not line.roles.intersection(roles):
        raise RoleRefused(action)
    if ticket.status not in line.sources or (resolution is not None and resolution != ticket.resolution):
        raise refusal(ticket, action)
    if _is_open(ticket, action):
        return
    if action is Action.RESOLVE:
        raise AgreementAsked(ticket.id)
    if action is Action.RATE and ticket.rating:
        raise RatedAlready
    if action is Action.POSTPONE and ticket.postponed >= POSTPONED_MAX:
        raise PostponedEnough(ticket.id)
    raise refusal(ticket, action)


def check_reopening(ticket: Ticket, now: datetime, reopen_days: int) -> None:
    """Raise `ReopeningTooLate` for a ticket that was closed more than `reopen_days` ago."""
    if not is_reopenable(ticket, now, reopen_days):
        raise ReopeningTooLate(ticket.id, reopen_days)


def refusal(ticket: Ticket, action: Action) -> TransitionRefused:
    """The error for an action that the state forbids; it says what led to the state."""
    last = ticket.turning_point
    return TransitionRefused(
        number=ticket.id,
        action=action,
        status=ticket.status,
        ending=ticket.ending,
        last_action=last.action if last else None,
        last_actor=last.actor.name if last else None,
        last_at=last.at if last else None,
        last_details=last.details if last else EventDetails(),
    )


def apply(
    ticket: Ticket,
    action: Action,
    trigger: Trigger,
    *,
    text: str | None = None,
    change: Change | None = None,
    resolution: int | None = None,
) -> Event:
    """Do `action` and return its event, to be added to the session.

    Raises what `check` raises, and `FieldRefused` when the action needs a text and has none.
    """
    check(ticket, action, trigger.roles, resolution=resolution)
    line = TRANSITIONS[action]
    text = (text or "").strip()
    if line.needs_text and is_blank(text):
        raise FieldRefused(Field.TEXT, FieldReason.MISSING)
    before, basis, promised = ticket.status, clock.basis(ticket), promise_of(ticket)
    agreement, parent = ticket.agreement, ticket.parent_id
    ticket.status = line.target or ticket.status
    apply_effects(ticket, action, trigger.person, text, trigger.now)
    details = change.make(ticket, trigger.now) if change else None
    if ticket.status is Status.CLOSED and ticket.agreement is Agreement.ASKED:
        ticket.agreement = Agreement.NOT_NEEDED  # nobody is asked any more
    if ticket.agreement is not agreement:
        details = (details or EventDetails()).model_copy(update={"agreement": ticket.agreement})
    if parent is not None and ticket.parent_id is None:
        details = (details or EventDetails()).model_copy(update={"left": parent})
    is_by_team = Role.TECHNICIAN in trigger.roles and trigger.person is not ticket.requester
    clock.follow(ticket, Step(action, trigger.now, is_by_team, basis), trigger.level_of)
    if promised and has_moved_later(promised, promise_of(ticket)):
        later = {"is_later": True, "later_than": promised.at}
        details = (details or EventDetails()).model_copy(update=later)
    # The text of a conversation is stored as a comment, not in the history.
    kept = None if action in CONVERSATION else text or None
    return record(ticket, action, trigger, before=before, text=kept, details=details)


def open_new(ticket: Ticket, trigger: Trigger) -> Event:
    """Start the clocks of a new ticket. Returns the first event of its history."""
    clock.begin(ticket, trigger.level_of(ticket.team, ticket.service))
    is_asked = ticket.agreement is Agreement.ASKED
    details = EventDetails(agreement=ticket.agreement) if is_asked else None
    return record(ticket, Action.OPEN, trigger, before=None, details=details)


def record(
    ticket: Ticket,
    action: Action,
    trigger: Trigger,
    *,
    before: Status | None,
    text: str | None = None,
    details: EventDetails | None = None,
) -> Event:
    """The next event of the ticket's history."""
    ticket.event_count += 1
    ticket.changed_at = trigger.now
    ticket.shortens_at = trigger.now + SHORT_AFTER if ticket.status is Status.CLOSED else None
    if before is not ticket.status or action in {Action.ASSIGN, Action.UNASSIGN}:
        ticket.state_event = ticket.event_count
    return Event(
        ticket=ticket,
        number=ticket.event_count,
        at=trigger.now,
        actor=trigger.person,
        action=action,
        from_status=before,
        to_status=ticket.status,
        surface=trigger.surface,
        text=text,
        details=details or EventDetails(),
    )
