"""Who is told what, and where: the policy, action by action."""

from collections.abc import Iterator

import pytest

from bot.notifications import POLICY
from models.delivery import Delivery, DeliveryKind, DeliveryState
from models.draft import NewFile
from models.lifecycle import Action
from models.person import Person
from models.ticket import Ticket
from tests.small_desk import NOW, SmallDesk, open_small_desk

SURFACES = {"dm card", "team triage_card", "home home"}

# What was done before, what is done now, and what is sent then.
TOLD: list[tuple[list[Action], Action, set[str]]] = [
    ([], Action.OPEN, {"mail received"}),
    ([], Action.TAKE, set()),
    ([Action.TAKE], Action.ASK, set()),
    ([Action.TAKE, Action.ASK], Action.ANSWER, set()),
    ([Action.TAKE], Action.RESOLVE, {"dm approval", "mail resolved"}),
    ([Action.RESOLVE], Action.APPROVE, {"dm settled", "mail closed"}),
    ([Action.RESOLVE], Action.REFUSE, {"dm settled", "team thread"}),
    ([], Action.CANCEL, {"team thread", "mail closed"}),
    ([Action.TAKE], Action.CANCEL, {"team thread", "mail closed"}),
    ([Action.RESOLVE, Action.APPROVE], Action.REOPEN, {"dm settled", "team thread"}),
]


@pytest.fixture
def small_desk() -> Iterator[SmallDesk]:
    """In memory; Camille has opened her App Home."""
    with open_small_desk() as desk:
        with desk.sessions.begin() as session:
            session.get_one(Person, desk.asker("camille").id).home_opened_at = NOW
        yield desk


def told(desk: SmallDesk, ticket: Ticket) -> set[str]:
    """The surfaces of the last event: to whom, and what."""
    return {surface(delivery) for delivery in desk.deliveries(ticket.event_count)}


def surface(delivery: Delivery) -> str:
    return f"{delivery.recipient.partition(':')[0]} {delivery.details.get('template') or delivery.kind}"


@pytest.mark.parametrize(("before", "action", "sent"), TOLD)
def test_an_action_is_told_as_the_policy_says(
    small_desk: SmallDesk, before: list[Action], action: Action, sent: set[str]
) -> None:
    done = before if action is Action.OPEN else [*before, action]
    assert told(small_desk, small_desk.lead_to(*done)) == SURFACES | sent


def test_the_policy_knows_every_action() -> None:
    assert set(POLICY) == set(Action) == {action for _before, action, _sent in TOLD}


def test_each_is_sent_to_the_tickets_own_people(small_desk: SmallDesk) -> None:
    ticket = small_desk.lead_to(Action.RESOLVE, Action.REFUSE)
    camille = small_desk.asker("camille").id
    addressed = {
        delivery.recipient: (delivery.person_id, delivery.team_id) for delivery in small_desk.deliveries()
    }
    assert addressed == {
        f"dm:{camille}": (camille, None),
        f"home:{camille}": (camille, None),
        f"mail:{camille}": (camille, None),
        "team:assistance": (None, "assistance"),
    }
    assert {delivery.ticket_id for delivery in small_desk.deliveries()} == {ticket.id}


def test_a_ticket_of_another_team_is_told_there(small_desk: SmallDesk) -> None:
    small_desk.open(small_desk.draft(service_id="wifi"))
    recipients = {delivery.recipient for delivery in small_desk.deliveries()}
    assert "team:reseau" in recipients
    assert "team:assistance" not in recipients


def test_an_event_queues_in_its_own_order_at_once(small_desk: SmallDesk) -> None:
    ticket = small_desk.lead_to(Action.TAKE)
    first, second = small_desk.history(ticket)
    for event in (first, second):
        for delivery in small_desk.deliveries(event.number):
            assert delivery.event_id == event.id
            assert (delivery.state, delivery.due_at, delivery.created_at) == (
                DeliveryState.PENDING,
                event.at,
                event.at,
            )


def test_no_two_deliveries_share_a_key(small_desk: SmallDesk) -> None:
    files = [NewFile("F1", "a.png", "image/png", 1), NewFile("F2", "a.png", "image/png", 1)]
    small_desk.open(small_desk.draft(files=files))
    small_desk.lead_to(Action.TAKE, Action.RESOLVE, Action.REFUSE, Action.RESOLVE, Action.APPROVE)
    keys = [delivery.key for delivery in small_desk.deliveries()]
    assert len(keys) == len(set(keys))


def test_each_file_is_queued_for_the_team_after_its_card(small_desk: SmallDesk) -> None:
    small_desk.open(small_desk.draft(files=[NewFile("F1", "a.png", "image/png", 1)]))
    to_team = [delivery.kind for delivery in small_desk.deliveries() if delivery.team_id]
    assert to_team == [DeliveryKind.TRIAGE_CARD, DeliveryKind.FILE]


# Authors and receipts


def test_a_technician_who_cancels_is_not_told_so_in_the_thread(small_desk: SmallDesk) -> None:
    ticket = small_desk.lead_to(Action.TAKE)
    cancelled = small_desk.act(ticket, Action.CANCEL, small_desk.asker("karim", "assistance"), "Doublon.")
    assert told(small_desk, cancelled) == SURFACES | {"mail closed"}


def test_a_colleague_who_cancels_is_told_of_to_who_has_the_ticket(small_desk: SmallDesk) -> None:
    ticket = small_desk.lead_to(Action.TAKE)
    cancelled = small_desk.act(ticket, Action.CANCEL, small_desk.asker("lea", "assistance"), "Doublon.")
    assert "team thread" in told(small_desk, cancelled)


def test_who_is_requester_and_technician_gets_receipts_and_the_approval_request_only(
    small_desk: SmallDesk,
) -> None:
    karim = small_desk.asker("karim", "assistance")
    ticket = small_desk.open(by=karim)
    assert "mail received" in told(small_desk, ticket)
    ticket = small_desk.act(ticket, Action.RESOLVE, karim, "Fait.")
    assert {"dm approval", "mail resolved"} <= told(small_desk, ticket)
    ticket = small_desk.act(ticket, Action.REFUSE, karim, "Non.")
    assert "team thread" not in told(small_desk, ticket)
    ticket = small_desk.act(ticket, Action.RESOLVE, karim, "Fait.")
    ticket = small_desk.act(ticket, Action.APPROVE, karim)
    assert "mail closed" in told(small_desk, ticket)


def test_only_three_of_the_mails_are_written_for_the_approved_journey(small_desk: SmallDesk) -> None:
    small_desk.lead_to(Action.TAKE, Action.RESOLVE, Action.APPROVE)
    mails = [delivery for delivery in small_desk.deliveries() if delivery.kind is DeliveryKind.MAIL]
    assert [mail.details["template"] for mail in mails] == ["received", "resolved", "closed"]


# The App Home


def test_a_home_is_drawn_only_for_who_opened_it(small_desk: SmallDesk) -> None:
    ticket = small_desk.open(by=small_desk.asker("oliver"))
    assert told(small_desk, ticket) == {"dm card", "team triage_card", "mail received"}


@pytest.mark.parametrize(
    ("kind", "first", "later"),
    [
        (DeliveryKind.CARD, "chat.postMessage", "chat.update"),
        (DeliveryKind.TRIAGE_CARD, "chat.postMessage", "chat.update"),
        (DeliveryKind.HOME, "views.publish", "views.publish"),
        (DeliveryKind.MAIL, "smtp", "smtp"),
    ],
)
def test_a_delivery_names_what_a_pause_would_stop(
    small_desk: SmallDesk, kind: DeliveryKind, first: str, later: str
) -> None:
    small_desk.lead_to(Action.RESOLVE)
    methods = [delivery.method for delivery in small_desk.deliveries() if delivery.kind is kind]
    assert methods == [first, later]
