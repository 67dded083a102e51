"""What happens to reminders, closing and chasing while others act at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import event, text

from bot.delivery import periodic
from bot.delivery.rendering.rendered import RenderedMessage
from bot.notifications.waits.outcome import count_warnings
from bot.services.clocks.chasing import chase, postpone
from bot.services.clocks.refresh import refresh_clocks
from bot.services.tickets import my_tickets
from bot.services.tickets.my_tickets import reminded_of
from bot.services.tickets.waits import silence
from bot.services.tickets.waits.reminders import remind
from models.errors import ChasedToday
from models.lifecycle import Action, Ending, Status
from models.outbox.delivery import Delivery
from models.outbox.details import ReminderDetails
from models.tickets.clocks.refresh import ClockRefresh
from models.tickets.ticket import Ticket
from tests.support.databases import ON_POSTGRESQL_ONLY
from tests.support.passing_days import DAY, PassingDays, reminder_text
from tests.support.scenarios import again, hear
from tests.support.use_case_desk import NOW, SmallDesk, at_once
from tests.support.waits import asked, at, resolved, taken


@pytest.fixture
def days(small_desk: SmallDesk) -> PassingDays:
    return PassingDays(small_desk)


@pytest.fixture
def shared(shared_desk: SmallDesk) -> PassingDays:
    """Of several threads."""
    return PassingDays(shared_desk)


def during_the_post(days: PassingDays, act: Callable[[], object]) -> None:
    """Do something once a reminder was rendered, before it is noted as sent."""
    acts = iter([act])

    def sending(rendered: RenderedMessage) -> None:
        if reminder_text(rendered.blocks):
            next(acts, lambda: None)()

    days.slack.refusal = sending


def test_an_answer_during_the_first_reminders_sending_takes_it_away(days: PassingDays) -> None:
    ticket, camille = asked(days), days.desk.actor("camille")
    during_the_post(days, lambda: hear(days.desk, ticket, camille, "B204.", now=days.now))
    days.until(NOW + 2 * DAY)
    assert again(days.desk, ticket).status is Status.IN_PROGRESS
    assert days.standing == []


def test_a_reminder_that_waited_is_not_sent_to_who_asked_for_a_week(days: PassingDays) -> None:
    ticket, camille = resolved(days), days.desk.actor("camille")
    days.until(at(2, 7))
    days.now = at(2)
    days.desk.do(remind, now=days.now)
    days.desk.do(lambda uow: postpone(uow, ticket.id), camille, days.now)
    days.work()
    assert len(days.reminders) == 1
    assert (again(days.desk, ticket).reminded, again(days.desk, ticket).warned) == (1, 1)


def test_three_workers_remind_and_close_once(shared: PassingDays) -> None:
    tickets = [resolved(shared) for _ in range(5)]

    def run(now: datetime) -> None:
        works = [lambda: periodic.run_due(shared.desk.sessions, now=now)] * 3
        for _ in range(2):
            at_once(works)

    for day in (26, 27, 30):
        run(datetime(2026, 11, day, 10, 30, tzinfo=UTC))
    details = [each.details for each in shared.desk.deliveries()]
    assert len([each for each in details if isinstance(each, ReminderDetails) and each.waits]) == 1
    shared.until(at(2, 15))
    for _ in range(2):
        run(at(8, 10))
    made = [again(shared.desk, ticket) for ticket in tickets]
    assert {each.ending for each in made} == {Ending.SILENCE}
    for each in made:
        assert [each.action for each in shared.desk.history(each)].count(Action.CLOSE) == 1


def test_all_that_is_due_is_closed_on_its_day(days: PassingDays, mocker: MockerFixture) -> None:
    mocker.patch.object(silence, "PORTION", 2)
    tickets = [resolved(days) for _ in range(5)]
    days.until(at(4, 15))
    for _ in range(2):  # a job that has never run is due at the next look
        periodic.run_due(days.desk.sessions, now=at(7))
    assert {again(days.desk, each).ending for each in tickets} == {Ending.SILENCE}


def test_an_answer_and_the_closing_at_once_lose_neither(shared: PassingDays) -> None:
    ticket, camille = asked(shared), shared.desk.actor("camille")
    shared.until(at(11, 15))
    at_once(
        [
            lambda: periodic.run_due(shared.desk.sessions, now=at(14)),
            lambda: periodic.run_due(shared.desk.sessions, now=at(14, 10)),
            lambda: hear(shared.desk, ticket, camille, "B204.", now=at(14)),
        ]
    )
    actions = [each.action for each in shared.desk.history(again(shared.desk, ticket))]
    assert {Action.ANSWER, Action.COMMENT}.intersection(actions)
    if Action.CLOSE in actions:
        assert actions[-1] is Action.COMMENT


def test_of_two_presses_of_chase_one_tells_the_team(shared: PassingDays) -> None:
    ticket, camille = taken(shared), shared.desk.actor("camille")
    now = NOW + 2 * DAY

    def press() -> object:
        try:
            return shared.desk.do(lambda uow: chase(uow, ticket.id), camille, now)
        except ChasedToday as refused:
            return refused

    results = at_once([press, press])
    assert sum(isinstance(each, ChasedToday) for each in results) == 1
    assert [each.action for each in shared.desk.history(ticket)].count(Action.CHASE) == 1


def test_warnings_are_counted_in_the_order_in_which_others_lock_tickets(days: PassingDays) -> None:
    """Else a job that holds a ticket and waits for another, which this holds, waits for ever."""
    first, second = asked(days), asked(days)
    updated: list[object] = []
    engine = days.desk.sessions.kw["bind"]

    def note(_connection: object, _cursor: object, _sql: str, values: object, *_more: object) -> None:
        updated.append(values)

    with days.desk.sessions.begin() as session:
        delivery = Delivery(details=ReminderDetails(((second.id, 77), (first.id, 66))))
        event.listen(engine, "before_cursor_execute", note)
        try:
            count_warnings(session, delivery, now=days.now)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    assert [number in str(values) for values, number in zip(updated, ("66", "77"), strict=True)] == [
        True,
        True,
    ]


@ON_POSTGRESQL_ONLY
def test_clocks_are_refreshed_in_the_order_in_which_others_lock_tickets(shared: PassingDays) -> None:
    """Else it and the computing of waits, which begin together, wait for each other."""
    first, second = asked(shared), asked(shared)
    sessions = shared.desk.sessions
    with sessions.begin() as session:
        session.add(ClockRefresh())
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")

    with ThreadPoolExecutor(1) as pool, sessions.begin() as session, sessions() as looking:
        session.get_one(Ticket, first.id, with_for_update=True)
        work = pool.submit(shared.desk.do, refresh_clocks, now=shared.now)
        while not looking.scalar(waiting) and not work.done():
            pass
        session.get_one(Ticket, second.id, with_for_update={"nowait": True})
        session.commit()
        work.result()


def test_a_due_ticket_is_in_its_reminder_however_many_wait(days: PassingDays, mocker: MockerFixture) -> None:
    mocker.patch.object(my_tickets, "COUNT_MAX", 2)
    ticket, *_others = [asked(days) for _ in range(4)]
    shown = days.desk.reading(lambda uow: reminded_of(uow, ticket.requester_id, [ticket.id], most=2))
    assert shown.tickets[0].ticket.id == ticket.id
