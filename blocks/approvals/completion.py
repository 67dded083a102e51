"""The form in which a requester completes a request, or changes its answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.approvals.requester import names
from blocks.i18n import Translator
from blocks.kit.files import FORM_MAX, read_files
from blocks.kit.inputs import FormHead, field, long_text, text_of, ticket_view
from blocks.kit.text import bold, cut, note, quote, rich
from blocks.kit.values import Payload
from blocks.kit.view_state import Fields, load_view_state, read_submission
from blocks.tickets.questions import answered_inputs, read_answers
from blocks.tickets.state import DetailState, FormState
from models.approvals.approval import Approval, Decision, StepState
from models.lifecycle import Agreement
from models.tickets.draft import NewAnswer, NewFile
from models.tickets.event import Event
from models.tickets.ticket import Ticket

QUESTION_MAX, ASKED_MAX = 1_000, 10  # a modal holds 100 blocks


@dataclass(frozen=True)
class CompleteState(FormState):
    """`submission`: the same for a form that is sent twice."""

    submission: str = ""

    @classmethod
    def load(cls, fields: Fields) -> Self:
        """Raises `StalePayload`."""
        form = FormState.load(fields)
        return cls(form.ticket_id, form.detail, read_submission(fields))

    def dump(self) -> Fields:
        return {**super().dump(), "submission": self.submission}


@dataclass(frozen=True)
class Completion:
    """A filled form."""

    state: CompleteState
    text: str
    answers: Sequence[NewAnswer]
    files: Sequence[NewFile]


def complete_form(
    _: Translator,
    ticket: Ticket,
    *,
    steps: Sequence[Approval],
    asked: Sequence[Event],
    submission: str,
    detail: DetailState | None,
) -> View:
    """What completes a request, or changes its answers. `asked`: what approvers need to know; `steps`: of the
    ticket's agreement, so that the form says whom a changed answer asks again."""
    blocks: list[Block] = []
    for event in asked[-ASKED_MAX:]:
        blocks += [rich([bold(_("{name} needs to know:", name=event.actor.name))])]
        blocks += quote(cut(event.text or "", QUESTION_MAX))
    if ticket.service is not None:
        blocks += answered_inputs(_, ticket.service, ticket.answers)
    is_asked = ticket.agreement is Agreement.ASKED
    hint = _("Those whose agreement is needed will read it.") if is_asked else None
    blocks.append(long_text(ids.REASON, _("Your message"), hint=hint, optional=not asked, focus=bool(asked)))
    files = FileInputElement(max_files=FORM_MAX)
    blocks.append(field(ids.FILES, _("Attachments"), files, optional=True))
    if warning := _asked_again(_, steps):
        blocks.insert(0, note(f"⚠️ {warning}"))
    head = FormHead(ids.COMPLETE_FORM, title=_("Complete the request"), submit=_("Send"))
    return ticket_view(_, ticket, head, blocks, CompleteState(ticket.id, detail, submission).dump())


def _asked_again(_: Translator, steps: Sequence[Approval]) -> str:
    """Who has agreed to the answers as they are."""
    agreed = [
        each.person.name
        for step in steps
        if step.state is not StepState.WITHDRAWN
        for each in step.asked
        if each.decision is Decision.AGREE
    ]
    if not agreed:
        return ""
    return _(
        "{names} agreed to the request as it is. If you change an answer, we will ask for their agreement "
        "again.",
        names=names(_, list(dict.fromkeys(agreed))),
    )


def read_completion(view: Payload) -> Completion:
    """What the form says. Raises `StalePayload`, `FieldRefused`."""
    state = CompleteState.load(load_view_state(view))
    return Completion(state, text_of(view, ids.REASON), read_answers(view), read_files(view))
