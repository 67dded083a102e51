"""The job that reminds technicians: once of each percentage, whatever else happens at the same time."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, text

from bot.context.unit_of_work import UnitOfWork
from bot.delivery import periodic
from bot.services.clocks import reminders
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.details import TargetDetails, UntakenDetails
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.person import Person
from models.tickets.ticket import Ticket
from tests.support.passing_days import PassingDays
from tests.support.scenarios import assign
from tests.support.use_case_desk import NOW, SmallDesk, at_once

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database."""
    return shared_desk


def remind(desk: SmallDesk, now: datetime) -> bool:
    with desk.sessions.begin() as session:
        return reminders.remind_technicians(UnitOfWork(session, now))


def queued(desk: SmallDesk, kind: DeliveryKind) -> list[Delivery]:
    with desk.sessions() as session:
        return list(session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))


def test_several_workers_remind_once(desk: SmallDesk) -> None:
    taken, untaken = desk.ticket_in_state(Action.TAKE), desk.open()
    later = NOW + 4 * DAY
    periodic.run_due(desk.sessions, now=later)  # notes the jobs
    at_once([lambda: periodic.run_due(desk.sessions, now=later)] * 3)
    at_once([lambda: remind(desk, later)] * 3)
    assert [row.ticket_id for row in queued(desk, DeliveryKind.TARGET)] == [taken.id]
    [listed] = queued(desk, DeliveryKind.UNTAKEN)
    assert listed.details == UntakenDetails((untaken.id,))


def test_a_ticket_whose_reminders_were_all_missed_is_reminded_of_once(desk: SmallDesk) -> None:
    desk.ticket_in_state(Action.TAKE)
    for days in (7, 8, 9):
        remind(desk, NOW + days * DAY)
    [row] = queued(desk, DeliveryKind.TARGET)
    assert row.details == TargetDetails(100)


def test_who_comes_after_the_list_of_the_hour_is_in_the_next_one(desk: SmallDesk) -> None:
    first = desk.open()
    almost = NOW + timedelta(hours=7, minutes=30)  # three quarters of a day of ten hours
    second = desk.open(now=NOW + timedelta(minutes=10))
    remind(desk, almost)
    remind(desk, almost + timedelta(minutes=10))
    assert [row.details for row in queued(desk, DeliveryKind.UNTAKEN)] == [UntakenDetails((first.id,))]
    with desk.sessions() as session:  # at 18:00 the desk is closed
        assert session.get_one(Ticket, second.id).remind_at == NOW + 22 * HOUR
    remind(desk, NOW + 22 * HOUR)
    assert queued(desk, DeliveryKind.UNTAKEN)[1].details == UntakenDetails((second.id,))


def test_a_ticket_that_is_given_to_somebody_meanwhile_is_theirs(desk: SmallDesk) -> None:
    ticket = desk.open()
    assign(desk, ticket, desk.actor("karim", "assistance"), desk.actor("lea", "assistance"))
    remind(desk, NOW + DAY)
    assert queued(desk, DeliveryKind.UNTAKEN) == []


def test_a_ticket_of_a_closed_account_is_in_its_teams_list(desk: SmallDesk) -> None:
    ticket = desk.ticket_in_state(Action.TAKE)
    with desk.sessions.begin() as session:
        session.get_one(Person, ticket.assignee_id).is_deactivated = True
    days = PassingDays(desk, now=NOW + 4 * DAY)
    remind(desk, days.now)
    assert queued(desk, DeliveryKind.TARGET) == []
    days.worker.drain()
    [listed] = queued(desk, DeliveryKind.UNTAKEN)
    assert (listed.details, listed.state) == (UntakenDetails((ticket.id,)), DeliveryState.SENT)


def test_a_portion_at_a_time_until_none_is_left(desk: SmallDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "PORTION", 2)
    numbers = [desk.ticket_in_state(Action.TAKE).id for _ in range(5)]
    assert [remind(desk, NOW + 4 * DAY) for _ in range(3)] == [True, True, False]
    assert sorted(row.ticket_id or 0 for row in queued(desk, DeliveryKind.TARGET)) == numbers


def test_it_is_read_from_its_index(desk: SmallDesk) -> None:
    desk.open()
    engine, seen = desk.sessions.kw["bind"], list[tuple[str, object]]()

    def note(
        _connection: object, _cursor: object, statement: str, parameters: object, *_more: object
    ) -> None:
        if "FROM ticket" in statement and "remind_at" in statement:
            seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    remind(desk, NOW)
    event.remove(engine, "before_cursor_execute", note)
    [(statement, parameters)] = seen
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
        plan = connection.exec_driver_sql(explain + statement, parameters).all()
    assert "ix_ticket_remind" in str(plan)
