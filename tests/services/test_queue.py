"""The queue: what stands in which tab, in which order, for whom; and what a page of it costs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.services.queue.pages import PAGE_MAX, queue
from bot.services.search import search
from models.catalogue import Site, Team
from models.lifecycle import Action, Impact, Priority, Status, Urgency
from models.pages import COUNT_MAX, NOBODY, Queue, QueueState, Tab
from models.tickets.ticket import Ticket
from tests.support.scenarios import requalify
from tests.support.service_levels import OFFICE
from tests.support.use_case_desk import NOW, SmallDesk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database."""
    return shared_desk


def change(desk: SmallDesk, ticket: Ticket, **values: Any) -> int:
    """Put a ticket into a state, whatever its life; its number."""
    with desk.sessions.begin() as session:
        row = session.get_one(Ticket, ticket.id)
        for name, value in values.items():
            setattr(row, name, value)
    return ticket.id


def put(desk: SmallDesk, ago: timedelta = HOUR, **values: Any) -> int:
    """A ticket filed some time ago; its number."""
    urgency = values.pop("urgency", Urgency.HIGH)
    ticket = desk.open(desk.draft(urgency=urgency), now=NOW - ago)
    return change(desk, ticket, **values) if values else ticket.id


def shown(desk: SmallDesk, tab: Tab = Tab.UNASSIGNED, *, size: int = 10, **more: Any) -> Queue:
    teams = more.pop("teams", ("assistance",))
    with desk.sessions() as session:
        return queue(session, desk.actor("karim", *teams), QueueState(tab, **more), size=size, now=NOW)


def numbers(desk: SmallDesk, tab: Tab = Tab.UNASSIGNED, **more: Any) -> list[int]:
    return [ticket.id for ticket in shown(desk, tab, **more).tickets]


def test_each_ticket_stands_where_it_waits(desk: SmallDesk) -> None:
    karim, lea = desk.actor("karim").id, desk.actor("lea").id
    new = put(desk)
    mine = put(desk, status=Status.IN_PROGRESS, assignee_id=karim)
    put(desk, status=Status.IN_PROGRESS, assignee_id=lea)
    held = put(desk, status=Status.PENDING, assignee_id=karim)
    solved = put(desk, status=Status.RESOLVED, assignee_id=karim)
    put(desk, status=Status.CLOSED, assignee_id=karim)
    late = put(desk, 7 * DAY, status=Status.IN_PROGRESS, assignee_id=lea)
    late_and_new = put(desk, 8 * DAY)
    put(desk, 5 * DAY, status=Status.PENDING, assignee_id=lea)
    assert numbers(desk, Tab.UNASSIGNED) == [late_and_new, new]
    assert numbers(desk, Tab.MINE) == [mine]
    assert numbers(desk, Tab.MINE_ON_HOLD) == [held]
    assert len(numbers(desk, Tab.ON_HOLD)) == 2
    assert numbers(desk, Tab.TO_APPROVE) == [solved]
    assert numbers(desk, Tab.LATE) == [late_and_new, late]
    assert shown(desk).counts == {
        Tab.UNASSIGNED: 2,
        Tab.MINE: 1,
        Tab.MINE_ON_HOLD: 1,
        Tab.TEAM: 8,
        Tab.ON_HOLD: 2,
        Tab.TO_APPROVE: 1,
        Tab.LATE: 2,
        Tab.DUE_TODAY: 0,
    }


def test_it_is_sorted_by_priority_then_by_when_it_is_due(desk: SmallDesk) -> None:
    old, older = put(desk, HOUR), put(desk, 2 * HOUR)
    urgent = put(desk, urgency=Urgency.CRITICAL)
    idle = put(desk, 4 * HOUR, urgency=Urgency.LOW)
    assert numbers(desk) == [urgent, older, old, idle]


def test_several_teams_are_one_queue_and_no_other_teams_is_in_it(desk: SmallDesk) -> None:
    ours, theirs = put(desk, HOUR), put(desk, 2 * HOUR, team_id="reseau")
    assert numbers(desk) == [ours]
    assert numbers(desk, teams=("reseau",)) == [theirs]
    assert numbers(desk, teams=("assistance", "reseau")) == [theirs, ours]


def test_who_is_in_no_team_has_nothing_in_the_queue(desk: SmallDesk) -> None:
    put(desk)
    put(desk, status=Status.IN_PROGRESS, assignee_id=desk.actor("karim").id)
    for tab in Tab:
        nothing = shown(desk, tab, teams=())
        assert (nothing.tickets, set(nothing.counts.values()), nothing.services) == ([], {0}, [])


def test_a_ticket_that_somebody_has_in_a_team_they_left_is_not_theirs_to_see(desk: SmallDesk) -> None:
    put(desk, status=Status.IN_PROGRESS, assignee_id=desk.actor("karim").id, team_id="reseau")
    assert numbers(desk, Tab.MINE) == []


@pytest.mark.parametrize("status", [Status.NEW, Status.IN_PROGRESS, Status.PENDING, Status.RESOLVED])
def test_what_only_follows_an_outage_stands_in_no_tab(desk: SmallDesk, status: Status) -> None:
    put(desk, 9 * DAY, status=status, assignee_id=desk.actor("karim").id, is_outage_child=True)
    assert set(shown(desk).counts.values()) == {0}
    assert [numbers(desk, tab) for tab in Tab] == [[]] * len(Tab)


def test_filters_narrow_the_page_and_the_counts(desk: SmallDesk) -> None:
    with desk.sessions.begin() as session:
        session.get_one(Site, "ferme").archived = False
    here = put(desk, service_id="wifi")
    elsewhere = put(desk, site_id="ferme")
    urgent = put(desk, urgency=Urgency.CRITICAL)
    assert numbers(desk, site_id="ferme") == [elsewhere]
    assert numbers(desk, priority=Priority.P2) == [urgent]
    assert numbers(desk, service_id="wifi") == [here]
    assert numbers(desk, service_id="wifi", site_id="ferme") == []
    assert shown(desk, Tab.LATE, service_id="wifi").counts[Tab.UNASSIGNED] == 1


def test_only_services_with_a_ticket_in_the_queue_and_the_chosen_one_are_offered(desk: SmallDesk) -> None:
    put(desk, service_id="wifi")
    put(desk, service_id="imprimante", status=Status.CLOSED)
    put(desk, service_id="annuaire", team_id="reseau")
    assert [service.id for service in shown(desk).services] == ["wifi"]
    assert [service.id for service in shown(desk, service_id="fax").services] == ["fax", "wifi"]
    assert [site.id for site in shown(desk).sites] == ["iut"]


def test_it_is_read_page_by_page(desk: SmallDesk) -> None:
    for number in range(7):
        put(desk, (10 - number) * HOUR, team_id="assistance" if number % 2 else "reseau")
    both = ("assistance", "reseau")
    pages = [shown(desk, page=page, size=3, teams=both) for page in (0, 1, 2)]
    assert [[ticket.id for ticket in page.tickets] for page in pages] == [[1, 2, 3], [4, 5, 6], [7]]
    assert [page.has_more for page in pages] == [True, True, False]


@pytest.mark.parametrize("page", [3, PAGE_MAX + 1, 10**9])
def test_past_its_end_stands_its_last_page(desk: SmallDesk, page: int) -> None:
    for _time in range(4):
        put(desk)
    found = shown(desk, page=page, size=3)
    assert (found.state.page, len(found.tickets), found.has_more) == (1, 1, False)


def test_counts_go_no_further_than_needed(desk: SmallDesk) -> None:
    first = desk.open()
    with desk.sessions.begin() as session:
        columns = [
            column.name for column in Ticket.__table__.columns if column.name not in {"id", "submission"}
        ]
        names = ", ".join(columns)
        many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) "
        rows = f"SELECT {names}, 'copy ' || i FROM ticket, n WHERE ticket.id = {first.id}"
        session.execute(text(f"INSERT INTO ticket ({names}, submission) {many}{rows}"))
    assert shown(desk).counts[Tab.UNASSIGNED] == COUNT_MAX


def test_requalifying_moves_a_ticket_and_its_lateness(desk: SmallDesk) -> None:
    number = put(desk, 4 * DAY)  # on a Thursday, of which two working days are over
    assert numbers(desk, Tab.LATE) == []
    karim = desk.actor("karim", "assistance")
    requalify(desk, Ticket(id=number), karim, impact=Impact.ORGANISATION, urgency=Urgency.CRITICAL)
    assert numbers(desk, Tab.LATE) == numbers(desk, priority=Priority.P1) == [number]
    requalify(desk, Ticket(id=number), karim, urgency=Urgency.LOW)
    assert numbers(desk, Tab.LATE) == numbers(desk, priority=Priority.P1) == []


def test_what_is_due_before_midnight_where_the_team_works_is_due_today(desk: SmallDesk) -> None:
    working = {"status": Status.IN_PROGRESS, "assignee_id": desk.actor("lea").id}
    late = put(desk, due_at=NOW - timedelta(seconds=1), **working)
    soon = put(desk, due_at=NOW + HOUR)
    tonight = put(desk, due_at=NOW + 14 * HOUR - timedelta(seconds=1), **working)  # 23:59:59 in Paris
    put(desk, due_at=NOW + 14 * HOUR)
    put(desk, due_at=NOW + HOUR, status=Status.PENDING)
    assert numbers(desk, Tab.DUE_TODAY) == [soon, tonight]
    assert numbers(desk, Tab.LATE) == [late]
    assert shown(desk).counts[Tab.DUE_TODAY] == 2
    with desk.sessions.begin() as session:
        team = session.get_one(Team, "assistance")
        team.calendar = replace(
            OFFICE.calendar, time_zone="Indian/Reunion"
        )  # midnight is three hours earlier
    assert numbers(desk, Tab.DUE_TODAY) == [soon]


@pytest.mark.parametrize("moment", [-1, 0, 1])
def test_the_queue_and_the_ticket_agree_when_it_is_late(desk: SmallDesk, moment: int) -> None:
    number = put(desk, due_at=NOW + timedelta(microseconds=moment))
    with desk.sessions() as session:
        is_late = session.get_one(Ticket, number).is_late(NOW)
    assert (numbers(desk, Tab.LATE) == [number]) is is_late
    assert (numbers(desk, Tab.DUE_TODAY) == [number]) is not is_late


def test_a_resolved_ticket_of_the_life_it_has_waits_for_approval(desk: SmallDesk) -> None:
    ticket = desk.ticket_in_state(Action.TAKE, Action.RESOLVE)
    assert numbers(desk, Tab.TO_APPROVE) == [ticket.id]
    assert numbers(desk, Tab.MINE) == []


# -- what it costs -------------------------------------------------------------------------------------------


@pytest.fixture
def crowded(desk: SmallDesk) -> SmallDesk:
    """A desk of 20,000 tickets, 19 in 20 of them closed."""
    first = desk.open()
    changed = ("id", "submission", "status", "assignee_id", "site_id", "priority")
    same = ", ".join(column.name for column in Ticket.__table__.columns if column.name not in changed)
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
    status = "CASE WHEN i % 20 > 0 THEN 'closed' WHEN i % 40 = 0 THEN 'new' ELSE 'in_progress' END"
    rows = (
        f"SELECT {same}, 'copy ' || i, {status}, CASE WHEN i % 40 = 0 THEN NULL ELSE 1 + i % 3 END, 'iut', "
        f"'P' || (1 + i % 4) FROM ticket, n WHERE ticket.id = {first.id}"
    )
    with desk.sessions.begin() as session:
        new = f"{same}, submission, status, assignee_id, site_id, priority"
        session.execute(text(f"INSERT INTO ticket ({new}) {many}{rows}"))
    with desk.sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return desk


def plans(desk: SmallDesk, tab: Tab) -> list[str]:
    """How the database would run each statement of a page that reads from the tickets."""
    engine, seen = desk.sessions.kw["bind"], list[tuple[str, Any]]()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM ticket" in statement:
            seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    shown(desk, tab, teams=("assistance", "reseau"))
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    found = []
    for statement, parameters in seen:
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(explain + statement, parameters).all()
        found.append("\n".join(str(row[-1]) for row in rows))
    return found


@pytest.mark.parametrize("tab", list(Tab))
def test_every_tab_is_read_from_its_index_in_order(crowded: SmallDesk, tab: Tab) -> None:
    page, *_rows, counts, services = plans(crowded, tab)
    by_technician = {Tab.MINE, Tab.TEAM}
    indexes = {"ix_ticket_team_queue" if tab in by_technician else "ix_ticket_queue"}
    if tab is Tab.MINE_ON_HOLD:  # PostgreSQL takes either, by how many are on hold
        indexes.add("ix_ticket_team_queue")
    assert any(index in page for index in indexes)
    assert "ix_ticket_team_queue" in counts
    assert "ix_ticket_queue" in counts
    assert "ix_ticket_service" in services
    for plan in (page, counts, services):
        assert "Seq Scan on ticket" not in plan
        assert "SCAN ticket\n" not in plan + "\n"


def test_of_the_tickets_that_nobody_has_only_a_page_is_read(crowded: SmallDesk) -> None:
    """A range of the index is in order already: its tickets are not sorted."""
    _of_one, _of_other, unassigned, *_more = plans(crowded, Tab.TEAM)  # first who has some, by team
    lines = [line.strip(" ->") for line in unassigned.splitlines()]
    ranges = [number for number, line in enumerate(lines) if "ix_ticket_team_queue" in line]
    assert ranges
    assert not [number for number in ranges if lines[number].startswith("Bitmap")]
    assert not [number for number in ranges if lines[number - 1].startswith("Sort Key")]
    assert "USE TEMP B-TREE FOR LAST" not in unassigned


@pytest.mark.parametrize("tab", [Tab.LATE, Tab.DUE_TODAY])
def test_what_is_due_is_read_without_what_is_not(crowded: SmallDesk, tab: Tab) -> None:
    """The index has the tickets of a priority by when they are due."""
    page, *_rows, counts, _services = plans(crowded, tab)
    for plan in (page, counts):
        searches = [line for line in plan.splitlines() if "due_at" in line and "team_id" in line]
        assert searches
        assert all(line.index("priority") < line.index("due_at") for line in searches)


def test_a_page_takes_as_many_statements_as_its_tickets_are_many_or_few(desk: SmallDesk) -> None:
    engine, statements = desk.sessions.kw["bind"], list[str]()

    def note(*call: Any) -> None:
        statements.append(str(call[2]))

    event.listen(engine, "before_cursor_execute", note)

    def cost() -> int:
        statements.clear()
        for ticket in shown(desk, Tab.MINE).tickets:
            assert ticket.requester.name
            assert ticket.assignee
            assert ticket.site.name
        return len(statements)

    karim = desk.actor("karim").id
    put(desk, status=Status.IN_PROGRESS, assignee_id=karim)
    one = cost()
    for _time in range(8):
        put(desk, status=Status.IN_PROGRESS, assignee_id=karim)
    assert cost() == one
    event.remove(engine, "before_cursor_execute", note)


def test_the_tab_of_the_team_has_what_nobody_has_first_then_each_technician_by_name(desk: SmallDesk) -> None:
    karim, lea = desk.actor("karim").id, desk.actor("lea").id
    of_lea = put(desk, status=Status.IN_PROGRESS, assignee_id=lea)
    held = put(desk, status=Status.PENDING, assignee_id=karim)
    of_karim = put(desk, 2 * HOUR, status=Status.IN_PROGRESS, assignee_id=karim)
    new = put(desk)
    released = put(desk, 2 * HOUR, status=Status.PENDING, assignee_id=None)
    put(desk, status=Status.CLOSED, assignee_id=karim)
    assert numbers(desk, Tab.TEAM) == [released, new, of_karim, held, of_lea]
    assert numbers(desk, Tab.TEAM, size=2, page=1) == [of_karim, held]
    assert numbers(desk, Tab.TEAM, technician=karim) == [of_karim, held]
    assert numbers(desk, Tab.TEAM, technician=NOBODY) == [released, new]
    assert numbers(desk, Tab.TEAM, status=Status.PENDING) == [released, held]
    assert numbers(desk, Tab.TEAM, teams=("reseau",)) == []


def test_a_team_finds_what_it_handed_over_by_its_number(desk: SmallDesk) -> None:
    karim = desk.actor("karim", "assistance")
    ticket = desk.open()
    requalify(desk, ticket, karim, team="reseau", why="Câble")
    with desk.sessions() as session:
        [known] = search(session, karim, f"n° {ticket.id}", page=0, size=10).handed_over
        assert (known.number, known.status, known.team.id) == (ticket.id, Status.NEW, "reseau")
        assert not search(session, karim, "imprimante", page=0, size=10).handed_over
        assert not search(session, desk.actor("lea", "poste"), str(ticket.id), page=0, size=10).handed_over
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").is_confidential = True
    with desk.sessions() as session:
        assert not search(session, karim, str(ticket.id), page=0, size=10).handed_over
