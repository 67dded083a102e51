"""The forms and lists of agreements."""

from uuid import uuid4

from slack_sdk.models.views import View
from sqlalchemy import select

from blocks.approvals import completion, forms, lists
from blocks.i18n import translator
from blocks.tickets.state import DetailState
from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.queries import asked_of, count_asked, current_step, request_for
from bot.services.approvals.rows import approvals_of
from bot.services.audit.reading import saw
from bot.services.tickets.actions import check
from models.approvals.approval import Decision, StepState
from models.approvals.steps import check_choosing
from models.lifecycle import Action
from models.tickets.event import Event


def decision_form(uow: UnitOfWork, approval_id: int, decision: Decision, *, is_in_list: bool) -> View:
    """The form of an approver's words. Raises as `request_for` does."""
    request = request_for(uow, approval_id)
    return forms.decision_form(translator(uow.actor.locale), request, decision, is_in_list=is_in_list)


def agreements(uow: UnitOfWork, done: str = "") -> View:
    """What waits for the actor's agreement. `done`: what they did just now."""
    session, person_id = uow.session, uow.actor.id
    requests, count = asked_of(session, person_id, most=1), count_asked(session, person_id)
    for request in requests:
        saw(uow, request.ticket)
    return lists.agreements_view(translator(uow.actor.locale), requests, count, done=done)


def request_view(uow: UnitOfWork, approval_id: int) -> View:
    """One request in full. Raises as `request_for` does."""
    return lists.request_view(translator(uow.actor.locale), request_for(uow, approval_id))


def complete_form(uow: UnitOfWork, number: int, detail: DetailState | None) -> View:
    """The form that completes the actor's request; raises as `check` does."""
    ticket = check(uow, number, Action.COMPLETE)
    steps = approvals_of(uow.session, ticket.id)
    is_incomplete = any(each.state is StepState.INCOMPLETE for each in steps)
    return completion.complete_form(
        translator(uow.actor.locale),
        ticket,
        steps=steps,
        asked=_asked(uow, number) if is_incomplete else [],
        submission=str(uuid4()),
        detail=detail,
    )


def _asked(uow: UnitOfWork, number: int) -> list[Event]:
    """What approvers need to know, since the request was completed last."""
    said = uow.session.scalars(
        select(Event)
        .where(Event.ticket_id == number, Event.action.in_([Action.QUERY, Action.COMPLETE]))
        .order_by(Event.number)
    ).all()
    asked: list[Event] = []
    for event in said:
        asked = [*asked, event] if event.action is Action.QUERY else []
    return asked


def choose_form(uow: UnitOfWork, number: int, detail: DetailState | None) -> View:
    """The form in which another approver is chosen; raises as `check` and `check_choosing` do."""
    ticket = check(uow, number, Action.CHOOSE_APPROVER)
    step = current_step(uow.session, ticket)
    assert step is not None
    check_choosing(step)
    return forms.choose_form(translator(uow.actor.locale), ticket, step, detail=detail)
