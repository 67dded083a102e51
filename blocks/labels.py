"""The words for the model's own words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from blocks.i18n import N_, Translator
from models.base import LocalizedText
from models.lifecycle import (
    Action,
    Ending,
    HoldReason,
    Impact,
    Kind,
    Priority,
    Rating,
    Status,
    Urgency,
)
from models.tickets.event import Event
from models.tickets.ticket import Ticket

KIND: Mapping[Kind, str] = {Kind.INCIDENT: N_("Incident"), Kind.REQUEST: N_("Service request")}

STATUS: Mapping[Status, str] = {
    Status.NEW: N_("New"),
    Status.IN_PROGRESS: N_("In progress"),
    Status.PENDING: N_("Pending"),
    Status.RESOLVED: N_("Resolved"),
    Status.CLOSED: N_("Closed"),
}

ENDING: Mapping[Ending, str] = {
    Ending.APPROVED: N_("Approved"),
    Ending.SILENCE: N_("No answer"),
    Ending.CANCELLED: N_("Cancelled"),
    Ending.DUPLICATE: N_("Duplicate"),
}

IMPACT: Mapping[Impact, str] = {
    Impact.PERSON: N_("Just me"),
    Impact.SERVICE: N_("My team or a room"),
    Impact.ORGANISATION: N_("Several departments"),
}

URGENCY: Mapping[Urgency, str] = {
    Urgency.LOW: N_("Low"),
    Urgency.MEDIUM: N_("Medium"),
    Urgency.HIGH: N_("High"),
    Urgency.CRITICAL: N_("Critical (work blocked)"),
}

PRIORITY: Mapping[Priority, str] = {
    Priority.P1: N_("Critical priority"),
    Priority.P2: N_("High priority"),
    Priority.P3: N_("Medium priority"),
    Priority.P4: N_("Low priority"),
}

# The same where "Priority" stands before it.
PRIORITY_WORD: Mapping[Priority, str] = {
    Priority.P1: N_("Critical"),
    Priority.P2: N_("High"),
    Priority.P3: N_("Medium"),
    Priority.P4: N_("Low"),
}

HOLD: Mapping[HoldReason, str] = {
    HoldReason.REQUESTER: N_("the requester’s answer"),
    HoldReason.SUPPLIER: N_("a supplier"),
    HoldReason.PART: N_("a part"),
    HoldReason.DATE: N_("a date"),
}

RATING: Mapping[Rating, str] = {
    Rating.GOOD: N_("😀 Satisfied"),
    Rating.FAIR: N_("😐 So-so"),
    Rating.BAD: N_("🙁 Dissatisfied"),
}

# What a line of history says: "{name}" did it; the other fields come from its details.
HISTORY: Mapping[Action, str] = {
    Action.OPEN: N_("Filed by {name}"),
    Action.TAKE: N_("Taken by {name}"),
    Action.ASSIGN: N_("Given to {to} by {name}"),
    Action.RESOLVE: N_("Resolved by {name}"),
    Action.REPLY: N_("Reply from {name}"),
    Action.ASK: N_("Question from {name}"),
    Action.ANSWER: N_("Answer from {name}"),
    Action.COMMENT: N_("Message from {name}"),
    Action.NOTE: N_("Internal note from {name}"),
    Action.HOLD: N_("Put on hold by {name}, waiting for {reason}"),
    Action.RESUME: N_("Taken up again by {name}"),
    Action.WAKE: N_("Taken up again on the date set by {name}"),
    Action.REQUALIFY: N_("Requalified by {name} ({changes})"),
    Action.TRANSFER: N_("Handed over from {from} to {to} by {name}"),
    Action.APPROVE: N_("Resolution approved by {name}"),
    Action.RECORD_APPROVAL: N_("Resolution approved by word of mouth, as recorded by {name}"),
    Action.REFUSE: N_("Resolution refused by {name}"),
    Action.CANCEL: N_("Cancelled by {name}"),
    Action.DUPLICATE: N_("Closed by {name} as a duplicate of No. {of}"),
    Action.REOPEN: N_("Reopened by {name}"),
    Action.RATE: N_("{name} is {rating}"),
}

_CHANGED: Mapping[str, str] = {
    "impact": N_("impact"),
    "urgency": N_("urgency"),
    "site": N_("site"),
    "service": N_("service"),
    "priority": N_("priority"),
}


def state(_: Translator, ticket: Ticket) -> str:
    """The ticket's state in words: what a pending one waits for, how a closed one ended."""
    words = _(STATUS[ticket.status])
    if ticket.ending:
        return f"{words} ({_(ENDING[ticket.ending]).lower()})"
    if ticket.hold_reason is HoldReason.REQUESTER and ticket.hold_until is None:
        awaited = _("answer awaited")  # the requester reads it too
        return f"{words} ({awaited})"
    if ticket.hold_reason:
        return f"{words} ({hold(_, ticket.hold_reason, ticket.waits_until)})"
    return words


def hold(_: Translator, reason: HoldReason, until: date | None) -> str:
    """What a ticket waits for: "une pièce, 3 décembre 2026"; a date alone stands for itself."""
    parts = [] if until and reason is HoldReason.DATE else [_(HOLD[reason])]
    return ", ".join([*parts, *([_.day(until)] if until else [])])


def priority(_: Translator, ticket: Ticket) -> str:
    """The ticket's priority in words; what presses has a mark too."""
    mark = {Priority.P1: "🔴 ", Priority.P2: "🟠 "}.get(ticket.priority, "")
    return mark + _(PRIORITY[ticket.priority])


def done(_: Translator, event: Event) -> str:
    """What a line of history says: "Pris par Karim"."""
    return done_by(_, event.action, event.actor.name, event.details)


def done_by(_: Translator, action: Action, name: str, details: Mapping[str, Any]) -> str:
    """The same, from its parts."""
    return _(HISTORY[action], name=name, **_fields(_, action, details))


def _fields(_: Translator, action: Action, details: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a line of history beside its author's name."""
    match action:
        case Action.HOLD:
            until = datetime.fromisoformat(details["until"]) if details["until"] else None
            return {"reason": hold(_, HoldReason(details["reason"]), until)}
        case Action.REQUALIFY:
            changes = [f"{_(_CHANGED[key])}: {_pair(_, key, pair)}" for key, pair in details.items()]
            return {"changes": ", ".join(changes)}
        case Action.TRANSFER:
            return {key: LocalizedText(**details[key]).in_(_.locale) for key in ("from", "to")}
        case Action.RATE:
            return {"rating": _(RATING[Rating(details["rating"])]).lower()}
    return {key: str(value) for key, value in details.items()}


def _pair(_: Translator, key: str, pair: list[Any]) -> str:
    """What it was, and what it is now."""
    before, after = (_value(_, key, value) for value in pair)
    return f"{before} → {after}"


def _value(_: Translator, key: str, value: Any) -> str:
    match key:
        case "impact":
            return _(IMPACT[Impact(value)])
        case "urgency":
            return _(URGENCY[Urgency(value)])
        case "priority":
            return _(PRIORITY_WORD[Priority(value)])
    return LocalizedText(**value).in_(_.locale) if value else "—"
