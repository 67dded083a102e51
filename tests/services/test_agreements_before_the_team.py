"""Requests that their team sees only once an agreement is given (`approval_before_team`)."""

import pytest

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.waits.unanswered import tell_team
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.by_hand import request_agreement
from bot.services.queue.pages import queue
from bot.services.tickets.history import event_numbered
from models.approvals.approval import Decision
from models.catalogue import Service
from models.lifecycle import Action, Agreement
from models.outbox.kinds import DeliveryKind
from models.pages import QueueState, Tab
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket
from tests.services.test_approvals import STEP, decide, requested, set_steps
from tests.support.scenarios import again
from tests.support.use_case_desk import NOW, SmallDesk

FILE = NewFile("F1", "devis.pdf", "application/pdf", 3)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    set_steps(shared_desk, STEP)
    with shared_desk.sessions.begin() as session:
        session.get_one(Service, "imprimante").approval_before_team = True
    return shared_desk


def to_team(desk: SmallDesk) -> list[DeliveryKind]:
    """What was queued for the team, in order."""
    return [each.kind for each in desk.deliveries() if each.recipient == "team:assistance"]


def listed(desk: SmallDesk, tab: Tab = Tab.UNASSIGNED) -> list[int]:
    karim = desk.actor("karim", "assistance")
    found = desk.reading(lambda uow: queue(uow.session, karim, QueueState(tab=tab), size=10, now=NOW), karim)
    return [each.id for each in found.tickets]


def test_a_team_hears_nothing_of_it_until_the_agreement_is_given(desk: SmallDesk) -> None:
    ticket = requested(desk, files=(FILE,))
    desk.act(ticket, Action.NOTE, desk.actor("karim", "assistance"), "Vu.")
    assert (to_team(desk), listed(desk)) == ([], [])
    decide(desk, ticket, "lea", Decision.AGREE)
    assert to_team(desk) == [DeliveryKind.TRIAGE_CARD, DeliveryKind.THREAD, DeliveryKind.FILE]
    assert listed(desk) == [ticket.id]


@pytest.mark.parametrize("by", ["camille", "lea"])
def test_a_team_never_hears_of_what_is_cancelled_or_declined(desk: SmallDesk, by: str) -> None:
    ticket = requested(desk)
    if by == "camille":
        desk.act(ticket, Action.CANCEL, desk.actor(by), "Non.")
    else:
        decide(desk, ticket, by, Decision.DECLINE, "Non.")
    assert to_team(desk) == []


def test_a_cancelled_one_that_is_reopened_is_kept_back_again(desk: SmallDesk) -> None:
    ticket, camille = requested(desk), desk.actor("camille")
    desk.act(ticket, Action.CANCEL, camille, "Non.")
    desk.act(ticket, Action.REOPEN, camille, "Si.")
    assert (again(desk, ticket).agreement, to_team(desk)) == (Agreement.ASKED, [])


def test_who_found_it_and_works_on_it_has_a_card(desk: SmallDesk) -> None:
    ticket = requested(desk)
    desk.act(ticket, Action.TAKE, desk.actor("karim", "assistance"))
    assert to_team(desk) == [DeliveryKind.TRIAGE_CARD]
    assert listed(desk, Tab.MINE) == [ticket.id]


def test_one_asked_for_by_hand_hides_nothing_that_the_team_has_seen(desk: SmallDesk) -> None:
    karim, lea = desk.actor("karim", "assistance"), desk.actor("lea")
    ticket = desk.open()
    desk.do(lambda uow: request_agreement(uow, ticket.id, lea, "", "Pourquoi."), karim)
    assert listed(desk) == [ticket.id]


def test_an_incident_of_the_service_is_the_teams_at_once(desk: SmallDesk) -> None:
    ticket = desk.open(desk.draft(service_id="imprimante"))
    assert listed(desk) == [ticket.id]
    assert not desk.reading(lambda uow: uow.session.get_one(Ticket, ticket.id)).is_kept_from_team


def test_a_team_is_not_told_that_nobody_decides_what_it_does_not_see(desk: SmallDesk) -> None:
    def say(uow: UnitOfWork, number: int) -> None:
        [approval] = approvals_of(uow.session, number)
        event = event_numbered(uow.session, uow.session.get_one(Ticket, number), 1)
        assert event is not None
        tell_team(uow, event, approval)

    kept = requested(desk)
    desk.do(lambda uow: say(uow, kept.id))
    assert to_team(desk) == []
    desk.act(kept, Action.TAKE, desk.actor("karim", "assistance"))
    desk.do(lambda uow: say(uow, kept.id))
    assert to_team(desk) == [DeliveryKind.TRIAGE_CARD, DeliveryKind.THREAD]
