"""What requesters do with their tickets."""

import random
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from bot.context.actor import Actor
from bot.services.clocks.chasing import chase, postpone
from bot.services.tickets.comments import replies
from models.lifecycle import Action, Rating, Status
from models.tickets.ticket import Ticket
from tests.support import scenarios
from tests.support.use_case_desk import SmallDesk

Weights = Mapping[Action, float]
# What they do with what waits for them, and with what does not.
ASKED: Mapping[Status, Weights] = {
    Status.PENDING: {Action.ANSWER: 6, Action.POSTPONE: 1.5, Action.CANCEL: 0.2},
    Status.RESOLVED: {Action.APPROVE: 6, Action.REFUSE: 1, Action.COMMENT: 0.7, Action.POSTPONE: 1},
}
UNASKED: Weights = {Action.CHASE: 3, Action.COMMENT: 1, Action.REOPEN: 1, Action.RATE: 2}
FUSSY: Weights = {Action.REFUSE: 6, Action.CHASE: 9}


def weights(ticket: Ticket, *, is_fussy: bool) -> Weights:
    """What they may do, and how often."""
    usual = ASKED[ticket.status] if ticket.wait_event is not None else UNASKED
    return {**usual, **FUSSY} if is_fussy else usual


def do(
    desk: SmallDesk, ticket: Ticket, action: Action, by: Actor, chance: random.Random, now: datetime
) -> object:
    """Do it by its use case, which may refuse it."""
    match action:
        case Action.ANSWER | Action.COMMENT:
            form = new_uuid(chance)
            return desk.do(
                lambda uow: replies.add(uow, ticket.id, "B204.", files=(), submission=form), by, now
            )
        case Action.POSTPONE:
            return desk.do(lambda uow: postpone(uow, ticket.id), by, now)
        case Action.CHASE:
            return desk.do(lambda uow: chase(uow, ticket.id), by, now)
        case Action.RATE:
            return scenarios.rate(desk, ticket, by, chance.choice(list(Rating)), now=now)
    return desk.act(ticket, action, by, "Voilà.", now)


def new_uuid(chance: random.Random) -> str:
    """The same for the same seed."""
    return str(UUID(int=chance.getrandbits(128), version=4))
