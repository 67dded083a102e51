"""What was last said or done about a ticket, in its requester's words."""

from collections.abc import Mapping

from blocks import labels
from blocks.i18n import N_, Translator
from blocks.kit.text import HERE, Part, with_age
from models.lifecycle import Action, Kind, Status
from models.tickets.event import Event
from models.tickets.ticket import Ticket

_BY_THE_READER: Mapping[Action, str] = {
    Action.OPEN: N_("Raised {ago}"),
    Action.ANSWER: N_("You wrote {ago}"),
    Action.COMMENT: N_("You wrote {ago}"),
    Action.REFUSE: N_("You rejected the solution {ago}"),
    Action.EDIT: N_("You edited it {ago}"),
    Action.REOPEN: N_("You reopened it {ago}"),
    Action.POSTPONE: N_("You asked for a week {ago}"),
    Action.CHASE: N_("You chased it {ago}"),
}
_BY_OTHERS: Mapping[Action, str] = {
    Action.OPEN: N_("Raised for you by {name} {ago}"),
    Action.TAKE: N_("Taken by {name} {ago}"),
    Action.ASSIGN: N_("Assigned to {to} {ago}"),
    Action.RESOLVE: N_("{name} proposed a solution {ago}"),
    Action.REPLY: N_("{name} replied {ago}"),
    Action.ASK: N_("{name} asked you a question {ago}"),
    Action.HOLD: N_("Put on hold by {name} {ago}"),
    Action.ASK_AGAIN: N_("{name} asked you again {ago}"),
    Action.RESUME: N_("Resumed by {name} {ago}"),
    Action.WAKE: N_("Resumed {ago}"),
    Action.REQUALIFY: N_("Reclassified by {name} {ago}"),
    Action.TRANSFER: N_("Passed to the {to} team {ago}"),
    Action.ATTACH: N_("Attached to the outage “{to}” {ago}"),
    Action.DETACH: N_("Detached from the outage “{to}” {ago}"),
    Action.UNASSIGN: N_("Returned to the team’s queue {ago}"),
}

_OF_REQUESTS: Mapping[Action, str] = {
    Action.RESOLVE: N_("Done by {name} {ago}"),
    Action.REFUSE: N_("You said that something is missing {ago}"),
}


def last_said(_: Translator, ticket: Ticket, last: Event | None) -> list[Part]:
    """When the ticket was closed; of an open one, its last event that its requester may see."""
    if ticket.status is Status.CLOSED:
        return with_age(_, _("Closed {ago}", ago=HERE), ticket.closed_at or ticket.changed_at)
    if last is None or ticket.is_confidential:
        return with_age(_, _("Raised {ago}", ago=HERE), ticket.opened_at)
    sentence = _sentence(ticket, last)
    if sentence is None:
        return with_age(_, f"{labels.done(_, last)} · {HERE}", last.at)
    to = labels.name_in(_, last.details.to)
    return with_age(_, _(sentence, name=last.actor.name, to=to, ago=HERE), last.at)


def _sentence(ticket: Ticket, last: Event) -> str | None:
    if last.details.parent is not None:
        return None
    if ticket.kind is Kind.REQUEST and last.action in _OF_REQUESTS:
        return _OF_REQUESTS[last.action]
    by_reader = last.actor_id == ticket.requester_id
    return (_BY_THE_READER.get(last.action) if by_reader else None) or _BY_OTHERS.get(last.action)
