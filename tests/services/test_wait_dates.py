"""The dates of waiting tickets when something changes meanwhile: settings, calendars, services, or the
requester's mind."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.context.settings import UseCaseSettings
from bot.services.clocks.chasing import postpone
from bot.services.tickets import triage
from bot.services.tickets.my_tickets import waiting_for
from bot.services.tickets.waits.recompute import recompute_waits
from models.catalogue import Service
from models.lifecycle import Ending, HoldReason, Status
from models.tickets.ticket import Ticket
from tests.support.passing_days import DAY, PassingDays
from tests.support.scenarios import again, hold
from tests.support.use_case_desk import MINUTE, SmallDesk
from tests.support.waits import asked, at, resolved, taken

HOUR = 60 * MINUTE


@pytest.fixture
def days(small_desk: SmallDesk) -> PassingDays:
    return PassingDays(small_desk)


def set_to(days: PassingDays, settings: UseCaseSettings) -> None:
    days.desk = replace(days.desk, settings=settings)
    days.desk.work_off(recompute_waits, days.now)


def always_open(days: PassingDays, service: str = "imprimante") -> None:
    with days.desk.sessions.begin() as session:
        session.get_one(Service, service).is_always_open = True


@pytest.mark.parametrize("before", [15, 0])
def test_an_earlier_closing_is_announced_by_one_more_reminder(days: PassingDays, before: int) -> None:
    days.desk = replace(days.desk, settings=UseCaseSettings(close_question_after=before))
    ticket = asked(days)
    days.until(at(7, 8))
    assert len(days.reminders) == 2
    set_to(days, UseCaseSettings(close_question_after=6))
    days.until(at(8, 8))
    assert again(days.desk, ticket).status is Status.PENDING
    assert len(days.reminders) == 3
    assert "ce ticket sera clos le 8 décembre 2026" in days.reminders[-1][1]
    days.until(at(8, 16))
    assert again(days.desk, ticket).ending is Ending.SILENCE
    assert again(days.desk, ticket).closed_at == at(8, 14)


def test_a_later_closing_is_shown_in_the_reminder_that_stands(days: PassingDays) -> None:
    asked(days)
    days.until(at(1, 8))
    assert "14 décembre 2026" in days.standing[0]
    set_to(days, UseCaseSettings(close_question_after=20))
    days.work()
    assert "21 décembre 2026" in days.standing[0]


def test_a_service_that_is_always_open_announces_its_earlier_closing(days: PassingDays) -> None:
    ticket, karim = asked(days), days.desk.actor("karim", "assistance")
    days.until(at(10, 16))
    always_open(days)
    chosen = {"service": "imprimante"}
    days.desk.do(lambda uow: triage.requalify(uow, ticket.id, chosen, ""), karim, days.now)
    days.until(at(11, 8))
    assert again(days.desk, ticket).status is Status.PENDING
    assert len(days.reminders) == 4


@pytest.mark.parametrize("reason", [HoldReason.DATE, HoldReason.REQUESTER])
def test_a_hold_wakes_by_the_calendar_of_its_new_service(days: PassingDays, reason: HoldReason) -> None:
    karim = days.desk.actor("karim", "assistance")
    ticket = hold(days.desk, taken(days), karim, reason, date(2026, 12, 7))
    assert ticket.wakes_at == at(7, 7)
    always_open(days)
    chosen = {"service": "imprimante"}
    days.desk.do(lambda uow: triage.requalify(uow, ticket.id, chosen, ""), karim, days.now)
    assert again(days.desk, ticket).wakes_at == at(6, 23)


@pytest.mark.parametrize("reason", [HoldReason.DATE, HoldReason.REQUESTER])
def test_a_changed_calendar_moves_when_a_hold_wakes(days: PassingDays, reason: HoldReason) -> None:
    ticket = taken(days)
    karim = days.desk.actor("karim", "assistance")
    with days.desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).service_id = "imprimante"
    ticket = hold(days.desk, ticket, karim, reason, date(2026, 12, 7))
    always_open(days)
    set_to(days, UseCaseSettings(close_question_after=20))
    assert again(days.desk, ticket).wakes_at == at(6, 23)


@pytest.mark.parametrize("pressed", [at(4), at(2, 9)])
def test_a_week_more_is_a_week_from_when_it_was_asked_for(days: PassingDays, pressed: datetime) -> None:
    ticket, camille = resolved(days), days.desk.actor("camille")
    days.until(pressed)
    days.desk.do(lambda uow: postpone(uow, ticket.id), camille, days.now)
    count = len(days.reminders)
    days.until(pressed + 7 * DAY - HOUR)
    assert len(days.reminders) == count
    days.until(pressed + 12 * DAY)
    assert len(days.reminders) == count + 1


def test_a_week_more_after_late_reminders_is_a_week(days: PassingDays) -> None:
    """Slack was out of reach for weeks: the reminder comes on the day before the closing."""
    ticket, camille = resolved(days), days.desk.actor("camille")
    days.now = at(21)
    days.until(at(22, 16))
    assert len(days.reminders) == 2
    days.desk.do(lambda uow: postpone(uow, ticket.id), camille, days.now)
    days.until(at(29, 15))
    assert (again(days.desk, ticket).status, len(days.reminders)) == (Status.RESOLVED, 2)
    days.until(at(31, 16))
    assert len(days.reminders) == 3
    said = days.reminders[-1][1]
    days.until(datetime(2027, 1, 10, tzinfo=UTC))
    closed = again(days.desk, ticket).closed_at
    assert closed is not None
    assert f"le {closed.day} " in said.replace("1er", "1")


def test_the_closing_day_stays_the_same_on_its_morning(days: PassingDays) -> None:
    ticket = resolved(days)
    days.until(at(7, 8))
    shown = days.desk.reading(lambda uow: waiting_for(uow, ticket.requester_id, most=5), now=days.now)
    assert shown.tickets[0].closes_on == date(2026, 12, 7)
    days.until(at(7, 9))
    assert again(days.desk, ticket).ending is Ending.SILENCE
