"""The solution of an outage goes out in portions, and what people do meanwhile to their tickets stands."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import select, text

from bot.delivery import outbox
from bot.delivery.handlers.portions import do_portion
from bot.notifications import enqueue
from bot.services.approvers.by_hand import request_agreement
from bot.services.outages import queries, resolution
from models.errors import OutageOver
from models.lifecycle import Action, Agreement, Ending, Status
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.event import Event
from models.tickets.outage import Following, Outage, Portion
from models.tickets.ticket import Ticket
from tests.support.databases import open_small_desk
from tests.support.factories import create, make_person
from tests.support.outage_desk import OutageDesk
from tests.support.use_case_desk import MINUTE, NOW

LATER = NOW + 2 * MINUTE


@pytest.fixture
def desk(tables_url: str, mocker: MockerFixture) -> Iterator[OutageDesk]:
    """On each database; two followers are a portion."""
    mocker.patch.object(resolution, "PORTION", 2)
    with open_small_desk(tables_url) as small:
        yield OutageDesk(small)


@pytest.fixture
def over(desk: OutageDesk) -> tuple[Outage, list[Ticket]]:
    """An outage that was ended a moment ago, and its five followers, of whom nobody is resolved yet."""
    outage = desk.declare()
    with desk.sessions.begin() as session:
        for name in ("Marc", "Zoe"):
            create(session, make_person(name))
    tickets = [desk.follow(outage, name) for name in ("camille", "lea", "oliver", "marc", "zoe")]
    assert desk.click(outage) == 5
    return outage, tickets


def statuses(desk: OutageDesk) -> list[Status]:
    with desk.sessions() as session:
        return list(session.scalars(select(Ticket.status).order_by(Ticket.id)))


def resolutions(desk: OutageDesk) -> list[tuple[int, int]]:
    """Whose tickets were resolved, each time, and by whom."""
    with desk.sessions() as session:
        query = select(Event).where(Event.action == Action.RESOLVE).order_by(Event.id)
        return [(event.ticket_id, event.actor_id) for event in session.scalars(query)]


def progress(desk: OutageDesk, outage: Outage) -> Portion | None:
    return desk.following(outage).next_portion


def test_the_click_resolves_nobody_and_keeps_the_solution(
    desk: OutageDesk, over: tuple[Outage, list[Ticket]]
) -> None:
    outage, _tickets = over
    with desk.sessions() as session:
        row = session.get_one(Outage, outage.id)
        assert (row.solution, row.resolved_by_id, row.resolved_at) == (
            "Redémarrée.",
            desk.karim.id,
            NOW + MINUTE,
        )
    assert set(statuses(desk)) == {Status.NEW}
    assert progress(desk, outage) == Portion(number=1, told=0, of=5)


def test_followers_are_resolved_in_portions_until_none_is_left(
    desk: OutageDesk, over: tuple[Outage, list[Ticket]]
) -> None:
    outage, tickets = over
    told = []
    while (portion := progress(desk, outage)) is not None:
        told.append(portion.told)
        desk.go_on(LATER)
    assert told == [0, 2, 4]
    assert resolutions(desk) == [(ticket.id, desk.karim.id) for ticket in tickets]
    assert [each.ticket_id for each in desk.deliveries(DeliveryKind.RESOLUTION)] == [
        ticket.id for ticket in tickets
    ]
    with desk.sessions() as session:
        event = session.scalars(select(Event).where(Event.action == Action.RESOLVE)).first()
        assert event is not None
        assert (event.at, event.surface, event.text) == (LATER, "outage", "Redémarrée.")


def test_the_card_is_drawn_once_a_portion(desk: OutageDesk, over: tuple[Outage, list[Ticket]]) -> None:
    before = len(desk.deliveries(DeliveryKind.OUTAGE))
    while desk.go_on():
        pass
    assert len(desk.deliveries(DeliveryKind.OUTAGE)) == before + 3


def test_a_portion_that_fills_up_exactly_is_followed_by_none_that_resolves(desk: OutageDesk) -> None:
    outage = desk.declare()
    for name in ("camille", "lea"):
        desk.follow(outage, name)
    desk.resolve(outage)
    assert len(resolutions(desk)) == 2
    assert desk.following(outage) == Following(concerned=2)


def test_an_outage_that_nobody_follows_is_over_at_once(desk: OutageDesk) -> None:
    assert desk.click(desk.declare()) == 0
    assert desk.next_portion() is None


def test_a_portion_that_was_cut_short_is_done_again_and_nothing_twice(
    desk: OutageDesk, over: tuple[Outage, list[Ticket]], mocker: MockerFixture
) -> None:
    """Its transaction did not happen: neither the tickets, nor the note that it was done."""
    outage, tickets = over
    desk.go_on()
    announce = enqueue.announce
    cut = mocker.patch.object(enqueue, "announce", side_effect=[None, KeyboardInterrupt])
    with pytest.raises(KeyboardInterrupt):
        desk.go_on()
    assert statuses(desk).count(Status.RESOLVED) == 2
    assert progress(desk, outage) == Portion(number=2, told=2, of=5)
    cut.side_effect = announce
    while desk.go_on():
        pass
    assert resolutions(desk) == [(ticket.id, desk.karim.id) for ticket in tickets]


def test_of_two_workers_with_one_portion_the_overtaken_one_does_nothing(
    desk: OutageDesk, over: tuple[Outage, list[Ticket]]
) -> None:
    """The first was so slow that its lease ended."""
    with desk.sessions.begin() as session:
        session.execute(text("UPDATE delivery SET state = 'sent' WHERE kind <> 'outage_resolution'"))
    slow = outbox.claim(desk.sessions, now=LATER)
    quick = outbox.claim(desk.sessions, now=LATER + outbox.LEASE)
    assert slow is not None
    assert quick is not None
    assert slow.kind is quick.kind is DeliveryKind.OUTAGE_RESOLUTION
    do_portion(desk.sessions, slow, now=LATER)
    assert resolutions(desk) == []
    do_portion(desk.sessions, quick, now=LATER)
    assert len(resolutions(desk)) == 2


def test_two_workers_at_the_same_portion_resolve_it_once(
    desk: OutageDesk, over: tuple[Outage, list[Ticket]]
) -> None:
    portion, start = desk.next_portion(), Barrier(2)
    assert portion is not None

    def work() -> None:
        start.wait()
        do_portion(desk.sessions, portion, now=LATER)

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(resolutions(desk)) == 2
    states = [each.state for each in desk.deliveries(DeliveryKind.OUTAGE_RESOLUTION)]
    assert states == [DeliveryState.SENT, DeliveryState.PENDING]


def test_nobody_begins_to_follow_while_the_solution_goes_out(
    desk: OutageDesk, over: tuple[Outage, list[Ticket]]
) -> None:
    with desk.sessions.begin() as session:
        create(session, make_person("Yann"))
    with pytest.raises(OutageOver):
        desk.follow(over[0], "yann")
    assert len(statuses(desk)) == 5


def test_what_is_done_to_a_ticket_before_its_portion_stands(
    desk: OutageDesk, over: tuple[Outage, list[Ticket]]
) -> None:
    _outage, (first, cancelled, by_itself, handed_over, unlinked) = over
    desk.desk.act(cancelled, Action.CANCEL, desk.actor("lea"), "Rien", LATER)
    desk.desk.act(by_itself, Action.RESOLVE, desk.karim, "Autre solution", LATER)
    with desk.sessions.begin() as session:
        session.get_one(Ticket, handed_over.id).team_id = "reseau"
        session.get_one(Ticket, unlinked.id).outage_id = None
    while desk.go_on(LATER):
        pass
    assert desk.ticket(first.id).status is Status.RESOLVED
    assert desk.ticket(cancelled.id).ending is Ending.CANCELLED
    assert desk.ticket(by_itself.id).solution == "Autre solution"
    assert {desk.ticket(each.id).status for each in (handed_over, unlinked)} == {Status.NEW}


def test_who_refuses_while_others_wait_is_not_asked_once_more(
    desk: OutageDesk, over: tuple[Outage, list[Ticket]]
) -> None:
    outage, (first, second, *_others) = over
    desk.desk.act(second, Action.CANCEL, desk.actor("lea"), "Rien", LATER)
    desk.desk.act(second, Action.REOPEN, desk.actor("lea"), "Si", LATER)
    desk.go_on(LATER)
    desk.desk.act(first, Action.REFUSE, desk.actor("camille"), "Toujours rien", LATER)
    while desk.go_on(LATER):
        pass
    assert desk.ticket(first.id).status is Status.IN_PROGRESS
    assert desk.ticket(second.id).status is Status.NEW
    assert desk.following(outage) == Following(concerned=5, refused=2)


def test_the_home_says_that_it_is_over_as_long_as_the_solution_goes_out(
    desk: OutageDesk, over: tuple[Outage, list[Ticket]]
) -> None:
    zoe = desk.actor("zoe")

    def shown() -> list[tuple[bool, int | None]]:
        with desk.sessions() as session:
            outages = queries.open_outages(session, zoe.id)
            return [(known.outage.is_over, known.ticket_id) for known in outages.shown]

    assert shown() == [(True, 5)]
    while desk.go_on(LATER + timedelta(minutes=1)):
        pass
    assert shown() == []


def ask_for_agreement(desk: OutageDesk, ticket: Ticket) -> Ticket:
    lea = desk.actor("lea")
    return desk.desk.do(lambda uow: request_agreement(uow, ticket.id, lea, "", "Pour savoir."), desk.karim)


def test_a_follower_whose_agreement_is_asked_is_not_resolved_with_the_others(desk: OutageDesk) -> None:
    outage = desk.declare()
    asked, other = desk.follow(outage), desk.follow(outage, "oliver")
    ask_for_agreement(desk, asked)
    desk.resolve(outage)
    assert (desk.ticket(asked.id).status, desk.ticket(other.id).status) == (Status.NEW, Status.RESOLVED)
    assert not desk.ticket(asked.id).is_outage_child


def test_a_grouped_follower_whose_agreement_is_asked_gets_a_card_when_the_outage_ends(
    desk: OutageDesk,
) -> None:
    outage = desk.declare()
    asked = desk.follow(outage)
    with desk.sessions.begin() as session:
        session.get_one(Ticket, asked.id).agreement = Agreement.ASKED
    assert desk.click(outage) == 0, "nobody is resolved"
    assert not desk.ticket(asked.id).is_outage_child
    assert [each.ticket_id for each in desk.deliveries(DeliveryKind.TRIAGE_CARD)] == [asked.id]
