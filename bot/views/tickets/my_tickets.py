"""Somebody's own tickets: the lists and the detail."""

from dataclasses import replace

from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.i18n import translator
from blocks.tickets.detail import Detail, ticket_detail
from blocks.tickets.my_tickets import Listing, my_tickets
from blocks.tickets.state import DetailState, ListState
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.attachments import attachments
from bot.services.tickets.history import history, last_visible
from bot.services.tickets.my_tickets import last_page_of, page_of, ticket_for
from models.lifecycle import Action, Role, Status
from models.tickets.transitions import allowed

LIST_PAGE = 10


def list_view(uow: UnitOfWork, state: ListState) -> View:
    """One of the actor's lists."""
    return my_tickets(translator(uow.actor.locale), list_page(uow.session, uow.actor.id, state, LIST_PAGE))


def list_page(session: Session, person_id: int, state: ListState, size: int) -> Listing:
    """One page of a list; past its end, its last page that has tickets."""
    is_closed = state.which == "closed"
    found = page_of(session, person_id, closed=is_closed, page=state.page, size=size)
    if not found.items and state.page > 0:
        last = last_page_of(session, person_id, closed=is_closed, size=size)
        return list_page(session, person_id, replace(state, page=last), size)
    said = last_visible(session, [] if is_closed else [ticket.id for ticket in found.items])
    return Listing(state.which, state.page, found.items, found.has_more, said)


def detail_view(uow: UnitOfWork, number: int, state: DetailState) -> View:
    """The detail of one of the actor's tickets. Raises `TicketNotFound` for any other."""
    ticket = ticket_for(uow, number)
    roles = uow.actor.roles(ticket)
    actions = allowed(ticket, roles, now=uow.now, reopen_days=uow.settings.reopen_days)
    detail = Detail(
        ticket,
        lines=history(uow.session, ticket, roles),
        files=attachments(uow.session, ticket, roles),
        actions=actions,
        roles=roles,
        follow_up=Role.REQUESTER in roles and ticket.status is Status.CLOSED and Action.REOPEN not in actions,
    )
    return ticket_detail(translator(uow.actor.locale), detail, state)
