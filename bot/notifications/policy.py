"""The policy: who is notified of each event, and how. `docs/notifications.md` prints it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind


class Audience(StrEnum):
    REQUESTER = "requester"
    TEAM = "team"
    FORMER_TEAM = "former_team"  # the team that handed the ticket over
    TECHNICIANS = "technicians"  # each for themselves
    APPROVERS = "approvers"  # those whose agreement the ticket needs
    OUTAGE = "outage"  # the team that declared the outage which the ticket follows


class When(StrEnum):
    """Whether the author of the action is notified too."""

    ALWAYS = "always"  # surfaces that follow the ticket, receipts, approval requests
    OTHERS = "others"  # only those who did not act
    HOLDER = "holder"  # only the assignee, or the one until now, when another person acts
    ELSEWHERE = "elsewhere"  # unless it was written there already
    QUESTION = "question"  # the last question, shown as answered
    ASKED = "asked"  # only while the ticket waits for an approval, or may be reopened
    LATER = "later"  # when what the requester is promised moved later, and another person acted
    DISSATISFIED = "dissatisfied"  # whoever acts, when the requester is


@dataclass(frozen=True)
class Notice:
    """One line of the policy."""

    to: Audience
    kind: DeliveryKind
    mail: str | None = None
    when: When = When.ALWAYS


_TRIAGE_CARD = Notice(Audience.TEAM, DeliveryKind.TRIAGE_CARD)
_LAST_TEXT = (  # what shows who wrote last
    _TRIAGE_CARD,
    Notice(Audience.REQUESTER, DeliveryKind.HOME),
    Notice(Audience.TECHNICIANS, DeliveryKind.HOME),
)
_SURFACES = (Notice(Audience.REQUESTER, DeliveryKind.CARD), *_LAST_TEXT)
_RESOLUTION_RESULT = Notice(Audience.REQUESTER, DeliveryKind.RESOLUTION_RESULT)
_DECISION = Notice(Audience.REQUESTER, DeliveryKind.DECISION, when=When.OTHERS)
_DECISION_RESULT = Notice(Audience.REQUESTER, DeliveryKind.DECISION_RESULT)
_THREAD = Notice(Audience.TEAM, DeliveryKind.THREAD, when=When.OTHERS)
_OUTAGE = Notice(Audience.OUTAGE, DeliveryKind.OUTAGE)
_TO_REQUESTER = Notice(Audience.REQUESTER, DeliveryKind.COMMENT, when=When.OTHERS)
_TO_TEAM = Notice(Audience.TEAM, DeliveryKind.COMMENT)
_HOLDER = Notice(Audience.TEAM, DeliveryKind.THREAD, when=When.HOLDER)
_APPROVERS = Notice(Audience.APPROVERS, DeliveryKind.AGREEMENT)
_OWN_TEXT = Notice(Audience.REQUESTER, DeliveryKind.COMMENT, when=When.ELSEWHERE)
_PROMPT = Notice(Audience.REQUESTER, DeliveryKind.PROMPT)
_PROMPT_IF_ASKED = Notice(Audience.REQUESTER, DeliveryKind.PROMPT, when=When.ASKED)
_ANSWERED = Notice(Audience.REQUESTER, DeliveryKind.COMMENT, when=When.QUESTION)
_UNLESS_THERE = Notice(Audience.TEAM, DeliveryKind.THREAD, when=When.ELSEWHERE)
_IN_THE_THREAD = Notice(Audience.TEAM, DeliveryKind.COMMENT, when=When.ELSEWHERE)


def _mail(template: str, when: When = When.ALWAYS) -> Notice:
    return Notice(Audience.REQUESTER, DeliveryKind.MAIL, mail=template, when=when)


_LATER = Notice(Audience.REQUESTER, DeliveryKind.PROMISE, when=When.LATER)
_CLOSED = (_DECISION, _mail("closed", When.OTHERS))


POLICY: Mapping[Action, tuple[Notice, ...]] = {
    Action.OPEN: (*_SURFACES, _APPROVERS, _mail("received"), _OUTAGE),
    Action.TAKE: _SURFACES,
    Action.ASSIGN: (*_SURFACES, _HOLDER),
    Action.REPLY: (*_LAST_TEXT, _TO_REQUESTER, _IN_THE_THREAD),
    Action.ASK: (*_SURFACES, _TO_REQUESTER, _IN_THE_THREAD),
    Action.ANSWER: (*_SURFACES, _TO_TEAM, _OWN_TEXT, _ANSWERED, _PROMPT),
    Action.COMMENT: (*_LAST_TEXT, _TO_TEAM, _OWN_TEXT, _PROMPT_IF_ASKED),
    Action.NOTE: (_IN_THE_THREAD,),
    Action.HOLD: (*_SURFACES, _HOLDER),
    Action.RESUME: _SURFACES,
    Action.WAKE: (*_SURFACES, Notice(Audience.TEAM, DeliveryKind.THREAD)),
    Action.REQUALIFY: (*_SURFACES, _APPROVERS, _LATER),
    Action.EDIT: (*_SURFACES, _APPROVERS, Notice(Audience.TEAM, DeliveryKind.THREAD)),
    Action.TRANSFER: (
        *_SURFACES,
        _LATER,
        Notice(Audience.FORMER_TEAM, DeliveryKind.MOVED),
        Notice(Audience.FORMER_TEAM, DeliveryKind.HOME),
        Notice(Audience.TEAM, DeliveryKind.THREAD),
    ),
    Action.RESOLVE: (
        *_SURFACES,
        Notice(Audience.REQUESTER, DeliveryKind.RESOLUTION),
        _HOLDER,
        _mail("resolved"),
    ),
    Action.APPROVE: (*_SURFACES, _RESOLUTION_RESULT, _PROMPT, _OUTAGE),
    Action.RECORD_APPROVAL: (*_SURFACES, _RESOLUTION_RESULT, _PROMPT, *_CLOSED, _OUTAGE),
    Action.REFUSE: (*_SURFACES, _RESOLUTION_RESULT, _PROMPT, _THREAD, _OUTAGE),
    Action.CANCEL: (*_SURFACES, _APPROVERS, _THREAD, *_CLOSED, _OUTAGE),
    Action.DUPLICATE: (*_SURFACES, _APPROVERS, _HOLDER, *_CLOSED, _OUTAGE),
    Action.REOPEN: (*_SURFACES, _APPROVERS, _RESOLUTION_RESULT, _PROMPT, _DECISION_RESULT, _THREAD, _OUTAGE),
    Action.RATE: (
        _RESOLUTION_RESULT,
        _TRIAGE_CARD,
        Notice(Audience.TEAM, DeliveryKind.THREAD, when=When.DISSATISFIED),
    ),
    Action.ASK_AGAIN: (*_LAST_TEXT, _PROMPT),
    Action.POSTPONE: _LAST_TEXT,
    Action.CHASE: (*_LAST_TEXT, Notice(Audience.TEAM, DeliveryKind.THREAD)),
    Action.CLOSE: (
        *_SURFACES,
        _APPROVERS,
        _RESOLUTION_RESULT,
        _PROMPT,
        Notice(Audience.REQUESTER, DeliveryKind.DECISION),
        _mail("closed"),
        _OUTAGE,
    ),
    Action.AGREE: (*_SURFACES, _APPROVERS, _THREAD),
    Action.DECLINE: (*_SURFACES, _APPROVERS, _THREAD, *_CLOSED),
    Action.QUERY: (*_SURFACES, _APPROVERS, _THREAD),
    Action.COMPLETE: (*_SURFACES, _APPROVERS, _UNLESS_THERE),
    Action.CHOOSE_APPROVER: (*_SURFACES, _APPROVERS, _THREAD),
    Action.REQUEST_AGREEMENT: (*_SURFACES, _APPROVERS, _HOLDER),
    Action.RECORD_AGREEMENT: (*_SURFACES, _APPROVERS, _HOLDER),
    Action.ATTACH: (*_SURFACES, Notice(Audience.TEAM, DeliveryKind.MOVED), _OUTAGE),
    Action.DETACH: _SURFACES,
    Action.ORIGINAL_RESOLVED: (_DECISION, _DECISION_RESULT),
    Action.FREE: (*_SURFACES, Notice(Audience.TEAM, DeliveryKind.THREAD)),
    Action.UNDO_CLOSING: (*_SURFACES, _APPROVERS, _DECISION_RESULT, _DECISION, _THREAD, _OUTAGE),
    Action.UNASSIGN: _SURFACES,
}
