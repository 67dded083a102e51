"""What a decision changes, as a `Change` of a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.approval_rule import ApprovalStep
from models.approvals.approval import AgreedTo, Approval, Approver, Decision, StepState
from models.approvals.process import advance, current, decide, withdraw
from models.approvals.steps import add, begin_again, record
from models.base import LocalizedText
from models.details import EventDetails
from models.lifecycle import Agreement
from models.person import Person
from models.tickets.answer import Answer
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


@dataclass
class AskedAnew:
    """Other answers: whoever is asked, or has agreed, is asked anew."""

    approvals: Sequence[Approval]
    steps: Sequence[ApprovalStep]
    answers: Sequence[Answer]
    rows: list[Approval] = field(default_factory=list)
    """The new steps, which are to be added to the session."""

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        ticket.answers = list(self.answers)
        self.rows = begin_again(ticket, self.approvals, self.steps, now)
        return EventDetails()


@dataclass(frozen=True)
class Chosen:
    """Somebody is named who is to be asked."""

    person: Person
    role: LocalizedText

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        return EventDetails(approver=self.person.name, role=self.role)


@dataclass(frozen=True)
class Requested:
    """A technician asks somebody for their agreement."""

    approvals: list[Approval]
    """The ticket's steps, to which the new one is added."""
    rule: ApprovalStep
    approver: Person
    by: Person
    words: str

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        self.approvals.append(add(ticket, self.approvals, self.rule, self.by, self.words))
        ticket.is_outage_child = ticket.parent_id is not None  # it is not resolved with the outage
        return EventDetails(approver=self.approver.name, role=self.rule.name)


@dataclass(frozen=True)
class Recorded:
    """A technician records that somebody agreed elsewhere: in the present step, or in one of its own when
    none is asked."""

    approvals: list[Approval]
    rule: ApprovalStep
    """Of its own."""
    approver: Person
    by: Person
    where: str
    subject: AgreedTo

    def make(self, ticket: Ticket, now: datetime) -> EventDetails:
        if (approval := current(self.approvals)) is None:
            approval = add(ticket, self.approvals, self.rule, self.by, None)
            self.approvals.append(approval)
        given = Approver(
            person_id=self.approver.id, person=self.approver, text=self.where, recorded_by_id=self.by.id
        )
        record(approval, given, self.subject, now)
        if approval.state is StepState.GIVEN:
            approval.event_number = ticket.event_count + 1
            advance(ticket, self.approvals, now)
        return EventDetails(approver=self.approver.name, role=approval.rule.name)
