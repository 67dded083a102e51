"""What a ticket may be attached to, found by words. Imports nothing of Slack.

Needs a transaction, as `bot.services.search` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.services.audit.reading import searched
from bot.services.paging import ticket_rows
from bot.services.search import search
from models.lifecycle import TRANSITIONS, Action
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket
from models.words.plain_letters import plain

OFFERED = 20
LOOKED_AT = 60
"""Tickets that have the words, the newest: those that are closed are not offered."""


@dataclass(frozen=True)
class Targets:
    """What is offered: outages, and tickets, those that are named by their numbers first."""

    tickets: Sequence[Ticket] = ()
    outages: Sequence[Outage] = ()
    has_more: bool = False
    """Others have the words too."""


def targets(uow: UnitOfWork, ticket_id: int, words: str) -> Targets:
    """The open tickets and known outages of the actor's teams with these words; without words the newest.
    No confidential tickets: nothing is attached to them."""
    if not uow.actor.teams:
        return Targets()
    outages = _outages(uow, words)
    if words.strip():
        searched(uow)
        found = search(uow.session, uow.actor, words, page=0, size=LOOKED_AT)
        rows, has_more = found.tickets, found.has_more
    else:
        rows, has_more = ticket_rows(uow.session, _newest(uow)), False
    open_ones = TRANSITIONS[Action.RESOLVE].sources
    fit = [each for each in rows if each.status in open_ones and each.has_card]
    tickets = [each for each in fit if each.id != ticket_id and not each.is_confidential]
    has_more = has_more or (bool(words.strip()) and max(len(tickets), len(outages)) > OFFERED)
    return Targets(tickets[:OFFERED], outages[:OFFERED], has_more)


def _newest(uow: UnitOfWork) -> Sequence[int]:
    """The newest tickets of each of the actor's teams."""
    numbers: list[int] = []
    for team_id in sorted(uow.actor.teams):
        newest = select(Ticket.id).where(Ticket.team_id == team_id).order_by(Ticket.id.desc())
        numbers += uow.session.scalars(newest.limit(LOOKED_AT)).all()
    return sorted(numbers, reverse=True)[:LOOKED_AT]


def _outages(uow: UnitOfWork, words: str) -> Sequence[Outage]:
    known = select(Outage).where(Outage.resolved_at.is_(None), Outage.team_id.in_(sorted(uow.actor.teams)))
    wanted = plain(words).casefold().split()
    return [
        each
        for each in uow.session.scalars(known.order_by(Outage.id.desc()))
        if all(word in plain(each.title).casefold() for word in wanted)
    ]
