"""A technician puts a ticket of their team's behind a known outage, and takes it out again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest

from bot.context.actor import Actor
from bot.services.outages.attaching import attach, attach_all, detach
from models.errors import OutageNotFound, RoleRefused, TicketNotFound, TransitionRefused
from models.fields import FieldReason, FieldRefused
from models.lifecycle import Action, Agreement, Role, Status
from models.outbox.kinds import DeliveryKind
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket
from tests.support.databases import open_small_desk
from tests.support.factories import stored
from tests.support.outage_desk import OutageDesk


@pytest.fixture
def desk(tables_url: str) -> Iterator[OutageDesk]:
    """On each database."""
    with open_small_desk(tables_url) as small:
        yield OutageDesk(small)


def put(desk: OutageDesk, ticket: Ticket, outage: Outage, by: Actor | None = None) -> Ticket:
    return desk.desk.do(lambda uow: attach(uow, ticket.id, outage.id), by or desk.karim)


def free(desk: OutageDesk, ticket: Ticket, by: Actor | None = None) -> Ticket:
    return desk.desk.do(lambda uow: detach(uow, ticket.id), by or desk.karim)


def refused(desk: OutageDesk, ticket: Ticket, outage: Outage) -> FieldReason:
    with pytest.raises(FieldRefused) as error:
        put(desk, ticket, outage)
    return error.value.reason


def change(desk: OutageDesk, ticket: Ticket, **columns: Any) -> None:
    with desk.sessions.begin() as session:
        row = session.get_one(Ticket, ticket.id)
        for name, value in columns.items():
            setattr(row, name, value)


def last_event(desk: OutageDesk, ticket: Ticket) -> tuple[Action, dict[str, Any]]:
    event = desk.desk.history(ticket)[-1]
    return event.action, stored(Event.details, event.details)


def test_an_attached_ticket_stays_open_behind_the_outage(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    attached = put(desk, ticket, outage)
    assert (attached.outage_id, attached.has_card, attached.status) == (outage.id, False, Status.NEW)
    assert last_event(desk, ticket) == (Action.ATTACH, {"outage": outage.id, "to": outage.title})
    assert desk.following(outage).concerned == 1
    assert len(desk.deliveries(DeliveryKind.OUTAGE)) == 2
    assert len(desk.deliveries(DeliveryKind.MOVED)) == 1


def test_it_is_resolved_with_the_outage(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    put(desk, ticket, outage)
    desk.resolve(outage)
    assert desk.ticket(ticket.id).status is Status.RESOLVED


def test_detaching_gives_it_a_card_of_its_own(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    put(desk, ticket, outage)
    freed = free(desk, ticket)
    assert (freed.outage_id, freed.has_card) == (None, True)
    assert last_event(desk, ticket) == (Action.DETACH, {"outage": outage.id, "to": outage.title})
    assert desk.following(outage).concerned == 0
    assert len(desk.deliveries(DeliveryKind.OUTAGE)) == 3
    desk.resolve(outage)
    assert desk.ticket(ticket.id).status is Status.NEW


def test_what_its_requester_writes_gives_it_a_card_too(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    put(desk, ticket, outage)
    written = desk.desk.act(ticket, Action.COMMENT, desk.actor("camille"), "Et l’autre aussi.")
    assert (written.outage_id, written.has_card) == (outage.id, True)


def test_somebody_with_two_tickets_behind_it_is_one_person(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    followed = desk.follow(outage)
    put(desk, ticket, outage)
    assert desk.following(outage).concerned == 1
    desk.resolve(outage)
    assert {desk.ticket(each.id).status for each in (ticket, followed)} == {Status.RESOLVED}


def test_an_outage_that_is_over_takes_no_tickets(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    desk.click(outage)
    assert refused(desk, ticket, outage) is FieldReason.OUTAGE_OVER


def test_a_ticket_of_another_team_is_handed_over_first(desk: OutageDesk) -> None:
    outage = desk.declare(by=desk.actor("lea", "reseau"))
    assert refused(desk, desk.desk.open(), outage) is FieldReason.OTHER_TEAM_FIRST


def test_a_ticket_is_behind_one_outage(desk: OutageDesk) -> None:
    ticket, outage, other = desk.desk.open(), desk.declare(), desk.declare(submission="s2")
    put(desk, ticket, outage)
    assert refused(desk, ticket, other) is FieldReason.ATTACHED_ALREADY


def test_a_ticket_that_waits_for_an_agreement_stays_apart(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    change(desk, ticket, agreement=Agreement.ASKED)
    assert refused(desk, ticket, outage) is FieldReason.AWAITS_AGREEMENT


def test_a_confidential_ticket_is_not_attached(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(desk.desk.draft(service_id="imprimante")), desk.declare()
    with desk.sessions.begin() as session:
        service = session.get_one(Ticket, ticket.id).service
        assert service is not None
        service.is_confidential = True
    assert refused(desk, ticket, outage) is FieldReason.IS_CONFIDENTIAL


def test_a_closed_ticket_is_not_attached(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    desk.desk.act(ticket, Action.CANCEL, desk.karim, "Résolu.")
    with pytest.raises(TransitionRefused):
        put(desk, ticket, outage)


def test_only_the_ticket_s_team_attaches_and_detaches(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    with pytest.raises(RoleRefused):
        put(desk, ticket, outage, by=desk.actor("lea", "reseau"))
    put(desk, ticket, outage)
    with pytest.raises(RoleRefused):
        free(desk, ticket, by=desk.actor("camille"))


def test_what_does_not_exist_is_said(desk: OutageDesk) -> None:
    ticket, outage = desk.desk.open(), desk.declare()
    with pytest.raises(OutageNotFound):
        desk.desk.do(lambda uow: attach(uow, ticket.id, 99), desk.karim)
    with pytest.raises(TicketNotFound):
        desk.desk.do(lambda uow: attach(uow, 99, outage.id), desk.karim)


@dataclass(frozen=True)
class Slow(Actor):
    """A technician during whose click, once it has read the ticket, somebody else does `meanwhile`."""

    meanwhile: Callable[[], Any] = lambda: None

    def roles(self, ticket: Ticket) -> frozenset[Role]:
        self.meanwhile()
        return super().roles(ticket)


def test_no_ticket_is_left_behind_an_outage_that_ends_during_the_click(desk: OutageDesk) -> None:
    """The end waits for the click, or the click finds it over: else nobody would resolve the ticket."""
    ticket, outage = desk.desk.open(), desk.declare()
    end = Thread(target=desk.click, args=[outage])

    def meanwhile() -> None:
        if not end.ident:
            end.start()
            end.join(0.3)

    karim = Slow(**vars(desk.karim), meanwhile=meanwhile)
    desk.desk.do(lambda uow: attach_all(uow, outage.id, [ticket.id]), karim)
    end.join()
    while desk.go_on():
        pass
    left = desk.ticket(ticket.id)
    assert left.outage_id is None or left.status is Status.RESOLVED
