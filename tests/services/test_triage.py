"""What technicians do beside taking and resolving: assign, hold, requalify, hand over, link duplicates."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.context.actor import Actor
from bot.context.settings import UseCaseSettings
from bot.delivery import periodic
from bot.services import catalogue
from bot.services.tickets import triage
from models.catalogue import Service, Site, Team
from models.errors import RoleRefused, TicketNotFound, TransitionRefused
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action, Ending, HoldReason, Impact, Priority, Status, Urgency
from models.outbox.kinds import DeliveryKind
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.support.factories import stored
from tests.support.scenarios import DAY, again, assign, hold, link, requalify, ticket_in_state, wake
from tests.support.service_levels import TARGETS
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk, at_once


@pytest.fixture
def lea(small_desk: SmallDesk) -> Actor:
    """A colleague of his."""
    return small_desk.actor("lea", "assistance")


def refusal(work: Callable[[], Any]) -> tuple[str, str]:
    """The field that is refused, and why."""
    with pytest.raises(FieldRefused) as refused:
        work()
    return refused.value.field, refused.value.reason


# Rights

USES: dict[str, Callable[[SmallDesk, Ticket, Actor], Ticket]] = {
    "assign": lambda desk, ticket, by: assign(desk, ticket, by, desk.actor("karim", "assistance")),
    "hold": hold,
    "requalify": lambda desk, ticket, by: requalify(desk, ticket, by, impact=Impact.SERVICE),
    "hand over": lambda desk, ticket, by: requalify(desk, ticket, by, team="reseau", why="Le réseau."),
    "link": lambda desk, ticket, by: link(desk, ticket, by, 1),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(("name", "teams"), [("lea", ["reseau"]), ("oliver", []), ("camille", [])])
def test_only_the_tickets_team_acts(small_desk: SmallDesk, use: str, name: str, teams: list[str]) -> None:
    small_desk.open()
    ticket = small_desk.ticket_in_state(Action.TAKE)
    with pytest.raises(RoleRefused):
        USES[use](small_desk, ticket, small_desk.actor(name, *teams))
    assert again(small_desk, ticket).event_count == 2


@pytest.mark.parametrize("use", USES)
def test_nothing_more_is_done_with_a_closed_ticket(small_desk: SmallDesk, karim: Actor, use: str) -> None:
    small_desk.open()
    ticket = small_desk.ticket_in_state(Action.CANCEL)
    with pytest.raises(TransitionRefused) as refused:
        USES[use](small_desk, ticket, karim)
    assert (refused.value.last_action, refused.value.last_actor) == (Action.CANCEL, "Camille")


@pytest.mark.parametrize("use", USES)
def test_a_number_that_was_never_given_is_no_ticket(small_desk: SmallDesk, karim: Actor, use: str) -> None:
    small_desk.open()
    with pytest.raises(TicketNotFound):
        USES[use](small_desk, Ticket(id=404), karim)


# Assign


def test_a_ticket_is_given_to_a_colleague(small_desk: SmallDesk, karim: Actor, lea: Actor) -> None:
    given = assign(small_desk, small_desk.open(), karim, lea)
    assert (given.assignee_id, given.taken_at, given.status) == (lea.id, NOW, Status.IN_PROGRESS)
    assert stored(Event.details, small_desk.history(given)[-1].details) == {"to": "Lea"}


def test_a_ticket_that_is_given_on_says_who_had_it(small_desk: SmallDesk, karim: Actor, lea: Actor) -> None:
    given = assign(small_desk, small_desk.ticket_in_state(Action.TAKE), lea, lea, seen=karim)
    assert given.assignee_id == lea.id
    assert stored(Event.details, small_desk.history(given)[-1].details) == {
        "to": "Lea",
        "from": "Karim",
        "from_slack_id": "U0KARIM",
    }


@pytest.mark.parametrize("seen", [None, "lea"], ids=["nobody", "somebody else"])
def test_nobody_takes_a_ticket_from_who_was_not_seen_to_have_it(
    small_desk: SmallDesk, karim: Actor, lea: Actor, seen: str | None
) -> None:
    """Karim took it while the form was open."""
    ticket = small_desk.ticket_in_state(Action.TAKE)
    with pytest.raises(TransitionRefused) as refused:
        assign(small_desk, ticket, lea, lea, seen=lea if seen else None)
    assert (refused.value.last_action, refused.value.last_actor) == (Action.TAKE, "Karim")
    assert (again(small_desk, ticket).assignee_id, again(small_desk, ticket).event_count) == (karim.id, 2)


def test_a_ticket_that_was_handed_over_meanwhile_is_nobodys_to_give(
    small_desk: SmallDesk, karim: Actor
) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE)
    both = small_desk.actor("lea", "assistance", "reseau")
    requalify(small_desk, ticket, karim, team="reseau", why="C’est le réseau.")
    with pytest.raises(TransitionRefused):
        assign(small_desk, ticket, both, both, seen=karim)
    assert again(small_desk, ticket).assignee_id is None


def test_of_two_who_assign_at_once_one_hears_who_was_faster(shared_desk: SmallDesk) -> None:
    ticket = shared_desk.open()
    karim, lea = (shared_desk.actor(name, "assistance") for name in ("karim", "lea"))
    outcomes = at_once(
        [lambda: assign(shared_desk, ticket, karim, karim), lambda: assign(shared_desk, ticket, lea, lea)]
    )
    [winner] = [outcome for outcome in outcomes if isinstance(outcome, Ticket)]
    [loser] = [outcome for outcome in outcomes if isinstance(outcome, TransitionRefused)]
    assert loser.last_action is Action.ASSIGN
    assert again(shared_desk, ticket).assignee_id == winner.assignee_id
    assert shared_desk.history(ticket)[-1].number == 2


@pytest.mark.parametrize(("name", "teams"), [("lea", ["reseau"]), ("oliver", []), ("camille", [])])
def test_nobody_outside_the_team_is_given_its_tickets(
    small_desk: SmallDesk, karim: Actor, name: str, teams: list[str]
) -> None:
    """Not even their requester."""
    ticket, to = small_desk.open(), small_desk.actor(name, *teams)
    assert refusal(lambda: assign(small_desk, ticket, karim, to)) == ("assignee", "not_of_the_team")
    assert again(small_desk, ticket).assignee_id is None


# Hold


def test_a_ticket_on_hold_says_why_to_the_team(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE)
    held = hold(small_desk, ticket, karim, HoldReason.SUPPLIER, why="  Devis demandé. ")
    assert (held.status, held.hold_reason, held.hold_until) == (Status.PENDING, HoldReason.SUPPLIER, None)
    assert small_desk.history(held)[-1].text == "Devis demandé."


@pytest.mark.parametrize(
    ("reason", "until", "refused"),
    [
        (None, None, ("hold_reason", "missing")),
        (None, NOW + DAY, ("hold_reason", "missing")),
        (HoldReason.DATE, None, ("hold_until", "missing")),
        (HoldReason.DATE, NOW, ("hold_until", "past")),
        (HoldReason.SUPPLIER, NOW - DAY, ("hold_until", "past")),
    ],
)
def test_a_hold_without_a_reason_or_with_a_past_date_is_refused(
    small_desk: SmallDesk,
    karim: Actor,
    reason: HoldReason | None,
    until: Any,
    refused: tuple[str, str],
) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE)
    assert refusal(lambda: hold(small_desk, ticket, karim, reason, until)) == refused
    assert again(small_desk, ticket).status is Status.IN_PROGRESS


def test_a_held_ticket_wakes_when_its_date_comes_and_not_before(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = hold(small_desk, small_desk.ticket_in_state(Action.TAKE), karim, HoldReason.DATE, NOW + DAY)
    opening = NOW + DAY - 120 * MINUTE  # at 8:00 in Paris
    assert wake(small_desk, ticket, opening - MINUTE).status is Status.PENDING
    woken = wake(small_desk, ticket, opening)
    assert (woken.status, woken.hold_reason, woken.hold_until) == (Status.IN_PROGRESS, None, None)
    assert woken.assignee_id == karim.id
    event = small_desk.history(woken)[-1]
    assert (event.action, event.actor.name, event.surface) == (Action.WAKE, "Karim", "calendar")
    assert (event.at, event.from_status) == (opening, Status.PENDING)


def test_any_hold_with_a_date_wakes_on_it(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = hold(small_desk, small_desk.ticket_in_state(Action.TAKE), karim, HoldReason.PART, NOW + DAY)
    assert wake(small_desk, ticket, NOW + DAY).status is Status.IN_PROGRESS


@pytest.mark.parametrize("reason", [HoldReason.PART, HoldReason.SUPPLIER])
def test_a_hold_without_a_date_is_looked_at_again_after_ten_working_days(
    small_desk: SmallDesk, karim: Actor, reason: HoldReason
) -> None:
    ticket = hold(small_desk, small_desk.ticket_in_state(Action.TAKE), karim, reason)
    assert wake(small_desk, ticket, NOW + 14 * DAY - MINUTE).status is Status.PENDING
    woken = wake(small_desk, ticket, NOW + 14 * DAY)
    assert (woken.status, woken.wakes_at) == (Status.IN_PROGRESS, None)
    assert small_desk.history(woken)[-1].details.reason is reason


def test_a_hold_without_a_date_waits_for_ever_where_none_is_reviewed(
    small_desk: SmallDesk, karim: Actor
) -> None:
    desk = replace(small_desk, settings=UseCaseSettings(review_hold_after=0))
    ticket = hold(desk, desk.ticket_in_state(Action.TAKE), karim, HoldReason.PART)
    assert wake(desk, ticket, NOW + 1000 * DAY).status is Status.PENDING


@pytest.mark.parametrize(
    ("day", "next_open"),
    [
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
        (date(2026, 12, 25), date(2026, 12, 28)),  # Christmas, a Friday
    ],
)
def test_a_hold_ends_on_open_days_only(
    small_desk: SmallDesk, karim: Actor, day: date, next_open: date
) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE)
    with pytest.raises(FieldRefused) as refused:
        hold(small_desk, ticket, karim, HoldReason.DATE, day)
    assert (refused.value.field, refused.value.reason) == (Field.HOLD_UNTIL, FieldReason.CLOSED_DAY)
    assert refused.value.day == next_open
    assert hold(small_desk, ticket, karim, HoldReason.DATE, next_open).waits_until == next_open


def test_a_ticket_that_was_taken_up_again_does_not_wake(small_desk: SmallDesk) -> None:
    ticket = ticket_in_state(small_desk, Action.TAKE, Action.HOLD, Action.RESUME)
    assert wake(small_desk, ticket, NOW + 2 * DAY).event_count == ticket.event_count


def test_who_held_it_last_is_named_when_it_wakes(small_desk: SmallDesk, lea: Actor) -> None:
    ticket = ticket_in_state(small_desk, Action.TAKE, Action.HOLD, Action.RESUME)
    hold(small_desk, ticket, lea, HoldReason.DATE, NOW + DAY)
    woken = wake(small_desk, ticket, NOW + DAY)
    assert small_desk.history(woken)[-1].actor.name == "Lea"


def test_every_held_ticket_wakes_in_one_go_and_is_told(small_desk: SmallDesk) -> None:
    held = [ticket_in_state(small_desk, Action.TAKE, Action.HOLD) for _ticket in range(3)]
    before = len(small_desk.deliveries())
    small_desk.do(triage.resume_on_date, now=NOW + DAY)
    told = small_desk.deliveries()[before:]
    for kind in (DeliveryKind.CARD, DeliveryKind.TRIAGE_CARD, DeliveryKind.THREAD):
        assert [each.ticket_id for each in told if each.kind is kind] == [ticket.id for ticket in held]


def test_of_many_workers_one_wakes_a_ticket(shared_desk: SmallDesk) -> None:
    """As the periodic job does it: it runs once, and the ticket wakes once."""
    ticket = ticket_in_state(shared_desk, Action.TAKE, Action.HOLD)
    later = NOW + DAY
    periodic.run_due(shared_desk.sessions, now=later)  # notes the jobs
    ran = at_once([lambda: periodic.run_due(shared_desk.sessions, now=later)] * 4)
    assert sum(names.count("resume_on_date") for names in ran) == 1
    actions = [event.action for event in shared_desk.history(ticket)]
    assert actions == [Action.OPEN, Action.TAKE, Action.HOLD, Action.WAKE]


def test_the_job_that_wakes_tickets_is_due_every_few_minutes(small_desk: SmallDesk) -> None:
    later = NOW + DAY
    assert periodic.run_due(small_desk.sessions, now=later) == []
    assert "resume_on_date" in periodic.run_due(small_desk.sessions, now=later)
    assert "resume_on_date" not in periodic.run_due(small_desk.sessions, now=later + timedelta(minutes=4))
    assert "resume_on_date" in periodic.run_due(small_desk.sessions, now=later + timedelta(minutes=5))


# Requalify


def test_requalifying_keeps_what_was_declared(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = requalify(
        small_desk,
        small_desk.open(),
        karim,
        impact=Impact.ORGANISATION,
        urgency=Urgency.CRITICAL,
        service="imprimante",
    )
    assert (ticket.declared_impact, ticket.declared_urgency) == (Impact.PERSON, Urgency.HIGH)
    assert (ticket.impact, ticket.urgency, ticket.priority) == (
        Impact.ORGANISATION,
        Urgency.CRITICAL,
        Priority.P1,
    )
    assert (ticket.service_id, ticket.team_id) == ("imprimante", "assistance")
    assert small_desk.history(ticket)[-1].details.model_fields_set == {
        "impact",
        "urgency",
        "priority",
        "service",
    }


def test_a_form_that_changes_nothing_is_not_told(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = small_desk.open()
    before = len(small_desk.deliveries())
    assert requalify(small_desk, ticket, karim).event_count == 1
    assert len(small_desk.deliveries()) == before


def test_what_was_not_changed_in_the_form_stays_as_a_colleague_left_it(
    small_desk: SmallDesk, karim: Actor, lea: Actor
) -> None:
    """Both had the form open."""
    ticket = small_desk.open()
    requalify(small_desk, ticket, lea, impact=Impact.SERVICE, service="imprimante")
    ticket = requalify(small_desk, ticket, karim, urgency=Urgency.CRITICAL, site="iut")
    assert (ticket.impact, ticket.urgency, ticket.priority, ticket.service_id) == (
        Impact.SERVICE,
        Urgency.CRITICAL,
        Priority.P1,
        "imprimante",
    )
    assert small_desk.history(ticket)[-1].details.model_fields_set == {"urgency", "priority"}


def test_two_who_requalify_at_once_are_both_followed(shared_desk: SmallDesk) -> None:
    ticket = shared_desk.open()
    karim, lea = (shared_desk.actor(name, "assistance") for name in ("karim", "lea"))
    at_once(
        [
            lambda: requalify(shared_desk, ticket, karim, impact=Impact.SERVICE),
            lambda: requalify(shared_desk, ticket, lea, service="imprimante"),
        ]
    )
    now = again(shared_desk, ticket)
    assert (now.impact, now.service_id, now.event_count) == (Impact.SERVICE, "imprimante", 3)


def test_a_requalification_moves_the_lateness_by_the_difference_of_the_targets(
    small_desk: SmallDesk, karim: Actor
) -> None:
    ticket = small_desk.open()
    assert ticket.due_at == NOW + TARGETS[Priority.P3]
    critical = {"impact": Impact.ORGANISATION, "urgency": Urgency.CRITICAL}
    ticket = requalify(small_desk, ticket, karim, **critical, now=NOW + DAY)
    assert (ticket.priority, ticket.due_at) == (Priority.P1, NOW + TARGETS[Priority.P1])
    back = requalify(small_desk, ticket, karim, impact=Impact.PERSON, urgency=Urgency.HIGH, now=NOW + DAY)
    assert back.due_at == NOW + TARGETS[Priority.P3]


def test_a_service_is_taken_away_by_choosing_none(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = small_desk.open(small_desk.draft(service_id="imprimante"))
    assert requalify(small_desk, ticket, karim, service=None).service_id is None


@pytest.mark.parametrize(
    ("chosen", "refused"),
    [
        ({"impact": None}, ("impact", "missing")),
        ({"impact": "galaxy"}, ("impact", "missing")),
        ({"urgency": None}, ("urgency", "missing")),
        ({"urgency": ""}, ("urgency", "missing")),
        ({"site": None}, ("site", "unknown")),
        ({"site": "ferme"}, ("site", "unknown")),  # archived
        ({"site": "nulle-part"}, ("site", "unknown")),
        ({"service": "fax"}, ("service", "unknown")),  # archived
        ({"service": "jamais-vu"}, ("service", "unknown")),
        ({"team": None}, ("team", "unknown")),
        ({"team": "jamais-vue"}, ("team", "unknown")),
        ({"team": "reseau"}, ("text", "why_another_team")),
        ({"team": "reseau", "why": " \n"}, ("text", "why_another_team")),
    ],
)
def test_a_forged_or_missing_choice_is_refused_at_its_field(
    small_desk: SmallDesk, karim: Actor, chosen: dict[str, Any], refused: tuple[str, str]
) -> None:
    ticket = small_desk.open()
    assert refusal(lambda: requalify(small_desk, ticket, karim, **chosen)) == refused
    assert again(small_desk, ticket).event_count == 1


def test_what_has_been_archived_since_stays_when_it_is_not_changed(
    small_desk: SmallDesk, karim: Actor
) -> None:
    ticket = small_desk.open(small_desk.draft(service_id="imprimante"))
    with small_desk.sessions.begin() as session:
        for row in (session.get_one(Service, "imprimante"), session.get_one(Site, "iut")):
            row.archived = True
        session.get_one(Team, "assistance").archived = True
    ticket = requalify(small_desk, ticket, karim, impact=Impact.SERVICE)
    assert (ticket.service_id, ticket.site_id, ticket.team_id) == ("imprimante", "iut", "assistance")


# Hand over


@pytest.mark.parametrize("before", [[], [Action.TAKE], [Action.TAKE, Action.HOLD]])
def test_another_team_gets_a_ticket_that_nobody_has(
    small_desk: SmallDesk, karim: Actor, before: list[Action]
) -> None:
    ticket = requalify(
        small_desk, ticket_in_state(small_desk, *before), karim, team="reseau", why="  C’est le réseau. "
    )
    assert (ticket.team_id, ticket.status) == ("reseau", Status.NEW)
    assert (ticket.assignee_id, ticket.taken_at, ticket.hold_until) == (None, None, None)
    event = small_desk.history(ticket)[-1]
    assert (event.action, event.text, event.to_status) == (Action.TRANSFER, "C’est le réseau.", Status.NEW)


def test_the_team_that_hands_a_ticket_over_loses_it(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = requalify(small_desk, small_desk.open(), karim, team="reseau", why="C’est le réseau.")
    with pytest.raises(RoleRefused):
        small_desk.act(ticket, Action.TAKE, karim)
    taken = small_desk.act(ticket, Action.TAKE, small_desk.actor("lea", "reseau"))
    assert taken.assignee_id == small_desk.actor("lea").id


def test_a_ticket_is_requalified_and_handed_over_at_once(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = requalify(
        small_desk, small_desk.open(), karim, impact=Impact.SERVICE, team="reseau", why="C’est le réseau."
    )
    actions = [event.action for event in small_desk.history(ticket)]
    assert actions == [Action.OPEN, Action.REQUALIFY, Action.TRANSFER]


def test_an_archived_team_is_not_handed_anything(small_desk: SmallDesk, karim: Actor) -> None:
    with small_desk.sessions.begin() as session:
        session.get_one(Team, "reseau").archived = True
    ticket = small_desk.open()
    work = lambda: requalify(small_desk, ticket, karim, team="reseau", why="C’est le réseau.")  # noqa: E731
    assert refusal(work) == ("team", "unknown")
    with small_desk.sessions() as session:
        assert [team.id for team in catalogue.teams(session)] == ["assistance"]


def test_a_ticket_comes_back_to_its_first_team(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = requalify(small_desk, small_desk.open(), karim, team="reseau", why="C’est le réseau.")
    lea = small_desk.actor("lea", "reseau")
    ticket = requalify(small_desk, ticket, lea, team="assistance", why="Le réseau va bien.")
    assert small_desk.act(ticket, Action.TAKE, karim).assignee_id == karim.id
    keys = [delivery.key for delivery in small_desk.deliveries()]
    assert len(keys) == len(set(keys))


def test_of_a_hand_over_and_a_take_at_once_only_one_is_done(shared_desk: SmallDesk) -> None:
    """The rights are those of the team that has the ticket when its row is locked."""
    ticket = shared_desk.open()
    karim, lea = (shared_desk.actor(name, "assistance") for name in ("karim", "lea"))

    def take() -> Ticket | RoleRefused:
        try:
            return shared_desk.act(ticket, Action.TAKE, lea)
        except RoleRefused as refused:
            return refused

    at_once([take, lambda: requalify(shared_desk, ticket, karim, team="reseau", why="C’est le réseau.")])
    now = again(shared_desk, ticket)
    assert (now.team_id, now.status, now.assignee_id) == ("reseau", Status.NEW, None)
    numbers = [event.number for event in shared_desk.history(now)]
    assert numbers == list(range(1, now.event_count + 1))


# Duplicates


def test_a_duplicate_is_closed_and_its_original_goes_on(small_desk: SmallDesk, karim: Actor) -> None:
    original, other = small_desk.open(), small_desk.open()
    closed = link(small_desk, other, karim, original.id)
    assert (closed.status, closed.ending) == (Status.CLOSED, Ending.DUPLICATE)
    assert (closed.duplicate_of_id, closed.closed_at) == (original.id, NOW)
    assert again(small_desk, original).status is Status.NEW


def test_another_persons_ticket_is_attached_and_no_duplicate(small_desk: SmallDesk, karim: Actor) -> None:
    original, ticket = small_desk.open(by=small_desk.actor("oliver")), small_desk.open()
    refused = refusal(lambda: link(small_desk, ticket, karim, original.id))
    assert refused == ("duplicate_of", "other_requester")
    assert again(small_desk, ticket).status is Status.NEW


def test_the_same_requesters_ticket_of_another_team_is_found(small_desk: SmallDesk, karim: Actor) -> None:
    original = small_desk.open(small_desk.draft(service_id="wifi"))
    assert link(small_desk, small_desk.open(), karim, original.id).duplicate_of_id == original.id


@pytest.mark.parametrize("of", [None, 404, "elsewhere"])
def test_a_ticket_that_one_may_not_see_is_no_original(
    small_desk: SmallDesk, karim: Actor, of: int | str | None
) -> None:
    """Somebody else's of another team is answered as one that does not exist."""
    hidden = small_desk.open(small_desk.draft(service_id="wifi"), by=small_desk.actor("oliver"))
    ticket = small_desk.open()
    number = hidden.id if of == "elsewhere" else of
    field, reason = refusal(lambda: link(small_desk, ticket, karim, number))  # type: ignore[arg-type]
    assert (field, reason) == ("duplicate_of", "missing" if of is None else "no_such_ticket")
    assert again(small_desk, ticket).status is Status.NEW


def test_a_ticket_is_no_duplicate_of_itself(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = small_desk.open()
    assert refusal(lambda: link(small_desk, ticket, karim, ticket.id)) == (
        "duplicate_of",
        "itself_a_duplicate",
    )


def test_a_duplicate_is_no_original(small_desk: SmallDesk, karim: Actor) -> None:
    original, copy, third = (small_desk.open() for _ticket in range(3))
    link(small_desk, copy, karim, original.id)
    for ticket in (original, third):
        assert refusal(lambda ticket=ticket: link(small_desk, ticket, karim, copy.id)) == (  # type: ignore[misc]
            "duplicate_of",
            "itself_a_duplicate",
        )


@pytest.mark.parametrize("before", [[Action.CANCEL], [Action.RESOLVE, Action.APPROVE]])
def test_a_closed_ticket_is_no_original(small_desk: SmallDesk, karim: Actor, before: list[Action]) -> None:
    original, ticket = small_desk.ticket_in_state(*before), small_desk.open()
    assert refusal(lambda: link(small_desk, ticket, karim, original.id)) == ("duplicate_of", "closed_already")
    assert again(small_desk, ticket).status is Status.NEW


def test_a_resolved_ticket_is_an_original(small_desk: SmallDesk, karim: Actor) -> None:
    """It goes on: its requester may refuse the solution."""
    original = small_desk.ticket_in_state(Action.RESOLVE)
    assert link(small_desk, small_desk.open(), karim, original.id).duplicate_of_id == original.id


def test_of_two_tickets_that_name_each_other_at_once_one_goes_on(shared_desk: SmallDesk) -> None:
    first, second = shared_desk.open(), shared_desk.open()
    karim = shared_desk.actor("karim", "assistance")

    def name(ticket: Ticket, of: Ticket) -> Ticket | FieldRefused:
        try:
            return link(shared_desk, ticket, karim, of.id, now=NOW + MINUTE)
        except FieldRefused as refused:
            return refused

    outcomes = at_once([lambda: name(first, second), lambda: name(second, first)])
    assert sum(isinstance(outcome, FieldRefused) for outcome in outcomes) == 1
    statuses = [again(shared_desk, ticket).status for ticket in (first, second)]
    assert sorted(statuses) == [Status.CLOSED, Status.NEW]


def test_a_reopened_duplicate_can_be_an_original(small_desk: SmallDesk, karim: Actor) -> None:
    original, copy, third = (small_desk.open() for _ticket in range(3))
    link(small_desk, copy, karim, original.id)
    small_desk.act(copy, Action.REOPEN, small_desk.actor("camille"), "Ce n’est pas pareil.")
    assert link(small_desk, third, karim, copy.id).duplicate_of_id == copy.id
