"""After calendars or targets have changed, the worker makes the clocks of open tickets anew, in portions."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.catalogue.service_levels import ask_for_clocks
from bot.delivery.periodic import JOBS
from bot.services.clocks import refresh
from models.calendar.service_level import SHIPPED_TARGETS, Target
from models.calendar.working_time import WorkingTime
from models.catalogue import CatalogueState
from models.lifecycle import Action, Priority
from models.tickets.clocks.refresh import ClockRefresh
from models.tickets.ticket import Ticket
from tests.support.use_case_desk import NOW, SmallDesk

DAY = timedelta(days=1)
SHORTER = {**SHIPPED_TARGETS, Priority.P3: Target(WorkingTime(minutes=60), WorkingTime(minutes=120))}


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database."""
    return shared_desk


def change_targets(desk: SmallDesk) -> None:
    with desk.sessions.begin() as session:
        session.add(CatalogueState(id=1, fingerprint="", targets=SHORTER))
        ask_for_clocks(session)


def test_open_tickets_get_their_new_moments_and_nobody_is_reminded_of_what_has_passed(
    desk: SmallDesk,
) -> None:
    running, closed = desk.open(), desk.ticket_in_state(Action.RESOLVE, Action.APPROVE)
    was = closed.due_at
    change_targets(desk)
    desk.work_off(refresh.refresh_clocks, NOW + DAY)
    with desk.sessions() as session:
        ticket = session.get_one(Ticket, running.id)
        assert (ticket.taken_due_at, ticket.due_at) == (NOW + timedelta(hours=1), NOW + timedelta(hours=2))
        assert (ticket.taken_reminded, ticket.due_reminded, ticket.remind_at) == (100, 100, None)
        assert session.get_one(Ticket, closed.id).due_at == was
    assert desk.count(ClockRefresh) == 0


def test_it_goes_on_where_it_was_interrupted(desk: SmallDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "PORTION", 2)
    numbers = [desk.open().id for _ in range(5)]
    change_targets(desk)
    done = []
    for _ in range(2):
        assert desk.do(refresh.refresh_clocks)
        with desk.sessions() as session:
            short = select(Ticket.id).where(Ticket.due_at == NOW + timedelta(hours=2)).order_by(Ticket.id)
            done.append(list(session.scalars(short)))
    assert done == [numbers[3:], numbers[1:]]
    with desk.sessions.begin() as session:
        ask_for_clocks(session)  # another change meanwhile: all of them again
        assert [each.below for each in session.scalars(select(ClockRefresh))] == [None]


def test_the_worker_does_it_every_minute() -> None:
    job = JOBS["refresh_clocks"]
    assert (job.every, job.work) == (timedelta(minutes=1), refresh.refresh_clocks)
