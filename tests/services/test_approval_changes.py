"""What requesters do about an agreement, and what happens when two people act at once."""

import pytest

from bot.services.approvals.rows import approvals_of
from bot.services.approvers.complete import choose_approver, complete_request
from bot.services.approvers.decide import decide_step
from models.approvals.approval import Decision, StepState
from models.approvals.errors import AgreementSettled, ChosenTooEarly
from models.errors import HelpDeskError, RoleRefused, TransitionRefused
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action, Agreement, Status
from models.outbox.kinds import DeliveryKind
from models.tickets.draft import NewAnswer
from models.tickets.ticket import Ticket
from tests.services.test_approvals import ABOVE, STEP, asked, decide, requested, set_steps, steps
from tests.support.scenarios import again
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk, at_once


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    set_steps(shared_desk, STEP, ABOVE)
    return shared_desk


def answers(holder: str = "U0LEA", amount: str = "100") -> list[NewAnswer]:
    return [
        NewAnswer("holder", "Responsable du budget", holder),
        NewAnswer("other", "Autre", "U0OLIVER"),
        NewAnswer("amount", "Montant", amount),
    ]


def complete(desk: SmallDesk, ticket: Ticket, text: str = "", by: str = "camille", **more: str) -> Ticket:
    return desk.do(
        lambda uow: complete_request(uow, ticket.id, text, answers=answers(**more)),
        desk.actor(by),
        NOW + MINUTE,
    )


def asked_again(desk: SmallDesk, ticket: Ticket) -> list[str]:
    return [
        each.recipient
        for each in desk.deliveries(again(desk, ticket).event_count)
        if each.kind is DeliveryKind.AGREEMENT and not each.method.endswith("update")
    ]


def test_words_alone_ask_again_who_has_not_agreed(desk: SmallDesk) -> None:
    ticket = requested(desk)
    decide(desk, ticket, "lea", Decision.ASK, "Pour qui ?")
    assert steps(desk, ticket)[0].state is StepState.INCOMPLETE
    with pytest.raises(FieldRefused):
        complete(desk, ticket)
    complete(desk, ticket, "Pour moi.")
    [step] = steps(desk, ticket)
    assert (step.state, step.approvers[0].is_open, step.approvers[0].messages) == (StepState.ASKED, True, 2)
    assert asked_again(desk, ticket) == [f"dm:{desk.actor('lea').id}"]


def test_a_raised_amount_asks_anew_and_adds_the_step_above_it(desk: SmallDesk) -> None:
    ticket = requested(desk)
    decide(desk, ticket, "lea", Decision.AGREE)
    assert again(desk, ticket).agreement is Agreement.GIVEN
    complete(desk, ticket, amount="900")
    former, first, second = steps(desk, ticket)
    assert [each.state for each in (former, first, second)] == [
        StepState.WITHDRAWN,
        StepState.ASKED,
        StepState.LATER,
    ]
    assert former.subject is not None
    assert first.subject_before == former.subject
    assert [each.value for each in former.subject.answers][-1] == "100"  # as it was agreed to
    kept = again(desk, ticket)
    assert (kept.agreement, kept.clock_since, kept.agreed_at) == (Agreement.ASKED, None, None)


def test_the_same_answers_change_nothing(desk: SmallDesk) -> None:
    ticket = requested(desk)
    with pytest.raises(FieldRefused):
        complete(desk, ticket)
    decide(desk, ticket, "lea", Decision.AGREE)
    complete(desk, ticket, "Merci !")  # a message to the team
    assert again(desk, ticket).agreement is Agreement.GIVEN


def test_another_approver_is_checked_at_the_question(desk: SmallDesk) -> None:
    ticket = requested(desk)
    with pytest.raises(FieldRefused) as refused:
        complete(desk, ticket, holder="U0CAMILLE")
    assert (refused.value.field, refused.value.question) == (Field.QUESTION, "holder")
    assert asked(desk, ticket) == ["Lea"]


def test_only_the_requester_completes(desk: SmallDesk) -> None:
    ticket = requested(desk)
    for name in ("lea", "oliver"):
        with pytest.raises(RoleRefused):
            complete(desk, ticket, "Voilà.", by=name)


def test_a_request_that_is_resolved_or_closed_is_not_completed(desk: SmallDesk) -> None:
    ticket = requested(desk)
    desk.act(ticket, Action.CANCEL, desk.actor("camille"), "Inutile.")
    with pytest.raises(TransitionRefused):
        complete(desk, ticket, "Voilà.")
    [step] = steps(desk, ticket)
    assert (again(desk, ticket).agreement, step.state) == (Agreement.NOT_NEEDED, StepState.WITHDRAWN)


def test_whom_the_requester_chooses_is_asked_too(desk: SmallDesk) -> None:
    ticket = requested(desk)
    choose(desk, ticket, "oliver")
    assert asked(desk, ticket) == ["Lea", "Oliver"]
    decide(desk, ticket, "oliver", Decision.AGREE)
    assert again(desk, ticket).agreement is Agreement.GIVEN


def test_nobody_else_is_chosen_within_the_term(desk: SmallDesk) -> None:
    ticket, chosen = requested(desk), desk.actor("oliver")
    with pytest.raises(ChosenTooEarly):
        desk.do(lambda uow: choose_approver(uow, ticket.id, chosen), desk.actor("camille"), NOW + MINUTE)


@pytest.mark.parametrize(("name", "reason"), [("camille", FieldReason.OWN_APPROVER)])
def test_nobody_chooses_who_may_not_decide(desk: SmallDesk, name: str, reason: FieldReason) -> None:
    ticket = requested(desk)
    with pytest.raises(FieldRefused) as refused:
        choose(desk, ticket, name)
    assert (refused.value.field, refused.value.reason) == (Field.APPROVER, reason)


def choose(desk: SmallDesk, ticket: Ticket, name: str) -> Ticket:
    """Once nobody has decided within the term."""
    with desk.sessions.begin() as session:
        current = next(each for each in approvals_of(session, ticket.id) if each.state is StepState.ASKED)
        current.reminded = 3
    chosen = desk.actor(name)
    return desk.do(lambda uow: choose_approver(uow, ticket.id, chosen), desk.actor("camille"), NOW + MINUTE)


def test_of_two_decisions_at_once_one_counts_and_the_other_is_told(desk: SmallDesk) -> None:
    for _ in range(5):
        ticket = requested(desk)
        choose(desk, ticket, "oliver")
        number = steps(desk, ticket)[0].id

        def decided(name: str, decision: Decision, number: int = number) -> object:
            return desk.do(
                lambda uow: decide_step(uow, number, decision, "Non."), desk.actor(name), NOW + MINUTE
            )

        results = at_once(
            [lambda: decided("lea", Decision.AGREE), lambda: decided("oliver", Decision.DECLINE)]
        )
        refusals = [each for each in results if isinstance(each, HelpDeskError)]
        assert [type(each) for each in refusals] == [AgreementSettled]
        kept, [step] = again(desk, ticket), steps(desk, ticket)
        assert (kept.agreement, step.state) in {
            (Agreement.GIVEN, StepState.GIVEN),
            (Agreement.DECLINED, StepState.DECLINED),
        }
        assert (kept.status is Status.CLOSED) is (kept.agreement is Agreement.DECLINED)


def test_a_double_click_agrees_once(desk: SmallDesk) -> None:
    ticket = requested(desk)
    number = steps(desk, ticket)[0].id

    def press() -> object:
        return desk.do(lambda uow: decide_step(uow, number, Decision.AGREE), desk.actor("lea"), NOW + MINUTE)

    results = at_once([press, press])
    assert len([each for each in results if isinstance(each, AgreementSettled)]) == 1
    assert again(desk, ticket).event_count == 2
