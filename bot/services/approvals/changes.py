"""What a change of a ticket means for its agreement: other words are agreed to anew, another service asks for
others, and what was withdrawn by a cancellation is asked again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.begin import steps_needed
from bot.services.approvals.rows import approvals_of
from models.approvals.approval import Approval
from models.approvals.steps import ask_others, begin_again
from models.details import EventDetails
from models.lifecycle import Action, Agreement
from models.tickets.event import Change
from models.tickets.ticket import Ticket

Steps = Callable[[Ticket, Sequence[Approval], datetime], Sequence[Approval]]
"""The new steps of a ticket that was changed; those that it has are changed themselves."""


@dataclass(frozen=True)
class Asking:
    """A change of a ticket after which its steps are others; once its event is written, `bring_on` asks the
    present one."""

    uow: UnitOfWork
    change: Change | None
    approvals: list[Approval]
    follow: Steps | None = None

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        with self.uow.session.no_autoflush:  # the ticket is written once
            details = self.change.make(ticket, now) if self.change else EventDetails()
            if self.follow:
                self.approvals.extend(self.follow(ticket, list(self.approvals), now))
            self.uow.session.add_all(self.approvals)
        return details


def with_agreement(uow: UnitOfWork, ticket: Ticket, action: Action, change: Change | None) -> Change | None:
    """The change, and what follows from it for the ticket's agreement."""
    if action not in _FOLLOW or not (approvals := list(approvals_of(uow.session, ticket.id))):
        return _first_steps(uow, ticket, action, change)
    return Asking(uow, change, approvals, _FOLLOW[action](ticket))


def _first_steps(uow: UnitOfWork, ticket: Ticket, action: Action, change: Change | None) -> Change | None:
    """The same of a ticket that has asked nobody yet: another service may ask for steps."""
    if action is not Action.REQUALIFY:
        return change
    return Asking(uow, change, [], _of_another_service(ticket))


def _after_edit(ticket: Ticket) -> Steps:
    """Another title or description is what somebody has not agreed to. Urgency and site are no part of it."""
    before = ticket.title, ticket.description

    def follow(ticket: Ticket, approvals: Sequence[Approval], now: datetime) -> Sequence[Approval]:
        is_asked = ticket.agreement in {Agreement.ASKED, Agreement.GIVEN}
        if not is_asked or (ticket.title, ticket.description) == before:
            return []
        return begin_again(ticket, approvals, steps_needed(ticket), now)

    return follow


def _of_another_service(ticket: Ticket) -> Steps:
    before = ticket.service_id

    def follow(ticket: Ticket, approvals: Sequence[Approval], now: datetime) -> Sequence[Approval]:
        if (ticket.service.id if ticket.service else None) == before:
            return []
        return ask_others(ticket, approvals, steps_needed(ticket), now)

    return follow


def _after_reopening(ticket: Ticket) -> Steps:
    """What was given before stays given."""

    def follow(ticket: Ticket, approvals: Sequence[Approval], now: datetime) -> Sequence[Approval]:
        if ticket.agreement is not Agreement.NOT_NEEDED:
            return []
        return begin_again(ticket, approvals, steps_needed(ticket), now)

    return follow


_FOLLOW: dict[Action, Callable[[Ticket], Steps]] = {
    Action.EDIT: _after_edit,
    Action.REQUALIFY: _of_another_service,
    Action.REOPEN: _after_reopening,
    Action.UNDO_CLOSING: _after_reopening,
}
