"""What requesters and technicians do: each ticket has a life of its own, drawn from one seed."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.services.outages import actions as outages
from bot.services.outages.followers import follow
from models.errors import HelpDeskError
from models.lifecycle import Action, Agreement, Impact, Kind, Role, Status, Urgency
from models.tickets.draft import TicketDraft
from models.tickets.outage import OutageDraft
from models.tickets.ticket import Ticket
from models.tickets.transitions import possible
from tests.support.use_case_desk import SmallDesk
from tests.year.desk import SERVICES, TEAMS, Somebody
from tests.year.hours import DAY, HOUR, MINUTE, Count
from tests.year.people import requesters, technicians
from tests.year.people.agenda import Agenda
from tests.year.people.requesters import Weights, new_uuid
from tests.year.people.technicians import Technicians

if TYPE_CHECKING:
    from tests.year.people.approvers import Approvers

STEPS_MAX = 6  # of technicians with one ticket
T = TypeVar("T")


@dataclass
class People:
    desk: Callable[[], SmallDesk]
    """With the present settings."""
    clock: Callable[[], datetime]
    agenda: Agenda
    count: Count
    """The hours in which technicians mostly work."""
    requesters: Sequence[Somebody]
    technicians: Mapping[str, Sequence[Somebody]]
    chance: random.Random
    owners: dict[int, Somebody] = field(default_factory=dict)
    steps: dict[int, int] = field(default_factory=dict)
    refusals: int = 0
    share: float = 0.2
    """Which part of the requests needs an agreement."""
    approvers: "Approvers" = field(init=False)

    # -- what happens by itself -------------------------------------------------------------------------

    def plan(self, tickets: int, start: datetime, end: datetime) -> None:
        """Plan the opening of tickets, most of them in opening hours, and an outage now and then."""
        minutes = int((end - start) / MINUTE)
        for _ticket in range(tickets):
            at = start + self.chance.randrange(minutes) * MINUTE
            self.agenda.add(self._in_hours(at) if self.chance.random() < 0.8 else at, self._open)
        for _outage in range(max(tickets // 250, 2)):
            at = self._in_hours(start + self.chance.randrange(minutes) * MINUTE)
            self.agenda.add(at, self._declare)

    def has_changed(self, ticket: int, action: Action) -> None:
        """The desk itself did something with a ticket."""
        if action is Action.CLOSE:
            if self.chance.random() < 0.3:
                self._turn_of_requester(ticket, timedelta(days=self.chance.uniform(0.1, 70)))
        elif action is Action.WAKE:
            self.turn_of_technician(ticket)
        elif action is Action.RESOLVE:
            self._turn_of_requester(ticket)

    # -- when somebody is next --------------------------------------------------------------------------

    def _in_hours(self, at: datetime) -> datetime:
        opening = self.count.opening(at)
        return at if opening == at else opening + self.chance.randrange(120) * MINUTE

    def turn_of_technician(self, ticket: int, mean: timedelta = 6 * HOUR) -> None:
        at = self.clock() + MINUTE + self.chance.expovariate(1) * mean
        if self.chance.random() < 0.95:
            at = self._in_hours(at.replace(second=0, microsecond=0))
        self.agenda.add(at, lambda: self._technician(ticket))

    def _turn_of_requester(self, ticket: int, delay: timedelta | None = None) -> None:
        match self.owners[ticket].character:
            case "silent":
                return
            case "late":
                delay = delay or timedelta(days=self.chance.expovariate(1 / 9))
            case _:
                delay = delay or timedelta(hours=self.chance.expovariate(1 / 20))
        self.agenda.add(self.clock() + MINUTE + delay, lambda: self._requester(ticket))

    # -- opening ----------------------------------------------------------------------------------------

    def _open(self) -> None:
        owner, chance = self.chance.choice(self.requesters), self.chance
        service = chance.choice([None, *SERVICES])
        draft = TicketDraft(
            submission=new_uuid(self.chance),
            title=chance.choice(["Plus d’accès", "Écran noir", "Rien ne s’imprime", "Besoin d’un compte"]),
            kind=Kind.REQUEST if service and chance.random() < 0.4 else Kind.INCIDENT,
            impact=chance.choices(list(Impact), [8, 2, 1])[0],
            urgency=chance.choice(list(Urgency)),
            site_id="iut",
            service_id=service,
        )
        if self.approvers.chance.random() < self.share:
            self._begin_request(draft)
            return
        ticket = self.desk().open(draft, by=owner.actor, now=self.clock())
        self._begin(ticket, owner)

    def _begin_request(self, draft: TicketDraft) -> None:
        """One that needs an agreement."""
        filed = self.do(lambda: self.approvers.request(draft, self.desk()))
        if filed is not None:
            self._begin(*filed)

    def _begin(self, ticket: Ticket, owner: Somebody) -> None:
        self.owners[ticket.id], self.steps[ticket.id] = owner, 0
        if not ticket.is_outage_child:
            self.turn_of_technician(ticket.id, 4 * HOUR)
        if self.chance.random() < 0.15:
            self._turn_of_requester(ticket.id, timedelta(days=self.chance.uniform(0.5, 9)))

    def _declare(self) -> None:
        """An outage, which some people follow, some hours later resolved."""
        team = self.chance.choice(TEAMS)
        by = self.chance.choice(self.technicians[team]).actor
        draft = OutageDraft(new_uuid(self.chance), "Panne générale", team_id=team)
        outage = self.do(lambda: self.desk().do(lambda uow: outages.declare(uow, draft), by, self.clock()))
        if outage is None:
            return
        for owner in self.chance.sample(list(self.requesters), 10):
            at = self.clock() + self.chance.randrange(1, 300) * MINUTE
            self.agenda.add(at, partial(self._follow, outage.id, owner))
        end = self.clock() + self.chance.randrange(300, 4000) * MINUTE
        self.agenda.add(end, lambda: self._end(outage.id, team))

    def _follow(self, outage: int, owner: Somebody) -> None:
        now = self.clock()
        ticket = self.do(lambda: self.desk().do(lambda uow: follow(uow, outage), owner.actor, now))
        if ticket is not None and ticket.id not in self.owners:
            self._begin(ticket, owner)

    def _end(self, outage: int, team: str) -> None:
        by, now = self.chance.choice(self.technicians[team]).actor, self.clock()
        self.do(lambda: self.desk().do(lambda uow: outages.resolve(uow, outage, "Réparé."), by, now))

    # -- turns ------------------------------------------------------------------------------------------

    def _requester(self, number: int) -> None:
        ticket, owner, now = self.ticket(number), self.owners[number], self.clock()
        usual = requesters.weights(ticket, is_fussy=owner.character == "fussy")
        action = self._choose(ticket, Role.REQUESTER, usual)
        if action is None:
            return
        done = self.do(lambda: requesters.do(self.desk(), ticket, action, owner.actor, self.chance, now))
        if done is not None:
            after = self.ticket(number)
            if action is Action.POSTPONE:
                self._turn_of_requester(number)
            elif after.status is not Status.CLOSED and after.wait_event is None:
                self.turn_of_technician(number)
            elif action is Action.APPROVE and self.chance.random() < 0.2:
                self._turn_of_requester(number)  # a rating, or it breaks again

    def _technician(self, number: int) -> None:
        ticket = self.ticket(number)
        if ticket.status is Status.CLOSED:
            return
        weights = technicians.WEIGHTS[ticket.status]
        if ticket.agreement is Agreement.ASKED:
            weights = technicians.WHILE_ASKED
        elif self.steps[number] > STEPS_MAX and Action.RESOLVE in weights:
            weights = {Action.RESOLVE: 1}
        action = self._choose(ticket, Role.TECHNICIAN, weights)
        if action is None:
            return
        self.steps[number] += ticket.agreement is not Agreement.ASKED
        members = [each.actor for each in self.technicians[ticket.team_id]]
        team = Technicians(self.desk(), members, self.chance, self.clock(), self.approvers)
        self.do(lambda: team.do(ticket, action))
        self._after_technician(self.ticket(number))

    def _after_technician(self, ticket: Ticket) -> None:
        if ticket.agreement is Agreement.ASKED:
            return  # they come back once it is given
        if ticket.wait_event is not None:
            self._turn_of_requester(ticket.id)
            if self.chance.random() < 0.1:
                self.turn_of_technician(ticket.id, 10 * DAY)
        elif ticket.status in {Status.NEW, Status.IN_PROGRESS}:
            self.turn_of_technician(ticket.id, 20 * HOUR)
        elif ticket.status is Status.PENDING and (ticket.wakes_at is None or self.chance.random() < 0.3):
            self.turn_of_technician(ticket.id, 8 * DAY)

    # -- tools ------------------------------------------------------------------------------------------

    def _choose(self, ticket: Ticket, role: Role, weights: Weights) -> Action | None:
        """One of the actions that the ticket's state allows."""
        open_ = [each for each in possible(ticket, {role}) if weights.get(each)]
        return self.chance.choices(open_, [weights[each] for each in open_])[0] if open_ else None

    def do(self, act: Callable[[], T]) -> T | None:
        """Do it, unless the desk refuses, as it may."""
        try:
            return act()
        except HelpDeskError:
            self.refusals += 1
            return None

    def ticket(self, number: int) -> Ticket:
        with self.desk().sessions() as session:
            ticket = session.get_one(Ticket, number)
            _loaded = ticket.assignee and ticket.assignee.slack_id
            return ticket
