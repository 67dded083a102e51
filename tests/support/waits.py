"""Tickets that wait for their requester, on a desk whose days pass."""

from datetime import UTC, datetime

from models.lifecycle import Action
from models.tickets.ticket import Ticket
from tests.support.passing_days import PassingDays
from tests.support.scenarios import cards, reply


def at(day: int, hour: int = 9, minute: int = 0, *, month: int = 12) -> datetime:
    """In UTC, which is an hour behind the desk."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def taken(days: PassingDays) -> Ticket:
    """A ticket of Camille's, which Karim has: filed on Monday 23 November at 10:00 in Paris."""
    ticket = days.desk.open(now=days.now)
    cards(days.desk, ticket)
    return days.desk.act(ticket, Action.TAKE, days.desk.actor("karim", "assistance"), now=days.now)


def asked(days: PassingDays, question: str = "Quelle salle ?") -> Ticket:
    karim = days.desk.actor("karim", "assistance")
    return reply(days.desk, taken(days), karim, question, waits=True, now=days.now)


def resolved(days: PassingDays) -> Ticket:
    karim = days.desk.actor("karim", "assistance")
    return days.desk.act(taken(days), Action.RESOLVE, karim, "Câble changé.", days.now)
