"""What the rows of a queue show beside their tickets: the last word, the card, how many files."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.services.tickets.attachments import count_files
from bot.services.tickets.history import last_visible
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.recipient import team_recipient
from models.pages import Beside
from models.tickets.ticket import Ticket


def beside(session: Session, tickets: Sequence[Ticket]) -> Mapping[int, Beside]:
    """By number, for the tickets of one page."""
    numbers = [ticket.id for ticket in tickets]
    last, cards = last_visible(session, numbers), _cards(session, tickets)
    files = count_files(session, numbers)
    return {number: Beside(last.get(number), cards.get(number), files.get(number, 0)) for number in numbers}


def _cards(session: Session, tickets: Sequence[Ticket]) -> Mapping[int, tuple[str, str]]:
    """Channel and `ts` of the cards of the teams that have them now."""
    if not tickets:
        return {}
    of_team = [
        (MessageReference.ticket_id == ticket.id)
        & (MessageReference.recipient == str(team_recipient(ticket.team_id)))
        for ticket in tickets
    ]
    rows = select(MessageReference).where(MessageReference.kind == DeliveryKind.TRIAGE_CARD, or_(*of_team))
    return {row.ticket_id: (row.channel, row.ts) for row in session.scalars(rows)}
