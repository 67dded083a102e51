"""Approvers who are no longer asked: their account is deactivated, they have left the group, or Slack refuses
their messages. Whoever is left decides; else the fallback is asked, or somebody is to be chosen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.notifications.maintenance.lookups import look_up
from bot.notifications.waits.approvals import show_approvals
from bot.notifications.waits.unanswered import tell_team
from bot.services.approvals.asking import bring_on
from bot.services.approvals.days import begin_days, resume_days
from bot.services.approvals.rows import approvals_of, last_event
from models.approvals.approval import CURRENT, Approval, Approver, StepState
from models.approvals.process import advance, current, drop
from models.details import EventDetails
from models.lifecycle import Action, Role
from models.outbox.delivery import Delivery
from models.outbox.details import AgreementDetails
from models.tickets import transitions
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger


def drop_approvers(
    uow: UnitOfWork, ticket: Ticket, approval: Approval, approvers: Sequence[Approver]
) -> None:
    """Ask these approvers of the ticket's current step no more; the ticket is locked. Its team is told."""
    before, event = approval.state, last_event(uow.session, ticket)
    dropped = list[Approver]()
    for each in approvers:
        if each.is_open and approval.state in CURRENT:
            drop(approval, each, uow.now)
            dropped.append(each)
    if not dropped:
        return
    for each in dropped:
        tell_team(uow, event, approval, dropped=each)
    why = f"dropped:{dropped[0].id}:{uow.now.timestamp():.0f}"
    if approval.state is StepState.GIVEN:
        _bring_on(uow, ticket, approval)
        return
    if approval.state is StepState.ASKED:
        resume_days(uow, ticket, approval)
    if approval.state is StepState.CHOICE and before is not StepState.CHOICE:
        _ask_others(uow, ticket, approval)
    show_approvals(uow, event, why=why)


def drop_who_left(uow: UnitOfWork, ticket: Ticket, approval: Approval, members: Collection[int]) -> None:
    """A group or channel was read again: whoever is not in it any more (`members`: ids of people) is dropped,
    and who stands in for them; nobody is added."""
    left = [each for each in approval.asked if not each.is_fallback and each.decides_for not in members]
    drop_approvers(uow, ticket, approval, left)


def drop_unreached(uow: UnitOfWork, delivery: Delivery) -> None:
    """The message that asks an approver can never arrive."""
    ticket = uow.session.get_one(Ticket, delivery.ticket_id, with_for_update=True)
    approval = current(approvals_of(uow.session, ticket.id))
    if approval is not None and approval.id == delivery.details_as(AgreementDetails).approval_id:
        unreached = [each for each in approval.asked if each.person_id == delivery.person_id]
        drop_approvers(uow, ticket, approval, unreached)


def _ask_others(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> None:
    """Nobody is left: the fallback is asked at once, if there is one that was not asked."""
    if approval.rule.fallback is not None and not approval.has_fallback:
        approval.state, approval.has_fallback, approval.remind_at = StepState.LOOKUP, True, None
        look_up(uow, approval, is_fallback=True)
    else:
        begin_days(uow, ticket, approval)


@dataclass(frozen=True)
class _Given:
    """A step is given, since those who are left have all agreed."""

    approvals: Sequence[Approval]
    approval: Approval

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        advance(ticket, self.approvals, now)
        self.approval.event_number = ticket.event_count + 1
        return EventDetails(role=self.approval.rule.name)


def _bring_on(uow: UnitOfWork, ticket: Ticket, approval: Approval) -> None:
    """The history says it of who agreed last."""
    approvals = approvals_of(uow.session, ticket.id)
    decided = [each for each in approval.asked if each.decided_at is not None]
    last = max(decided, key=lambda each: each.decided_at or uow.now)
    as_last = Trigger(last.person, {Role.APPROVER}, uow.now, "calendar", StoredLevels(uow.session))
    event = transitions.apply(ticket, Action.AGREE, as_last, change=_Given(approvals, approval))
    uow.session.add(event)
    uow.session.flush()
    for each in (event, *bring_on(uow, ticket, approvals)):
        enqueue.announce(uow, ticket, each)
