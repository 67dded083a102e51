"""The cards of open tickets are sent anew once their team or service is marked as confidential.

Imports nothing of Slack.
"""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import hide_card
from bot.notifications.children.follow import bring_in_line
from bot.services.tickets.history import event_numbered
from models.lifecycle import Status
from models.tickets.ticket import Ticket


def hide_words(uow: UnitOfWork, teams: Collection[str], services: Collection[str]) -> None:
    """Queue the cards of the open tickets of these teams and services that are confidential now, and those of
    the tickets that they are attached to. Other messages stay as they were posted."""
    if not (teams or services):
        return
    concerned = or_(Ticket.team_id.in_(teams), Ticket.service_id.in_(services))
    query = select(Ticket).where(Ticket.status != Status.CLOSED, concerned, Ticket.is_confidential)
    for ticket in uow.session.scalars(query.options(joinedload(Ticket.team)).order_by(Ticket.id)):
        event = event_numbered(uow.session, ticket, ticket.event_count)
        assert event is not None
        hide_card(uow, ticket, event)
        if ticket.parent_id is not None:
            bring_in_line(uow, ticket.parent_id, event, why=f"hidden{uow.now.timestamp()}")
