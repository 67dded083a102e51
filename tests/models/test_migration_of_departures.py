"""Who leaves a team: the tables are added to a desk that has tickets, and taken away with rows in them."""

from typing import Any

import pytest
from sqlalchemy import Engine, inspect, select, text

from bot.ops.migrate import migrate
from bot.services.queue.pages import queue
from models.departures.departure import Departure, DepartureState, ReleasedTicket
from models.lifecycle import Action, Status
from models.pages import QueueState, Tab
from models.tickets.ticket import Ticket
from tests.support.migrations import go_down, rows, use
from tests.support.scenarios import hold
from tests.support.use_case_desk import NOW, SmallDesk

BEFORE, AFTER = "e5f2a9c07b31", "6d2f9b81c4ae"
TABLES = {"departure", "released_ticket"}


@pytest.fixture
def old(empty: Engine) -> SmallDesk:
    """A used desk at the revision before: one ticket on hold, one in progress, one new, one closed."""
    desk = use(empty)
    hold(desk, desk.ticket_in_state(Action.TAKE), desk.actor("karim", "assistance"))
    go_down(empty, BEFORE)
    return desk


def columns(engine: Engine, index: str) -> list[str | None]:
    [found] = [each for each in inspect(engine).get_indexes("ticket") if each["name"] == index]
    return found["column_names"]


def without_tables(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    return {name: kept for name, kept in rows(engine).items() if name not in TABLES}


def test_it_changes_no_row(empty: Engine, old: SmallDesk) -> None:
    before = rows(empty)
    assert len(before["ticket"]) == 4
    assert not TABLES & set(before)
    migrate(empty, AFTER)
    assert without_tables(empty) == before
    assert rows(empty)["departure"] == rows(empty)["released_ticket"] == []


def test_the_indexes_of_the_queue_have_the_tickets_that_were_there(empty: Engine, old: SmallDesk) -> None:
    migrate(empty, AFTER)
    assert columns(empty, "ix_ticket_mine") == ["assignee_id", "status", "priority", "due_at", "id"]
    assert columns(empty, "ix_ticket_team_queue")[:3] == ["team_id", "assignee_id", "status"]
    migrate(empty)
    with old.sessions() as session:
        karim = old.actor("karim", "assistance")
        seen = queue(session, karim, QueueState(Tab.TEAM), size=10, now=NOW)
        open_now = select(Ticket.id).where(Ticket.status != Status.CLOSED).order_by(Ticket.id)
        assert sorted(ticket.id for ticket in seen.tickets) == list(session.scalars(open_now))
        assert seen.counts[Tab.MINE_ON_HOLD] == 1


def test_a_departure_of_a_ticket_that_was_there_is_kept(empty: Engine, old: SmallDesk) -> None:
    migrate(empty)
    with old.sessions.begin() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.status == Status.PENDING)).one()
        assert ticket.assignee_id is not None
        gone = Departure(
            person_id=ticket.assignee_id, team_id=ticket.team_id, channel="C0ASSIST", left_at=NOW
        )
        session.add(gone)
        session.flush()
        session.add(ReleasedTicket(departure_id=gone.id, ticket_id=ticket.id))
    with old.sessions() as session:
        [departure] = session.scalars(select(Departure)).all()
        assert (departure.state, departure.is_deactivated) == (DepartureState.WAITING, False)
        assert session.scalars(select(ReleasedTicket.is_returned)).all() == [False]


def test_the_tables_go_with_their_rows_and_everything_else_stays(empty: Engine, old: SmallDesk) -> None:
    before = rows(empty)
    migrate(empty, AFTER)
    with empty.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO departure (person_id, team_id, channel, left_at, is_deactivated, state)"
                " VALUES (1, 'assistance', 'C0ASSIST', :now, false, 'waiting')"
            ),
            {"now": NOW},
        )
        connection.execute(text("INSERT INTO released_ticket VALUES (1, 1, false)"))
    go_down(empty, BEFORE)
    assert rows(empty) == before
    assert columns(empty, "ix_ticket_mine") == ["assignee_id", "priority", "due_at", "id"]
    migrate(empty, AFTER)
    assert rows(empty)["departure"] == []
