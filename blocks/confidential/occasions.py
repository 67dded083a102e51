"""The sentence that a message about a confidential ticket says, by the kind of its delivery."""

from collections.abc import Mapping

from blocks.i18n import N_
from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind
from models.tickets.ticket import Ticket

SENTENCES: Mapping[DeliveryKind, str] = {
    DeliveryKind.CARD: N_("This ticket is confidential: press “View details” to read it."),
    DeliveryKind.TRIAGE_CARD: N_("This ticket is confidential: press “View details” to read it."),
    DeliveryKind.THREAD: N_("There is news: press “View details” to read it."),
    DeliveryKind.MOVED: N_("This ticket was transferred to another team."),
    DeliveryKind.PROMPT: N_("Your message has been received. What would you like to do?"),
    DeliveryKind.RESOLUTION: N_("We propose a solution. Please tell us whether it works."),
    DeliveryKind.RESOLUTION_RESULT: N_("The proposed solution was answered."),
    DeliveryKind.DECISION: N_("The IT team has made a decision: press “View details” to read it."),
    DeliveryKind.DECISION_RESULT: N_("The ticket has moved on since this decision."),
    DeliveryKind.PROMISE: N_("A target has moved later: press “View details” to read why."),
    DeliveryKind.AGREEMENT: N_("A confidential request needs your agreement."),
    DeliveryKind.AGREEMENT_WAIT: N_("An agreement is missing: press “View details” to see whose."),
    DeliveryKind.TARGET: N_("This ticket is due soon or overdue."),
    DeliveryKind.CONFIDENTIAL_WAITING: N_(
        "A confidential ticket of your team is not in its channel: the IT help desk cannot post there."
    ),
}
"""Of the kinds that are about one ticket and not below."""

_OVER = N_("Your agreement is no longer needed.")
_OWN = N_("Your message has been sent to the IT team.")
_ANSWERED = N_("The requester has written: press “View details” to read it.")
_COPY = N_("A reply has been sent to the requester.")
_LEFT = N_("A message about this ticket: press “View details” to read it.")
_OF_TEAM: Mapping[Action, str] = {
    Action.REPLY: N_("There is an answer for you: press “View details” to read it."),
    Action.ASK: N_("There is a question for you: press “View details” to read it."),
}


def sentence_of(kind: DeliveryKind, *, is_open: bool = True) -> str:
    """In English. `is_open`: of an agreement, whether it still asks."""
    if kind is DeliveryKind.AGREEMENT and not is_open:
        return _OVER
    return SENTENCES.get(kind, _LEFT)


def sentence_of_comment(ticket: Ticket, action: Action, author_id: int, *, for_requester: bool) -> str:
    """In English, of a `COMMENT` that this person wrote."""
    is_requesters = author_id == ticket.requester_id
    if for_requester:
        return _OWN if is_requesters else _OF_TEAM.get(action, _LEFT)
    return _ANSWERED if is_requesters else _COPY
