"""How a ticket's steps are asked and decided, one after the other. Pure: rows in, rows changed.

While a ticket's agreement is asked, exactly one of its steps is current, and somebody can bring it on: an
approver, whoever chooses one, or the worker that looks them up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.approval_rule import ApprovalStep
from models.approvals.approval import CURRENT, AgreedTo, Approval, Approver, Decision, StepState
from models.approvals.errors import AgreementSettled
from models.errors import RoleRefused
from models.lifecycle import Action, Agreement
from models.person import Person
from models.tickets.ticket import Ticket

ACTIONS = {Decision.AGREE: Action.AGREE, Decision.DECLINE: Action.DECLINE, Decision.ASK: Action.QUERY}


@dataclass(frozen=True)
class Asked:
    """Somebody to be asked: themself, or for somebody who is absent."""

    person: Person
    stands_in_for: Person | None = None
    is_fallback: bool = False


def begin(ticket: Ticket, rule: Sequence[ApprovalStep], after: int = 0) -> list[Approval]:
    """The rows of a ticket's steps, after those that it has; the first is to be looked up. Without steps the
    ticket needs no agreement."""
    rows = [
        Approval(ticket_id=ticket.id, position=number, rule=step, state=StepState.LATER)
        for number, step in enumerate(rule, after + 1)
    ]
    if rows:
        rows[0].state = StepState.LOOKUP
        ticket.agreement, ticket.agreed_at = Agreement.ASKED, None
    return rows


def begin_anew(
    ticket: Ticket, approvals: Sequence[Approval], rule: Sequence[ApprovalStep], now: datetime
) -> list[Approval]:
    """The rows of steps that take the place of those that a ticket has; what was agreed to before is known to
    those who are asked now. Without steps the ticket needs no agreement."""
    withdraw(approvals, now)
    was_asked = ticket.agreement is Agreement.ASKED
    rows = begin(ticket, rule, after=len(approvals))
    if not rows:  # the work begins now, or has begun when the agreement was given
        ticket.agreement = Agreement.NOT_NEEDED
        ticket.agreed_at = now if was_asked else ticket.agreed_at
    subjects = [each.subject for each in approvals if each.subject is not None]
    for each in rows:
        each.subject_before = subjects[-1] if subjects else None
    return rows


def current(approvals: Iterable[Approval]) -> Approval | None:
    """The step that is asked, or is about to be."""
    return next((each for each in approvals if each.state in CURRENT), None)


def ask(approval: Approval, people: Sequence[Asked], subject: AgreedTo, now: datetime) -> Sequence[Approver]:
    """Ask these people in the step; who is asked already is not asked again. Returns the new rows. With
    nobody to ask, somebody is to be chosen."""
    known = {each.person_id: each for each in approval.approvers}
    new = [
        Approver(
            person_id=each.person.id,
            person=each.person,
            stands_in_for=each.stands_in_for,
            is_fallback=each.is_fallback,
            is_open=True,
        )
        for each in people
        if each.person.id not in known
    ]
    for each in people:  # somebody who had left the group, and is back
        if former := known.get(each.person.id):
            is_asked_anew = former.dropped_at is not None and not former.has_decided
            former.is_fallback |= each.is_fallback and is_asked_anew
            former.dropped_at = None
            former.is_open = former in approval.undecided
    approval.approvers += new
    approval.subject = subject
    approval.state = StepState.ASKED if approval.undecided else StepState.CHOICE
    approval.asked_at = approval.asked_at or now
    return new


def decide(
    approval: Approval, person: Person, decision: Decision, text: str | None, now: datetime
) -> Approver:
    """Note what somebody decided. Raises `RoleRefused` for who is not asked, and `AgreementSettled` when it
    is too late for their decision."""
    approver = next((each for each in approval.asked if each.person_id == person.id), None)
    if approver is None:
        raise RoleRefused(ACTIONS[decision])
    if approval.state not in {StepState.ASKED, StepState.INCOMPLETE} or not approver.may_decide:
        raise settled(approval, approver)
    approver.decision, approver.decided_at, approver.text = decision, now, text
    match decision:
        case Decision.AGREE:
            for each in approval.asked:  # the absent one too, or who stands in for them
                each.is_open = each.is_open and each.decides_for != approver.decides_for
            go_on(approval, now)
        case Decision.DECLINE:
            close(approval, StepState.DECLINED, now)
        case Decision.ASK:
            approver.is_open = False
            approval.state = StepState.INCOMPLETE
    return approver


def go_on(approval: Approval, now: datetime) -> None:
    """After somebody agreed or was dropped: the step is given when enough have agreed; one whose information
    nobody waits for any more is asked."""
    if approval.is_given:
        close(approval, StepState.GIVEN, now)
    elif not approval.undecided:
        approval.state = StepState.CHOICE
    elif approval.state is StepState.INCOMPLETE and not _is_queried(approval):
        approval.state = StepState.ASKED


def _is_queried(approval: Approval) -> bool:
    return any(each.decision is Decision.ASK for each in approval.undecided)


def advance(ticket: Ticket, approvals: Sequence[Approval], now: datetime) -> Approval | None:
    """After a step was given: the next one, which is to be looked up; `None` after the last, when the
    ticket's agreement is given."""
    if (following := next((each for each in approvals if each.state is StepState.LATER), None)) is not None:
        following.state = StepState.LOOKUP
        return following
    ticket.agreement, ticket.agreed_at = Agreement.GIVEN, now
    return None


def complete(approval: Approval, subject: AgreedTo) -> None:
    """The requester has given what was missing: those who have not agreed are asked anew."""
    for each in approval.undecided:
        each.decision = each.decided_at = each.text = None
        each.is_open = True
    approval.state, approval.subject_before, approval.subject = StepState.ASKED, approval.subject, subject


def drop(approval: Approval, approver: Approver, now: datetime) -> None:
    """Somebody is no longer asked. When the others have all agreed, the step is given; when nobody is left,
    somebody is to be chosen."""
    approver.dropped_at, approver.is_open = now, False
    go_on(approval, now)


def withdraw(approvals: Iterable[Approval], now: datetime) -> list[Approval]:
    """Ask nobody any more. Returns the steps that were asked."""
    was_asked = []
    for each in approvals:
        if each.state in CURRENT:
            was_asked.append(each)
        if each.state in CURRENT or each.state is StepState.LATER:
            close(each, StepState.WITHDRAWN, now)
    return was_asked


def close(approval: Approval, state: StepState, now: datetime) -> None:
    approval.state, approval.decided_at, approval.remind_at = state, now, None
    for each in approval.approvers:
        each.is_open = False


def settled(approval: Approval, approver: Approver, agreement: Agreement | None = None) -> AgreementSettled:
    """The error for a decision that is not asked of an approver: who decided, when, and what, unless the
    request was withdrawn. `agreement`: of the ticket, whose approvers may be asked anew."""
    number, state, rows = approval.ticket_id, approval.state, approval.asked
    if state in CURRENT:  # others are still asked
        state, rows = StepState.GIVEN, [each for each in rows if each.decides_for == approver.decides_for]
    elif state is StepState.WITHDRAWN:
        rows = []
    decided = [(each.decided_at, each.person.name) for each in rows if each.decided_at and each.has_decided]
    at, by = max(decided, default=(None, None))
    is_asked_anew = state is StepState.WITHDRAWN and agreement is Agreement.ASKED
    return AgreementSettled(number, state, by, approval.decided_at or at, is_asked_anew)
