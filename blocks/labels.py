"""The words for the model's own words."""

from collections.abc import Mapping

from blocks.i18n import N_, Translator
from models.event import Event
from models.lifecycle import Action, Ending, Impact, Kind, Priority, Status, Urgency
from models.ticket import Ticket

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

# What a line of history says: "{name}" did it.
HISTORY: Mapping[Action, str] = {
    Action.OPEN: N_("Filed by {name}"),
    Action.TAKE: N_("Taken by {name}"),
    Action.RESOLVE: N_("Resolved by {name}"),
    Action.ASK: N_("Question from {name}"),
    Action.ANSWER: N_("Answer from {name}"),
    Action.APPROVE: N_("Resolution approved by {name}"),
    Action.REFUSE: N_("Resolution refused by {name}"),
    Action.CANCEL: N_("Cancelled by {name}"),
    Action.REOPEN: N_("Reopened by {name}"),
}


def state(_: Translator, ticket: Ticket) -> str:
    """The ticket's state in words; a closed one says how it ended."""
    words = _(STATUS[ticket.status])
    return f"{words} ({_(ENDING[ticket.ending]).lower()})" if ticket.ending else words


def priority(_: Translator, ticket: Ticket) -> str:
    """The ticket's priority in words; what presses has a mark too."""
    mark = {Priority.P1: "🔴 ", Priority.P2: "🟠 "}.get(ticket.priority, "")
    return mark + _(PRIORITY[ticket.priority])


def done(_: Translator, event: Event) -> str:
    """What a line of history says: "Pris par Karim"."""
    return _(HISTORY[event.action], name=event.actor.name)
