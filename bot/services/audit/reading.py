"""What is noted of a reading, by the queries that find tickets for people.

Requesters read their own tickets without a line: the trail is to find who read what without need
(CNIL, deliberation 2021-122).
"""

from bot.context.unit_of_work import UnitOfWork
from models.audit.entry import Deed
from models.tickets.ticket import Ticket


def saw(uow: UnitOfWork, ticket: Ticket) -> None:
    """Note that the actor is shown this ticket, unless it is their own."""
    if uow.by is not None and ticket.requester_id != uow.by.id:
        uow.readings.add((Deed.READ, ticket.id))


def searched(uow: UnitOfWork) -> None:
    """Note that the actor searches the tickets of their teams."""
    uow.readings.add((Deed.SEARCH, None))
