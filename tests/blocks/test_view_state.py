"""The states of views: what `private_metadata` holds, and what is read of it when a client altered it."""

import pytest

from blocks.app_home import HomeState
from blocks.kit.view_state import Fields, dump_view_state, load_view_state
from blocks.queue.state import SearchState
from blocks.tickets.conversation.comments import NoteState
from blocks.tickets.new_ticket.form import NewTicketState
from blocks.tickets.resolution import ReasonState
from blocks.tickets.state import ChangeState, DetailState, FormState, ListState
from blocks.tickets.triage.assignment import AssignState
from models.errors import StalePayload
from models.lifecycle import Action, Kind
from models.pages import QueueState, Tab

QUEUE = QueueState(Tab.MINE, 2)
QUEUE_FIELDS = {"tab": "mine", "page": 2}

# A state, and its fields as version 0.1 wrote them.
STATES = [
    (HomeState(1, 2, QUEUE), {"open": 1, "closed": 2, "queue": QUEUE_FIELDS}),
    (ListState("closed", 3), {"which": "closed", "page": 3}),
    (SearchState("vpn", 1, QUEUE), {"from": "search", "words": "vpn", "page": 1, "queue": QUEUE_FIELDS}),
    (DetailState(), {}),
    (DetailState(ListState("open", 3)), {"which": "open", "page": 3}),
    (DetailState(QUEUE), {"from": "queue", "queue": QUEUE_FIELDS}),
    (
        DetailState(SearchState("vpn", 1, QUEUE)),
        {"from": "search", "words": "vpn", "page": 1, "queue": QUEUE_FIELDS},
    ),
    (FormState(7, None), {"ticket": 7}),
    (FormState(7, DetailState()), {"ticket": 7, "detail": {}}),
    (FormState(7, DetailState(ListState())), {"ticket": 7, "detail": {"which": "open", "page": 0}}),
    (NoteState(7, None, "u"), {"ticket": 7, "submission": "u"}),
    (ReasonState(7, None, Action.REFUSE, 3), {"ticket": 7, "action": "refuse", "resolution": 3}),
    (ReasonState(7, None, Action.CANCEL, None), {"ticket": 7, "action": "cancel"}),
    (AssignState(7, None, "U0KARIM"), {"ticket": 7, "seen": "U0KARIM"}),
    (ChangeState(7, None, {"site": "iut"}), {"ticket": 7, "was": {"site": "iut"}}),
    (
        NewTicketState("u", Kind.REQUEST, "wifi", 7, "https://x", is_kept=True),
        {
            "submission": "u",
            "kind": "request",
            "service": "wifi",
            "follows": 7,
            "source": "https://x",
            "kept": True,
        },
    ),
]


@pytest.mark.parametrize(("state", "fields"), STATES, ids=lambda value: type(value).__name__)
def test_a_state_has_the_fields_of_older_versions_and_is_loaded_as_it_was_dumped(
    state: HomeState | ListState | SearchState | DetailState | FormState | NewTicketState, fields: Fields
) -> None:
    loaded = load_view_state({"private_metadata": dump_view_state(state.dump())})
    assert loaded == fields
    assert type(state).load(loaded) == state


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({"which": "all", "page": 3}, None),
        ({"from": "nowhere"}, None),
        ({"from": ["queue"], "which": "open", "page": -1}, ListState()),
        ({"from": "queue", "queue": 5}, QueueState()),
        ({"from": "search", "words": 5, "page": True}, SearchState()),
        ({"from": "search", "words": "w" * 500}, SearchState("w" * 150)),
    ],
)
def test_an_altered_state_of_a_detail_reads_as_its_defaults(fields: Fields, origin: object) -> None:
    assert DetailState.load(fields).origin == origin


@pytest.mark.parametrize("ticket", [None, "", "x", -1, 1.5, [1], True, "9" * 10])
def test_a_form_of_no_ticket_is_stale(ticket: object) -> None:
    with pytest.raises(StalePayload):
        FormState.load({"ticket": ticket})


@pytest.mark.parametrize("action", [None, "rate", "nothing", ["cancel"]])
def test_a_reason_for_an_action_that_asks_for_none_is_stale(action: object) -> None:
    with pytest.raises(StalePayload):
        ReasonState.load({"ticket": 7, "action": action})
