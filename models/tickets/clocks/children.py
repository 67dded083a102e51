"""When a ticket is due to which others are attached: with the first of them, if that is earlier."""

from models.tickets.ticket import Ticket


def set_apart(ticket: Ticket) -> None:
    """Give `due_at` back what it is by the ticket's own target."""
    if ticket.own_due_at is not None:
        ticket.due_at, ticket.own_due_at = ticket.own_due_at, None


def draw_near(ticket: Ticket) -> None:
    """Have it due with the first ticket attached to it; not while it waits for somebody."""
    earliest = ticket.children_due_at
    if earliest is not None and ticket.is_worked_on and earliest < ticket.due_at:
        ticket.own_due_at, ticket.due_at = ticket.due_at, earliest
