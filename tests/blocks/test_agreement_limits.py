"""An agreement's messages and forms stay within what Slack takes, whatever people wrote."""

from datetime import UTC, datetime

import pytest
from slack_sdk.models.blocks import Block

from blocks.approvals.completion import complete_form
from blocks.approvals.lists import agreements_view, request_view
from blocks.approvals.message import approval_message
from blocks.approvals.progress import agreement_lines, asked_again_note
from blocks.i18n import translator
from models.approval_rule import ApprovalStep, Approvers, Quorum, Source
from models.approvals.approval import AgreedTo, Approval, Approver, Decision, StepState
from models.approvals.request import AgreementRequest
from models.base import LocalizedText
from models.catalogue import QuestionType
from models.details import EventDetails
from models.lifecycle import Action
from models.tickets.answer import Answer
from models.tickets.event import Event
from playground.block_kit.sizes import MOST_TEXT, total_text, view_too_large
from tests.support.factories import make_person, make_ticket

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG = "mots " * 600  # 3,000 characters, as much as one input takes
NAME = "Marie-Antoinette de la Rochefoucauld-Montmorency"


def answers(letter: str) -> tuple[Answer, ...]:
    text = letter * 3_000
    return tuple(
        Answer(
            f"q{number}",
            QuestionType.TEXT,
            LocalizedText("?" * 150, "?" * 150),
            text,
            LocalizedText(text, text),
        )
        for number in range(20)
    )


def approval(people: int = 50, state: StepState = StepState.ASKED) -> Approval:
    rule = ApprovalStep(Approvers(Source.PEOPLE), LocalizedText("R" * 75, "R" * 75), Quorum.ALL)
    persons = [make_person(f"{NAME} {number}", id=number) for number in range(1, people + 1)]
    step = Approval(id=1, rule=rule, state=state, asked_at=AT, decided_at=AT, words=LONG)
    step.approvers = [
        Approver(person_id=each.id, person=each, is_open=True, messages=1, decision=None) for each in persons
    ]
    step.subject = AgreedTo("T" * 150, LONG * 4, answers("a"), ("b",))
    step.subject_before = AgreedTo("U" * 150, LONG, answers("b"), ("a",))
    return step


def request(decision: Decision | None = None) -> AgreementRequest:
    step, requester = approval(), make_person("Camille", id=99)
    ticket = make_ticket(id=1, title="T" * 150, requester=requester)
    first = step.approvers[0]
    first.decision, first.text, first.is_open = decision, LONG if decision else None, decision is None
    said = [
        Event(
            ticket=ticket,
            number=number,
            at=AT,
            actor=requester,
            action=Action.COMPLETE,
            text=LONG,
            details=EventDetails(),
        )
        for number in range(2, 12)
    ]
    return AgreementRequest(ticket, step, first, said)


def text_of(blocks: list[Block]) -> int:
    assert len(blocks) <= 50
    return total_text([each.to_dict() for each in blocks])


@pytest.mark.parametrize("language", ["fr", "en-GB"])
@pytest.mark.parametrize("decision", [None, *Decision])
def test_the_message_to_an_approver(language: str, decision: Decision | None) -> None:
    _text, blocks = approval_message(translator(language), request(decision), part=0)
    assert text_of(list(blocks)) <= MOST_TEXT


def test_the_lines_on_a_card_leave_room_for_the_rest() -> None:
    steps = [approval() for _number in range(10)]
    assert text_of(agreement_lines(translator("fr"), steps)) <= 2_100


def test_the_modals_of_an_approver() -> None:
    _ = translator("fr")
    for view in (agreements_view(_, [request()], 20), request_view(_, request())):
        assert len(view.blocks) <= 100
        assert not view_too_large(view.to_dict())


def test_the_form_that_completes_a_request_and_the_note_that_warns() -> None:
    _ = translator("fr")
    shown = request()
    for each in shown.approval.approvers:
        each.decision = Decision.AGREE
    view = complete_form(
        _, shown.ticket, steps=[shown.approval] * 3, asked=list(shown.said) * 5, submission="x", detail=None
    )
    view.validate_json()
    assert len(view.blocks) <= 100
    assert not view_too_large(view.to_dict())
    for block in asked_again_note(_, [shown.approval]):
        block.validate_json()
