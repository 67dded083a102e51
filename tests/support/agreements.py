"""Requests of a small desk that ask for agreements."""

from datetime import datetime

from sqlalchemy import select

from bot.services.approvals.lookup import name_approvers
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.decide import decide_step
from models.approval_rule import ApprovalStep, Approvers, Quorum, Source
from models.approvals.approval import Approval, Decision
from models.base import LocalizedText
from models.catalogue import Question, QuestionType, Service
from models.lifecycle import Kind
from models.outbox.delivery import Delivery
from models.outbox.details import ApproversDetails
from models.outbox.kinds import POST, DeliveryKind
from models.person import Person
from models.tickets.draft import NewAnswer
from models.tickets.ticket import Ticket
from tests.support.use_case_desk import NOW, SmallDesk

HOLDER = LocalizedText("Responsable du budget", "Budget holder")
QUESTION = Question("holder", QuestionType.PERSON, HOLDER, required=True)
OF_HOLDER = ApprovalStep(Approvers(Source.QUESTION, ("holder",)), HOLDER)


def set_steps(desk: SmallDesk, *steps: ApprovalStep) -> None:
    """What the requests for printers need."""
    with desk.sessions.begin() as session:
        service = session.get_one(Service, "imprimante")
        service.questions, service.approval = [QUESTION], list(steps)


def requested(desk: SmallDesk, holder: str = "lea", now: datetime = NOW) -> Ticket:
    """A printer, of Camille's."""
    answers = (NewAnswer("holder", "Responsable du budget", f"U0{holder.upper()}"),)
    draft = desk.draft("Une imprimante", kind=Kind.REQUEST, service_id="imprimante", answers=answers)
    return desk.open(draft, now=now)


def all_of(*names: str, fallback: str | None = None) -> ApprovalStep:
    """A step that all of them agree to; `ask_by_hand` asks them."""
    other = Approvers(Source.PEOPLE, (f"U0{fallback.upper()}",)) if fallback else None
    people = Approvers(Source.PEOPLE, tuple(f"U0{each.upper()}" for each in names))
    return ApprovalStep(people, HOLDER, Quorum.ALL, fallback=other)


def step_of(desk: SmallDesk, ticket: Ticket, position: int = 1) -> Approval:
    """One of its steps, with the people in it."""
    with desk.sessions() as session:
        approval = approvals_of(session, ticket.id)[position - 1]
        for each in approval.approvers:
            _loaded = each.person.name, each.stands_in_for and each.stands_in_for.name
        return approval


def asked_in(desk: SmallDesk, ticket: Ticket, position: int = 1) -> list[str]:
    """The names of who may decide now."""
    return [each.person.name for each in step_of(desk, ticket, position).approvers if each.is_open]


def find_fallback(desk: SmallDesk, ticket: Ticket, name: str, now: datetime = NOW) -> None:
    """What the worker does once Slack has said who the fallback is, if that was to be looked up."""
    number = step_of(desk, ticket).id
    if any(each.details == ApproversDetails(number, True) for each in desk.deliveries()):
        desk.do(lambda uow: name_approvers(uow, number, [f"U0{name.upper()}"], is_fallback=True), now=now)


def decides(
    desk: SmallDesk, ticket: Ticket, name: str, decision: Decision, text: str = "", *, now: datetime = NOW
) -> Ticket:
    number = step_of(desk, ticket).id
    return desk.do(lambda uow: decide_step(uow, number, decision, text), desk.actor(name), now)


def change_person(desk: SmallDesk, name: str, **columns: bool | str | None) -> None:
    with desk.sessions.begin() as session:
        person = session.scalars(select(Person).where(Person.slack_id == f"U0{name.upper()}")).one()
        for column, value in columns.items():
            setattr(person, column, value)


def posts(desk: SmallDesk, kind: DeliveryKind, name: str | None = None) -> list[Delivery]:
    """What was queued of a kind, edits left out; for one person, if one is named."""
    person = desk.actor(name).id if name else None
    found = [each for each in desk.deliveries() if each.kind is kind and each.method in {POST, "smtp"}]
    return [each for each in found if person is None or each.person_id == person]
