"""What a decision changes, as a `Change` of a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.approvals.approval import Approval, Decision, StepState
from models.approvals.process import advance, decide, withdraw
from models.details import EventDetails
from models.lifecycle import Agreement
from models.person import Person
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Decided:
    """Somebody decides in the current one of a ticket's steps."""

    approvals: Sequence[Approval]
    approval: Approval
    person: Person
    decision: Decision
    text: str | None = None

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        approver = decide(self.approval, self.person, self.decision, self.text, now)
        if self.approval.state is StepState.GIVEN:
            advance(ticket, self.approvals, now)
        elif self.approval.state is StepState.DECLINED:
            ticket.agreement = Agreement.DECLINED
            withdraw(self.approvals, now)
        self.approval.event_number = ticket.event_count + 1
        absent = approver.stands_in_for
        return EventDetails(
            role=self.approval.rule.name,
            for_name=absent.name if absent else None,
        )
