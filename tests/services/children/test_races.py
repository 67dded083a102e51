"""Two technicians attach, detach and resolve at once: one level is kept, and nobody is left behind."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.delivery.handlers.portions import do_portion
from bot.services.children.attaching import attach, attach_to_outage, detach
from bot.services.outages.actions import declare
from bot.services.tickets.actions import act
from bot.services.tickets.children.resolving import resolve
from bot.services.tickets.duplicates.resolution import Solution
from models.errors import HelpDeskError
from models.fields import FieldReason, FieldRefused
from models.lifecycle import Action, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.event import Event
from models.tickets.outage import OutageDraft
from models.tickets.ticket import Ticket
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk, at_once

ROUNDS = 5
Work = Callable[[UnitOfWork], object]


def race(desk: SmallDesk, *works: Work) -> list[FieldReason | None]:
    """Do them at once, each by a technician. Returns why each was refused."""
    people = [desk.actor(name, "assistance") for name in ("karim", "lea", "karim")]
    found = at_once(
        [lambda work=work, by=by: desk.do(work, by) for work, by in zip(works, people, strict=False)]
    )
    return [_reason(each) for each in found]


def _reason(found: object) -> FieldReason | None:
    if isinstance(found, HelpDeskError):
        assert isinstance(found, FieldRefused), found
        return found.reason
    return None


def behind(ticket: int, parent: int) -> Work:
    return lambda uow: attach(uow, ticket, parent)


def behind_outage(ticket: int, outage: int) -> Work:
    return lambda uow: attach_to_outage(uow, ticket, outage)


def solve(ticket: int) -> Work:
    return lambda uow: resolve(uow, ticket, Solution("Pièce 7.", to_children="C’est rétabli."))


def tickets(desk: SmallDesk, count: int) -> Sequence[int]:
    return [desk.open(desk.draft(f"Panne {place}")).id for place in range(count)]


def read(desk: SmallDesk, number: int) -> Ticket:
    with desk.sessions() as session:
        return session.get_one(Ticket, number)


def work_off(desk: SmallDesk) -> None:
    pending = select(Delivery).where(
        Delivery.kind == DeliveryKind.CHILDREN, Delivery.state == DeliveryState.PENDING
    )
    while True:
        with desk.sessions() as session:
            waiting = session.scalars(pending.order_by(Delivery.id).limit(1)).one_or_none()
        if waiting is None:
            return
        do_portion(desk.sessions, waiting, now=NOW + 2 * MINUTE)


def test_of_two_that_are_attached_to_each_other_one_is(shared_desk: SmallDesk) -> None:
    for _ in range(ROUNDS):
        first, second = tickets(shared_desk, 2)
        refused = race(shared_desk, behind(first, second), behind(second, first))
        assert len([each for each in refused if each is None]) == 1
        assert set(refused) - {None} <= {FieldReason.ITSELF_ATTACHED, FieldReason.HAS_CHILDREN}
        assert len({first, second} & {read(shared_desk, n).parent_id for n in (first, second)}) == 1


def test_no_chain_is_made_by_two_at_once(shared_desk: SmallDesk) -> None:
    for _ in range(ROUNDS):
        first, second, third = tickets(shared_desk, 3)
        refused = race(shared_desk, behind(first, second), behind(second, third))
        assert sorted(map(str, refused)).count("None") == 1
        attached = [read(shared_desk, number).parent_id is not None for number in (first, second)]
        assert sorted(attached) == [False, True]


def test_what_others_are_attached_to_is_not_put_behind_an_outage(shared_desk: SmallDesk) -> None:
    technician = shared_desk.actor("karim", "assistance")
    draft = OutageDraft("o", "Messagerie", team_id="assistance")
    outage = shared_desk.do(lambda uow: declare(uow, draft).id, technician)
    for _ in range(ROUNDS):
        first, second = tickets(shared_desk, 2)
        refused = race(
            shared_desk,
            behind(first, second),
            behind_outage(second, outage),
        )
        assert len([each for each in refused if each is None]) == 1
        assert (read(shared_desk, first).parent_id is None) is (read(shared_desk, second).outage_id == outage)


def free(ticket: int) -> Work:
    return lambda uow: detach(uow, ticket)


def take_note(ticket: int) -> Work:
    return lambda uow: act(uow, ticket, Action.NOTE, text="Ici.")


@pytest.mark.parametrize("leaves", [free, take_note])
def test_a_ticket_detached_while_its_parent_is_resolved_is_told_once_at_most(
    shared_desk: SmallDesk, leaves: Callable[[int], Work]
) -> None:
    technician = shared_desk.actor("karim", "assistance")
    for _ in range(ROUNDS):
        first, second, parent = tickets(shared_desk, 3)
        for number in (first, second):
            shared_desk.do(behind(number, parent), technician)
        work_off(shared_desk)
        other = shared_desk.actor("lea", "assistance")
        at_once(
            [
                partial(shared_desk.do, solve(parent), technician),
                partial(shared_desk.do, leaves(first), other),
            ]
        )
        at_once([lambda: work_off_once(shared_desk), lambda: work_off_once(shared_desk)])
        work_off(shared_desk)
        assert read(shared_desk, parent).status is read(shared_desk, second).status is Status.RESOLVED
        row = read(shared_desk, first)
        assert row.parent_id is None or row.status is Status.RESOLVED
        assert read(shared_desk, parent).children_due_at is None
        with shared_desk.sessions() as session:
            told = select(Event).where(Event.ticket_id == first, Event.action == Action.RESOLVE)
            assert len(session.scalars(told).all()) == (0 if row.parent_id is None else 1)


def work_off_once(desk: SmallDesk) -> None:
    """One of two workers that found the same job."""
    with desk.sessions() as session:
        pending = select(Delivery).where(
            Delivery.kind == DeliveryKind.CHILDREN, Delivery.state == DeliveryState.PENDING
        )
        waiting = session.scalars(pending.order_by(Delivery.id).limit(1)).one_or_none()
    if waiting is not None:
        do_portion(desk.sessions, waiting, now=NOW + timedelta(minutes=2))
