"""The labels of enums, and the lines of a ticket's history."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from blocks.i18n import N_, Translator
from models.base import LocalizedText
from models.details import EventDetails
from models.lifecycle import (
    Action,
    Agreement,
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
    Status.PENDING: N_("On hold"),
    Status.RESOLVED: N_("Resolved"),
    Status.CLOSED: N_("Closed"),
}

ENDING: Mapping[Ending, str] = {
    Ending.APPROVED: N_("Signed off"),
    Ending.SILENCE: N_("No response"),
    Ending.CANCELLED: N_("Cancelled"),
    Ending.DUPLICATE: N_("Duplicate"),
    Ending.DECLINED: N_("Declined"),
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
    Urgency.CRITICAL: N_("Critical (work has stopped)"),
}

PRIORITY: Mapping[Priority, str] = {
    Priority.P1: N_("Critical priority"),
    Priority.P2: N_("High priority"),
    Priority.P3: N_("Medium priority"),
    Priority.P4: N_("Low priority"),
}

# The same after the word "Priority".
PRIORITY_WORD: Mapping[Priority, str] = {
    Priority.P1: N_("Critical"),
    Priority.P2: N_("High"),
    Priority.P3: N_("Medium"),
    Priority.P4: N_("Low"),
}

HOLD: Mapping[HoldReason, str] = {
    HoldReason.REQUESTER: N_("the requester’s reply"),
    HoldReason.SUPPLIER: N_("a supplier"),
    HoldReason.PART: N_("a part"),
    HoldReason.DATE: N_("a date"),
}

RATING: Mapping[Rating, str] = {
    Rating.GOOD: N_("😀 Satisfied"),
    Rating.FAIR: N_("😐 Neutral"),
    Rating.BAD: N_("🙁 Dissatisfied"),
}

# A line of history: "{name}" is the actor's; the other fields come from the event's details.
HISTORY: Mapping[Action, str] = {
    Action.OPEN: N_("Raised by {name}"),
    Action.TAKE: N_("Taken by {name}"),
    Action.ASSIGN: N_("Assigned to {to} by {name}"),
    Action.RESOLVE: N_("Resolved by {name}"),
    Action.REPLY: N_("Reply from {name}"),
    Action.ASK: N_("Question from {name}"),
    Action.ANSWER: N_("Reply from {name}"),
    Action.COMMENT: N_("Message from {name}"),
    Action.NOTE: N_("Internal note from {name}"),
    Action.HOLD: N_("Put on hold by {name}, waiting for {reason}"),
    Action.RESUME: N_("Resumed by {name}"),
    Action.WAKE: N_("Resumed on the date set by {name}"),
    Action.REQUALIFY: N_("Reclassified by {name} ({changes})"),
    Action.EDIT: N_("Edited by {name} ({changes})"),
    Action.TRANSFER: N_("Transferred from {from} to {to} by {name}"),
    Action.APPROVE: N_("Solution signed off by {name}"),
    Action.RECORD_APPROVAL: N_("Solution signed off verbally, recorded by {name}"),
    Action.REFUSE: N_("Solution rejected by {name}"),
    Action.CANCEL: N_("Cancelled by {name}"),
    Action.DUPLICATE: N_("Closed by {name} as a duplicate of No. {of}"),
    Action.REOPEN: N_("Reopened by {name}"),
    Action.RATE: N_("Rating from {name}: {rating}"),
    Action.ASK_AGAIN: N_("Asked again by {name}"),
    Action.POSTPONE: N_("A week more, asked for by {name}"),
    Action.CHASE: N_("Chased by {name}"),
    Action.CLOSE: N_("Closed without a reply"),
    Action.ORIGINAL_RESOLVED: N_("No. {of} is resolved"),
    Action.ATTACH: N_("Attached to No. {parent} by {name}"),
    Action.DETACH: N_("Detached from No. {parent} by {name}"),
    Action.FREE: N_("No longer attached to No. {parent}"),
    Action.UNDO_CLOSING: N_("Closing undone by {name}"),
    Action.UNASSIGN: N_("Returned to the team’s queue"),
    Action.AGREE: N_("Authorised by {who} ({role})"),
    Action.DECLINE: N_("Declined by {who} ({role})"),
    Action.QUERY: N_("Information asked for by {who} ({role})"),
    Action.COMPLETE: N_("Request completed by {name}"),
    Action.CHOOSE_APPROVER: N_("Agreement of {approver} asked for by {name}"),
    Action.REQUEST_AGREEMENT: N_("Agreement of {approver} asked for by {name}"),
    Action.RECORD_AGREEMENT: N_("Agreement of {approver} recorded by {name}"),
}

_CHANGED: Mapping[str, str] = {
    "title": N_("title"),
    "description": N_("description"),
    "impact": N_("impact"),
    "urgency": N_("urgency"),
    "site": N_("site"),
    "service": N_("service"),
    "priority": N_("priority"),
}


_OUTAGE: Mapping[Action, str] = {
    Action.ATTACH: N_("Attached to the outage “{to}” by {name}"),
    Action.DETACH: N_("Detached from the outage “{to}” by {name}"),
}
_BACK = N_("Resumed for review, was waiting for {reason}")
OWN_SILENCE = N_("Closed without a reply from you")


def title(_: Translator, ticket: Ticket) -> str:
    """Its title, where others may read along: that of a confidential ticket is not told."""
    if ticket.forgotten_at is not None:
        return _("Contents erased")
    return _("Confidential") if ticket.is_confidential else ticket.title


def named(ticket: Ticket) -> str:
    """Its number and title, which tell buttons of many tickets apart; the number of a confidential one."""
    return str(ticket.id) if ticket.is_confidential else f"{ticket.id} · {ticket.title}"


def state(_: Translator, ticket: Ticket) -> str:
    """The ticket's status, with what a pending one waits for, and how a closed one ended."""
    status = _(STATUS[ticket.status])
    if ticket.ending:
        return f"{status} ({_(ENDING[ticket.ending]).lower()})"
    if ticket.hold_reason is HoldReason.REQUESTER and ticket.hold_until is None:
        awaited = _("awaiting reply")  # the requester reads it too
        return f"{status} ({awaited})"
    if ticket.hold_reason:
        return f"{status} ({hold(_, ticket.hold_reason, ticket.waits_until)})"
    if ticket.agreement is Agreement.ASKED:
        awaited = _("awaiting agreement")
        return f"{status} ({awaited})"
    return status


def hold(_: Translator, reason: HoldReason, until: date | None) -> str:
    """What a ticket waits for: "une pièce, 3 décembre 2026", or the date alone."""
    parts = [] if until and reason is HoldReason.DATE else [_(HOLD[reason])]
    return ", ".join([*parts, *([_.day(until)] if until else [])])


def priority(_: Translator, ticket: Ticket) -> str:
    """The label of the ticket's priority; critical and high have a mark too."""
    mark = {Priority.P1: "🔴 ", Priority.P2: "🟠 "}.get(ticket.priority, "")
    return mark + _(PRIORITY[ticket.priority])


def done(_: Translator, event: Event) -> str:
    """A line of history: "Pris par Karim"."""
    return done_by(_, event.action, event.actor.name, event.details)


def done_by(_: Translator, action: Action, name: str, details: EventDetails) -> str:
    """The same, from its parts."""
    label = HISTORY[action]
    if action is Action.WAKE and details.reason:
        label = _BACK
    elif details.outage is not None:
        label = _OUTAGE[action]
    return _(label, name=name, **_fields(_, action, name, details))


def asked(_: Translator, ticket: Ticket) -> str:
    """What a requester is asked about the solution of their ticket."""
    if ticket.kind is Kind.REQUEST:
        return _("Here is what was done. Do you have everything you need?")
    return _("Here is the solution. Does it work for you?")


def refused(_: Translator, ticket: Ticket) -> str:
    """The title of what a requester wrote when they rejected a solution."""
    return _("What is missing:") if ticket.kind is Kind.REQUEST else _("What still does not work:")


def _fields(_: Translator, action: Action, name: str, details: EventDetails) -> dict[str, str]:
    """The fields of a line of history beside its author's name, which `name` is."""
    match action:
        case Action.ASSIGN:
            return {"to": name_in(_, details.to)}
        case Action.HOLD | Action.WAKE if details.reason:
            return {"reason": hold(_, details.reason, details.until)}
        case Action.REQUALIFY | Action.EDIT:
            named = ((_(_CHANGED[field]), change) for field, change in _changes(_, details))
            changes = (f"{field}{_(': ')}{change}" if change else field for field, change in named)
            return {"changes": ", ".join(changes)}
        case Action.TRANSFER:
            return {"from": name_in(_, details.from_), "to": name_in(_, details.to)}
        case Action.ATTACH | Action.DETACH if details.outage is not None:
            return {"to": name_in(_, details.to)}
        case Action.ATTACH | Action.DETACH | Action.FREE:
            return {"parent": str(details.parent)}
        case Action.DUPLICATE | Action.ORIGINAL_RESOLVED:
            return {"of": str(details.of)}
        case Action.AGREE | Action.DECLINE | Action.QUERY:
            who = name
            if details.for_name:
                who = _("{name} on behalf of {absent}", name=name, absent=details.for_name)
            return {"who": who, "role": name_in(_, details.role)}
        case Action.CHOOSE_APPROVER | Action.REQUEST_AGREEMENT | Action.RECORD_AGREEMENT:
            return {"approver": name_in(_, details.approver)}
        case Action.RATE if details.rating:
            return {"rating": _(RATING[details.rating]).lower()}
    return {}


def _changes(_: Translator, details: EventDetails) -> Iterator[tuple[str, str]]:
    """Each field that was changed, with what it was and what it is: "Réseau → Wi-Fi"; "" for a text whose
    changes are not kept."""
    if details.title:
        yield "title", _arrow(details.title)
    if details.description:
        yield "description", ""
    if details.impact:
        yield "impact", _arrow(_(IMPACT[each]) for each in details.impact)
    if details.urgency:
        yield "urgency", _arrow(_(URGENCY[each]) for each in details.urgency)
    if details.site:
        yield "site", _arrow(name_in(_, each) for each in details.site)
    if details.service:
        yield "service", _arrow(name_in(_, each) for each in details.service)
    if details.priority:
        yield "priority", _arrow(_(PRIORITY_WORD[each]) for each in details.priority)


def _arrow(values: Iterable[str]) -> str:
    return " → ".join(values)


def name_in(_: Translator, name: str | LocalizedText | None) -> str:
    """A name of a line of history, in the reader's language when it has one for each."""
    return name.in_(_.locale) if isinstance(name, LocalizedText) else _.name(name or "—")
