"""Lines of the audit trail: once an hour, and never changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.ops.migrate import migrate
from bot.services.audit.record import operating_user, record
from models.audit.append_only import REFUSED
from models.audit.entry import AuditEntry, Deed
from models.base import utc_now
from tests.support.databases import ON_POSTGRESQL_ONLY
from tests.support.migrations import go_down, rows, use
from tests.support.use_case_desk import NOW, SmallDesk

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def entries(desk: SmallDesk) -> list[AuditEntry]:
    with desk.sessions() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def write(desk: SmallDesk, deed: Deed, *, ticket_id: int | None = None, at: datetime = NOW) -> None:
    by = desk.actor("karim", "assistance")
    desk.do(lambda uow: record(uow, deed, ticket_id=ticket_id), by, at)


def test_a_reading_is_written_once_for_each_person_ticket_and_hour(small_desk: SmallDesk) -> None:
    first, second = small_desk.open(), small_desk.open()
    start = NOW.replace(minute=0)
    for minutes in (0, 1, 59, 60, 61):
        write(small_desk, Deed.READ, ticket_id=first.id, at=start + timedelta(minutes=minutes))
    write(small_desk, Deed.READ, ticket_id=second.id, at=start)
    lea = small_desk.actor("lea", "assistance")
    small_desk.do(lambda uow: record(uow, Deed.READ, ticket_id=first.id), lea, start)
    seen = [(each.actor_id, each.ticket_id, each.at) for each in entries(small_desk)]
    karim = small_desk.actor("karim").id
    assert sorted(seen) == sorted(
        [
            (karim, first.id, start),
            (karim, first.id, start + HOUR),
            (karim, second.id, start),
            (lea.id, first.id, start),
        ]
    )


def test_a_search_is_written_once_for_each_person_and_hour(small_desk: SmallDesk) -> None:
    for minutes in (0, 30, 60):
        write(small_desk, Deed.SEARCH, at=NOW.replace(minute=0) + timedelta(minutes=minutes))
    assert [each.deed for each in entries(small_desk)] == [Deed.SEARCH] * 2


def test_every_export_is_written(small_desk: SmallDesk) -> None:
    for _ in range(2):
        write(small_desk, Deed.EXPORT)
    assert [(each.deed, each.hour) for each in entries(small_desk)] == [(Deed.EXPORT, None)] * 2


def test_a_command_is_written_with_the_account_that_ran_it(
    small_desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "amina")
    small_desk.do(lambda uow: record(uow, Deed.RETRY, count=3, operator=operating_user()))
    [entry] = entries(small_desk)
    assert (entry.operator, entry.actor_id, entry.count) == ("amina", None, 3)


@pytest.fixture
def missing_table(small_desk: SmallDesk) -> Iterator[None]:
    with small_desk.sessions.begin() as session:
        session.execute(text("ALTER TABLE audit_entry RENAME TO away"))
    yield
    with small_desk.sessions.begin() as session:
        session.execute(text("ALTER TABLE away RENAME TO audit_entry"))


@pytest.mark.usefixtures("missing_table")
def test_what_fails_to_be_written_is_not_done(small_desk: SmallDesk) -> None:
    """As an export or an erasure, which writes its line in its own transaction."""

    def erase(uow: UnitOfWork) -> None:
        uow.person.name = ""
        record(uow, Deed.ERASE, person_id=uow.actor.id)

    camille = small_desk.actor("camille")
    with pytest.raises(DBAPIError):
        small_desk.do(erase, camille)
    assert small_desk.actor("camille").name == camille.name


@pytest.mark.parametrize("age", [timedelta(), 179 * DAY])
def test_the_database_refuses_to_delete_what_is_younger_than_six_months(
    small_desk: SmallDesk, age: timedelta
) -> None:
    write(small_desk, Deed.EXPORT, at=utc_now() - age)
    with pytest.raises(DBAPIError, match=REFUSED), small_desk.sessions.begin() as session:
        session.execute(delete(AuditEntry))
    assert small_desk.count(AuditEntry) == 1


def test_the_database_refuses_every_change(small_desk: SmallDesk) -> None:
    write(small_desk, Deed.EXPORT, at=NOW - 900 * DAY)
    with pytest.raises(DBAPIError, match=REFUSED), small_desk.sessions.begin() as session:
        session.execute(update(AuditEntry).values(actor_id=None))
    assert entries(small_desk)[0].actor_id is not None


def test_old_lines_can_be_deleted(small_desk: SmallDesk) -> None:
    write(small_desk, Deed.EXPORT, at=utc_now() - 181 * DAY)
    with small_desk.sessions.begin() as session:
        session.execute(delete(AuditEntry))
    assert small_desk.count(AuditEntry) == 0


@ON_POSTGRESQL_ONLY
def test_postgresql_refuses_to_truncate_the_table(small_desk: SmallDesk) -> None:
    write(small_desk, Deed.EXPORT)
    with pytest.raises(DBAPIError, match=REFUSED), small_desk.sessions.begin() as session:
        session.execute(text("TRUNCATE audit_entry"))


def test_the_migration_changes_no_row_and_its_table_refuses_changes_too(empty: Engine) -> None:
    desk = use(empty)
    go_down(empty, "a9c35e17f4d0")
    before = rows(empty)
    assert "audit_entry" not in before
    migrate(empty, "5d0e7c2b91a4")
    assert {name: kept for name, kept in rows(empty).items() if name != "audit_entry"} == before
    migrate(empty)
    write(desk, Deed.READ, ticket_id=1, at=utc_now())
    with pytest.raises(DBAPIError, match=REFUSED), Sessions(empty).begin() as session:
        session.execute(delete(AuditEntry))
    go_down(empty, "a9c35e17f4d0")
    migrate(empty)
    assert rows(empty)["audit_entry"] == []
