"""What may happen to a ticket: the model's own rules, without a database."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from models.errors import FieldRefused, HelpDeskError, ReopeningTooLate, RoleRefused, TransitionRefused
from models.event import Event
from models.lifecycle import Action, Ending, Impact, Kind, Priority, Role, Status, Urgency
from models.person import Person
from models.ticket import Ticket

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REOPEN_DAYS = 10
REQUESTER, TECHNICIAN, BOTH, NOBODY = {Role.REQUESTER}, {Role.TECHNICIAN}, set(Role), set[Role]()
ACTIONS = [action for action in Action if action is not Action.OPEN]

# What each role may do in each state, and where it leads.
MAY: dict[tuple[Role, Status], dict[Action, Status]] = {
    (Role.REQUESTER, Status.NEW): {Action.CANCEL: Status.CLOSED},
    (Role.REQUESTER, Status.IN_PROGRESS): {Action.CANCEL: Status.CLOSED},
    (Role.REQUESTER, Status.PENDING): {Action.ANSWER: Status.IN_PROGRESS, Action.CANCEL: Status.CLOSED},
    (Role.REQUESTER, Status.RESOLVED): {Action.APPROVE: Status.CLOSED, Action.REFUSE: Status.IN_PROGRESS},
    (Role.REQUESTER, Status.CLOSED): {Action.REOPEN: Status.IN_PROGRESS},
    (Role.TECHNICIAN, Status.NEW): {
        Action.TAKE: Status.IN_PROGRESS,
        Action.RESOLVE: Status.RESOLVED,
        Action.CANCEL: Status.CLOSED,
    },
    (Role.TECHNICIAN, Status.IN_PROGRESS): {
        Action.RESOLVE: Status.RESOLVED,
        Action.ASK: Status.PENDING,
        Action.CANCEL: Status.CLOSED,
    },
    (Role.TECHNICIAN, Status.PENDING): {Action.RESOLVE: Status.RESOLVED, Action.CANCEL: Status.CLOSED},
    (Role.TECHNICIAN, Status.RESOLVED): {},
    (Role.TECHNICIAN, Status.CLOSED): {},
}


def person(name: str) -> Person:
    return Person(name=name, slack_id=f"U{name.upper()}")


CAMILLE, KARIM, LEA = person("Camille"), person("Karim"), person("Léa")


def ticket(status: Status = Status.NEW, **values: object) -> Ticket:
    """A ticket in this state, as an earlier life left it."""
    taken = {"assignee": KARIM, "taken_at": NOW - timedelta(hours=2)} if status is not Status.NEW else {}
    resolved = {"solution": "Redémarrée.", "resolution": 3, "resolved_at": NOW - timedelta(hours=1)}
    closed = {"ending": Ending.APPROVED, "closed_at": NOW - timedelta(minutes=30)}
    made = Ticket(
        id=1042,
        kind=Kind.INCIDENT,
        title="Imprimante en panne",
        status=status,
        requester=CAMILLE,
        event_count=3,
        changed_at=NOW - timedelta(hours=3),
        **{
            **taken,
            **(resolved if status in {Status.RESOLVED, Status.CLOSED} else {}),
            **(closed if status is Status.CLOSED else {}),
            **values,
        },
    )
    made.set_priority(Impact.PERSON, Urgency.HIGH)
    return made


def done(
    made: Ticket,
    action: Action,
    *,
    by: Person = KARIM,
    roles: set[Role] = BOTH,
    said: str | None = "Voilà.",
    resolution: int | None = None,
) -> Event:
    """The action; by somebody who may do anything, unless said otherwise."""
    return made.apply(
        action,
        actor=by,
        roles=roles,
        now=NOW,
        surface="test",
        said=said,
        reopen_days=REOPEN_DAYS,
        resolution=resolution,
    )


def offered(status: Status, roles: set[Role]) -> dict[Action, Status]:
    return {action: target for role in roles for action, target in MAY[role, status].items()}


def ever(roles: set[Role]) -> set[Action]:
    """What these roles may do to a ticket in one state or another."""
    return {action for status in Status for action in offered(status, roles)}


ROLES = [NOBODY, REQUESTER, TECHNICIAN, BOTH]
CASES = list(product(Status, ROLES, ACTIONS))
OPEN = [(*case, offered(*case[:2])[case[2]]) for case in CASES if case[2] in offered(*case[:2])]
BARRED = [
    (status, roles, action, TransitionRefused if action in ever(roles) else RoleRefused)
    for status, roles, action in CASES
    if action not in offered(status, roles)
]


@pytest.mark.parametrize(("status", "roles"), list(product(Status, ROLES)))
def test_a_role_is_offered_what_it_may_do_in_a_state(status: Status, roles: set[Role]) -> None:
    allowed = ticket(status).allowed(roles, now=NOW, reopen_days=REOPEN_DAYS)
    assert set(allowed) == set(offered(status, roles))


@pytest.mark.parametrize(("status", "roles", "action", "target"), OPEN)
def test_an_offered_action_leads_where_the_table_says(
    status: Status, roles: set[Role], action: Action, target: Status
) -> None:
    made = ticket(status)
    made.check(action, roles=roles, now=NOW, reopen_days=REOPEN_DAYS)
    done(made, action, roles=roles)
    assert made.status is target


@pytest.mark.parametrize(("status", "roles", "action", "refusal"), BARRED)
def test_any_other_action_is_refused_and_changes_nothing(
    status: Status, roles: set[Role], action: Action, refusal: type[HelpDeskError]
) -> None:
    made = ticket(status)
    with pytest.raises(refusal):
        made.check(action, roles=roles, now=NOW, reopen_days=REOPEN_DAYS)
    with pytest.raises(refusal):
        done(made, action, roles=roles)
    assert (made.status, made.event_count, made.changed_at) == (status, 3, NOW - timedelta(hours=3))


@pytest.mark.parametrize("blank", [None, "", " \n\t "])
@pytest.mark.parametrize(
    ("action", "status"),
    [
        (Action.RESOLVE, Status.IN_PROGRESS),
        (Action.ASK, Status.IN_PROGRESS),
        (Action.ANSWER, Status.PENDING),
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
    made.last_event = Event(number=3, actor=LEA, action=Action.TAKE, at=at)
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


def test_a_refusal_of_a_ticket_without_history_names_nobody() -> None:
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


def test_who_resolves_a_ticket_that_nobody_had_has_it() -> None:
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


def test_reopening_a_ticket_that_nobody_had_makes_it_new() -> None:
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
    assert (Action.REOPEN in made.allowed(REQUESTER, now=NOW, reopen_days=REOPEN_DAYS)) is may
    if may:
        done(made, Action.REOPEN)
        return
    with pytest.raises(ReopeningTooLate) as refused:
        done(made, Action.REOPEN)
    assert (refused.value.number, refused.value.days) == (1042, REOPEN_DAYS)
    assert made.status is Status.CLOSED


def test_qualifying_moves_the_priority_and_not_what_was_declared() -> None:
    made = ticket(declared_impact=Impact.PERSON, declared_urgency=Urgency.HIGH)
    made.set_priority(Impact.ORGANISATION, Urgency.CRITICAL)
    assert made.priority is Priority.P1
    assert (made.declared_impact, made.declared_urgency) == (Impact.PERSON, Urgency.HIGH)
