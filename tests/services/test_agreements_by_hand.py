"""Agreements that technicians ask for by hand, or record because they were given elsewhere."""

from datetime import timedelta

import pytest

from bot.services.approvals.lookup import name_approvers
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.by_hand import Given, record_agreement, request_agreement
from models.approvals.approval import Decision, StepState
from models.approvals.process import current
from models.errors import AgreementAsked, RoleRefused
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action, Agreement, Status
from models.outbox.kinds import DeliveryKind
from models.person import Person
from models.tickets.clocks.clock import NEVER
from models.tickets.ticket import Ticket
from tests.services.test_approvals import STEP, decide, requested, set_steps, steps
from tests.support.agreements import all_of, asked_in
from tests.support.scenarios import again
from tests.support.use_case_desk import NOW, SmallDesk

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    set_steps(shared_desk, STEP)
    return shared_desk


def ask(desk: SmallDesk, ticket: Ticket, of: str = "lea", **more: str) -> Ticket:
    by, approver = desk.actor("karim", "assistance"), desk.actor(of)
    words = {"role": "", "words": "C'est cher.", **more}
    return desk.do(lambda uow: request_agreement(uow, ticket.id, approver, **words), by, NOW + HOUR)


def record(
    desk: SmallDesk, ticket: Ticket, of: str = "lea", by: str = "karim", where: str = "Par courriel."
) -> Ticket:
    actor, approver = desk.actor(by, "assistance"), desk.actor(of)
    with desk.sessions() as session:
        step = current(approvals_of(session, ticket.id))
    given = Given(where, step=step.id if step else None)
    return desk.do(lambda uow: record_agreement(uow, ticket.id, approver, given), actor, NOW + HOUR)


def test_somebody_asked_by_hand_holds_the_work_back_until_they_agree(desk: SmallDesk) -> None:
    ticket, karim = desk.open(), desk.actor("karim", "assistance")
    desk.act(ticket, Action.TAKE, karim)
    held = ask(desk, ticket, role="Responsable du budget")
    assert (held.agreement, held.clock_since, held.time_used, held.due_at) == (
        *(Agreement.ASKED, None, HOUR, NEVER),
    )
    with pytest.raises(AgreementAsked):
        desk.act(ticket, Action.RESOLVE, karim, "Fait.", NOW + HOUR)
    [step] = steps(desk, ticket)
    assert (step.state, step.words, step.rule.name.fr) == (
        *(StepState.ASKED, "C'est cher.", "Responsable du budget"),
    )
    given = decide(desk, ticket, "lea", Decision.AGREE)
    assert (given.agreement, given.time_used, given.clock_since) == (Agreement.GIVEN, HOUR, NOW + HOUR)
    assert desk.act(ticket, Action.RESOLVE, karim, "Fait.", NOW + HOUR).status is Status.RESOLVED


def test_who_is_asked_by_hand_gets_a_message_and_the_history_names_them(desk: SmallDesk) -> None:
    ticket = ask(desk, desk.open())
    kinds = [each.kind for each in desk.deliveries(ticket.event_count)]
    assert DeliveryKind.AGREEMENT in kinds
    last = desk.history(ticket)[-1]
    assert (last.action, last.details.approver, last.text) == (
        *(Action.REQUEST_AGREEMENT, "Lea", "C'est cher."),
    )


def test_one_asked_by_hand_comes_after_those_that_are_asked(desk: SmallDesk) -> None:
    ticket = requested(desk)
    ask(desk, ticket, "oliver")
    assert [each.state for each in steps(desk, ticket)] == [StepState.ASKED, StepState.LATER]
    decide(desk, ticket, "lea", Decision.AGREE)
    assert again(desk, ticket).agreement is Agreement.ASKED
    assert decide(desk, ticket, "oliver", Decision.AGREE, position=2).agreement is Agreement.GIVEN


def test_another_one_may_be_asked_for_after_all_were_given(desk: SmallDesk) -> None:
    ticket = requested(desk)
    assert decide(desk, ticket, "lea", Decision.AGREE).agreement is Agreement.GIVEN
    assert ask(desk, ticket, "oliver").agreement is Agreement.ASKED


@pytest.mark.parametrize(
    ("of", "change", "reason"),
    [
        ("karim", {}, FieldReason.YOURSELF),
        ("camille", {}, FieldReason.OWN_APPROVER),
        ("lea", {"is_guest": True}, FieldReason.A_GUEST),
    ],
)
def test_whom_nobody_asks_is_refused_at_the_field(
    desk: SmallDesk, of: str, change: dict[str, bool], reason: FieldReason
) -> None:
    ticket = desk.open()
    with desk.sessions.begin() as session:
        for name, value in change.items():
            setattr(session.query(Person).filter_by(slack_id="U0LEA").one(), name, value)
    for use in (ask, record):
        with pytest.raises(FieldRefused) as refused:
            use(desk, ticket, of)
        assert (refused.value.field, refused.value.reason) == (Field.APPROVER, reason)


def test_words_are_needed_and_the_role_is_short(desk: SmallDesk) -> None:
    ticket = desk.open()
    for field, more in ((Field.TEXT, {"words": " "}), (Field.ROLE, {"role": "r" * 76})):
        with pytest.raises(FieldRefused) as refused:
            ask(desk, ticket, **more)
        assert refused.value.field is field
    assert steps(desk, ticket) == []


def test_only_the_team_asks_and_records(desk: SmallDesk) -> None:
    ticket, oliver, lea = desk.open(), desk.actor("oliver"), desk.actor("lea")
    with pytest.raises(RoleRefused):
        desk.do(lambda uow: request_agreement(uow, ticket.id, lea, "", "Pourquoi ?"), oliver)
    with pytest.raises(RoleRefused):
        desk.do(lambda uow: record_agreement(uow, ticket.id, lea, Given("Par courriel.")), oliver)


def test_what_was_given_for_one_step_is_not_recorded_in_the_next(desk: SmallDesk) -> None:
    set_steps(desk, STEP, STEP)
    ticket, karim, oliver = requested(desk), desk.actor("karim", "assistance"), desk.actor("oliver")
    given = Given("Par courriel.", step=steps(desk, ticket)[0].id)
    decide(desk, ticket, "lea", Decision.AGREE)
    with pytest.raises(FieldRefused) as refused:
        desk.do(lambda uow: record_agreement(uow, ticket.id, oliver, given), karim)
    assert refused.value.reason is FieldReason.CHANGED_MEANWHILE


def test_one_that_was_given_elsewhere_is_recorded_in_the_present_step(desk: SmallDesk) -> None:
    ticket = requested(desk)
    given = record(desk, ticket, "oliver")
    assert (given.agreement, given.clock_since) == (Agreement.GIVEN, NOW + HOUR)
    [step] = steps(desk, ticket)
    with desk.sessions() as session:
        [step] = approvals_of(session, ticket.id)
        last = step.approvers[-1]
        assert (step.state, step.event_number) == (StepState.GIVEN, given.event_count)
        assert (last.person.name, last.text, last.recorded_by_id) == (
            *("Oliver", "Par courriel.", desk.actor("karim").id),
        )
    assert desk.deliveries(given.event_count)[0].kind is DeliveryKind.CARD
    edited = [each for each in desk.deliveries(given.event_count) if each.kind is DeliveryKind.AGREEMENT]
    assert len(edited) == 1, "of Léa, who was asked"


def test_one_of_two_that_is_recorded_asks_the_next(desk: SmallDesk) -> None:
    set_steps(desk, STEP, STEP)
    ticket = requested(desk)
    assert record(desk, ticket).agreement is Agreement.ASKED
    assert [each.state for each in steps(desk, ticket)] == [StepState.GIVEN, StepState.ASKED]


def test_one_is_recorded_on_a_ticket_that_asks_for_none(desk: SmallDesk) -> None:
    ticket = record(desk, desk.open())
    assert ticket.agreement is Agreement.GIVEN
    assert [each.state for each in steps(desk, ticket)] == [StepState.GIVEN]


def test_nobody_records_an_agreement_to_their_own_request(desk: SmallDesk) -> None:
    ticket = desk.open(by=desk.actor("karim", "assistance"))
    with pytest.raises(FieldRefused) as refused:
        record(desk, ticket)
    assert refused.value.reason is FieldReason.OWN_REQUEST


def test_of_all_who_are_asked_one_recorded_agreement_is_one(desk: SmallDesk) -> None:
    set_steps(desk, all_of("lea", "oliver"))
    ticket = requested(desk)
    number = steps(desk, ticket)[0].id
    desk.do(lambda uow: name_approvers(uow, number, ["U0LEA", "U0OLIVER"]))
    record(desk, ticket)
    assert (again(desk, ticket).agreement, asked_in(desk, ticket)) == (Agreement.ASKED, ["Oliver"])
    decide(desk, ticket, "oliver", Decision.AGREE)
    assert again(desk, ticket).agreement is Agreement.GIVEN
