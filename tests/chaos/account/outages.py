"""Known outages: each follower is resolved once, and asked once to approve (see `account` for messages)."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.outages.followers import SURFACE
from models.lifecycle import Action, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket
from tests.chaos.account.table import Account
from tests.chaos.people.ledger import Ledger

ANSWERS = {Action.RESOLVE, Action.REFUSE, Action.REOPEN}
filed_by_click = select(Event.ticket_id).where(Event.action == Action.OPEN, Event.surface == SURFACE)
"""The numbers of the tickets by which people follow an outage."""
OPEN = {Status.NEW, Status.IN_PROGRESS, Status.PENDING}


def reckon_outages(session: Session, ledger: Ledger, account: Account) -> None:
    """Compare what was declared, ended and followed with the result."""
    outages = session.scalars(select(Outage)).all()
    followers = session.scalars(select(Ticket).where(Ticket.outage_id.is_not(None))).all()
    titles = Counter(outage.title for outage in outages)
    account.rows["outages"] = len(outages)
    account.rows["tickets that follow one"] = len(followers)
    account.count("outages lost", ledger.declared - set(titles))
    account.count("outages doubled", (title for title, times in titles.items() if times > 1))
    account.count("ends of outages lost", range(ledger.ended - sum(each.is_over for each in outages)))
    account.count("followers lost", ledger.followed - {ticket.id for ticket in followers})
    # Technicians attach tickets of their requesters' own to it, beside the one by which they follow it.
    by_click = set(session.scalars(filed_by_click))
    still_open = Counter(
        (ticket.outage_id, ticket.requester_id)
        for ticket in followers
        if ticket.id in by_click and ticket.status is not Status.CLOSED
    )
    account.count("followers doubled", (who for who, times in still_open.items() if times > 1))
    unresolved = (ticket.id for ticket in followers if _is_unresolved(session, ticket))
    account.count("followers not resolved", unresolved)
    ended = select(Event).where(Event.action == Action.RESOLVE, Event.surface == "outage")
    resolutions = session.scalars(ended).all()
    account.rows["followers resolved with their outage"] = len(resolutions)
    times = Counter(event.ticket_id for event in resolutions)
    account.count("followers resolved twice", (ticket for ticket, n in times.items() if n > 1))
    not_asked = (event.ticket_id for event in resolutions if not _is_asked(session, event))
    account.count("followers not asked to approve", not_asked)


def _is_unresolved(session: Session, ticket: Ticket) -> bool:
    """Whether its outage is over and it was not resolved. Tickets of other teams are not resolved."""
    outage = session.get_one(Outage, ticket.outage_id)
    if not outage.is_over or ticket.status not in OPEN or ticket.team_id != outage.team_id:
        return False
    answered = select(Event.id).where(
        Event.ticket_id == ticket.id, Event.action.in_(ANSWERS), Event.at >= outage.resolved_at
    )
    return session.scalars(answered).first() is None


def _is_asked(session: Session, event: Event) -> bool:
    """Whether one request to approve was sent for this resolution, or it was superseded."""
    asked = select(Delivery.state).where(
        Delivery.event_id == event.id, Delivery.kind == DeliveryKind.RESOLUTION
    )
    states = session.scalars(asked).all()
    return len(states) == 1 and states[0] in {DeliveryState.SENT, DeliveryState.SKIPPED}
