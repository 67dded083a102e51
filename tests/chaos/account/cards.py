"""The living cards: one for each requester, one for each team of a ticket, in that team's channel."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.chaos.account.messages import Messages, Posted
from tests.chaos.account.table import Account


@dataclass(frozen=True)
class Card:
    """A posted card: `stay` is 0 for the first team that had the ticket, 1 for the next, or for the same once
    the ticket was attached and freed."""

    ticket: int
    kind: str
    stay: int
    posted: Posted


class Cards:
    """All cards of tickets, and what ended the cards of each ticket: a transfer, an attachment."""

    def __init__(self, session: Session, messages: Messages) -> None:
        self._transfers: dict[int, int] = {}
        self._moves: dict[int, list[int]] = defaultdict(list)
        for event in session.scalars(select(Event).where(Event.action.in_([Action.TRANSFER, Action.ATTACH]))):
            self._moves[event.ticket_id].append(event.number)
            if event.action is Action.TRANSFER:
                self._transfers[event.ticket_id] = max(event.number, self._transfers.get(event.ticket_id, 0))
        self.all = [card for each in messages.posted if (card := self._card(each))]

    def of_team(self, ticket: Ticket) -> Sequence[Card]:
        """The cards of the ticket's current team."""
        last = len(self._moves[ticket.id])
        return [
            card
            for card in self.all
            if (card.ticket, card.kind, card.stay) == (ticket.id, DeliveryKind.TRIAGE_CARD, last)
        ]

    def with_files(self, ticket: Ticket) -> Sequence[Card]:
        """The cards since the last transfer, one of which has each file of the ticket: one that it had
        before it was attached keeps those under it."""
        handed_over = self._transfers.get(ticket.id, 0)
        return [
            card
            for card in self.all
            if (card.ticket, card.kind) == (ticket.id, DeliveryKind.TRIAGE_CARD)
            and int(card.posted.key.split(":")[1]) >= handed_over
        ]

    def _card(self, posted: Posted) -> Card | None:
        first, *rest = posted.key.split(":")
        if first == "outage" or rest[1] not in (DeliveryKind.CARD, DeliveryKind.TRIAGE_CARD):
            return None
        ticket, number, kind = int(first), int(rest[0]), rest[1]
        moves = self._moves[ticket] if kind == DeliveryKind.TRIAGE_CARD else []
        return Card(ticket, kind, sum(move <= number for move in moves), posted)


def reckon_cards(session: Session, messages: Messages, account: Account) -> None:
    """Each card must exist once, in its channel; outages' cards too."""
    cards = Cards(session, messages)
    times = Counter((card.ticket, card.kind, card.stay) for card in cards.all)
    account.count("cards duplicated", (card for card, n in times.items() if n > 1))
    requesters = {card.ticket for card in cards.all if card.kind == DeliveryKind.CARD}
    tickets = session.scalars(select(Ticket)).all()
    account.count("requesters without their card", (each.id for each in tickets if each.id not in requesters))
    open_to_team = [each for each in tickets if not each.is_outage_child]
    without = (each.id for each in open_to_team if not cards.of_team(each))
    account.count("teams without their card", without)
    elsewhere = (
        each.id
        for each in open_to_team
        for card in cards.of_team(each)
        if card.posted.channel != each.team.channel_id
    )
    account.count("cards in another team's channel", elsewhere)
    outages = Counter(each.key.split(":")[1] for each in messages.posted if each.key.startswith("outage:"))
    account.count("cards of outages duplicated", (outage for outage, n in outages.items() if n > 1))
