"""What technicians do with tickets."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.context.actor import Actor
from bot.services.tickets import triage
from models.lifecycle import Action, HoldReason, Impact, Status, Urgency
from models.tickets.ticket import Ticket
from tests.support import scenarios
from tests.support.use_case_desk import SmallDesk
from tests.year.desk import SERVICES, TEAMS
from tests.year.hours import DAY
from tests.year.people.requesters import Weights, new_uuid

if TYPE_CHECKING:
    from tests.year.people.approvers import Approvers

# What they do with a ticket in each state; what its state forbids is left out.
WEIGHTS: Mapping[Status, Weights] = {
    Status.NEW: {Action.TAKE: 5, Action.ASSIGN: 1, Action.REQUALIFY: 1, Action.TRANSFER: 0.5}
    | {Action.RESOLVE: 3, Action.REPLY: 0.3, Action.CANCEL: 0.1, Action.DUPLICATE: 0.1}
    | {Action.REQUEST_AGREEMENT: 0.15},
    Status.IN_PROGRESS: {Action.ASK: 4, Action.RESOLVE: 5, Action.HOLD: 2, Action.REPLY: 0.5}
    | {Action.NOTE: 0.2, Action.REQUALIFY: 0.6, Action.TRANSFER: 0.3, Action.ASSIGN: 0.3}
    | {Action.REQUEST_AGREEMENT: 0.15, Action.RECORD_AGREEMENT: 0.1},
    Status.PENDING: {Action.RESUME: 1, Action.RESOLVE: 0.7, Action.REPLY: 0.7, Action.ASK_AGAIN: 3}
    | {Action.REQUALIFY: 0.3},
    Status.RESOLVED: {Action.ASK_AGAIN: 4, Action.REPLY: 1, Action.RECORD_APPROVAL: 0.2},
    Status.CLOSED: {},
}
WHILE_ASKED: Weights = {
    **{Action.TAKE: 1, Action.REPLY: 1, Action.ASK: 0.5, Action.HOLD: 0.5, Action.NOTE: 1, Action.RESOLVE: 3},
    **{Action.REQUALIFY: 1, Action.RECORD_AGREEMENT: 1, Action.REQUEST_AGREEMENT: 0.5, Action.CANCEL: 0.2},
    **{Action.CHOOSE_APPROVER: 0.5},
}


@dataclass(frozen=True)
class Technicians:
    """`members`: of the team that has the ticket."""

    desk: SmallDesk
    members: list[Actor]
    chance: random.Random
    now: datetime
    approvers: "Approvers"

    def do(self, ticket: Ticket, action: Action) -> object:
        """One of them does it by its use case, which may refuse it."""
        desk, by, now = self.desk, self.chance.choice(self.members), self.now
        match action:
            case Action.REPLY | Action.ASK:
                waits, form = action is Action.ASK, new_uuid(self.chance)
                return scenarios.reply(
                    desk, ticket, by, "Quelle salle ?", waits=waits, submission=form, now=now
                )
            case Action.NOTE:
                form = new_uuid(self.chance)
                return scenarios.note(desk, ticket, by, "À voir.", submission=form, now=now)
            case Action.HOLD:
                return self._hold(ticket, by)
            case Action.ASSIGN:
                to = self.chance.choice(self.members)
                seen = ticket.assignee.slack_id if ticket.assignee else None
                return desk.do(lambda uow: triage.assign(uow, ticket.id, to, seen=seen), by, now)
            case Action.REQUALIFY:
                return scenarios.requalify(desk, ticket, by, now=now, **self._requalification())
            case Action.TRANSFER:
                team = self.chance.choice([each for each in TEAMS if each != ticket.team_id])
                return scenarios.requalify(desk, ticket, by, now=now, why="Pas pour nous.", team=team)
            case Action.REQUEST_AGREEMENT | Action.RECORD_AGREEMENT | Action.CHOOSE_APPROVER:
                return self.approvers.by_hand(desk, ticket, action, by)
            case Action.DUPLICATE:
                return scenarios.link_old(desk, ticket, by, max(ticket.id - 1, 1), now=now)
        return desk.act(ticket, action, by, "Voilà.", now)

    def _hold(self, ticket: Ticket, by: Actor) -> object:
        reason = self.chance.choice(list(HoldReason))
        day = self.now + self.chance.randrange(1, 20) * DAY
        has_day = reason is HoldReason.DATE or self.chance.random() < 0.3
        return scenarios.hold(self.desk, ticket, by, reason, day if has_day else None, now=self.now)

    def _requalification(self) -> dict[str, Any]:
        """Another impact and urgency, or another service of any team's."""
        if self.chance.random() < 0.4:
            return {"service": self.chance.choice(list(SERVICES))}
        return {"impact": self.chance.choice(list(Impact)), "urgency": self.chance.choice(list(Urgency))}
