"""Lines of the audit trail are deleted by a daily job once they are old."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from bot.delivery.periodic import JOBS
from bot.services.audit.keeping import delete_old_lines
from bot.services.audit.record import record
from bot.settings import Settings
from models.audit.entry import AuditEntry, Deed
from models.base import utc_now
from models.calendar.months import months_before
from tests.support.use_case_desk import SmallDesk

DAY = timedelta(days=1)


def write(desk: SmallDesk, at: datetime) -> None:
    desk.do(lambda uow: record(uow, Deed.EXPORT), now=at)


@pytest.mark.parametrize("months", [6, 12, 36])
def test_a_line_is_deleted_after_as_many_months_as_the_setting_says(
    small_desk: SmallDesk, months: int
) -> None:
    now = utc_now()
    desk = replace(small_desk, settings=replace(small_desk.settings, audit_months=months))
    limit = months_before(now, months)
    write(desk, limit - 3 * DAY)
    write(desk, limit + 3 * DAY)
    desk.do(delete_old_lines, now=now)
    assert desk.count(AuditEntry) == 1


def test_a_clock_that_is_ahead_deletes_nothing_that_is_young(small_desk: SmallDesk) -> None:
    write(small_desk, utc_now())
    small_desk.do(delete_old_lines, now=utc_now() + 3_000 * DAY)
    assert small_desk.count(AuditEntry) == 1


def test_it_is_done_every_day() -> None:
    job = JOBS["delete_old_lines"]
    assert (job.work, job.every) == (delete_old_lines, DAY)


def test_the_last_day_of_a_month_has_one_in_every_other() -> None:
    assert months_before(datetime(2027, 3, 31, 8, tzinfo=UTC), 13) == datetime(2026, 2, 28, 8, tzinfo=UTC)


@pytest.mark.parametrize("months", [5, 37])
def test_the_setting_is_half_a_year_to_three_years(months: int) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, audit_months=months)
