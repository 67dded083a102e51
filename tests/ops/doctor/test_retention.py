"""`guichet doctor` fails until it is chosen how long tickets are kept."""

from datetime import timedelta

import pytest

from models.base import utc_now
from models.outbox.schedule import Periodic
from tests.support.doctor import said
from tests.support.help_desk import Desk


@pytest.mark.parametrize(
    ("files", "tickets", "found"),
    [
        (12, 24, [("ok", "retention: files and notes for 12 months after closing, tickets for 24")]),
        (
            None,
            24,
            [
                (
                    "FAIL",
                    "RETENTION_FILES_MONTHS is not chosen: nothing is ever erased: set it to months after "
                    "the closing of a ticket (recommended: 12)",
                )
            ],
        ),
    ],
)
def test_periods_that_are_not_chosen_fail(
    desk: Desk, files: int | None, tickets: int | None, found: list[tuple[str, str]]
) -> None:
    changed = {"retention_files_months": files, "retention_tickets_months": tickets}
    assert said(desk.settings, "retention", **changed) == found


def test_files_that_would_be_kept_for_longer_than_their_ticket_are_a_warning(desk: Desk) -> None:
    changed = {"retention_files_months": 24, "retention_tickets_months": 12}
    assert [sign for sign, _text in said(desk.settings, "retention", **changed)] == ["warn", "ok"]


def test_a_period_that_ends_before_a_ticket_can_no_longer_be_reopened_is_a_warning(desk: Desk) -> None:
    changed = {"retention_files_months": 1, "retention_tickets_months": 24, "reopen_silent_days": 60}
    assert [sign for sign, _text in said(desk.settings, "retention", **changed)] == ["warn", "ok"]


def test_tickets_that_could_not_be_erased_fail(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        for number, hours in ((1, 5), (2, -7)):  # the second was erased since, with its requester
            session.add(Periodic(name=f"forget:{number}", due_at=utc_now() + timedelta(hours=hours)))
    changed = {"retention_files_months": 12, "retention_tickets_months": 24}
    assert said(desk.settings, "retention", **changed)[0] == (
        "FAIL",
        "retention: tickets that could not be erased: 1: see the log of the worker",
    )
