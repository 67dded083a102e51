"""A ticket is resolved: the requesters of its closed duplicates learn that it is, and no more of it.

Tickets are locked in the order of their numbers, as `triage.link_duplicate` does. Imports nothing of Slack.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogue.service_levels import StoredLevels
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.services.tickets.actions import act, check
from bot.services.tickets.technician_forms.meanwhile import NO_FORM, OpenedForm, check_seen
from models.lifecycle import Action, Role, Status
from models.person import Person
from models.tickets.changes.links import OriginalResolved
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, apply

DUPLICATES_MAX = 200
"""In one transaction: the newest."""


@dataclass(frozen=True)
class Solution:
    """What a technician writes to resolve a ticket."""

    text: str
    to_duplicates: str = ""
    """What the requesters of its duplicates read, who never read the solution."""
    to_children: str | None = None
    """The solution for the requesters of the tickets attached to it; `None`: the form had no such field."""


def resolve(uow: UnitOfWork, ticket_id: int, solution: Solution, form: OpenedForm = NO_FORM) -> Ticket:
    """Propose a solution, for the ticket alone. Raises what `act` and `check_seen` raise."""
    check(uow, ticket_id, Action.RESOLVE)
    duplicates = lock_with_duplicates(uow.session, [ticket_id])
    check_seen(uow, ticket_id, form)
    ticket = act(uow, ticket_id, Action.RESOLVE, text=solution.text)
    tell(uow, to_tell([ticket], duplicates), uow.person, solution.to_duplicates)
    return ticket


def duplicates_of(session: Session, numbers: Collection[int]) -> Mapping[int, Sequence[Ticket]]:
    """The closed duplicates of each of these tickets, and the duplicates of those, by the ticket's number."""
    roots, found = {number: number for number in numbers}, defaultdict[int, list[Ticket]](list)
    originals: Collection[int] = numbers
    while originals:
        query = (
            select(Ticket)
            .where(Ticket.duplicate_of_id.in_(originals), Ticket.status == Status.CLOSED)
            .order_by(Ticket.id.desc())
            .limit(DUPLICATES_MAX)
        )
        new = [each for each in session.scalars(query).all() if each.id not in roots]
        for each in new:
            assert each.duplicate_of_id is not None
            roots[each.id] = roots[each.duplicate_of_id]
            found[roots[each.id]].append(each)
        originals = [each.id for each in new] if len(roots) < DUPLICATES_MAX + len(numbers) else []
    return found


def lock_with_duplicates(session: Session, numbers: Collection[int]) -> Mapping[int, Sequence[Ticket]]:
    """Lock these tickets and their duplicates, in the order of their numbers. Returns the duplicates.

    Another may be linked before the first lock. It could be locked out of order only, so the locks are given
    back, and taken again with its. SQLite locks no rows: a link changes the original, whose version then
    differs."""
    if session.get_bind().dialect.name == "sqlite":
        return duplicates_of(session, numbers)
    locked = set(numbers)
    while True:
        locked |= _ids(duplicates_of(session, numbers))
        with session.begin_nested() as savepoint:
            _lock(session, locked)
            duplicates = duplicates_of(session, numbers)
            if _ids(duplicates) <= locked:
                return duplicates
            savepoint.rollback()


def _lock(session: Session, numbers: Collection[int]) -> None:
    session.scalars(
        select(Ticket)
        .where(Ticket.id.in_(numbers))
        .order_by(Ticket.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _ids(duplicates: Mapping[int, Sequence[Ticket]]) -> set[int]:
    return {each.id for some in duplicates.values() for each in some}


def to_tell(
    tickets: Sequence[Ticket], duplicates: Mapping[int, Sequence[Ticket]]
) -> Sequence[tuple[Ticket, Ticket]]:
    """Each ticket with those of its duplicates whose requesters are told, once each, under the newest of
    theirs: not who raised the ticket itself, who is asked about its solution."""
    pairs = []
    for ticket in tickets:
        own = sorted(duplicates.get(ticket.id, ()), key=lambda each: each.id)
        newest = {each.requester_id: each for each in own if each.requester_id != ticket.requester_id}
        pairs += [(ticket, each) for each in newest.values()]
    return sorted(pairs, key=lambda pair: pair[1].id)


def tell(uow: UnitOfWork, pairs: Sequence[tuple[Ticket, Ticket]], by: Person, words: str = "") -> None:
    """Write the event of each duplicate whose original was resolved, and queue what follows from it."""
    for original, duplicate in pairs:
        event = apply(
            duplicate,
            Action.ORIGINAL_RESOLVED,
            Trigger(by, {Role.DESK}, uow.now, uow.surface, StoredLevels(uow.session)),
            text=words,
            change=OriginalResolved(original.id),
        )
        uow.session.add(event)
        uow.session.flush()
        enqueue.announce(uow, duplicate, event)
