"""Somebody's own tickets: the lists and the detail."""

from datetime import datetime

from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.i18n import Translator
from blocks.kit.view_state import Place
from blocks.queue.state import way_back
from blocks.tickets import detail as tickets_detail
from blocks.tickets import my_tickets as lists
from blocks.tickets.my_tickets import Listing, Which
from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.services.tickets import attachments, history, my_tickets
from bot.services.tickets import my_tickets as tickets_my_tickets
from models.lifecycle import Action, Role, Status


def list_page(session: Session, person_id: int, which: Which, page: int, size: int) -> Listing:
    """One page of a list; past its end, its last page that has something."""
    found = my_tickets.page_of(session, person_id, closed=which == "closed", page=page, size=size)
    if not found.tickets and page > 0:
        last = my_tickets.last_page_of(session, person_id, closed=which == "closed", size=size)
        return list_page(session, person_id, which, last, size)
    return Listing(which, page, found.tickets, found.has_more)


def page_in(place: Place, key: str) -> int:
    """A page's number in a place that a client may have touched."""
    page = place.get(key)
    return page if isinstance(page, int) and 0 <= page < 10_000 else 0


LIST_PAGE = 10


def list_view(session: Session, person: Asker, _: Translator, place: Place) -> View:
    """The list that a place names, at its page."""
    which: Which = "closed" if place.get("which") == "closed" else "open"
    return lists.my_tickets(_, list_page(session, person.id, which, page_in(place, "page"), LIST_PAGE))


def detail_view(
    session: Session, person: Asker, _: Translator, rules: Rules, now: datetime, *, number: int, place: Place
) -> View:
    """The detail of one of this person's tickets. Raises `TicketNotFound` for any other."""
    ticket = tickets_my_tickets.ticket_for(session, person, number)
    roles = person.roles(ticket)
    actions = ticket.allowed(roles, now=now, reopen_days=rules.reopen_days)
    return tickets_detail.ticket_detail(
        _,
        ticket,
        lines=history.history(session, ticket, roles),
        files=attachments.attachments(session, ticket, roles),
        actions=actions,
        roles=roles,
        follow_up=Role.REQUESTER in roles and ticket.status is Status.CLOSED and Action.REOPEN not in actions,
        place=way_back(place),
    )
