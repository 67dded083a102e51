"""The lines that tell a team how far the agreement of a ticket is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from blocks.approvals.progress import STEPS_MAX, agreement_lines
from blocks.i18n import translator
from models.approval_rule import ApprovalStep, Approvers, Quorum, Source
from models.approvals.approval import Approval, Approver, Decision, StepState
from models.base import LocalizedText
from tests.support.factories import make_person

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROLE = LocalizedText("Responsable", "Manager")


def step(
    state: StepState, *names: str, quorum: Quorum = Quorum.ONE, decision: Decision | None = None
) -> Approval:
    rule = ApprovalStep(Approvers(Source.PEOPLE), ROLE, quorum)
    people = [make_person(name, id=number) for number, name in enumerate(names, 1)]
    approvers = [Approver(person_id=each.id, person=each, decision=decision) for each in people]
    return Approval(state=state, rule=rule, approvers=approvers, asked_at=AT, decided_at=AT)


def said(*steps: Approval) -> list[str]:
    return [_text(block.to_dict()) for block in agreement_lines(translator("en-GB"), steps)]


def _text(block: dict[str, Any]) -> str:
    parts = block["elements"][0]["elements"]
    return "".join(part.get("text", "…") for part in parts)


@pytest.mark.parametrize(
    ("approval", "line"),
    [
        (step(StepState.LOOKUP), "⏳ Looking up who is to agree (Manager)"),
        (
            step(StepState.CHOICE),
            "⏳ Nobody can be asked to agree (Manager): the requester is to choose somebody",
        ),
        (step(StepState.ASKED, "Lea"), "⏳ Waiting for the agreement of Lea (Manager), since …"),
        (
            step(StepState.ASKED, "Lea", "Karim"),
            "⏳ Waiting for the agreement of Lea or Karim (Manager), since …",
        ),
        (
            step(StepState.ASKED, "Lea", "Karim", quorum=Quorum.ALL),
            "⏳ Waiting for the agreement of Lea and Karim (Manager), since …",
        ),
        (
            step(StepState.INCOMPLETE, "Lea", decision=Decision.ASK),
            "⏳ Lea asked the requester for information before agreeing (Manager), on …",
        ),
        (
            step(StepState.GIVEN, "Lea", decision=Decision.AGREE),
            "✅ Agreement of Lea (Manager) given on …",
        ),
        (
            step(StepState.DECLINED, "Lea", decision=Decision.DECLINE),
            "⛔ Declined by Lea (Manager) on …",
        ),
    ],
)
def test_each_state_of_a_step_has_its_line(approval: Approval, line: str) -> None:
    assert said(approval) == [line]


def test_steps_that_are_later_or_withdrawn_have_none() -> None:
    assert said(step(StepState.LATER), step(StepState.WITHDRAWN)) == []


def test_a_card_has_room_for_the_last_steps() -> None:
    many = [step(StepState.GIVEN, "Lea", decision=Decision.AGREE)] * (STEPS_MAX + 5)
    assert len(said(*many)) == STEPS_MAX
