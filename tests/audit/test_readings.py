"""Readings that the database does not take at once."""

import pytest
from sqlalchemy import select, text

from bot.observability.metrics import AUDIT_LINES
from bot.services.audit import readings as module
from bot.services.audit.readings import Readings
from models.audit.entry import AuditEntry, Deed
from tests.support.use_case_desk import NOW, SmallDesk


def count(outcome: str) -> float:
    return float(AUDIT_LINES.labels(outcome)._value.get())


def rename(desk: SmallDesk, table: str, to: str) -> None:
    with desk.sessions.begin() as session:
        session.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


def test_a_line_about_a_row_that_is_gone_stops_no_other(small_desk: SmallDesk) -> None:
    ticket, karim, before = small_desk.open(), small_desk.actor("karim"), count("lost")
    readings = Readings(small_desk.sessions)
    readings.note(karim.id, [(Deed.READ, 999_999), (Deed.READ, ticket.id), (Deed.SEARCH, None)], NOW)
    readings.wait()
    assert small_desk.count(AuditEntry) == 2
    assert count("lost") == before + 1


def test_of_more_lines_than_are_kept_the_oldest_are_lost(
    small_desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [small_desk.open().id for _ in range(3)]
    karim, readings = small_desk.actor("karim"), Readings(small_desk.sessions)
    lost, delayed = count("lost"), count("delayed")
    monkeypatch.setattr(module, "KEPT", 2)
    rename(small_desk, "audit_entry", "away")
    try:
        for number in numbers:
            readings.note(karim.id, [(Deed.READ, number)], NOW)
            readings.wait()
    finally:
        rename(small_desk, "away", "audit_entry")
    assert (count("lost"), count("delayed")) == (lost + 1, delayed + 5)
    readings.close()
    with small_desk.sessions() as session:
        assert list(session.scalars(select(AuditEntry.ticket_id).order_by(AuditEntry.id))) == numbers[1:]
