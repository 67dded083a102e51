"""What requesters are promised, as they read it.

Imports nothing of Slack.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.catalogue.service_levels import StoredLevels
from models.tickets.clocks import promise
from models.tickets.clocks.promise import ShownPromise
from models.tickets.ticket import Ticket


def shown_promise(session: Session, ticket: Ticket, now: datetime) -> ShownPromise | None:
    """What its requester reads that they are promised."""
    if promise.promise_of(ticket) is None:
        return None
    return promise.shown(ticket, StoredLevels(session).of(ticket).calendar, now)
