"""A desk with an agreement in every state, a person of every kind, and what payloads do with it."""

from collections.abc import Mapping
from enum import Enum, auto
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.services.approvals.lookup import name_approvers
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.by_hand import request_agreement
from bot.services.approvers.complete import complete_request
from bot.services.approvers.decide import decide_step
from bot.services.tickets.actions import act
from bot.services.tickets.comments import replies
from bot.services.tickets.new_ticket import open_ticket
from models.approval_rule import ApprovalStep, Approvers, Quorum, Source
from models.approvals.approval import Absence, Approval, Decision, StepState
from models.base import LocalizedText
from models.catalogue import Question, QuestionType, Service
from models.lifecycle import Action, Impact, Kind, Urgency
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.person import Person
from models.tickets.attachment import Attachment
from models.tickets.draft import NewAnswer, NewFile, TicketDraft
from playground.state.fixture import add_channel, add_person
from tests.support.permission_matrix import TABLES, Environment

COMMITTEE, HOLDER = "#comite", LocalizedText("Responsable du budget", "Budget holder")
SERVICE, AMOUNT, NEED = "second-ecran", "Montant : 750 €", "Mon écran est trop petit."
FILE = "devis-de-l-equipe.pdf"
NOTE, REPLY, SAID = "Une note de l’équipe.", "Une réponse de l’équipe.", "C’est pour la salle B204."


class Relation(Enum):
    """A person's relation to the requests, which ask a committee."""

    REQUESTER = "camille"
    FILER = "marc"  # a technician of another team, on the requester's behalf
    APPROVER = "aurelie"
    ABSENT = "alain"  # an approver too
    SUBSTITUTE = "sonia"  # of that one
    FORMER = "franck"  # was asked, and has left the committee
    LATER = "louise"  # has joined it since
    FALLBACK = "fabien"
    TECHNICIAN = "karim"
    ELSEWHERE = "elsa"  # a technician of another team
    OTHER = "oliver"
    GUEST = "invite"
    STRANGER = "paul"  # of another workspace


class Step(Enum):
    """A step in each of its states; one ticket each, but for the last, which is the one before."""

    LOOKUP = auto()
    CHOICE = auto()
    ASKED = auto()
    OVERDUE = auto()  # the fallback is asked too
    PARTIAL = auto()  # of `all`, the approver has agreed
    QUESTION = auto()  # the approver was named in the form
    BY_HAND = auto()  # a technician asked the approver
    INCOMPLETE = auto()  # the approver needs an information
    GIVEN = auto()
    DECLINED = auto()
    WITHDRAWN = auto()
    AGAIN = auto()  # other answers
    BEFORE = auto()  # the step of `AGAIN` that was given


OF_COMMITTEE = ApprovalStep(
    Approvers(Source.CHANNEL, (COMMITTEE,)), HOLDER, fallback=Approvers(Source.PEOPLE, ("U0FABIEN",))
)
OF_ALL = ApprovalStep(OF_COMMITTEE.who, HOLDER, Quorum.ALL, fallback=OF_COMMITTEE.fallback)
OF_NOBODY = ApprovalStep(Approvers(Source.PEOPLE, ("U0NOBODY",)), HOLDER)
OF_QUESTION = ApprovalStep(Approvers(Source.QUESTION, ("holder",)), HOLDER)
RULES: Mapping[Step, tuple[ApprovalStep, ...]] = {
    Step.CHOICE: (OF_NOBODY,),
    Step.PARTIAL: (OF_ALL,),
    Step.QUESTION: (OF_QUESTION,),
    Step.BY_HAND: (),
}
MEMBERS = (Relation.APPROVER, Relation.ABSENT, Relation.FORMER)


class ApprovalEnvironment(Environment):
    """The requests of one requester, filed on their behalf."""

    relations = Relation
    tables = (*TABLES, "approval", "approver", "absence")

    def _fill(self) -> None:
        self.desk.slack.run(self._add_people)
        for person in self.people.values():
            if person.name != Relation.STRANGER.value:
                person.home()
        self._steps: dict[Step, int] = {}
        with self.desk.sessions.begin() as session:
            session.add(self._absence(session))
            service = session.get_one(Service, SERVICE)
            service.team_id, service.questions = "assistance", list(_questions())
        asked = [step for step in Step if step not in {Step.LOOKUP, Step.BEFORE}]
        for step in asked:
            self._file(step)
        self._deliver()  # the committee is read, and asked
        self.committee(leaves=Relation.FORMER, joins=Relation.LATER)
        for step in asked:
            number = self.numbers[step]
            self._drop(step)
            self._bring_to(step, number)
            self._converse(step, number)
            self._steps[step] = self._last_step(number)
        self.numbers[Step.BEFORE] = self.numbers[Step.AGAIN]

    def _fill_undelivered(self) -> None:
        """A step that the worker has still to look up."""
        self._file(Step.LOOKUP)

    def _deliver(self) -> None:
        """Nothing but what concerns approvers: the rest would take seconds."""
        with self.desk.sessions.begin() as session:
            others = Delivery.kind.not_in([DeliveryKind.AGREEMENT, DeliveryKind.APPROVERS])
            skip = update(Delivery).where(Delivery.state == DeliveryState.PENDING, others)
            session.execute(skip.values(state=DeliveryState.SKIPPED))
        super()._deliver()

    def _add_people(self) -> None:
        workspace = self.desk.slack.slack.workspace
        for name in ("alain", "sonia", "franck", "louise", "fabien", "elsa"):
            person = {"id": f"U0{name.upper()}", "name": name, "real_name": f"{name.capitalize()} Testeur"}
            add_person(workspace, {**person, "email": f"{name}@univ.example"})
        members = [each.value for each in MEMBERS]
        add_channel(workspace, {"name": COMMITTEE[1:], "private": True, "members": members})
        reseau = workspace.channel("#dnum-reseau")
        assert reseau is not None
        reseau.members.add("U0ELSA")

    def committee(self, *, leaves: Relation, joins: Relation) -> None:
        """Somebody leaves the committee, and somebody else joins it."""

        def change() -> None:
            channel = self.desk.slack.slack.workspace.channel(COMMITTEE)
            assert channel is not None
            channel.members.remove(self.people[leaves].slack_id)
            channel.members.add(self.people[joins].slack_id)

        self.desk.slack.run(change)

    def _absence(self, session: Session) -> Absence:
        today = self.desk.now.astimezone(ZoneInfo("Europe/Paris")).date()  # where they are
        absent, other = (self._row(session, who) for who in (Relation.ABSENT, Relation.SUBSTITUTE))
        return Absence(person_id=absent.id, first_day=today, last_day=today, substitute_id=other.id)

    def _row(self, session: Session, who: Relation) -> Person:
        return session.scalars(select(Person).where(Person.slack_id == self.people[who].slack_id)).one()

    # -- the requests ---

    def _file(self, state: Step) -> None:
        """A request in this state."""
        with self.desk.sessions.begin() as session:
            session.get_one(Service, SERVICE).approval = list(RULES.get(state, (OF_COMMITTEE,)))
        draft = TicketDraft(
            str(uuid4()),
            kind=Kind.REQUEST,
            service_id=SERVICE,
            title=f"Écran {state.name}",
            description=NEED,
            impact=Impact.PERSON,
            urgency=Urgency.HIGH,
            site_id="iut",
            answers=self._answers(AMOUNT),
        )
        requester, filer = self.actor(Relation.REQUESTER), self.actor(Relation.FILER, "reseau")
        ticket = self._do(lambda uow: open_ticket(uow, draft, requester=requester), filer)
        self.numbers[state], self._tickets[ticket.id] = ticket.id, ticket
        if state is Step.BY_HAND:
            of = self.actor(Relation.APPROVER)
            self._do(
                lambda uow: request_agreement(uow, ticket.id, of, "", "Pourquoi ?"),
                self.actor(Relation.TECHNICIAN, "assistance"),
            )
        self._steps[state] = self._last_step(ticket.id)

    def _answers(self, need: str) -> tuple[NewAnswer, ...]:
        holder = self.people[Relation.APPROVER].slack_id
        return NewAnswer("need", "Besoin", need), NewAnswer("holder", "Qui ?", holder)

    def _id(self, name: str) -> str:
        return self.desk.person(name).slack_id

    def _last_step(self, number: int) -> int:
        with self.desk.sessions() as session:
            return approvals_of(session, number)[-1].id

    def _drop(self, state: Step) -> None:
        """The committee is read again, without its former member."""
        members = [self.people[each].slack_id for each in MEMBERS if each is not Relation.FORMER]
        if RULES.get(state, (OF_COMMITTEE,)) not in {(OF_COMMITTEE,), (OF_ALL,)}:
            return
        step = self._steps[state]
        transact(
            self.desk.sessions,
            lambda session: name_approvers(UnitOfWork(session, self.desk.now), step, members),
        )

    def _bring_to(self, state: Step, number: int) -> None:
        match state:
            case Step.OVERDUE:
                self._make_overdue(number)
            case Step.PARTIAL | Step.GIVEN:
                self.decide(number, Decision.AGREE)
            case Step.INCOMPLETE:
                self.decide(number, Decision.ASK, "Pour quelle salle ?")
            case Step.DECLINED:
                self.decide(number, Decision.DECLINE, "Trop cher.")
            case Step.WITHDRAWN:
                requester = self.actor(Relation.REQUESTER)
                self._do(lambda uow: act(uow, number, Action.CANCEL, text="Inutile."), requester)
            case Step.AGAIN:
                self._steps[Step.BEFORE] = self._last_step(number)
                self.decide(number, Decision.AGREE)
                other = self._answers("Montant : 900 €")
                self._do(
                    lambda uow: complete_request(uow, number, SAID, answers=other),
                    self.actor(Relation.REQUESTER),
                )

    def _make_overdue(self, number: int) -> None:
        step, fallback = self._last_step(number), [self.people[Relation.FALLBACK].slack_id]

        def work(session: Session) -> None:
            approval = session.get_one(Approval, step)
            approval.reminded, approval.has_fallback = 3, True
            name_approvers(UnitOfWork(session, self.desk.now), step, fallback, is_fallback=True)

        transact(self.desk.sessions, work)

    def decide(self, number: int, decision: Decision, text: str = "") -> None:
        """The approver decides in the last step."""
        step = self._last_step(number)
        self._do(lambda uow: decide_step(uow, step, decision, text), self.actor(Relation.APPROVER))

    def _converse(self, state: Step, number: int) -> None:
        """What is said beside the agreement: a note, and a reply with a file."""
        technician = self.actor(Relation.TECHNICIAN, "assistance")
        if state not in {Step.DECLINED, Step.WITHDRAWN}:
            file = NewFile("F0REPLY", FILE, "application/pdf", 9, is_from_message=True)
            new = replies.NewReply(REPLY, str(uuid4()), [file])
            self._do(lambda uow: replies.reply(uow, number, new), technician)
        self._do(lambda uow: replies.note(uow, number, NOTE, submission=str(uuid4())), technician)

    # -- what payloads name ---

    def step(self, state: Step) -> int:
        """The id of the step."""
        return self._steps[state]

    def present_step(self, state: Step) -> int | None:
        """The step that the ticket waits for."""
        current = {StepState.LOOKUP, StepState.CHOICE, StepState.ASKED, StepState.INCOMPLETE}
        with self.desk.sessions() as session:
            rows = approvals_of(session, self.numbers[state])
            return next((each.id for each in rows if each.state in current), None)

    def a_file(self, state: Step) -> int:
        """The id of a file of the ticket."""
        with self.desk.sessions() as session:
            found = select(Attachment.id).where(Attachment.ticket_id == self.numbers[state])
            return session.scalars(found.limit(1)).one()


def _questions() -> tuple[Question, ...]:
    return (
        Question("need", QuestionType.TEXT, LocalizedText("Besoin", "Need"), required=True),
        Question("holder", QuestionType.PERSON, HOLDER, required=True),
    )
