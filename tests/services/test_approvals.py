"""Agreements before the work: what is asked when a request is filed, and what becomes of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.services.approvals.rows import approvals_of
from bot.services.approvers.decide import decide_step
from models.approval_rule import ApprovalStep, Approvers, Condition, Quorum, Source
from models.approvals.approval import Absence, Approval, Decision, StepState
from models.approvals.errors import AgreementSettled
from models.base import LocalizedText
from models.catalogue import Question, QuestionType, Service
from models.errors import AgreementAsked, RoleRefused, TransitionRefused
from models.fields import FieldReason, FieldRefused
from models.lifecycle import Action, Agreement, Ending, Kind, Status
from models.person import Person
from models.tickets.draft import NewAnswer
from models.tickets.ticket import Ticket
from tests.support.scenarios import again
from tests.support.use_case_desk import NOW, SmallDesk

HOUR = timedelta(hours=1)
HOLDER = LocalizedText("Responsable du budget", "Budget holder")
QUESTIONS = [
    Question("holder", QuestionType.PERSON, HOLDER, required=True),
    Question("other", QuestionType.PERSON, LocalizedText("Autre", "Other")),
    Question("amount", QuestionType.NUMBER, LocalizedText("Montant", "Amount")),
]
STEP = ApprovalStep(Approvers(Source.QUESTION, ("holder",)), HOLDER)
ABOVE = replace(
    STEP, who=Approvers(Source.QUESTION, ("other",)), when=Condition("amount", above=800), quorum=Quorum.ALL
)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """Its printers need the agreement of a budget holder, and above 800 € of somebody else."""
    set_steps(shared_desk, STEP, ABOVE)
    return shared_desk


def set_steps(desk: SmallDesk, *steps: ApprovalStep) -> None:
    with desk.sessions.begin() as session:
        service = session.get_one(Service, "imprimante")
        service.questions, service.approval = QUESTIONS, list(steps)


def requested(desk: SmallDesk, holder: str = "U0LEA", amount: str = "100", **more: object) -> Ticket:
    answers = (
        NewAnswer("holder", "Responsable du budget", holder),
        NewAnswer("other", "Autre", "U0OLIVER"),
        NewAnswer("amount", "Montant", amount),
    )
    draft = desk.draft(kind=Kind.REQUEST, service_id="imprimante", answers=answers, **more)
    return desk.open(draft)


def steps(desk: SmallDesk, ticket: Ticket) -> list[Approval]:
    with desk.sessions() as session:
        found = approvals_of(session, ticket.id)
        for each in found:
            names = [approver.person.name for approver in each.approvers]  # read while the session is open
            assert len(names) == len(set(names))
        return list(found)


def asked(desk: SmallDesk, ticket: Ticket, position: int = 1) -> list[str]:
    return [each.person.name for each in steps(desk, ticket)[position - 1].approvers]


def decide(
    desk: SmallDesk, ticket: Ticket, name: str, decision: Decision, text: str = "", position: int = 1
) -> Ticket:
    number = steps(desk, ticket)[position - 1].id
    return desk.do(lambda uow: decide_step(uow, number, decision, text), desk.actor(name), NOW + HOUR)


def test_a_request_asks_whom_its_form_names(desk: SmallDesk) -> None:
    ticket = requested(desk)
    assert (ticket.agreement, ticket.status, ticket.clock_since) == (Agreement.ASKED, Status.NEW, None)
    [step] = steps(desk, ticket)
    assert (step.state, asked(desk, ticket)) == (StepState.ASKED, ["Lea"])
    assert step.subject is not None
    assert [each.value for each in step.subject.answers] == ["U0LEA", "U0OLIVER", "100"]


def test_an_incident_and_a_service_without_steps_ask_nobody(desk: SmallDesk) -> None:
    assert desk.open(desk.draft(service_id="imprimante")).agreement is Agreement.NOT_NEEDED
    set_steps(desk)
    assert requested(desk).agreement is Agreement.NOT_NEEDED


def test_the_work_begins_when_all_steps_are_given(desk: SmallDesk) -> None:
    ticket = requested(desk, amount="801")
    assert [each.state for each in steps(desk, ticket)] == [StepState.ASKED, StepState.LATER]
    decide(desk, ticket, "lea", Decision.AGREE)
    assert (again(desk, ticket).agreement, asked(desk, ticket, 2)) == (Agreement.ASKED, ["Oliver"])
    given = decide(desk, ticket, "oliver", Decision.AGREE, position=2)
    assert (given.agreement, given.clock_since, given.agreed_at) == (Agreement.GIVEN, NOW + HOUR, NOW + HOUR)


def test_nothing_is_resolved_while_an_agreement_is_asked(desk: SmallDesk) -> None:
    ticket, karim = requested(desk), desk.actor("karim", "assistance")
    desk.act(ticket, Action.TAKE, karim)
    with pytest.raises(AgreementAsked):
        desk.act(ticket, Action.RESOLVE, karim, "Commandé.")
    for action, text in ((Action.ASK, "Quelle couleur ?"), (Action.RESUME, ""), (Action.HOLD, "")):
        if action is not Action.HOLD:
            desk.act(ticket, action, karim, text)
        assert again(desk, ticket).agreement is Agreement.ASKED
    decide(desk, ticket, "lea", Decision.AGREE)
    assert desk.act(ticket, Action.RESOLVE, karim, "Commandé.").status is Status.RESOLVED


def test_a_declined_request_is_closed_for_good(desk: SmallDesk) -> None:
    ticket, camille = requested(desk), desk.actor("camille")
    with pytest.raises(FieldRefused):
        decide(desk, ticket, "lea", Decision.DECLINE)
    declined = decide(desk, ticket, "lea", Decision.DECLINE, "Trop cher.")
    assert (declined.status, declined.ending) == (Status.CLOSED, Ending.DECLINED)
    assert declined.agreement is Agreement.DECLINED
    with pytest.raises(TransitionRefused):
        desk.act(ticket, Action.REOPEN, camille, "Encore.")


def test_who_is_not_asked_does_not_decide_and_who_is_late_reads_who_did(desk: SmallDesk) -> None:
    ticket = requested(desk)
    with pytest.raises(RoleRefused):
        decide(desk, ticket, "karim", Decision.AGREE)
    decide(desk, ticket, "lea", Decision.AGREE)
    with pytest.raises(AgreementSettled) as refused:
        decide(desk, ticket, "lea", Decision.DECLINE, "Non.")
    assert refused.value.by == "Lea"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, FieldReason.OWN_APPROVER),
        ({"is_deactivated": True}, FieldReason.UNATTENDED),
        ({"is_bot": True}, FieldReason.UNATTENDED),
        ({"is_guest": True}, FieldReason.A_GUEST),
        ({"is_stranger": True}, FieldReason.NOT_SERVED),
    ],
)
def test_an_approver_who_is_not_fit_is_refused_at_the_question(
    desk: SmallDesk, change: dict[str, bool], reason: FieldReason
) -> None:
    with desk.sessions.begin() as session:
        for name, value in change.items():
            setattr(session.query(Person).filter_by(slack_id="U0LEA").one(), name, value)
    with pytest.raises(FieldRefused) as refused:
        requested(desk, "U0LEA" if change else "U0CAMILLE")
    assert (refused.value.reason, refused.value.question) == (reason, "holder")


def test_ones_own_agreement_is_recorded_where_the_catalogue_says_so(desk: SmallDesk) -> None:
    set_steps(desk, replace(STEP, own_is_recorded=True))
    assert requested(desk, "U0CAMILLE").agreement is Agreement.GIVEN


def test_of_an_absent_approver_the_substitute_is_asked_too(desk: SmallDesk) -> None:
    lea, karim = desk.actor("lea").id, desk.actor("karim").id
    with desk.sessions.begin() as session:
        days = {"first_day": date(2026, 11, 23), "last_day": date(2026, 11, 27)}
        session.add(Absence(person_id=lea, substitute_id=karim, **days))
        session.add(Absence(person_id=karim, substitute_id=desk.actor("oliver").id, **days))
    ticket = requested(desk)
    assert asked(desk, ticket) == ["Lea", "Karim"], "one hop only"
    assert decide(desk, ticket, "karim", Decision.AGREE).agreement is Agreement.GIVEN
