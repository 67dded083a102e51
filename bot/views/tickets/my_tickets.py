"""Somebody's own tickets: the lists and the detail."""

from dataclasses import replace

from slack_sdk.models.views import View

from blocks.approvals.progress import agreement_lines
from blocks.i18n import translator
from blocks.tickets.children.listing import children_rows
from blocks.tickets.detail.view import Detail, ticket_detail
from blocks.tickets.my_tickets import Listing, my_tickets
from blocks.tickets.state import DetailState, ListState
from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.rows import approvals_of
from bot.services.clocks.chasing import chaseable
from bot.services.tickets.attachments import attachments, links_to_copies
from bot.services.tickets.children.queries import children_of
from bot.services.tickets.history import history, last_visible
from bot.services.tickets.my_tickets import card_for, last_page_of, page_of, ticket_for
from models.lifecycle import Action, Role, Status
from models.outbox.kinds import Queue
from models.outbox.recipient import Recipient, team_recipient
from models.tickets.ticket import Ticket
from models.tickets.transitions import allowed

LIST_PAGE = 10
# The thread of a message in Slack's web client, which the desktop and mobile clients open too.
CARD_ADDRESS = "https://app.slack.com/client/{team}/{channel}/thread/{channel}-{ts}"


def list_view(uow: UnitOfWork, state: ListState) -> View:
    """One of the actor's lists."""
    return my_tickets(translator(uow.actor.locale), list_page(uow, uow.actor.id, state, LIST_PAGE))


def list_page(uow: UnitOfWork, person_id: int, state: ListState, size: int) -> Listing:
    """One page of a list; past its end, its last page that has tickets."""
    is_closed = state.which == "closed"
    session = uow.session
    found = page_of(session, person_id, closed=is_closed, page=state.page, size=size)
    if not found.items and state.page > 0:
        last = last_page_of(session, person_id, closed=is_closed, size=size)
        return list_page(uow, person_id, replace(state, page=last), size)
    said = last_visible(session, [] if is_closed else [ticket.id for ticket in found.items])
    may_chase = frozenset[int]() if is_closed else chaseable(uow, found.items)
    return Listing(state.which, state.page, found.items, found.has_more, said, may_chase)


def detail_view(uow: UnitOfWork, number: int, state: DetailState) -> View:
    """The detail of one of the actor's tickets. Raises `TicketNotFound` for any other."""
    ticket = ticket_for(uow, number)
    roles = uow.actor.roles(ticket)
    days = uow.settings.days_to_reopen(ticket.ending)
    actions = allowed(ticket, roles, now=uow.now, reopen_days=days)
    if Action.CHASE in actions and not chaseable(uow, [ticket]):
        actions.remove(Action.CHASE)
    files, _ = attachments(uow.session, ticket, roles), translator(uow.actor.locale)
    is_for_team = Role.TECHNICIAN in roles
    detail = Detail(
        ticket,
        lines=history(uow.session, ticket, roles),
        files=files,
        actions=actions,
        roles=roles,
        follow_up=Role.REQUESTER in roles and ticket.status is Status.CLOSED and Action.REOPEN not in actions,
        copies=links_to_copies(uow.session, files, _conversations(uow, ticket)),
        agreement=agreement_lines(_, approvals_of(uow.session, ticket.id)) if is_for_team else (),
        children=children_rows(_, children_of(uow.session, ticket.id)) if is_for_team else (),
        conversation=_conversation(uow, ticket),
    )
    return ticket_detail(_, detail, state)


def _conversations(uow: UnitOfWork, ticket: Ticket) -> list[Recipient]:
    """The conversations in which the actor reads of a ticket: the team's first, for its technicians."""
    own = Recipient(Queue.DIRECT_MESSAGE, uow.actor.id)
    is_technician = Role.TECHNICIAN in uow.actor.roles(ticket)
    return [team_recipient(ticket.team_id), own] if is_technician else [own]


def _conversation(uow: UnitOfWork, ticket: Ticket) -> str | None:
    """The address of the thread of the actor's card, or of their team's."""
    for recipient in _conversations(uow, ticket):
        if card := card_for(uow.session, ticket, recipient):
            return CARD_ADDRESS.format(team=uow.person.team_id, channel=card.channel, ts=card.ts)
    return None
