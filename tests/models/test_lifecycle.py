"""The words and rules of a ticket's life: the priority matrix, the table of transitions."""

from itertools import pairwise, product

import pytest

from models.lifecycle import (
    INTERNAL,
    INTERNAL_WORDS,
    PRIORITIES,
    TRANSITIONS,
    Action,
    Impact,
    Priority,
    Role,
    Status,
    Urgency,
    checked,
    priority_of,
)

# Urgency from critical to low.
MATRIX = {
    "organisation": "P1 P1 P2 P4",
    "service": "P1 P2 P3 P4",
    "person": "P2 P3 P3 P4",
}

# action: from, to (None: it stays where it is), who, whether it needs words
OPEN, ANY = "new in_progress pending", "new in_progress pending resolved closed"
TABLE = {
    "take": ("new", "in_progress", "technician", False),
    "assign": (OPEN, None, "technician", False),
    "resolve": (OPEN, "resolved", "technician", True),
    "reply": (f"{OPEN} resolved", None, "technician", True),
    "ask": ("new in_progress", "pending", "technician", True),
    "answer": ("pending", "in_progress", "requester", True),
    "comment": ("new in_progress resolved closed", None, "requester", True),
    "note": (ANY, None, "technician", True),
    "hold": ("new in_progress", "pending", "technician", False),
    "resume": ("pending", "in_progress", "technician", False),
    "wake": ("pending", "in_progress", "desk", False),
    "requalify": (OPEN, None, "technician", False),
    "edit": ("new", None, "requester", False),
    "transfer": (OPEN, "new", "technician", True),
    "approve": ("resolved", "closed", "requester", False),
    "record_approval": ("resolved", "closed", "technician", True),
    "refuse": ("resolved", "in_progress", "requester", True),
    "cancel": (OPEN, "closed", "requester technician", True),
    "duplicate": (OPEN, "closed", "technician", False),
    "attach": (OPEN, None, "technician", False),
    "detach": (OPEN, None, "technician", False),
    "free": (OPEN, None, "desk", False),
    "unassign": ("in_progress pending", None, "desk", False),
    "undo_closing": ("closed", "in_progress", "technician", True),
    "reopen": ("closed", "in_progress", "requester", True),
    "rate": ("closed", None, "requester", False),
    "ask_again": ("pending resolved", None, "technician", False),
    "postpone": ("pending resolved", None, "requester", False),
    "chase": ("new in_progress", None, "requester", False),
    "close": ("pending resolved", "closed", "desk", False),
    "original_resolved": ("closed", None, "desk", False),
    "agree": (OPEN, None, "approver", False),
    "decline": (OPEN, "closed", "approver", True),
    "query": (OPEN, None, "approver", True),
    "complete": (OPEN, None, "requester", False),
    "choose_approver": (OPEN, None, "requester technician", False),
    "request_agreement": (OPEN, None, "technician", True),
    "record_agreement": (OPEN, None, "technician", True),
}


@pytest.mark.parametrize("impact", MATRIX)
def test_each_impact_has_the_priorities_of_the_matrix(impact: str) -> None:
    row = [priority_of(Impact(impact), urgency).value for urgency in reversed(Urgency)]
    assert row == MATRIX[impact].split()


def test_every_pair_has_a_priority() -> None:
    assert {priority_of(impact, urgency) for impact, urgency in product(Impact, Urgency)} == set(Priority)


def test_more_impact_or_more_urgency_never_gives_less_priority() -> None:
    for impact in Impact:
        row = [priority_of(impact, urgency) for urgency in Urgency]
        assert all(after <= before for before, after in pairwise(row)), impact
    for urgency in Urgency:
        column = [priority_of(impact, urgency) for impact in Impact]
        assert all(after <= before for before, after in pairwise(column)), urgency


def test_a_checked_matrix_is_the_matrix_itself() -> None:
    assert checked(PRIORITIES) is PRIORITIES


@pytest.mark.parametrize(("impact", "urgency"), list(product(Impact, Urgency)))
def test_a_matrix_with_a_hole_is_refused(impact: Impact, urgency: Urgency) -> None:
    rows = {each: dict(row) for each, row in PRIORITIES.items()}
    del rows[impact][urgency]
    with pytest.raises(ValueError, match=f"no priority for impact {impact} and urgency {urgency}"):
        checked(rows)


def test_a_matrix_without_one_impact_is_refused() -> None:
    rows = dict(PRIORITIES)
    del rows[Impact.SERVICE]
    with pytest.raises(ValueError, match="no priority for impact service"):
        checked(rows)


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        (Impact.PERSON, Urgency.LOW, Priority.P1),  # more than anything above it
        (Impact.ORGANISATION, Urgency.CRITICAL, Priority.P2),  # less than a mere team
        (Impact.SERVICE, Urgency.MEDIUM, Priority.P4),  # less than one person
        (Impact.PERSON, Urgency.HIGH, Priority.P4),  # less than the same person in no hurry
    ],
)
def test_a_matrix_that_is_not_monotone_is_refused(
    impact: Impact, urgency: Urgency, priority: Priority
) -> None:
    rows = {each: dict(row) for each, row in PRIORITIES.items()}
    rows[impact][urgency] = priority
    with pytest.raises(ValueError, match="must not have less priority"):
        checked(rows)


@pytest.mark.parametrize("action", TABLE)
def test_a_transition_is_as_the_table_says(action: str) -> None:
    sources, target, roles, needs_text = TABLE[action]
    line = TRANSITIONS[Action(action)]
    assert line.sources == {Status(source) for source in sources.split()}
    assert line.target == target
    assert line.roles == {Role(role) for role in roles.split()}
    assert line.needs_text is needs_text


def test_every_action_but_opening_is_a_transition() -> None:
    assert set(TRANSITIONS) == set(map(Action, TABLE)) == set(Action) - {Action.OPEN}


def test_every_state_is_reached_and_left() -> None:
    targets = {line.target for line in TRANSITIONS.values()} - {None}
    assert targets | {Status.NEW} == set(Status)
    moves = [line for line in TRANSITIONS.values() if line.target is not None]
    assert set().union(*(line.sources for line in moves)) == set(Status)


def test_notes_and_what_technicians_write_for_each_other_are_internal() -> None:
    assert {Action.NOTE} == INTERNAL
    assert {Action.NOTE, Action.HOLD, Action.TRANSFER, Action.RECORD_APPROVAL} == INTERNAL_WORDS
    assert INTERNAL <= INTERNAL_WORDS


def test_nothing_that_the_requester_says_is_internal() -> None:
    theirs = {action for action, line in TRANSITIONS.items() if Role.REQUESTER in line.roles}
    assert theirs & INTERNAL_WORDS == set()
