"""Somebody's own tickets: the lists and the detail."""

from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.i18n import translator
from blocks.kit.view_state import Place
from blocks.queue.state import view_state_below
from blocks.tickets.detail import ticket_detail
from blocks.tickets.my_tickets import Listing, Which, my_tickets
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.attachments import attachments
from bot.services.tickets.history import history
from bot.services.tickets.my_tickets import last_page_of, page_of, ticket_for
from models.lifecycle import Action, Role, Status
from models.tickets.transitions import allowed

LIST_PAGE = 10


def list_view(uow: UnitOfWork, place: Place) -> View:
    """The list that a place names, at its page."""
    which: Which = "closed" if place.get("which") == "closed" else "open"
    page = list_page(uow.session, uow.actor.id, which, page_in(place, "page"), LIST_PAGE)
    return my_tickets(translator(uow.actor.locale), page)


def list_page(session: Session, person_id: int, which: Which, page: int, size: int) -> Listing:
    """One page of a list; past its end, its last page that has something."""
    found = page_of(session, person_id, closed=which == "closed", page=page, size=size)
    if not found.tickets and page > 0:
        last = last_page_of(session, person_id, closed=which == "closed", size=size)
        return list_page(session, person_id, which, last, size)
    return Listing(which, page, found.tickets, found.has_more)


def page_in(place: Place, key: str) -> int:
    """A page's number in a place that a client may have touched."""
    page = place.get(key)
    return page if isinstance(page, int) and 0 <= page < 10_000 else 0


def detail_view(uow: UnitOfWork, number: int, place: Place) -> View:
    """The detail of one of the actor's tickets. Raises `TicketNotFound` for any other."""
    ticket = ticket_for(uow, number)
    roles = uow.actor.roles(ticket)
    actions = allowed(ticket, roles, now=uow.now, reopen_days=uow.rules.reopen_days)
    return ticket_detail(
        translator(uow.actor.locale),
        ticket,
        lines=history(uow.session, ticket, roles),
        files=attachments(uow.session, ticket, roles),
        actions=actions,
        roles=roles,
        follow_up=Role.REQUESTER in roles and ticket.status is Status.CLOSED and Action.REOPEN not in actions,
        place=view_state_below(place),
    )
