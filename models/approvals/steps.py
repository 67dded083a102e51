"""Steps that are added to a ticket's, recorded in it, or asked again. Pure: rows in, rows changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from models.approval_rule import ApprovalStep
from models.approvals.approval import CURRENT, AgreedTo, Approval, Approver, Decision, StepState
from models.approvals.errors import ChosenTooEarly
from models.approvals.process import begin, begin_anew, close, current, go_on
from models.lifecycle import Agreement
from models.person import Person
from models.tickets.ticket import Ticket

_STANDING = CURRENT | {StepState.LATER, StepState.GIVEN}


def add(
    ticket: Ticket, approvals: Sequence[Approval], rule: ApprovalStep, by: Person, words: str | None
) -> Approval:
    """A technician's step, after those that the ticket has: asked at once, unless another one is."""
    [row] = begin(ticket, [rule], after=_last(approvals))
    row.requested_by_id, row.words = by.id, words
    if current(approvals) is not None:
        row.state = StepState.LATER
    return row


def record(approval: Approval, given: Approver, subject: AgreedTo, now: datetime) -> None:
    """Note that `given.person` agreed. That closes the step, unless it waits for the others of all who are
    asked; of somebody who is not asked it is enough, as of a fallback."""
    known = next((each for each in approval.approvers if each.person_id == given.person_id), None)
    if known is None:
        given.is_fallback = True
        approval.approvers.append(given)
    approver = known or given
    approver.decision, approver.decided_at, approver.dropped_at = Decision.AGREE, now, None
    approver.text, approver.recorded_by_id = given.text, given.recorded_by_id
    approval.subject, approval.asked_at = approval.subject or subject, approval.asked_at or now
    for each in approval.approvers:
        each.is_open = each.is_open and each.decides_for != approver.decides_for
    go_on(approval, now)


def begin_again(
    ticket: Ticket, approvals: Sequence[Approval], rule: Sequence[ApprovalStep], now: datetime
) -> list[Approval]:
    """Ask again whoever has agreed or is asked: the catalogue's steps by the `rule`, and the technicians'.
    Returns the new rows; the former ones are withdrawn."""
    by_hand = [each for each in _stood(ticket, approvals) if each.requested_by_id]
    _withdraw(approvals, now)
    rows = begin_anew(ticket, approvals, [*rule, *(each.rule for each in by_hand)], now)
    for row, former in zip(rows[len(rule) :], by_hand, strict=True):
        row.requested_by_id, row.words = former.requested_by_id, former.words
    return rows


def ask_others(
    ticket: Ticket, approvals: Sequence[Approval], rule: Sequence[ApprovalStep], now: datetime
) -> list[Approval]:
    """Withdraw the steps of the former service and begin those of the new one, by its `rule`; those that
    technicians asked for stand. Returns the new rows."""
    was_asked = ticket.agreement is Agreement.ASKED
    by_hand = [each for each in approvals if each.requested_by_id]
    _withdraw([each for each in approvals if each not in by_hand], now)
    rows = begin(ticket, rule, after=_last(approvals))
    later = next((each for each in by_hand if each.state is StepState.LATER), None)
    if current(by_hand) is not None:
        if rows:
            rows[0].state = StepState.LATER
    elif later is not None and not rows:
        later.state = StepState.LOOKUP
    elif not rows:
        is_given = any(each.state is StepState.GIVEN for each in by_hand)
        ticket.agreement = Agreement.GIVEN if is_given else Agreement.NOT_NEEDED
        ticket.agreed_at = now if was_asked else ticket.agreed_at
    return rows


def check_choosing(approval: Approval) -> None:
    """Raise `ChosenTooEarly` unless somebody else may be named whom the step asks."""
    if not approval.may_be_chosen:
        raise ChosenTooEarly(approval.ticket_id, approval.rule.within)


def _stood(ticket: Ticket, approvals: Sequence[Approval]) -> list[Approval]:
    """The steps that are asked or given; of a ticket that asks for none, those that its closing withdrew."""
    if ticket.agreement is not Agreement.NOT_NEEDED:
        return [each for each in approvals if each.state in _STANDING]
    last = max((each.decided_at for each in approvals if each.decided_at), default=None)
    return [each for each in approvals if each.state in _STANDING or each.decided_at == last]


def _withdraw(approvals: Iterable[Approval], now: datetime) -> None:
    """Those that were given too: what they agreed to is no longer what is asked for."""
    for each in approvals:
        if each.state in _STANDING:
            close(each, StepState.WITHDRAWN, now)


def _last(approvals: Sequence[Approval]) -> int:
    return max((each.position for each in approvals), default=0)
