"""What may happen to a ticket: the model's own rules, without a database."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from models.base import LocalizedText
from models.errors import (
    HelpDeskError,
    RatedAlready,
    ReopeningTooLate,
    RoleRefused,
    TransitionRefused,
)
from models.fields import FieldRefused
from models.lifecycle import (
    CONVERSATION,
    TRANSITIONS,
    Action,
    Ending,
    HoldReason,
    Impact,
    Priority,
    Rating,
    Role,
    Status,
    Urgency,
)
from models.person import Person
from models.tickets.changes.content import Qualification, Satisfaction
from models.tickets.changes.holder import Assignment, Transfer, Unassignment
from models.tickets.changes.links import Duplicate
from models.tickets.changes.waits import Hold
from models.tickets.event import Change, Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, allowed, apply, check, check_reopening, possible
from tests.support.factories import (
    make_event,
    make_person,
    make_service,
    make_site,
    make_team,
    make_ticket,
    stored,
)
from tests.support.service_levels import TARGETS, always

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OPENED = NOW - timedelta(hours=3)
REOPEN_DAYS = 10
REQUESTER, TECHNICIAN, DESK = {Role.REQUESTER}, {Role.TECHNICIAN}, {Role.DESK}
NOBODY, BOTH, ANYBODY = set[Role](), {Role.REQUESTER, Role.TECHNICIAN}, set(Role)
ACTIONS = [action for action in Action if action is not Action.OPEN]

# What each role may do in each state, and where it leads.
MAY: dict[tuple[Role, Status], dict[Action, Status]] = {
    (Role.REQUESTER, Status.NEW): {
        Action.COMMENT: Status.NEW,
        Action.EDIT: Status.NEW,
        Action.CHASE: Status.NEW,
        Action.CANCEL: Status.CLOSED,
    },
    (Role.REQUESTER, Status.IN_PROGRESS): {
        Action.COMMENT: Status.IN_PROGRESS,
        Action.CHASE: Status.IN_PROGRESS,
        Action.CANCEL: Status.CLOSED,
    },
    (Role.REQUESTER, Status.PENDING): {
        Action.ANSWER: Status.IN_PROGRESS,
        Action.POSTPONE: Status.PENDING,
        Action.CANCEL: Status.CLOSED,
    },
    (Role.REQUESTER, Status.RESOLVED): {
        Action.COMMENT: Status.RESOLVED,
        Action.APPROVE: Status.CLOSED,
        Action.REFUSE: Status.IN_PROGRESS,
        Action.POSTPONE: Status.RESOLVED,
    },
    (Role.REQUESTER, Status.CLOSED): {
        Action.COMMENT: Status.CLOSED,
        Action.REOPEN: Status.IN_PROGRESS,
        Action.RATE: Status.CLOSED,
    },
    (Role.TECHNICIAN, Status.NEW): {
        Action.TAKE: Status.IN_PROGRESS,
        Action.ASSIGN: Status.NEW,  # in progress once it is given to somebody: see below
        Action.REPLY: Status.NEW,
        Action.ASK: Status.PENDING,
        Action.HOLD: Status.PENDING,
        Action.NOTE: Status.NEW,
        Action.REQUALIFY: Status.NEW,
        Action.REQUEST_AGREEMENT: Status.NEW,
        Action.RECORD_AGREEMENT: Status.NEW,
        Action.TRANSFER: Status.NEW,
        Action.RESOLVE: Status.RESOLVED,
        Action.DUPLICATE: Status.CLOSED,
        Action.ATTACH: Status.NEW,
        Action.CANCEL: Status.CLOSED,
    },
    (Role.TECHNICIAN, Status.IN_PROGRESS): {
        Action.ASSIGN: Status.IN_PROGRESS,
        Action.REPLY: Status.IN_PROGRESS,
        Action.ASK: Status.PENDING,
        Action.NOTE: Status.IN_PROGRESS,
        Action.HOLD: Status.PENDING,
        Action.REQUALIFY: Status.IN_PROGRESS,
        Action.REQUEST_AGREEMENT: Status.IN_PROGRESS,
        Action.RECORD_AGREEMENT: Status.IN_PROGRESS,
        Action.TRANSFER: Status.NEW,
        Action.RESOLVE: Status.RESOLVED,
        Action.DUPLICATE: Status.CLOSED,
        Action.ATTACH: Status.IN_PROGRESS,
        Action.CANCEL: Status.CLOSED,
    },
    (Role.TECHNICIAN, Status.PENDING): {
        Action.RESUME: Status.IN_PROGRESS,
        Action.ASSIGN: Status.PENDING,
        Action.REPLY: Status.PENDING,
        Action.NOTE: Status.PENDING,
        Action.REQUALIFY: Status.PENDING,
        Action.REQUEST_AGREEMENT: Status.PENDING,
        Action.RECORD_AGREEMENT: Status.PENDING,
        Action.TRANSFER: Status.NEW,
        Action.RESOLVE: Status.RESOLVED,
        Action.DUPLICATE: Status.CLOSED,
        Action.ATTACH: Status.PENDING,
        Action.CANCEL: Status.CLOSED,
    },
    (Role.TECHNICIAN, Status.RESOLVED): {
        Action.REPLY: Status.RESOLVED,
        Action.NOTE: Status.RESOLVED,
        Action.RECORD_APPROVAL: Status.CLOSED,
    },
    (Role.TECHNICIAN, Status.CLOSED): {Action.NOTE: Status.CLOSED},
    (Role.DESK, Status.NEW): {},
    (Role.DESK, Status.IN_PROGRESS): {Action.UNASSIGN: Status.IN_PROGRESS},
    (Role.DESK, Status.PENDING): {
        Action.WAKE: Status.IN_PROGRESS,
        Action.CLOSE: Status.CLOSED,
        Action.UNASSIGN: Status.PENDING,
    },
    (Role.DESK, Status.RESOLVED): {Action.CLOSE: Status.CLOSED},
    (Role.DESK, Status.CLOSED): {Action.ORIGINAL_RESOLVED: Status.CLOSED},
}


CAMILLE, KARIM, LEA = make_person("Camille"), make_person("Karim"), make_person("Léa")


def ticket(status: Status = Status.NEW, **values: object) -> Ticket:
    """A ticket in this state, as an earlier life left it."""
    taken = {"assignee": KARIM, "taken_at": NOW - timedelta(hours=2)} if status is not Status.NEW else {}
    waits = {"wait_event": 3, "postponed": 0, "reminded": 0, "warned": 0}
    resolved = {"solution": "Redémarrée.", "resolution": 3, "resolved_at": NOW - timedelta(hours=1)}
    closed = {"ending": Ending.APPROVED, "closed_at": NOW - timedelta(minutes=30)}
    return make_ticket(
        id=1042,
        description="Rien ne sort.",
        status=status,
        requester=CAMILLE,
        event_count=3,
        state_event=3,
        opened_at=OPENED,
        changed_at=OPENED,
        **{
            **taken,
            **(waits if status in {Status.PENDING, Status.RESOLVED} else {}),
            **(resolved if status in {Status.RESOLVED, Status.CLOSED} else {}),
            **(closed if status is Status.CLOSED else {}),
            **values,
        },
    )


def done(
    made: Ticket,
    action: Action,
    *,
    by: Person = KARIM,
    roles: set[Role] = ANYBODY,
    said: str | None = "Voilà.",
    change: Change | None = None,
    resolution: int | None = None,
) -> Event:
    """The action; by somebody who may do anything, unless said otherwise."""
    trigger = Trigger(by, roles, NOW, "test", always)
    return apply(made, action, trigger, text=said, change=change, resolution=resolution)


def offered(status: Status, roles: set[Role]) -> dict[Action, Status]:
    return {action: target for role in roles for action, target in MAY[role, status].items()}


def ever(roles: set[Role]) -> set[Action]:
    """What these roles may do to a ticket in one state or another."""
    return {action for action, line in TRANSITIONS.items() if line.roles & roles}


ROLES = [NOBODY, REQUESTER, TECHNICIAN, DESK, BOTH]
CASES = list(product(Status, ROLES, ACTIONS))
OPEN = [(*case, offered(*case[:2])[case[2]]) for case in CASES if case[2] in offered(*case[:2])]
BARRED = [
    (status, roles, action, TransitionRefused if action in ever(roles) else RoleRefused)
    for status, roles, action in CASES
    if action not in offered(status, roles)
]


@pytest.mark.parametrize(("status", "roles"), list(product(Status, ROLES)))
def test_a_role_is_offered_what_it_may_do_in_a_state(status: Status, roles: set[Role]) -> None:
    actions = allowed(ticket(status), roles, now=NOW, reopen_days=REOPEN_DAYS)
    assert set(actions) == set(offered(status, roles))


@pytest.mark.parametrize(("status", "roles", "action", "target"), OPEN)
def test_an_offered_action_leads_where_the_table_says(
    status: Status, roles: set[Role], action: Action, target: Status
) -> None:
    made = ticket(status)
    check(made, action, roles)
    done(made, action, roles=roles)
    assert made.status is target


@pytest.mark.parametrize(("status", "roles", "action", "refusal"), BARRED)
def test_any_other_action_is_refused_and_changes_nothing(
    status: Status, roles: set[Role], action: Action, refusal: type[HelpDeskError]
) -> None:
    made = ticket(status)
    with pytest.raises(refusal):
        check(made, action, roles)
    with pytest.raises(refusal):
        done(made, action, roles=roles)
    assert (made.status, made.event_count, made.changed_at) == (status, 3, OPENED)


@pytest.mark.parametrize("blank", [None, "", " \n\t "])
@pytest.mark.parametrize(
    ("action", "status"),
    [
        (Action.RESOLVE, Status.IN_PROGRESS),
        (Action.REPLY, Status.IN_PROGRESS),
        (Action.ASK, Status.IN_PROGRESS),
        (Action.ANSWER, Status.PENDING),
        (Action.COMMENT, Status.NEW),
        (Action.NOTE, Status.CLOSED),
        (Action.TRANSFER, Status.NEW),
        (Action.RECORD_APPROVAL, Status.RESOLVED),
        (Action.REFUSE, Status.RESOLVED),
        (Action.CANCEL, Status.NEW),
        (Action.REOPEN, Status.CLOSED),
    ],
)
def test_an_action_that_needs_words_is_refused_without_them(
    action: Action, status: Status, blank: str | None
) -> None:
    made = ticket(status)
    with pytest.raises(FieldRefused) as refused:
        done(made, action, said=blank)
    assert (refused.value.field, refused.value.reason) == ("text", "missing")
    assert (made.status, made.event_count) == (status, 3)


def test_a_refusal_carries_who_acted_first_and_when() -> None:
    made = ticket(Status.IN_PROGRESS)
    at = NOW - timedelta(minutes=18)
    made.turning_point = make_event(LEA, Action.TAKE, number=3, at=at)
    with pytest.raises(TransitionRefused) as refused:
        done(made, Action.TAKE)
    assert refused.value == TransitionRefused(
        number=1042,
        action=Action.TAKE,
        status=Status.IN_PROGRESS,
        ending=None,
        last_action=Action.TAKE,
        last_actor="Léa",
        last_at=at,
    )


def test_a_refusal_without_history_names_no_person() -> None:
    with pytest.raises(TransitionRefused) as refused:
        done(ticket(Status.CLOSED), Action.TAKE)
    assert (refused.value.last_actor, refused.value.ending) == (None, Ending.APPROVED)


def test_an_action_is_a_line_of_history() -> None:
    made = ticket(Status.IN_PROGRESS)
    event = done(made, Action.RESOLVE, said="  Toner changé. ")
    assert (event.number, event.at, event.actor, event.action) == (4, NOW, KARIM, Action.RESOLVE)
    assert (event.from_status, event.to_status) == (Status.IN_PROGRESS, Status.RESOLVED)
    assert (event.surface, event.text) == ("test", "Toner changé.")
    assert (made.event_count, made.changed_at) == (4, NOW)


def test_who_takes_a_ticket_has_it() -> None:
    made = ticket()
    done(made, Action.TAKE)
    assert (made.assignee, made.taken_at) == (KARIM, NOW)


def test_resolving_an_unassigned_ticket_assigns_it() -> None:
    made = ticket()
    done(made, Action.RESOLVE, by=LEA)
    assert (made.assignee, made.taken_at, made.resolved_at) == (LEA, NOW, NOW)


def test_resolving_a_colleagues_ticket_leaves_it_to_them() -> None:
    made = ticket(Status.IN_PROGRESS)
    done(made, Action.RESOLVE, by=LEA)
    assert (made.assignee, made.solution) == (KARIM, "Voilà.")


def test_a_solution_is_known_by_its_line_of_history() -> None:
    made = ticket(Status.IN_PROGRESS)
    assert done(made, Action.RESOLVE).number == made.resolution == 4


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REFUSE])
def test_only_the_solution_that_stands_is_answered(action: Action) -> None:
    """The request for an earlier one may still be on somebody's screen."""
    made = ticket(Status.RESOLVED)
    with pytest.raises(TransitionRefused):
        done(made, action, by=CAMILLE, resolution=1)
    assert (made.status, made.event_count) == (Status.RESOLVED, 3)
    done(made, action, by=CAMILLE, resolution=3)


def test_approving_closes() -> None:
    made = ticket(Status.RESOLVED)
    done(made, Action.APPROVE, by=CAMILLE, said=None)
    assert (made.ending, made.closed_at, made.solution) == (Ending.APPROVED, NOW, "Redémarrée.")


def test_refusing_clears_the_solution_and_keeps_the_technician() -> None:
    made = ticket(Status.RESOLVED)
    event = done(made, Action.REFUSE, by=CAMILLE, said="Toujours en panne.")
    assert (made.solution, made.resolution, made.resolved_at) == (None, None, None)
    assert made.assignee is KARIM
    assert event.text == "Toujours en panne."


def test_cancelling_closes_as_cancelled() -> None:
    made = ticket(Status.PENDING)
    done(made, Action.CANCEL, by=CAMILLE)
    assert (made.ending, made.closed_at) == (Ending.CANCELLED, NOW)


def test_reopening_gives_the_ticket_back_to_who_had_it() -> None:
    made = ticket(Status.CLOSED)
    event = done(made, Action.REOPEN, by=CAMILLE)
    assert (made.status, event.to_status, made.assignee) == (Status.IN_PROGRESS, Status.IN_PROGRESS, KARIM)
    assert (made.ending, made.closed_at) == (None, None)
    assert (made.solution, made.resolution, made.resolved_at) == (None, None, None)


def test_a_reopened_ticket_has_its_time_anew() -> None:
    made = ticket(Status.CLOSED, site=IUT, service=None)
    done(made, Action.REOPEN, by=CAMILLE)
    assert made.due_at == NOW + TARGETS[Priority.P3]
    done(made, Action.REQUALIFY, change=Qualification(Impact.ORGANISATION, Urgency.CRITICAL, IUT, None))
    assert (made.priority, made.due_at) == (Priority.P1, NOW + TARGETS[Priority.P1])


def test_reopening_an_unassigned_ticket_makes_it_new() -> None:
    made = ticket(Status.CLOSED, assignee=None, ending=Ending.CANCELLED)
    event = done(made, Action.REOPEN, by=CAMILLE)
    assert (made.status, event.to_status) == (Status.NEW, Status.NEW)


@pytest.mark.parametrize(
    ("since", "may"),
    [
        (timedelta(0), True),
        (timedelta(days=REOPEN_DAYS), True),
        (timedelta(days=REOPEN_DAYS, seconds=1), False),
        (timedelta(days=365), False),
    ],
)
def test_a_ticket_is_reopened_within_the_delay_only(since: timedelta, may: bool) -> None:
    made = ticket(Status.CLOSED, closed_at=NOW - since)
    assert (Action.REOPEN in allowed(made, REQUESTER, now=NOW, reopen_days=REOPEN_DAYS)) is may
    if may:
        check_reopening(made, NOW, REOPEN_DAYS)
        return
    with pytest.raises(ReopeningTooLate) as refused:
        check_reopening(made, NOW, REOPEN_DAYS)
    assert (refused.value.number, refused.value.days) == (1042, REOPEN_DAYS)
    assert made.status is Status.CLOSED


def test_qualifying_moves_the_priority_and_not_what_was_declared() -> None:
    made = ticket(declared_impact=Impact.PERSON, declared_urgency=Urgency.HIGH)
    made.set_priority(Impact.ORGANISATION, Urgency.CRITICAL)
    assert made.priority is Priority.P1
    assert (made.declared_impact, made.declared_urgency) == (Impact.PERSON, Urgency.HIGH)


# What technicians do beside taking and resolving

DATE = NOW + timedelta(days=3)
IUT = make_site("iut", name=LocalizedText("IUT", "IUT"))
INSPE = make_site("inspe", name=LocalizedText("INSPÉ", "Education"))
WIFI = make_service("wifi", name=LocalizedText("Wi-Fi", "Wi-Fi"))
SUPPORT = make_team("assistance", name=LocalizedText("Assistance", "Support"))
NETWORK = make_team("reseau", name=LocalizedText("Réseau", "Network"))


def test_a_new_ticket_that_is_given_to_somebody_is_in_progress() -> None:
    made = ticket()
    event = done(made, Action.ASSIGN, change=Assignment(LEA))
    assert (made.status, made.assignee, made.taken_at) == (Status.IN_PROGRESS, LEA, NOW)
    assert (event.from_status, event.to_status) == (Status.NEW, Status.IN_PROGRESS)
    assert stored(Event.details, event.details) == {"to": "Léa"}


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.PENDING])
def test_a_ticket_given_to_a_colleague_stays_as_it_is(status: Status) -> None:
    made = ticket(status, hold_reason=HoldReason.PART if status is Status.PENDING else None)
    event = done(made, Action.ASSIGN, change=Assignment(LEA))
    assert (made.status, made.assignee) == (status, LEA)
    assert stored(Event.details, event.details) == {"to": "Léa", "from": "Karim", "from_slack_id": "U0KARIM"}
    assert made.hold_reason is (HoldReason.PART if status is Status.PENDING else None)


def test_a_question_waits_for_the_requester() -> None:
    made = ticket(Status.IN_PROGRESS)
    done(made, Action.ASK)
    assert (made.status, made.hold_reason, made.hold_until) == (Status.PENDING, HoldReason.REQUESTER, None)


@pytest.mark.parametrize(
    ("reason", "until"), [(HoldReason.DATE, DATE), (HoldReason.SUPPLIER, None), (HoldReason.PART, DATE)]
)
def test_a_ticket_on_hold_says_what_it_waits_for(reason: HoldReason, until: datetime | None) -> None:
    made = ticket(Status.IN_PROGRESS)
    event = done(made, Action.HOLD, said="Devis signé.", change=Hold(reason, until))
    assert (made.status, made.hold_reason, made.hold_until) == (Status.PENDING, reason, until)
    assert stored(Event.details, event.details) == {
        "reason": reason.value,
        "until": until.isoformat() if until else None,
    }
    assert event.text == "Devis signé."


@pytest.mark.parametrize(
    "action",
    [
        Action.RESUME,
        Action.WAKE,
        Action.ANSWER,
        Action.RESOLVE,
        Action.TRANSFER,
        Action.CANCEL,
        Action.DUPLICATE,
    ],
)
def test_every_end_of_a_hold_clears_its_reason(action: Action) -> None:
    """So that no date wakes it up any more."""
    made = ticket(Status.PENDING, hold_reason=HoldReason.DATE, hold_until=DATE)
    done(made, action)
    assert (made.hold_reason, made.hold_until) == (None, None)


@pytest.mark.parametrize("action", [Action.NOTE, Action.REPLY, Action.REQUALIFY, Action.ASSIGN])
def test_what_does_not_end_the_waiting_keeps_it(action: Action) -> None:
    made = ticket(Status.PENDING, hold_reason=HoldReason.DATE, hold_until=DATE)
    done(made, action)
    assert (made.status, made.hold_reason, made.hold_until) == (Status.PENDING, HoldReason.DATE, DATE)


def declared() -> Ticket:
    return ticket(
        declared_impact=Impact.PERSON, declared_urgency=Urgency.HIGH, site=IUT, service=None, team=SUPPORT
    )


def test_a_ticket_that_follows_an_outage_is_not_edited() -> None:
    made = ticket(is_outage_child=True)
    assert Action.EDIT not in possible(made, REQUESTER)
    with pytest.raises(TransitionRefused):
        done(made, Action.EDIT)


def test_requalifying_keeps_what_was_declared_and_tells_what_changed() -> None:
    made = declared()
    change = Qualification(Impact.SERVICE, Urgency.CRITICAL, INSPE, WIFI)
    event = done(made, Action.REQUALIFY, said=None, change=change)
    assert (made.declared_impact, made.declared_urgency) == (Impact.PERSON, Urgency.HIGH)
    assert (made.impact, made.urgency, made.priority) == (Impact.SERVICE, Urgency.CRITICAL, Priority.P1)
    assert (made.site, made.service) == (INSPE, WIFI)
    assert made.due_at == OPENED + TARGETS[Priority.P1]
    assert stored(Event.details, event.details) == {
        "impact": ["person", "service"],
        "urgency": ["high", "critical"],
        "site": [{"fr": "IUT", "en": "IUT"}, {"fr": "INSPÉ", "en": "Education"}],
        "service": [None, {"fr": "Wi-Fi", "en": "Wi-Fi"}],
        "priority": ["P3", "P1"],
    }


def test_a_priority_that_stays_keeps_its_time() -> None:
    made = declared()
    done(made, Action.REQUALIFY, change=Qualification(Impact.PERSON, Urgency.MEDIUM, INSPE, WIFI))
    assert (made.priority, made.due_at) == (Priority.P3, OPENED + TARGETS[Priority.P3])


def test_a_requalification_tells_only_what_changed() -> None:
    change = Qualification(Impact.PERSON, Urgency.MEDIUM, IUT, None)
    event = done(declared(), Action.REQUALIFY, said=None, change=change)
    assert stored(Event.details, event.details) == {"urgency": ["high", "medium"]}


@pytest.mark.parametrize("status", [Status.NEW, Status.IN_PROGRESS, Status.PENDING])
def test_a_transferred_ticket_is_unassigned(status: Status) -> None:
    made = ticket(status, team=SUPPORT, is_outage_child=True)
    holder = made.assignee.slack_id if made.assignee else None
    event = done(made, Action.TRANSFER, change=Transfer(NETWORK))
    assert (made.status, made.team, made.assignee, made.taken_at) == (Status.NEW, NETWORK, None, None)
    assert made.is_outage_child is False
    assert stored(Event.details, event.details) == {
        "team": "assistance",
        "from": {"fr": "Assistance", "en": "Support"},
        "to": {"fr": "Réseau", "en": "Network"},
    } | {"former_holder": holder}


@pytest.mark.parametrize(
    ("before", "after"), [(Status.IN_PROGRESS, Status.NEW), (Status.PENDING, Status.PENDING)]
)
def test_a_released_ticket_has_no_assignee_and_goes_on_waiting(before: Status, after: Status) -> None:
    made = ticket(before, assignee=KARIM)
    event = done(made, Action.UNASSIGN, said=None, change=Unassignment())
    assert (made.status, made.assignee, made.taken_at) == (after, None, None)
    assert stored(Event.details, event.details) == {"from": "Karim", "from_slack_id": "U0KARIM"}


def test_a_released_ticket_that_wakes_is_new() -> None:
    made = ticket(Status.PENDING, assignee=KARIM)
    done(made, Action.UNASSIGN, said=None, change=Unassignment())
    done(made, Action.WAKE, said=None)
    assert made.status is Status.NEW


def test_a_duplicate_is_closed_and_names_the_other() -> None:
    made = ticket(Status.IN_PROGRESS)
    event = done(made, Action.DUPLICATE, said=None, change=Duplicate(7))
    assert (made.ending, made.closed_at, made.duplicate_of_id) == (Ending.DUPLICATE, NOW, 7)
    assert stored(Event.details, event.details) == {"of": 7}


def test_a_reopened_duplicate_is_none_any_more() -> None:
    made = ticket(Status.CLOSED, ending=Ending.DUPLICATE, duplicate_of_id=7)
    done(made, Action.REOPEN, by=CAMILLE)
    assert (made.ending, made.duplicate_of_id) == (None, None)


def test_an_approval_by_word_of_mouth_is_an_approval() -> None:
    made = ticket(Status.RESOLVED)
    event = done(made, Action.RECORD_APPROVAL, said="Au téléphone, ce matin.")
    assert (made.status, made.ending, made.closed_at) == (Status.CLOSED, Ending.APPROVED, NOW)
    assert (event.actor, event.text) == (KARIM, "Au téléphone, ce matin.")


# Satisfaction


def rated() -> Ticket:
    made = ticket(Status.CLOSED)
    done(made, Action.RATE, by=CAMILLE, said=None, change=Satisfaction(Rating.FAIR))
    return made


def test_the_requester_of_an_approved_ticket_rates_it_once() -> None:
    made = rated()
    assert (made.rating, made.status) == (Rating.FAIR, Status.CLOSED)
    assert Action.RATE not in allowed(made, REQUESTER, now=NOW, reopen_days=REOPEN_DAYS)
    with pytest.raises(RatedAlready):
        done(made, Action.RATE, by=CAMILLE, change=Satisfaction(Rating.GOOD))
    assert (made.rating, made.event_count) == (Rating.FAIR, 4)


@pytest.mark.parametrize("ending", [ending for ending in Ending if ending is not Ending.APPROVED])
def test_only_an_approved_ticket_is_rated(ending: Ending) -> None:
    made = ticket(Status.CLOSED, ending=ending)
    assert Action.RATE not in allowed(made, REQUESTER, now=NOW, reopen_days=REOPEN_DAYS)
    with pytest.raises(TransitionRefused):
        done(made, Action.RATE, by=CAMILLE, change=Satisfaction(Rating.GOOD))
    assert made.rating is None


def test_a_reopened_ticket_may_be_rated_again_later() -> None:
    made = ticket(Status.CLOSED, rating=Rating.FAIR, rating_comment="Un peu lent.")
    done(made, Action.REOPEN, by=CAMILLE)
    assert (made.rating, made.rating_comment) == (None, None)
    done(made, Action.RESOLVE)
    done(made, Action.APPROVE, by=CAMILLE)
    assert made.may_be_rated


# The history


@pytest.mark.parametrize("action", sorted(CONVERSATION))
def test_what_is_said_to_somebody_is_not_kept_in_the_history(action: Action) -> None:
    """It stands in a comment, which its author may edit or take back."""
    status = {Action.ASK: Status.IN_PROGRESS, Action.ANSWER: Status.PENDING}.get(action, Status.NEW)
    assert done(ticket(status), action, said="Un secret.").text is None


@pytest.mark.parametrize(
    ("status", "action", "change", "turns"),
    [
        (Status.NEW, Action.TAKE, None, True),
        (Status.PENDING, Action.ANSWER, None, True),
        (Status.IN_PROGRESS, Action.ASSIGN, Assignment(LEA), True),
        (Status.IN_PROGRESS, Action.TRANSFER, Transfer(NETWORK), True),
        (Status.IN_PROGRESS, Action.NOTE, None, False),
        (Status.IN_PROGRESS, Action.REPLY, None, False),
        (Status.IN_PROGRESS, Action.COMMENT, None, False),
        (Status.NEW, Action.REQUALIFY, None, False),
        (Status.CLOSED, Action.RATE, Satisfaction(Rating.GOOD), False),
    ],
)
def test_only_what_changes_the_state_is_what_a_late_click_hears_of(
    status: Status, action: Action, change: Change | None, turns: bool
) -> None:
    made = ticket(status, team=SUPPORT)
    done(made, action, change=change)
    assert made.state_event == (4 if turns else 3)


@pytest.mark.parametrize("action", [Action.COMMENT, Action.REFUSE, Action.REOPEN, Action.ANSWER])
def test_a_follower_of_an_outage_with_more_to_say_has_a_card_of_their_own(action: Action) -> None:
    status = {
        Action.REFUSE: Status.RESOLVED,
        Action.REOPEN: Status.CLOSED,
        Action.ANSWER: Status.PENDING,
    }.get(action, Status.NEW)
    made = ticket(status, is_outage_child=True)
    done(made, action, by=CAMILLE)
    assert made.is_outage_child is False


@pytest.mark.parametrize("action", [Action.TAKE, Action.RESOLVE, Action.NOTE])
def test_what_technicians_do_leaves_a_follower_behind_the_outages_card(action: Action) -> None:
    made = ticket(is_outage_child=True)
    done(made, action)
    assert made.is_outage_child is True


@pytest.mark.parametrize(
    ("status", "after", "late"),
    [
        (Status.NEW, timedelta(), False),
        (Status.NEW, timedelta(seconds=1), True),
        (Status.IN_PROGRESS, timedelta(days=1), True),
        (Status.PENDING, timedelta(days=1), False),
        (Status.RESOLVED, timedelta(days=1), False),
        (Status.CLOSED, timedelta(days=1), False),
    ],
)
def test_a_ticket_is_late_after_its_prioritys_delay_unless_it_waits(
    status: Status, after: timedelta, late: bool
) -> None:
    made = ticket(status)
    assert made.is_late(OPENED + TARGETS[Priority.P3] + after) is late
