"""Requests that people have to agree to: asked, completed, decided, unanswered; their lists and forms."""

from collections.abc import Iterator
from datetime import timedelta

from blocks.app_home import HomeState
from blocks.tickets.state import DetailState
from bot.ops.screens.cast import APPROVER, COLLEAGUE, DIRECTOR, REQUESTER
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import Case, file
from bot.services.approvals.queries import current_step
from bot.services.approvers.absence import save_absence
from bot.services.approvers.complete import complete_request
from bot.services.approvers.decide import decide_step
from bot.services.approvers.substitutes import ask_substitutes
from bot.views.app_home import own_home
from bot.views.approvers import own_absence_form
from bot.views.tickets import approvals as views
from bot.views.tickets.requester import edit_form
from models.approvals.approval import Decision
from models.tickets.ticket import Ticket

HOME = DetailState()


def agreed(desk: SampleDesk) -> Iterator[Screen]:
    """A request whose approver asks back, is away, and agrees; the director after them."""
    case = file(desk, texts.request())
    yield from due_messages(desk)
    yield from _approvers_views(desk, case)
    decide(desk, case, APPROVER, Decision.ASK, texts.PAGE)
    yield from due_messages(desk)
    yield from desk.draw("the App Home of a request to complete", REQUESTER, own_home, HomeState())
    yield from desk.draw(
        "the form that completes a request",
        REQUESTER,
        views.complete_form,
        case.number,
        HOME,
    )
    yield from desk.draw("the form that edits a request", REQUESTER, edit_form, case.number, HOME)
    words = {"answers": (), "files": texts.OTHER_FILES, "submission": texts.submission()}
    desk.do(REQUESTER, complete_request, case.number, texts.PAGE, **words)  # type: ignore[arg-type]
    yield from due_messages(desk)
    today = desk.now.date()
    substitute = desk.actor(COLLEAGUE).id
    desk.do(APPROVER, save_absence, today, today + timedelta(days=30), substitute)
    desk.job(ask_substitutes)
    yield from due_messages(desk)
    yield from desk.draw("the form of an absence that is saved", APPROVER, own_absence_form)
    yield from desk.draw("the App Home of somebody absent", APPROVER, own_home, HomeState())
    decide(desk, case, COLLEAGUE, Decision.AGREE)
    yield from due_messages(desk)
    decide(desk, case, DIRECTOR, Decision.AGREE)
    yield from due_messages(desk)


def _approvers_views(desk: SampleDesk, case: Case) -> Iterator[Screen]:
    step = step_of(desk, case)
    yield from desk.draw("the list of agreements", APPROVER, views.agreements)
    yield from desk.draw("the list of agreements, empty", REQUESTER, views.agreements, texts.SHORT)
    yield from desk.draw("a request in full", APPROVER, views.request_view, step)
    for decision in (Decision.DECLINE, Decision.ASK):
        yield from desk.draw(
            f"an approver’s form to {decision.value}",
            APPROVER,
            views.decision_form,
            step,
            decision,
            is_in_list=True,
        )
    yield from desk.draw("the App Home of an approver", APPROVER, own_home, HomeState())
    yield from desk.draw("the form of an absence", APPROVER, own_absence_form)


def step_of(desk: SampleDesk, case: Case) -> int:
    """The id of the step that waits for somebody."""
    with desk.sessions() as session:
        step = current_step(session, session.get_one(Ticket, case.number))
        assert step is not None
        return step.id


def decide(desk: SampleDesk, case: Case, slack_id: str, decision: Decision, text: str = "") -> None:
    """Somebody decides in that step."""
    step = step_of(desk, case)
    desk.do(slack_id, decide_step, step, decision, text)
