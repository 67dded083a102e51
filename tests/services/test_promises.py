"""What requesters are promised, when it is told that it is later, and when cards say that it is late."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.catalogue.service_levels import ask_for_clocks
from bot.services.clocks import refresh as clock_refresh
from bot.services.clocks.late import show_late
from bot.services.clocks.promises import shown_promise
from bot.services.outages.followers import follow
from bot.services.tickets.triage import requalify
from models.calendar.calendar import Calendar
from models.calendar.frames import Frame
from models.calendar.service_level import SHIPPED_TARGETS, Target
from models.calendar.working_time import WorkingTime
from models.catalogue import CatalogueState, Team
from models.lifecycle import Action, Impact, Priority, Urgency
from models.outbox.delivery import Delivery
from models.outbox.details import PromiseDetails
from models.outbox.kinds import DeliveryKind
from models.person import Person
from models.tickets.clocks.promise import Aim, Promise, ShownPromise
from models.tickets.ticket import Ticket
from tests.support.factories import create_outage
from tests.support.use_case_desk import NOW, SmallDesk

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SATURDAY = NOW + 5 * DAY
MONDAY = datetime.fromisoformat("2026-11-30T08:00:00+01:00")
LONGER = {
    **SHIPPED_TARGETS,
    Priority.P3: Target(WorkingTime(days=2), WorkingTime(days=5)),
    Priority.P4: Target(WorkingTime(days=3), WorkingTime(days=20)),
}


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database. It is open from Monday to Friday, 8 to 18; NOW is a Monday, 10 o'clock."""
    return shared_desk


def seen(desk: SmallDesk, ticket: Ticket, now: datetime = NOW) -> ShownPromise | None:
    with desk.sessions() as session:
        return shown_promise(session, session.get_one(Ticket, ticket.id), now)


def told(desk: SmallDesk, kind: DeliveryKind = DeliveryKind.PROMISE) -> list[Delivery]:
    return [each for each in desk.deliveries() if each.kind is kind]


def change(desk: SmallDesk, ticket: Ticket, by: str = "karim", **changed: str) -> None:
    actor = desk.actor(by, "assistance")
    desk.do(lambda uow: requalify(uow, ticket.id, changed, "Pour vous."), actor, NOW + HOUR)


def other_targets(desk: SmallDesk, targets: object = LONGER, now: datetime = NOW + HOUR) -> None:
    with desk.sessions.begin() as session:
        session.add(CatalogueState(id=1, fingerprint="", targets=targets))
        ask_for_clocks(session)
    desk.work_off(clock_refresh.refresh_clocks, now)


def late_cards(desk: SmallDesk, now: datetime) -> int:
    """How many cards the periodic job updates."""
    before = len(told(desk, DeliveryKind.CARD))
    desk.do(show_late, now=now)
    return len(told(desk, DeliveryKind.CARD)) - before


def test_first_a_response_is_promised_then_the_resolution(desk: SmallDesk) -> None:
    ticket = desk.open()
    assert seen(desk, ticket) == ShownPromise(Promise(Aim.RESPONSE, NOW + DAY), is_missed=False)
    desk.act(ticket, Action.TAKE, desk.actor("karim", "assistance"))
    assert seen(desk, ticket) == ShownPromise(Promise(Aim.RESOLUTION, NOW + 3 * DAY), is_missed=False)


@pytest.mark.parametrize(
    "actions", [[Action.TAKE, Action.ASK], [Action.RESOLVE], [Action.RESOLVE, Action.APPROVE]]
)
def test_nothing_is_promised_while_it_waits_or_once_it_is_resolved(
    desk: SmallDesk, actions: list[Action]
) -> None:
    ticket = desk.ticket_in_state(*actions)
    assert seen(desk, ticket) is None
    assert late_cards(desk, NOW + 60 * DAY) == 0


def test_outside_hours_it_says_when_the_desk_opens(desk: SmallDesk) -> None:
    ticket = desk.open(now=SATURDAY)
    promise = Promise(Aim.RESPONSE, MONDAY + 10 * HOUR)
    assert seen(desk, ticket, SATURDAY) == ShownPromise(promise, is_missed=False, opens_at=MONDAY)
    late = seen(desk, ticket, MONDAY + DAY)
    assert late == ShownPromise(promise, is_missed=True)


def test_a_grouped_follower_of_an_outage_is_promised_nothing(desk: SmallDesk) -> None:
    with desk.sessions.begin() as session:
        number = create_outage(
            session, team=session.get_one(Team, "reseau"), declared_by=session.get_one(Person, 1)
        ).id
    ticket = desk.do(lambda uow: follow(uow, number), desk.actor("camille"))
    assert ticket.is_outage_child
    assert seen(desk, ticket) is None
    assert late_cards(desk, NOW + 60 * DAY) == 0


def test_a_lower_priority_is_told_with_what_moved_it(desk: SmallDesk) -> None:
    ticket = desk.open()
    change(desk, ticket, urgency=Urgency.LOW)
    [message] = told(desk)
    assert message.event_id is not None
    assert (message.event_number, message.person_id) == (2, ticket.requester_id)
    assert desk.history(ticket)[-1].details.is_later


def test_a_higher_priority_is_told_by_the_card_alone(desk: SmallDesk) -> None:
    ticket = desk.open()
    change(desk, ticket, impact=Impact.ORGANISATION)
    assert told(desk) == []


def test_a_technicians_own_ticket_that_they_requalify_is_told_by_the_card_alone(desk: SmallDesk) -> None:
    ticket = desk.open(by=desk.actor("karim"))
    change(desk, ticket, urgency=Urgency.LOW)
    assert told(desk) == []


def test_a_technician_who_takes_their_own_ticket_has_it_in_charge(desk: SmallDesk) -> None:
    karim = desk.actor("karim", "assistance")
    ticket = desk.open(by=karim)
    desk.act(ticket, Action.REPLY, karim, "Je note.")
    assert seen(desk, ticket) == ShownPromise(Promise(Aim.RESPONSE, NOW + DAY), is_missed=False)
    desk.act(ticket, Action.TAKE, karim)
    assert seen(desk, ticket) == ShownPromise(Promise(Aim.RESOLUTION, NOW + 3 * DAY), is_missed=False)


def test_what_is_lowered_while_it_waits_is_not_told(desk: SmallDesk) -> None:
    ticket = desk.ticket_in_state(Action.TAKE, Action.ASK)
    change(desk, ticket, urgency=Urgency.LOW)
    assert told(desk) == []


def test_a_team_with_shorter_hours_is_told(desk: SmallDesk) -> None:
    mornings = Calendar("Europe/Paris", ((Frame(8 * 60, 12 * 60),),) * 5 + ((), ()), 4 * 60)
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").calendar = mornings
    ticket = desk.open(desk.draft(urgency=Urgency.CRITICAL))
    change(desk, ticket, team="reseau")
    assert [each.event_number for each in told(desk)] == [2]


def test_other_hours_are_told_once_and_only_to_those_whose_promise_is_later(desk: SmallDesk) -> None:
    later, same = desk.open(), desk.open(desk.draft(urgency=Urgency.CRITICAL))
    waits = desk.ticket_in_state(Action.TAKE, Action.ASK)
    other_targets(desk)
    [message] = told(desk)
    assert (message.ticket_id, message.details) == (later.id, PromiseDetails())
    assert seen(desk, later) == ShownPromise(Promise(Aim.RESPONSE, NOW + 2 * DAY), is_missed=False)
    updated = [each.ticket_id for each in told(desk, DeliveryKind.CARD) if each.key.count("hours")]
    assert updated == [later.id]
    assert {same.id, waits.id}.isdisjoint(updated)
    with desk.sessions.begin() as session:
        ask_for_clocks(session)
    desk.work_off(clock_refresh.refresh_clocks, NOW + HOUR)
    assert len(told(desk)) == 1


def test_an_earlier_promise_updates_the_card_alone(desk: SmallDesk) -> None:
    ticket = desk.open()
    shorter = {**SHIPPED_TARGETS, Priority.P3: Target(WorkingTime(minutes=120), WorkingTime(days=1))}
    other_targets(desk, shorter)
    assert told(desk) == []
    assert [each.ticket_id for each in told(desk, DeliveryKind.CARD)] == [ticket.id, ticket.id]


def test_a_missed_promise_updates_the_card_once(desk: SmallDesk) -> None:
    ticket = desk.open()
    assert late_cards(desk, NOW + DAY - HOUR) == 0
    assert late_cards(desk, NOW + DAY) == 1
    assert late_cards(desk, NOW + DAY + HOUR) == 0
    assert told(desk) == []
    # the resolution is another promise
    desk.act(ticket, Action.TAKE, desk.actor("karim", "assistance"), now=NOW + DAY + HOUR)
    assert late_cards(desk, NOW + 2 * DAY) == 0
    assert late_cards(desk, NOW + 3 * DAY) == 1
    assert late_cards(desk, NOW + 4 * DAY) == 0


def test_a_card_is_not_updated_while_the_desk_is_closed(desk: SmallDesk) -> None:
    desk.open(now=NOW + 4 * DAY)  # on Friday, to be taken by Monday at 10
    assert late_cards(desk, MONDAY + 2 * HOUR + 9 * HOUR) == 0  # the job did not run until the evening
    assert late_cards(desk, MONDAY + DAY - HOUR) == 0
    assert late_cards(desk, MONDAY + DAY) == 1


def test_a_promise_that_ends_with_the_day_is_missed_at_the_next_opening(desk: SmallDesk) -> None:
    ticket = desk.open(now=SATURDAY)
    assert ticket.late_at == MONDAY + DAY
    assert ticket.taken_due_at == MONDAY + 10 * HOUR


def test_showing_that_it_is_late_contradicts_no_click(desk: SmallDesk) -> None:
    ticket = desk.open()
    desk.do(show_late, now=NOW + DAY)
    with desk.sessions() as session:
        assert session.scalar(select(Ticket.version)) == ticket.version


def test_what_the_card_said_late_is_not_told_again_after_a_change_of_hours(desk: SmallDesk) -> None:
    desk.open()
    assert late_cards(desk, NOW + DAY) == 1
    desk.do(lambda uow: ask_for_clocks(uow.session))
    desk.work_off(clock_refresh.refresh_clocks, NOW + DAY)
    assert late_cards(desk, NOW + DAY + HOUR) == 0


def test_a_change_of_hours_does_not_hide_what_was_just_missed(desk: SmallDesk) -> None:
    desk.open()
    desk.do(lambda uow: ask_for_clocks(uow.session))
    desk.work_off(clock_refresh.refresh_clocks, NOW + DAY)
    assert late_cards(desk, NOW + DAY) == 1
