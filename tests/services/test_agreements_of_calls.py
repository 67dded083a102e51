"""A call that is filed as already solved, for a service whose requests need an agreement."""

from dataclasses import replace
from typing import Any

import pytest

from bot.context.actor import Actor
from bot.services.tickets.new_ticket import open_ticket
from bot.views.tickets.new_ticket import service_form
from models.approvals.approval import StepState
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action, Agreement, Kind, Status
from models.outbox.kinds import DeliveryKind
from models.tickets.draft import NewAnswer
from models.tickets.ticket import Ticket
from tests.services.test_approvals import ABOVE, STEP, set_steps, steps
from tests.support.use_case_desk import SmallDesk


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    set_steps(shared_desk, STEP, ABOVE)
    return shared_desk


def call(desk: SmallDesk, requester: str = "camille", amount: str = "100", **more: Any) -> Ticket:
    """Karim files a request that is fulfilled already."""
    answers = (
        NewAnswer("holder", "Responsable du budget", "U0LEA"),
        NewAnswer("amount", "Montant", amount),
    )
    said = {"approver": "U0LEA", "agreed_where": "Par courriel.", **more}
    draft = desk.draft(kind=Kind.REQUEST, service_id="imprimante")
    draft = replace(draft, answers=answers, status=Status.RESOLVED, solution="Commandé.", **said)
    karim, of = desk.actor("karim", "assistance"), desk.actor(requester)
    return desk.do(lambda uow: open_ticket(uow, draft, requester=of), karim)


def test_a_call_that_was_solved_already_records_its_agreement(desk: SmallDesk) -> None:
    ticket = call(desk)
    assert (ticket.status, ticket.agreement) == (Status.RESOLVED, Agreement.GIVEN)
    assert [each.action for each in desk.history(ticket)] == [
        *(Action.OPEN, Action.RECORD_AGREEMENT, Action.RESOLVE),
    ]
    [step] = steps(desk, ticket)
    assert (step.state, step.approvers[0].text) == (StepState.GIVEN, "Par courriel.")
    assert DeliveryKind.AGREEMENT not in {each.kind for each in desk.deliveries()}, "nobody is asked"


@pytest.mark.parametrize(
    ("said", "field", "reason"),
    [
        ({"approver": None, "agreed_where": " "}, Field.STATUS, FieldReason.NEEDS_AGREEMENT),
        ({"approver": None}, Field.APPROVER, FieldReason.MISSING),
        ({"agreed_where": ""}, Field.AGREED_WHERE, FieldReason.MISSING),
        ({"approver": "U0KARIM"}, Field.APPROVER, FieldReason.YOURSELF),
        ({"approver": "U0CAMILLE"}, Field.APPROVER, FieldReason.OWN_APPROVER),
        ({"requester": "karim"}, Field.APPROVER, FieldReason.OWN_REQUEST),
        ({"amount": "900"}, Field.STATUS, FieldReason.NEEDS_AGREEMENTS),
    ],
)
def test_it_is_refused_at_the_field_when_nobody_else_agreed(
    desk: SmallDesk, said: dict[str, Any], field: Field, reason: FieldReason
) -> None:
    with pytest.raises(FieldRefused) as refused:
        call(desk, **said)
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert desk.count(Ticket) == 0


def test_a_service_without_steps_needs_none(desk: SmallDesk) -> None:
    set_steps(desk)
    ticket = call(desk, approver=None, agreed_where="")
    assert (ticket.status, ticket.agreement) == (Status.RESOLVED, Agreement.NOT_NEEDED)


def test_the_technicians_form_asks_who_agreed(desk: SmallDesk) -> None:
    karim, camille = desk.actor("karim", "assistance"), desk.actor("camille")
    assert {"approver", "agreed_where"} <= _inputs(desk, karim)
    assert not {"approver", "agreed_where"} & _inputs(desk, camille)
    set_steps(desk)
    assert not {"approver", "agreed_where"} & _inputs(desk, karim)


def _inputs(desk: SmallDesk, actor: Actor) -> set[str]:
    view = desk.reading(lambda uow: service_form(uow, "imprimante", Kind.REQUEST), actor)
    return {block["block_id"] for block in view.to_dict()["blocks"] if "block_id" in block}
