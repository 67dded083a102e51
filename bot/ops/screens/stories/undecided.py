"""Requests that are declined, that a technician decides about, or that nobody decides on."""

from collections.abc import Iterator

from blocks.app_home import HomeState
from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import APPROVER, COLLEAGUE, DIRECTOR, REQUESTER, TECHNICIAN
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import send
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.agreements import HOME, decide, step_of
from bot.ops.screens.stories.people import file
from bot.services.approvals.dropping import drop_approvers
from bot.services.approvals.queries import current_step
from bot.services.approvers.by_hand import Given, record_agreement, request_agreement
from bot.services.approvers.complete import choose_approver
from bot.services.approvers.reminders import remind_approvers
from bot.views.app_home import own_home
from bot.views.tickets import approvals as views
from bot.views.tickets.my_tickets import detail_view
from bot.views.tickets.triage import menu_form
from models.approvals.approval import Decision
from models.lifecycle import Action
from models.tickets.ticket import Ticket


def declined(desk: SampleDesk) -> Iterator[Screen]:
    """A request that is declined, and agreements that a technician asks for and records."""
    case, other, by_hand = file(desk, texts.request()), file(desk, texts.request()), file(desk)
    send(desk)
    decide(desk, case, APPROVER, Decision.DECLINE, texts.PAGE)
    yield from due_messages(desk)
    approver, given = desk.actor(APPROVER), Given(texts.PARAGRAPH, step=step_of(desk, other))
    desk.do(TECHNICIAN, record_agreement, other.number, approver, given)
    recording = Action.RECORD_AGREEMENT
    yield from desk.draw(
        "the form that records an agreement",
        TECHNICIAN,
        menu_form,
        by_hand.number,
        recording,
        HOME,
    )
    director, role = desk.actor(DIRECTOR), "Direction <scolarité> & vie étudiante"
    desk.do(TECHNICIAN, request_agreement, by_hand.number, director, role, texts.PAGE)
    yield from desk.draw(
        "the form that records the agreement of a step",
        TECHNICIAN,
        menu_form,
        by_hand.number,
        recording,
        HOME,
    )
    yield from due_messages(desk)
    title = "the detail of a request that waits for an agreement"
    yield from desk.draw(title, TECHNICIAN, detail_view, other.number, HOME)


def unanswered(desk: SampleDesk) -> Iterator[Screen]:
    """A request that nobody decides on: reminders, a line for the team, another approver; one is dropped."""
    case, dropped = file(desk, texts.request()), file(desk, texts.request())
    send(desk)
    yield from desk.draw("the list of several agreements", APPROVER, views.agreements, texts.SHORT)
    yield from desk.draw("the App Home with several agreements", APPROVER, own_home, HomeState())
    desk.pass_days(2)
    desk.job(remind_approvers)
    yield from due_messages(desk)
    for _each in range(4):
        desk.pass_days(3)
        send(desk)
        desk.job(remind_approvers)
    yield from due_messages(desk)
    yield from desk.draw(
        "the form in which an approver is chosen",
        REQUESTER,
        views.choose_form,
        case.number,
        HOME,
    )
    colleague = desk.actor(COLLEAGUE)
    desk.do(REQUESTER, choose_approver, case.number, colleague)
    desk.do(None, _drop, dropped.number)
    yield from due_messages(desk)
    yield from desk.draw("the App Home of a request without approver", REQUESTER, own_home, HomeState())


def _drop(uow: UnitOfWork, number: int) -> None:
    """Slack says that the approver has left."""
    ticket = uow.session.get_one(Ticket, number)
    step = current_step(uow.session, ticket)
    assert step is not None
    drop_approvers(uow, ticket, step, step.asked)
