"""The clocks of a ticket: when they run, what they count, and until when a ticket is to be resolved."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar.service_level import ServiceLevel
from models.catalogue import Service, Team
from models.lifecycle import TRANSITIONS, Action, HoldReason, Impact, Role, Status, Urgency
from models.tickets.changes.content import Qualification
from models.tickets.changes.holder import Assignment, Transfer, Unassignment
from models.tickets.changes.links import Duplicate, OriginalResolved
from models.tickets.changes.waits import Hold
from models.tickets.clocks import clock
from models.tickets.clocks.history import replay
from models.tickets.event import Change, Event
from models.tickets.ticket import RUNNING, Ticket
from models.tickets.transitions import Trigger, apply, open_new, possible
from tests.support.factories import make_person, make_service, make_site, make_team, make_ticket
from tests.support.service_levels import ALWAYS, OFFICE

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Paris
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CAMILLE, KARIM = make_person("Camille", id=1), make_person("Karim", id=2)
SUPPORT, NETWORK = make_team("assistance"), make_team("reseau")
SITE, PRINTER, BREACH = make_site(), make_service(), make_service("violation", is_always_open=True)
WAITS = {Action.ASK_AGAIN, Action.POSTPONE, Action.CLOSE}
NO_STEPS = {Action.OPEN, Action.RATE, Action.DETACH, Action.FREE, Action.UNDO_CLOSING}
OF_APPROVERS = {Action.AGREE, Action.DECLINE, Action.QUERY, Action.COMPLETE, Action.CHOOSE_APPROVER}
ACTIONS = [action for action in Action if action not in NO_STEPS | set(OF_APPROVERS)]


def level_of(team: Team, service: Service | None) -> ServiceLevel:
    """Office hours, but day and night in the network team and for a breach."""
    return ALWAYS if team is NETWORK or service is BREACH else OFFICE


def opened(at: datetime = MONDAY, urgency: Urgency = Urgency.HIGH, **more: object) -> Ticket:
    """A new ticket; by default of priority P3."""
    people = {"requester": CAMILLE, "requester_id": CAMILLE.id, "team": SUPPORT, "site": SITE}
    ticket = make_ticket(
        id=1, opened_at=at, urgency=urgency, event_count=0, is_outage_child=False, **people, **more
    )
    open_new(ticket, Trigger(CAMILLE, {Role.REQUESTER}, at, "form", level_of))
    return ticket


def change_for(ticket: Ticket, action: Action) -> Change | None:
    match action:
        case Action.ASSIGN:
            return Assignment(KARIM)
        case Action.HOLD:
            return Hold(HoldReason.SUPPLIER)
        case Action.REQUALIFY:
            return Qualification(Impact.PERSON, Urgency.LOW, SITE, PRINTER)
        case Action.TRANSFER:
            return Transfer(SUPPORT if ticket.team is NETWORK else NETWORK)
        case Action.DUPLICATE:
            return Duplicate(7)
        case Action.ORIGINAL_RESOLVED:
            return OriginalResolved(7)
        case Action.UNASSIGN:
            return Unassignment()
    return None


def do(ticket: Ticket, action: Action, at: datetime, change: Change | None = None) -> Event:
    """The action, by whom it is open to."""
    roles = TRANSITIONS[action].roles
    by = CAMILLE if Role.REQUESTER in roles else KARIM
    trigger = Trigger(by, roles, at, "test", level_of)
    event = apply(ticket, action, trigger, text="Voilà.", change=change or change_for(ticket, action))
    event.actor_id = by.id
    return event


def in_state(status: Status) -> Ticket:
    ticket = opened()
    to = {
        Status.NEW: (),
        Status.IN_PROGRESS: (Action.TAKE,),
        Status.PENDING: (Action.TAKE, Action.ASK),
        Status.RESOLVED: (Action.RESOLVE,),
        Status.CLOSED: (Action.RESOLVE, Action.APPROVE),
    }
    for number, action in enumerate(to[status], 1):
        do(ticket, action, MONDAY + number * HOUR)
    assert ticket.status is status
    ticket.reminded = ticket.warned = ticket.postponed = 0
    return ticket


@pytest.mark.parametrize("action", ACTIONS)
def test_after_every_action_the_clock_runs_while_the_ticket_is_new_or_in_progress(action: Action) -> None:
    for source in TRANSITIONS[action].sources:
        ticket = in_state(source)
        if action in WAITS:
            ticket.wait_event, ticket.requester_wrote_at = 2, MONDAY if action is Action.ASK_AGAIN else None
        do(ticket, action, MONDAY + DAY)
        assert (ticket.clock_since is not None) is ticket.is_worked_on
        assert (ticket.remind_at is not None) is ticket.is_worked_on


def test_a_ticket_filed_on_friday_evening_is_due_on_monday() -> None:
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 17:30 in Paris
    ticket = opened(friday, Urgency.CRITICAL, impact=Impact.ORGANISATION)
    assert ticket.taken_due_at == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert ticket.due_at == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    assert not ticket.is_late(friday + 2 * DAY)


def test_it_goes_on_where_it_stopped() -> None:
    ticket = opened()
    do(ticket, Action.TAKE, MONDAY + HOUR)
    do(ticket, Action.ASK, MONDAY + 3 * HOUR)
    assert (ticket.clock_since, ticket.time_used) == (None, 3 * HOUR)
    assert not ticket.is_late(MONDAY + 30 * DAY)
    do(ticket, Action.ANSWER, MONDAY + 7 * DAY)
    assert ticket.time_used == 3 * HOUR
    assert ticket.due_at == OFFICE.calendar.due(MONDAY + 7 * DAY, 27 * HOUR)


def test_a_late_ticket_is_late_again_when_its_pause_ends() -> None:
    ticket = opened()
    due = ticket.due_at
    do(ticket, Action.TAKE, MONDAY + 8 * DAY)
    do(ticket, Action.HOLD, MONDAY + 8 * DAY)
    assert not ticket.is_late(MONDAY + 9 * DAY)
    do(ticket, Action.RESUME, MONDAY + 9 * DAY)
    assert ticket.due_at == due
    assert ticket.is_late(MONDAY + 9 * DAY)


@pytest.mark.parametrize(
    ("used", "left"), [(HOUR, 29 * HOUR), (29 * HOUR, 15 * HOUR), (50 * HOUR, 15 * HOUR)]
)
@pytest.mark.parametrize("again", [(Action.REFUSE,), (Action.APPROVE, Action.REOPEN)])
def test_a_solution_that_does_not_work_leaves_the_rest_of_the_time_and_at_least_half(
    again: tuple[Action, ...], used: timedelta, left: timedelta
) -> None:
    ticket = opened()
    do(ticket, Action.RESOLVE, OFFICE.calendar.due(MONDAY, used))
    for action in again:
        do(ticket, action, MONDAY + 14 * DAY)
    assert ticket.time_used == used
    assert ticket.due_at == OFFICE.calendar.due(MONDAY + 14 * DAY, left)


def test_another_priority_counts_from_the_time_used() -> None:
    ticket = opened()
    do(
        ticket,
        Action.REQUALIFY,
        MONDAY + 5 * HOUR,
        Qualification(Impact.ORGANISATION, Urgency.HIGH, SITE, None),
    )
    assert ticket.is_late(MONDAY + 5 * HOUR + timedelta(seconds=1))  # of four hours, five are used
    do(ticket, Action.REQUALIFY, MONDAY + 6 * HOUR, Qualification(Impact.PERSON, Urgency.LOW, SITE, None))
    assert ticket.due_at == OFFICE.calendar.due(MONDAY, 100 * HOUR)


def test_what_has_passed_counts_in_the_hours_of_the_team_that_had_it() -> None:
    ticket = opened()
    do(ticket, Action.TRANSFER, MONDAY + DAY)  # ten hours in office hours
    assert ticket.time_used == 10 * HOUR
    assert ticket.due_at == MONDAY + DAY + 62 * HOUR  # three days of 24 hours, less ten
    do(ticket, Action.TRANSFER, MONDAY + 2 * DAY)
    assert ticket.time_used == 34 * HOUR
    assert ticket.is_late(MONDAY + 3 * DAY)  # three days of ten hours


def test_a_service_that_is_always_open_counts_nights() -> None:
    ticket = opened()
    do(ticket, Action.REQUALIFY, MONDAY, Qualification(Impact.PERSON, Urgency.HIGH, SITE, BREACH))
    assert ticket.due_at == MONDAY + 3 * DAY


@pytest.mark.parametrize(
    "action", [Action.TAKE, Action.ASSIGN, Action.REPLY, Action.RESOLVE, Action.DUPLICATE]
)
def test_the_first_answer_or_assignment_takes_it_in_charge(action: Action) -> None:
    ticket = opened()
    do(ticket, Action.NOTE, MONDAY + HOUR)
    do(ticket, Action.COMMENT, MONDAY + HOUR)
    assert responded(ticket) == (None, None)
    do(ticket, action, MONDAY + DAY)
    do(ticket, Action.NOTE, MONDAY + 2 * DAY)
    assert responded(ticket) == (MONDAY + DAY, 10 * HOUR)


def responded(ticket: Ticket) -> tuple[datetime | None, timedelta | None]:
    return ticket.responded_at, ticket.time_to_respond


def test_a_requester_who_cancels_is_not_the_team_that_answers() -> None:
    ticket = opened()
    do(ticket, Action.CANCEL, MONDAY + HOUR)
    assert ticket.responded_at is None


def test_three_quarters_and_the_whole_of_each_target_are_reminded_of_once() -> None:
    ticket = opened()  # taken within a day, resolved within three
    reminded = []
    while ticket.remind_at is not None:
        reminded.append(ticket.remind_at)
        assert clock.reach(ticket, OFFICE, ticket.remind_at)
    hours = [OFFICE.calendar.elapsed(MONDAY, at) / HOUR for at in reminded]
    assert hours == [7.5, 10, 22.5, 30]


def test_a_reminder_at_closing_time_comes_at_the_opening() -> None:
    ticket = opened(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))  # 7.5 h before 18:00 in Paris
    assert ticket.remind_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


def test_nobody_is_reminded_twice_after_a_pause_but_again_of_a_later_moment() -> None:
    ticket = opened()
    do(ticket, Action.TAKE, MONDAY)
    almost = OFFICE.calendar.due(MONDAY, 23 * HOUR)
    assert clock.reach(ticket, OFFICE, almost)
    do(ticket, Action.HOLD, almost)
    do(ticket, Action.RESUME, almost + 7 * DAY)
    assert (ticket.due_reminded, ticket.remind_at) == (
        clock.NEARLY,
        OFFICE.calendar.next_opening(ticket.due_at),
    )
    do(ticket, Action.REQUALIFY, almost + 7 * DAY, Qualification(Impact.PERSON, Urgency.LOW, SITE, None))
    assert ticket.due_reminded == 0


def test_behind_an_outage_it_reminds_nobody_until_its_requester_writes() -> None:
    ticket = opened()
    ticket.is_outage_child = True
    clock.aim(ticket, OFFICE, MONDAY)
    assert ticket.remind_at is None
    do(ticket, Action.COMMENT, MONDAY + HOUR)
    assert ticket.remind_at is not None


class Lived:
    """A random life of a ticket, with the intervals in which its clock ran, kept apart from it."""

    def __init__(self, moves: list[tuple[int, int]]) -> None:
        self.ticket, self.now = opened(), MONDAY
        self.events: list[Event] = []
        self.states = [(MONDAY, self.ticket.status, self.ticket.team, self.ticket.service)]
        for choice, minutes in moves:
            self.now += timedelta(minutes=minutes, microseconds=choice)
            self.move(choice)

    def move(self, choice: int) -> None:
        actions = [each for each in possible(self.ticket, set(Role)) if each is not Action.RATE]
        self.events.append(do(self.ticket, actions[choice % len(actions)], self.now))
        self.states.append((self.now, self.ticket.status, self.ticket.team, self.ticket.service))

    def used(self) -> timedelta:
        """The sum of the working time of every interval in which the ticket was new or in progress."""
        end = (self.now, self.ticket.status, self.ticket.team, self.ticket.service)
        return sum(
            (
                level_of(team, service).calendar.elapsed(start, after[0])
                for (start, status, team, service), after in pairwise([*self.states, end])
                if status in RUNNING
            ),
            timedelta(),
        )


lives = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 4000)), max_size=25).map(Lived)


@settings(max_examples=300, deadline=None, database=None)
@given(lives)
def test_whatever_happens_the_time_used_is_the_sum_of_the_time_it_ran(life: Lived) -> None:
    ticket = life.ticket
    assert (ticket.clock_since is not None) is (ticket.status in RUNNING)
    running = timedelta()
    level = level_of(ticket.team, ticket.service)
    if ticket.clock_since is not None:
        running = level.calendar.elapsed(ticket.clock_since, life.now)
    assert ticket.time_used + running == life.used()
    left = level.resolved(ticket.priority) + ticket.time_granted - ticket.time_used
    if ticket.clock_since is not None and left > timedelta():
        assert ticket.due_at == level.calendar.due(ticket.clock_since, left)
    assert ticket.remind_at is None or level.calendar.is_open(ticket.remind_at)


@settings(max_examples=100, deadline=None, database=None)
@given(lives)
def test_without_changes_of_team_the_history_gives_the_same_clocks(life: Lived) -> None:
    ticket = life.ticket
    if {Action.TRANSFER, Action.REQUALIFY} & {event.action for event in life.events}:
        return
    before = clocks(ticket, life.now)
    replay(ticket, life.events, OFFICE, life.now)
    assert clocks(ticket, life.now) == before


def clocks(ticket: Ticket, now: datetime) -> list[object]:
    """What they have counted by now, and what follows from it."""
    running = OFFICE.calendar.elapsed(ticket.clock_since, now) if ticket.clock_since else timedelta()
    used = (ticket.time_used + running, ticket.time_granted, ticket.clock_since is None)
    return [*used, ticket.taken_due_at, ticket.responded_at, ticket.time_to_respond, ticket.due_at]
