"""What is due, what a list says of it, and what is erased: never more than a list that was signed covers."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.observability.removals.put_off import LATER
from bot.services.personal_data.forgetting import forget_ticket
from bot.services.retention import work
from bot.services.retention.cut_offs import CutOffs, cut_offs
from bot.services.retention.lists import all_lists, approve, make_list
from bot.services.retention.work import PORTION, forget_due, list_due
from models.calendar.months import months_before
from models.lifecycle import Action, Kind, Status
from models.retention.errors import (
    ListApproved,
    ListUnknown,
    NothingDue,
    RetentionNotChosen,
    VisaMissing,
    VisaTooLong,
)
from models.retention.retention_list import RetentionList
from models.tickets.draft import NewFile
from models.tickets.ticket import FORGOTTEN_TITLE, Ticket
from tests.support.factories import create_ticket
from tests.support.scenarios import again, note
from tests.support.use_case_desk import NOW, SmallDesk

RULES = UseCaseSettings(retention_files_months=12, retention_tickets_months=24)
YEAR = timedelta(days=366)
TWO_YEARS = NOW + 2 * YEAR


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database, with periods that are chosen."""
    return replace(shared_desk, settings=RULES)


@pytest.fixture
def closed(desk: SmallDesk) -> Ticket:
    """A ticket that was closed at `NOW`, with a file and a note."""
    ticket = desk.open(desk.draft(files=[NewFile("F1", "plan.pdf", "application/pdf", 3_000_000)]))
    note(desk, ticket, desk.actor("karim", "assistance"), "Un mot")
    return desk.act(ticket, Action.CANCEL, desk.actor("camille"), "Trouvé")


def without_visa(desk: SmallDesk) -> SmallDesk:
    return replace(desk, settings=replace(RULES, retention_visa_required=False))


def signed(desk: SmallDesk, now: datetime) -> RetentionList:
    """A list of that day, which the archivist has signed."""
    made = desk.do(make_list, now=now)
    return desk.do(lambda uow: approve(uow, made.id, "AD-2026/12"), now=now)


def of_lists(desk: SmallDesk) -> list[RetentionList]:
    with desk.sessions() as session:
        return list(all_lists(session))


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 29), 12, date(2025, 11, 29)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 5), 1, date(2025, 12, 5)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_cut_offs_are_the_beginning_of_a_day_where_the_desk_is() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # 1 July in Paris
    assert cut_offs(RULES, late) == CutOffs(
        datetime(2024, 6, 30, 22, 0, tzinfo=UTC), datetime(2025, 6, 30, 22, 0, tzinfo=UTC)
    )


def test_what_may_still_be_reopened_is_not_due() -> None:
    hasty = replace(RULES, retention_files_months=1, retention_tickets_months=1, reopen_silent_days=90)
    found = cut_offs(hasty, NOW)
    assert found is not None
    assert NOW - found.tickets >= timedelta(days=90)
    assert found.files == found.tickets
    of_files = cut_offs(replace(hasty, retention_tickets_months=24), NOW)
    assert of_files is not None
    assert of_files.tickets < of_files.files == found.files


def test_a_list_counts_by_year_and_kind_what_is_due(desk: SmallDesk, closed: Ticket) -> None:
    made = desk.do(make_list, now=TWO_YEARS)
    [line] = made.lines
    assert (line.year, line.kind, line.is_whole) == (2026, Kind.INCIDENT, True)
    assert (line.tickets, line.files, line.size, line.notes) == (1, 1, 3_000_000, 1)
    assert (line.teams, line.first, line.last) == (("assistance",), NOW.date(), NOW.date())
    files_only = desk.do(make_list, now=NOW + YEAR)
    assert [each.is_whole for each in files_only.lines] == [False]


@pytest.mark.parametrize("action", [None, Action.REOPEN])
def test_a_ticket_that_is_open_is_in_no_list(desk: SmallDesk, closed: Ticket, action: Action | None) -> None:
    if action is not None:
        desk.act(closed, action, desk.actor("camille"), "Encore")
    else:
        with desk.sessions.begin() as session:
            session.get_one(Ticket, closed.id).status = Status.RESOLVED
    with pytest.raises(NothingDue):
        desk.do(make_list, now=TWO_YEARS)


def test_the_same_list_is_not_made_twice_in_a_day(desk: SmallDesk, closed: Ticket) -> None:
    numbers = [desk.do(make_list, now=TWO_YEARS + timedelta(hours=hours)).id for hours in (0, 1, 48)]
    assert numbers == [1, 1, 2]


def test_there_is_no_list_before_the_periods_are_chosen(desk: SmallDesk) -> None:
    with pytest.raises(RetentionNotChosen):
        replace(desk, settings=UseCaseSettings()).do(make_list, now=TWO_YEARS)


def test_nothing_is_erased_before_the_visa(desk: SmallDesk, closed: Ticket) -> None:
    desk.do(make_list, now=TWO_YEARS)
    desk.do(forget_due, now=TWO_YEARS)
    desk.do(list_due, now=TWO_YEARS)
    assert again(desk, closed).files_forgotten_at is None
    assert len(of_lists(desk)) == 1


def test_what_a_signed_list_covers_is_erased_and_counted(
    desk: SmallDesk, closed: Ticket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.services.retention.work")
    signed(desk, TWO_YEARS)
    desk.do(forget_due, now=TWO_YEARS)
    desk.do(forget_due, now=TWO_YEARS + timedelta(minutes=1))
    assert again(desk, closed).forgotten_at == TWO_YEARS
    [made] = of_lists(desk)
    assert (made.visa, made.tickets_done, made.files_done) == ("AD-2026/12", 1, 0)
    assert made.done_at == TWO_YEARS + timedelta(minutes=1)
    assert [record.getMessage() for record in caplog.records] == [
        "retention list 1: tickets erased: 1; only their files and notes: 0",
        "retention list 1 is done: tickets erased: 1; only their files and notes: 0",
    ]


def test_files_and_notes_are_erased_a_year_earlier(desk: SmallDesk, closed: Ticket) -> None:
    signed(desk, NOW + YEAR)
    desk.do(forget_due, now=NOW + YEAR)
    after = again(desk, closed)
    assert (after.files_forgotten_at, after.forgotten_at) == (NOW + YEAR, None)
    assert [made.files_done for made in of_lists(desk)] == [1]


def test_a_ticket_that_is_due_later_than_the_signed_list_stays(desk: SmallDesk, closed: Ticket) -> None:
    signed(desk, NOW + YEAR)
    desk.do(forget_due, now=TWO_YEARS)
    assert again(desk, closed).forgotten_at is None


def test_a_ticket_that_was_reopened_since_the_list_stays(desk: SmallDesk, closed: Ticket) -> None:
    signed(desk, TWO_YEARS)
    desk.act(closed, Action.REOPEN, desk.actor("camille"), "Encore")
    desk.do(forget_due, now=TWO_YEARS)
    assert again(desk, closed).forgotten_at is None


def test_a_longer_period_holds_for_lists_that_were_signed_before(desk: SmallDesk, closed: Ticket) -> None:
    signed(desk, TWO_YEARS)
    longer = replace(desk, settings=replace(RULES, retention_files_months=36, retention_tickets_months=60))
    longer.do(forget_due, now=TWO_YEARS)
    assert again(desk, closed).files_forgotten_at is None
    assert [made.done_at for made in of_lists(desk)] == [None]


def test_without_visa_all_that_is_due_is_erased(desk: SmallDesk, closed: Ticket) -> None:
    free = without_visa(desk)
    free.do(list_due, now=TWO_YEARS)
    free.do(forget_due, now=TWO_YEARS)
    assert again(desk, closed).forgotten_at == TWO_YEARS
    [made] = of_lists(desk)
    assert (made.visa, made.tickets_done) == (None, 1)


def test_many_tickets_are_forgotten_in_portions(desk: SmallDesk) -> None:
    with desk.sessions.begin() as session:
        for _number in range(PORTION + 1):
            camille = desk.actor("camille").id
            create_ticket(session, requester_id=camille, status=Status.CLOSED, closed_at=NOW)
    signed(desk, TWO_YEARS)
    done = []
    for minutes in range(3):
        desk.do(forget_due, now=TWO_YEARS + timedelta(minutes=minutes))
        [made] = of_lists(desk)
        done.append((made.tickets_done, made.done_at is not None))
    assert done == [(PORTION, False), (PORTION + 1, False), (PORTION + 1, True)]


def test_a_ticket_that_cannot_be_forgotten_holds_up_no_other(
    desk: SmallDesk, closed: Ticket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    more = desk.act(desk.open(), Action.CANCEL, desk.actor("camille"), "Trouvé")
    failing = {closed.id}

    def forget_others(uow: UnitOfWork, number: int) -> None:
        forget_ticket(uow, number)
        if number in failing:
            raise KeyError("a bad row")

    monkeypatch.setattr(work, "forget_ticket", forget_others)
    signed(desk, TWO_YEARS)
    for minutes in range(4):
        desk.do(forget_due, now=TWO_YEARS + timedelta(minutes=minutes))
    assert again(desk, more).forgotten_at == TWO_YEARS
    assert again(desk, closed).forgotten_at is None
    assert again(desk, closed).title == closed.title != FORGOTTEN_TITLE
    [made] = of_lists(desk)
    assert (made.tickets_done, made.done_at) == (1, None)
    assert caplog.text.count(f"ticket {closed.id} could not be forgotten") == 1

    another = desk.act(desk.open(), Action.CANCEL, desk.actor("camille"), "Trouvé")
    with desk.sessions.begin() as session:
        session.get_one(Ticket, another.id).closed_at = NOW + timedelta(days=5)
    signed(desk, TWO_YEARS + timedelta(days=7))
    desk.do(forget_due, now=TWO_YEARS + timedelta(hours=1))
    assert again(desk, another).forgotten_at is None  # the day that both allow has not come
    later = TWO_YEARS + timedelta(days=7)
    desk.do(forget_due, now=later)
    assert again(desk, another).forgotten_at == later

    failing.clear()
    for minutes in range(3):
        desk.do(forget_due, now=later + LATER + timedelta(minutes=minutes))
    assert again(desk, closed).forgotten_at == later + LATER
    assert all(made.done_at for made in of_lists(desk))


def test_a_visa_is_recorded_once(desk: SmallDesk, closed: Ticket) -> None:
    signed(desk, TWO_YEARS)
    with pytest.raises(ListApproved) as refused:
        desk.do(lambda uow: approve(uow, 1, "autre"), now=TWO_YEARS + YEAR)
    assert (refused.value.at, refused.value.visa) == (TWO_YEARS, "AD-2026/12")


@pytest.mark.parametrize(
    ("number", "visa", "error"),
    [(7, "AD", ListUnknown), (1, " \u200b", VisaMissing), (1, "x" * 201, VisaTooLong)],
)
def test_what_is_no_visa_of_a_list_is_refused(
    desk: SmallDesk, closed: Ticket, number: int, visa: str, error: Callable[..., Exception]
) -> None:
    desk.do(make_list, now=TWO_YEARS)
    with pytest.raises(error):  # type: ignore[arg-type] # its class
        desk.do(lambda uow: approve(uow, number, visa))
    assert [made.approved_at for made in of_lists(desk)] == [None]
