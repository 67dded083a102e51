"""Approvers whom only Slack knows: their look-up is queued, and those who were found are asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.maintenance.lookups import look_up
from bot.services.approvals.lookup import name_approvers
from bot.services.approvals.managers import known_manager
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.complete import complete_request
from bot.services.approvers.decide import decide_step
from models.approval_rule import ApprovalStep, Approvers, Quorum, Source
from models.approvals.approval import Approval, Decision, StepState
from models.base import LocalizedText
from models.catalogue import Question, QuestionType, Service
from models.lifecycle import Action, Agreement, Kind
from models.outbox.delivery import Delivery
from models.outbox.details import ApproversDetails
from models.outbox.kinds import DeliveryKind
from models.person import Person
from models.tickets.draft import NewAnswer
from models.tickets.ticket import Ticket
from tests.support.factories import make_person
from tests.support.scenarios import again
from tests.support.use_case_desk import NOW, SmallDesk, at_once

HOUR = timedelta(hours=1)
ROLE = LocalizedText("Responsable", "Manager")
QUESTIONS = [Question("holder", QuestionType.PERSON, ROLE)]
GROUP = ApprovalStep(Approvers(Source.GROUP, ("S0ACHATS00",)), ROLE, Quorum.ALL)
OTHERS = Approvers(Source.PEOPLE, ("U0OLIVER",))
OWN = replace(GROUP, quorum=Quorum.ONE, own_is_recorded=True)
FORM = ApprovalStep(Approvers(Source.QUESTION, ("holder",)), ROLE, fallback=OTHERS)


def requested(desk: SmallDesk, *steps: ApprovalStep, holder: str | None = None) -> Ticket:
    with desk.sessions.begin() as session:
        service = session.get_one(Service, "imprimante")
        service.questions, service.approval = QUESTIONS, list(steps)
    answers = (NewAnswer("holder", "Responsable", holder),) if holder else ()
    return desk.open(desk.draft(kind=Kind.REQUEST, service_id="imprimante", answers=answers))


def step(desk: SmallDesk, ticket: Ticket, position: int = 1) -> Approval:
    with desk.sessions() as session:
        found = approvals_of(session, ticket.id)[position - 1]
        assert all(each.person.name for each in found.approvers)  # read while the session is open
        return found


def asked(desk: SmallDesk, ticket: Ticket, position: int = 1) -> list[str]:
    return [each.person.name for each in step(desk, ticket, position).asked]


def look_ups(desk: SmallDesk) -> list[Delivery]:
    return [each for each in desk.deliveries() if each.kind is DeliveryKind.APPROVERS]


def messages(desk: SmallDesk, kind: DeliveryKind = DeliveryKind.AGREEMENT) -> int:
    return sum(each.kind is kind for each in desk.deliveries())


def found(desk: SmallDesk, ticket: Ticket, *names: str, is_fallback: bool = False, position: int = 1) -> None:
    """The worker found these people."""
    number, slack_ids = step(desk, ticket, position).id, [f"U0{name.upper()}" for name in names]
    desk.do(lambda uow: name_approvers(uow, number, slack_ids, is_fallback=is_fallback), now=NOW + HOUR)


def put(desk: SmallDesk, ticket: Ticket, state: StepState) -> None:
    with desk.sessions.begin() as session:
        approvals_of(session, ticket.id)[0].state = state


@pytest.mark.parametrize(
    ("who", "method"),
    [
        (Approvers(Source.GROUP, ("S0ACHATS00",)), "usergroups.users.list"),
        (Approvers(Source.CHANNEL, ("#achats",)), "users.conversations"),
        (Approvers(Source.PEOPLE, ("U0LEA",)), "users.info"),
        (Approvers(Source.MANAGER), "users.profile.get"),
    ],
)
def test_a_step_that_only_slack_knows_is_looked_up_once(
    shared_desk: SmallDesk, who: Approvers, method: str
) -> None:
    ticket = requested(shared_desk, replace(GROUP, who=who))
    [delivery] = look_ups(shared_desk)
    assert (delivery.method, delivery.ticket_id) == (method, ticket.id)
    number = step(shared_desk, ticket).id
    assert delivery.details == ApproversDetails(number)

    def again_and_fallback(uow: UnitOfWork) -> None:
        approval = uow.session.get_one(Approval, number)
        approval.rule = replace(approval.rule, fallback=OTHERS)
        look_up(uow, approval)
        look_up(uow, approval, is_fallback=True)
        look_up(uow, approval, is_fallback=True)

    shared_desk.do(again_and_fallback)
    details = [each.details for each in look_ups(shared_desk)]
    assert details == [ApproversDetails(number), ApproversDetails(number, is_fallback=True)]


def test_those_who_were_found_are_asked_and_the_cards_say_so(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, GROUP)
    before = len(shared_desk.deliveries())
    found(shared_desk, ticket, "lea", "karim", "lea")
    assert (step(shared_desk, ticket).state, asked(shared_desk, ticket)) == (
        StepState.ASKED,
        ["Lea", "Karim"],
    )
    new = [each.kind for each in shared_desk.deliveries()[before:]]
    assert new.count(DeliveryKind.AGREEMENT) == 2
    assert {DeliveryKind.CARD, DeliveryKind.TRIAGE_CARD} <= set(new)


def test_what_was_found_asks_once_though_it_comes_twice(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, GROUP)
    for _time in range(2):
        found(shared_desk, ticket, "lea", "karim")
    found(shared_desk, ticket, "lea", "karim", "oliver")
    assert (asked(shared_desk, ticket), messages(shared_desk)) == (["Lea", "Karim"], 2)


def test_read_again_who_has_left_is_dropped_and_who_has_joined_is_not_asked(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, GROUP)
    found(shared_desk, ticket, "lea", "karim")
    found(shared_desk, ticket, "lea", "oliver")
    open_now = [each.person.name for each in step(shared_desk, ticket).approvers if each.is_open]
    assert open_now == ["Lea"]


def test_what_two_workers_find_at_once_asks_once(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, GROUP)
    at_once([lambda: found(shared_desk, ticket, "lea")] * 2)
    assert (asked(shared_desk, ticket), messages(shared_desk)) == (["Lea"], 1)


def test_the_unfit_are_not_asked(shared_desk: SmallDesk) -> None:
    unfit = {"Bot": "is_bot", "Gone": "is_deactivated", "Guest": "is_guest", "Other": "is_stranger"}
    with shared_desk.sessions.begin() as session:
        session.add_all(make_person(name, **{column: True}) for name, column in unfit.items())
    ticket = requested(shared_desk, GROUP)
    found(shared_desk, ticket, *unfit, "camille", "lea", "nobody")
    assert asked(shared_desk, ticket) == ["Lea"]


@pytest.mark.parametrize("names", [(), ("camille",)])
def test_without_anybody_fit_the_requester_chooses(shared_desk: SmallDesk, names: Sequence[str]) -> None:
    ticket = requested(shared_desk, GROUP)
    found(shared_desk, ticket, *names)
    assert step(shared_desk, ticket).state is StepState.CHOICE
    assert messages(shared_desk, DeliveryKind.AGREEMENT_WAIT) == 1
    assert again(shared_desk, ticket).agreement is Agreement.ASKED


def test_without_anybody_fit_the_fallback_is_looked_up_at_once(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, replace(GROUP, fallback=OTHERS))
    found(shared_desk, ticket)
    assert (step(shared_desk, ticket).state, messages(shared_desk)) == (StepState.LOOKUP, 0)
    assert look_ups(shared_desk)[-1].details == ApproversDetails(step(shared_desk, ticket).id, True)
    found(shared_desk, ticket, "karim")
    assert asked(shared_desk, ticket) == [], "the first look-up has come to its end"
    found(shared_desk, ticket, "oliver", is_fallback=True)
    [approver] = step(shared_desk, ticket).asked
    assert (approver.person.name, approver.is_fallback) == ("Oliver", True)


def test_without_anybody_fit_in_the_fallback_either_the_requester_chooses(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, replace(GROUP, fallback=OTHERS))
    found(shared_desk, ticket)
    found(shared_desk, ticket, is_fallback=True)
    assert step(shared_desk, ticket).state is StepState.CHOICE
    assert len(look_ups(shared_desk)) == 2


def test_an_empty_question_goes_on_to_the_fallback(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, FORM)
    [delivery] = look_ups(shared_desk)
    assert delivery.details == ApproversDetails(step(shared_desk, ticket).id, is_fallback=True)
    found(shared_desk, ticket, "oliver", is_fallback=True)
    assert asked(shared_desk, ticket) == ["Oliver"]
    assert len(look_ups(shared_desk)) == 1


def test_an_answered_question_looks_nobody_up(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, FORM, holder="U0LEA")
    assert (asked(shared_desk, ticket), look_ups(shared_desk)) == (["Lea"], [])


@pytest.mark.parametrize("state", [StepState.ASKED, StepState.INCOMPLETE])
def test_the_fallback_joins_those_who_are_asked(shared_desk: SmallDesk, state: StepState) -> None:
    ticket = requested(shared_desk, replace(GROUP, fallback=OTHERS))
    found(shared_desk, ticket, "lea")
    put(shared_desk, ticket, state)
    found(shared_desk, ticket, "oliver", is_fallback=True)
    assert (asked(shared_desk, ticket), step(shared_desk, ticket).state) == (["Lea", "Oliver"], state)


def test_a_fallback_that_finds_nobody_leaves_those_who_are_asked(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, replace(GROUP, fallback=OTHERS))
    found(shared_desk, ticket, "lea")
    found(shared_desk, ticket, is_fallback=True)
    assert (asked(shared_desk, ticket), step(shared_desk, ticket).state) == (["Lea"], StepState.ASKED)


def test_what_is_found_after_the_request_was_cancelled_asks_nobody(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, replace(GROUP, fallback=OTHERS))
    shared_desk.act(ticket, Action.CANCEL, shared_desk.actor("camille"), "Inutile.")
    for is_fallback in (False, True):
        found(shared_desk, ticket, "lea", is_fallback=is_fallback)
    assert (step(shared_desk, ticket).state, asked(shared_desk, ticket)) == (StepState.WITHDRAWN, [])


def test_the_next_step_is_looked_up_once_the_first_is_given(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, FORM, GROUP, holder="U0LEA")
    assert look_ups(shared_desk) == []
    number = step(shared_desk, ticket).id
    shared_desk.do(lambda uow: decide_step(uow, number, Decision.AGREE), shared_desk.actor("lea"), NOW + HOUR)
    [delivery] = look_ups(shared_desk)
    assert delivery.details == ApproversDetails(step(shared_desk, ticket, 2).id)
    found(shared_desk, ticket, "karim", position=2)
    assert asked(shared_desk, ticket, 2) == ["Karim"]


def test_ones_own_agreement_that_was_looked_up_is_in_the_history_and_starts_the_work(
    shared_desk: SmallDesk,
) -> None:
    ticket = requested(shared_desk, OWN)
    found(shared_desk, ticket, "camille")
    given = again(shared_desk, ticket)
    assert (given.agreement, given.agreed_at, given.clock_since) == (
        Agreement.GIVEN,
        NOW + HOUR,
        NOW + HOUR,
    )
    last = shared_desk.history(ticket)[-1]
    assert (last.action, last.actor.name) == (Action.AGREE, "Camille")
    assert messages(shared_desk) == 0, "nobody asks themself"


def test_ones_own_agreement_in_the_form_starts_the_work_too(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, replace(FORM, own_is_recorded=True), holder="U0CAMILLE")
    given = again(shared_desk, ticket)
    assert (given.agreement, given.clock_since) == (Agreement.GIVEN, NOW)
    assert [each.action for each in shared_desk.history(ticket)] == [Action.OPEN, Action.AGREE]


def test_after_ones_own_agreement_the_next_step_is_looked_up(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, OWN, GROUP)
    found(shared_desk, ticket, "camille")
    assert step(shared_desk, ticket, 2).state is StepState.LOOKUP
    assert look_ups(shared_desk)[-1].details == ApproversDetails(step(shared_desk, ticket, 2).id)


@pytest.mark.parametrize(("age", "is_known"), [(timedelta(hours=24), True), (timedelta(hours=25), False)])
def test_a_manager_is_known_for_a_day(shared_desk: SmallDesk, age: timedelta, is_known: bool) -> None:
    with shared_desk.sessions.begin() as session:
        camille = session.query(Person).filter_by(slack_id="U0CAMILLE").one()
        assert known_manager(session, camille, NOW) is None
        camille.manager_id, camille.manager_read_at = shared_desk.actor("lea").id, NOW - age
        manager = known_manager(session, camille, NOW)
    assert (manager.name if manager else None) == ("Lea" if is_known else None)


def test_ones_own_agreement_to_a_completed_request_is_told(shared_desk: SmallDesk) -> None:
    ticket = requested(shared_desk, replace(FORM, own_is_recorded=True), holder="U0LEA")
    answers = [NewAnswer("holder", "Responsable", "U0CAMILLE")]
    shared_desk.do(
        lambda uow: complete_request(uow, ticket.id, "Je suis responsable.", answers=answers),
        shared_desk.actor("camille"),
        NOW + HOUR,
    )
    history = shared_desk.history(ticket)
    assert [each.action for each in history] == [Action.OPEN, Action.COMPLETE, Action.AGREE]
    assert again(shared_desk, ticket).agreement is Agreement.GIVEN
    assert any(each.kind is DeliveryKind.THREAD for each in shared_desk.deliveries(history[-1].number))
