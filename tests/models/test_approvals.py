"""The steps of an agreement: who decides, and that while one is asked somebody can always bring it on."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.approval_rule import ApprovalStep, Approvers, Condition, Quorum, Source
from models.approvals.approval import CURRENT, AgreedTo, Approval, Decision, StepState
from models.approvals.errors import AgreementSettled
from models.approvals.process import (
    Asked,
    advance,
    ask,
    begin,
    begin_anew,
    complete,
    current,
    decide,
    drop,
    settled,
    withdraw,
)
from models.base import LocalizedText
from models.errors import HelpDeskError, RoleRefused
from models.lifecycle import Agreement
from models.tickets.ticket import Ticket
from tests.support.factories import make_person, make_ticket

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADA, BOB, EVE = (make_person(name, id=number) for number, name in enumerate(("Ada", "Bob", "Eve"), 1))
SUBJECT = AgreedTo("Un écran", "", (), ())
ROLE = LocalizedText("Responsable", "Manager")


def step(quorum: Quorum = Quorum.ONE) -> ApprovalStep:
    return ApprovalStep(Approvers(Source.PEOPLE), ROLE, quorum)


def asked(*people: Asked, quorum: Quorum = Quorum.ONE) -> Approval:
    [approval] = begin(make_ticket(id=1), [step(quorum)])
    ask(approval, people, SUBJECT, NOW)
    return approval


def test_without_steps_no_agreement_is_needed() -> None:
    ticket = make_ticket(id=1)
    assert begin(ticket, []) == []
    assert ticket.agreement is Agreement.NOT_NEEDED


def test_the_steps_are_asked_one_after_the_other() -> None:
    ticket = make_ticket(id=1)
    first, second = begin(ticket, [step(), step()])
    assert (first.state, second.state, ticket.agreement) == ("lookup", "later", "asked")
    ask(first, [Asked(ADA)], SUBJECT, NOW)
    decide(first, ADA, Decision.AGREE, None, NOW)
    assert advance(ticket, [first, second], NOW) is second
    assert (first.state, second.state, ticket.agreement) == ("given", "lookup", "asked")
    ask(second, [Asked(BOB)], SUBJECT, NOW)
    decide(second, BOB, Decision.AGREE, None, NOW + HOUR)
    assert advance(ticket, [first, second], NOW + HOUR) is None
    assert (ticket.agreement, ticket.agreed_at) == ("given", NOW + HOUR)


def test_of_one_the_first_decides_and_the_others_are_told_who() -> None:
    approval = asked(Asked(ADA), Asked(BOB))
    decide(approval, ADA, Decision.AGREE, None, NOW)
    with pytest.raises(AgreementSettled) as refused:
        decide(approval, BOB, Decision.DECLINE, "Trop cher.", NOW + HOUR)
    assert refused.value.values == {"number": 1, "by": "Ada", "at": NOW}
    assert not any(each.is_open for each in approval.approvers)


def test_all_must_agree_and_one_declines() -> None:
    approval = asked(Asked(ADA), Asked(BOB), quorum=Quorum.ALL)
    decide(approval, ADA, Decision.AGREE, None, NOW)
    assert approval.state is StepState.ASKED
    with pytest.raises(AgreementSettled):
        decide(approval, ADA, Decision.DECLINE, "Non.", NOW)
    decide(approval, BOB, Decision.DECLINE, "Trop cher.", NOW)
    assert approval.state is StepState.DECLINED


def test_of_the_fallback_one_is_enough() -> None:
    approval = asked(Asked(ADA), Asked(BOB), quorum=Quorum.ALL)
    ask(approval, [Asked(EVE, is_fallback=True)], SUBJECT, NOW)
    decide(approval, EVE, Decision.AGREE, None, NOW)
    assert approval.state is StepState.GIVEN


def test_of_an_absent_approver_and_their_substitute_one_is_enough() -> None:
    approval = asked(Asked(ADA), Asked(BOB), Asked(EVE, stands_in_for=BOB), quorum=Quorum.ALL)
    decide(approval, EVE, Decision.AGREE, None, NOW)
    assert [each.person.name for each in approval.undecided] == ["Ada"]
    assert [each.is_open for each in approval.approvers] == [True, False, False]
    decide(approval, ADA, Decision.AGREE, None, NOW)
    assert approval.state is StepState.GIVEN


def test_who_is_not_asked_does_not_decide() -> None:
    approval = asked(Asked(ADA))
    with pytest.raises(RoleRefused):
        decide(approval, BOB, Decision.AGREE, None, NOW)
    drop(approval, approval.approvers[0], NOW)
    with pytest.raises(RoleRefused):
        decide(approval, ADA, Decision.AGREE, None, NOW)


def test_a_missing_information_is_given_and_asked_again() -> None:
    approval = asked(Asked(ADA), Asked(BOB), quorum=Quorum.ALL)
    decide(approval, ADA, Decision.AGREE, None, NOW)
    decide(approval, BOB, Decision.ASK, "Pour qui ?", NOW)
    assert approval.state is StepState.INCOMPLETE
    complete(approval, SUBJECT)
    assert [(each.person.name, each.decision) for each in approval.approvers] == [
        ("Ada", "agree"),
        ("Bob", None),
    ]
    decide(approval, BOB, Decision.AGREE, None, NOW)
    assert approval.state is StepState.GIVEN


def test_when_the_last_one_is_dropped_the_others_have_agreed_or_somebody_is_chosen() -> None:
    approval = asked(Asked(ADA), Asked(BOB), quorum=Quorum.ALL)
    decide(approval, ADA, Decision.AGREE, None, NOW)
    drop(approval, approval.approvers[1], NOW)
    assert approval.state is StepState.GIVEN
    alone = asked(Asked(ADA))
    drop(alone, alone.approvers[0], NOW)
    assert alone.state is StepState.CHOICE


def test_nobody_fit_to_be_asked_leaves_somebody_to_choose() -> None:
    assert asked().state is StepState.CHOICE


def test_somebody_who_is_back_is_asked_again() -> None:
    approval = asked(Asked(ADA), Asked(BOB))
    drop(approval, approval.approvers[0], NOW)
    assert ask(approval, [Asked(ADA)], SUBJECT, NOW) == []
    assert approval.approvers[0].is_open
    assert decide(approval, ADA, Decision.AGREE, None, NOW).person is ADA


def test_what_is_withdrawn_asks_nobody() -> None:
    ticket = make_ticket(id=1)
    first, second = begin(ticket, [step(), step()])
    ask(first, [Asked(ADA)], SUBJECT, NOW)
    assert withdraw([first, second], NOW) == [first]
    assert (first.state, second.state) == ("withdrawn", "withdrawn")
    with pytest.raises(AgreementSettled) as refused:
        decide(first, ADA, Decision.AGREE, None, NOW)
    assert refused.value.message == "Your agreement to No. {number} is no longer needed."


PEOPLE = (ADA, BOB, EVE)
MOVES = st.lists(
    st.tuples(st.sampled_from(("agree", "decline", "ask", "drop", "complete", "more")), st.integers(0, 2))
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(Quorum), min_size=1, max_size=3), MOVES)
def test_no_history_leaves_a_step_asked_of_nobody(
    quorums: list[Quorum], moves: list[tuple[str, int]]
) -> None:
    ticket = make_ticket(id=1)
    steps = begin(ticket, [step(quorum) for quorum in quorums])
    for move, number in moves:
        if (now := current(steps)) is None:
            break
        if now.state is StepState.LOOKUP:
            ask(now, [Asked(each) for each in PEOPLE[: number + 1]], SUBJECT, NOW)
        else:
            _move(now, move, number)
        if now.state is StepState.GIVEN:
            advance(ticket, steps, NOW)
        _check(ticket, steps)


def _move(approval: Approval, move: str, number: int) -> None:
    match move:
        case "drop" if len(approval.approvers) > number and approval.approvers[number].dropped_at is None:
            drop(approval, approval.approvers[number], NOW)
        case "more":
            ask(approval, [Asked(PEOPLE[number], is_fallback=True)], SUBJECT, NOW)
        case "complete" if approval.state is StepState.INCOMPLETE:
            complete(approval, SUBJECT)
        case "agree" | "decline" | "ask":
            try:
                decide(approval, PEOPLE[number], Decision(move), None, NOW)
            except HelpDeskError:
                return


def _check(ticket: Ticket, steps: list[Approval]) -> None:
    asked_now = [each for each in steps if each.state in CURRENT]
    is_declined = any(each.state is StepState.DECLINED for each in steps)
    assert len(asked_now) == (ticket.agreement is Agreement.ASKED and not is_declined)
    for each in asked_now:
        if each.state in {StepState.ASKED, StepState.INCOMPLETE}:
            assert each.undecided, "somebody can decide"
            assert not each.is_given
    if ticket.agreement is Agreement.GIVEN:
        assert all(each.state is StepState.GIVEN and each.is_given for each in steps)


def test_who_stands_in_for_somebody_who_agreed_is_too_late_to_decline() -> None:
    approval = asked(Asked(ADA), Asked(EVE, stands_in_for=ADA), Asked(BOB), quorum=Quorum.ALL)
    decide(approval, ADA, Decision.AGREE, None, NOW)
    with pytest.raises(AgreementSettled):
        decide(approval, EVE, Decision.DECLINE, "Trop cher.", NOW)
    assert approval.state is StepState.ASKED


@pytest.mark.parametrize("amount", ["nan", "-inf", "un peu"])
def test_an_amount_that_is_no_number_is_above_the_limit(amount: str) -> None:
    assert Condition("amount", above=800).is_met({"amount": amount})


@pytest.mark.parametrize("decision", [Decision.AGREE, Decision.ASK])
def test_who_comes_after_the_withdrawal_is_not_told_that_somebody_authorised(decision: Decision) -> None:
    approval = asked(Asked(ADA), Asked(BOB), quorum=Quorum.ALL)
    decide(approval, ADA, decision, "Pourquoi ?", NOW)
    withdraw([approval], NOW + HOUR)
    assert settled(approval, approval.approvers[1]).by is None


def test_who_declined_is_named_though_somebody_asked_for_more_later() -> None:
    approval = asked(Asked(ADA), Asked(BOB))
    decide(approval, BOB, Decision.ASK, "Pourquoi ?", NOW + HOUR)
    decide(approval, ADA, Decision.DECLINE, "Trop cher.", NOW)
    assert settled(approval, approval.approvers[1]).by == "Ada"


def test_who_was_dropped_and_is_asked_again_may_decide() -> None:
    approval = asked(Asked(ADA), Asked(BOB))
    ada, _bob = approval.approvers
    drop(approval, ada, NOW)
    ask(approval, [Asked(ADA)], SUBJECT, NOW + HOUR)
    assert (ada.dropped_at, ada.is_open) == (None, True)
    decide(approval, ADA, Decision.AGREE, None, NOW + HOUR)
    assert approval.state == "given"


@pytest.mark.parametrize(("before", "agreed_at"), [(Agreement.ASKED, NOW + HOUR), (Agreement.GIVEN, NOW)])
def test_without_steps_any_more_the_work_begins_unless_it_has(before: Agreement, agreed_at: datetime) -> None:
    ticket = make_ticket(id=1)
    rows = begin(ticket, [step()])
    if before is Agreement.GIVEN:
        ticket.agreement, ticket.agreed_at = before, NOW
    assert begin_anew(ticket, rows, [], NOW + HOUR) == []
    assert (ticket.agreement, ticket.agreed_at) == ("not_needed", agreed_at)
