"""What approvers do with what they are asked, and what requesters and technicians do about an agreement."""

import random
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import update

from bot.context.actor import Actor
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.absence import save_absence
from bot.services.approvers.by_hand import Given, record_agreement, request_agreement
from bot.services.approvers.complete import choose_approver, complete_request
from bot.services.approvers.decide import decide_step
from models.approvals.approval import CURRENT, Decision, StepState
from models.approvals.process import current
from models.lifecycle import Action, Agreement, Kind
from models.person import Person
from models.tickets.draft import NewAnswer, TicketDraft
from models.tickets.ticket import Ticket
from tests.support.use_case_desk import SmallDesk, at_once
from tests.year.books import Asked, Click
from tests.year.desk import DIRECTION, HOLDER, LIMIT, WITH_STEPS, Somebody
from tests.year.hours import DAY, HOUR, MINUTE
from tests.year.people.crowd import People
from tests.year.people.requesters import new_uuid
from tests.year.senders import Slack

DECISIONS: Mapping[Decision, float] = {Decision.AGREE: 7, Decision.DECLINE: 1, Decision.ASK: 2}
SILENT, LATE, TWICE = 0.2, 0.25, 0.15


@dataclass
class Approvers:
    """`wanted`: the jobs that are to run. `groups`: the members of user groups."""

    people: People
    wanted: set[str]
    groups: MutableMapping[str, list[str]]
    all: Sequence[Somebody]
    with_threads: bool = True
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    clicks: list[Click] = field(default_factory=list)
    _known: dict[int, Asked] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    # -- what happens by itself -------------------------------------------------------------------------

    def plan(self, start: datetime, end: datetime, *, trouble: Slack) -> None:
        """Plan absences, an account that is deactivated, one that Slack closes, somebody who leaves a group,
        and a month in which somebody gets no messages."""
        add, span = self.people.agenda.add, end - start
        for who in self.all:
            for _time in range(max(span.days // 90, 1)):
                first = start + self.chance.uniform(0.05, 0.95) * span
                add(first - self.chance.randrange(-2, 10) * DAY, partial(self._plan_absence, who, first))
        add(start + 0.6 * span, partial(self._deactivate, self.all[3]))
        add(start + 0.4 * span, lambda: self.groups[DIRECTION].pop())
        closed, refused = (each.actor.slack_id for each in (self.all[6], self.all[7]))
        trouble.closed[closed] = (start + 0.7 * span, end)
        trouble.refused[refused] = (start + 0.3 * span, start + 0.5 * span)

    def _plan_absence(self, who: Somebody, first: datetime) -> None:
        others = [each.actor.id for each in [*self.all, *self.people.requesters[:2]] if each is not who]
        substitute = self.chance.choice(others) if self.chance.random() < 0.8 else None
        day = max(first, self.people.clock()).date()
        last = day + self.chance.randrange(3, 20) * DAY
        now = self.people.clock()
        self.people.do(
            lambda: self.desk.do(lambda uow: save_absence(uow, day, last, substitute), who.actor, now)
        )
        begins = datetime.combine(day, datetime.min.time(), now.tzinfo)
        self.people.agenda.add(max(begins, now) + MINUTE, lambda: self.wanted.add("ask_substitutes"))

    def _deactivate(self, who: Somebody) -> None:
        with self.desk.sessions.begin() as session:
            session.execute(update(Person).where(Person.id == who.actor.id).values(is_deactivated=True))
        self.wanted.add("drop_unfit")

    @property
    def desk(self) -> SmallDesk:
        return self.people.desk()

    # -- filing -----------------------------------------------------------------------------------------

    def request(self, draft: TicketDraft, desk: SmallDesk) -> tuple[Ticket, Somebody]:
        """File a request that needs an agreement: an approver's, or anybody else's."""
        chance, now = self.chance, self.people.clock()
        owner = chance.choice(self.all if chance.random() < 0.2 else self.people.requesters)
        service = chance.choice(list(WITH_STEPS))
        answers = self._answers(draft.submission) if service == "achat" else ()
        filled = replace(draft, kind=Kind.REQUEST, service_id=service, answers=answers)
        return desk.open(filled, by=owner.actor, now=now), owner

    def _answers(self, _seed: str = "") -> Sequence[NewAnswer]:
        amount = self.chance.choice([LIMIT // 2, LIMIT, LIMIT + 1, 4 * LIMIT])
        holder = self.chance.choice(self.all).actor.slack_id
        return (NewAnswer("holder", HOLDER, holder), NewAnswer("montant", "Montant", str(amount)))

    # -- what a step brings -----------------------------------------------------------------------------

    def follow(self, asked: Asked) -> None:
        """Who may decide in a step now, or has something to do about it, will."""
        before = self._known.get(asked.approval)
        self._known[asked.approval] = asked
        for person in sorted(asked.open - (before.open if before else set())):
            self._turn(asked.approval, person)
        is_new = before is None or before.state is not asked.state
        before = before or asked
        if asked.state is StepState.GIVEN:
            self.people.turn_of_technician(asked.ticket)
        elif asked.state is StepState.INCOMPLETE and (is_new or asked.lines > before.lines):
            self._later(partial(self._complete, asked.ticket), 3)
        elif asked.state is StepState.ASKED and is_new and self.chance.random() < 0.3:
            self.people.turn_of_technician(asked.ticket)
        elif asked.state in CURRENT and asked.lines > (0 if is_new else before.lines):
            self._later(partial(self._choose, asked.ticket), 4)

    def _turn(self, approval: int, person: int) -> None:
        chance, habit = self.chance, self.chance.random()
        if habit < SILENT:
            return
        days = chance.expovariate(1 / 6) if habit < SILENT + LATE else chance.expovariate(1.5)
        act = partial(self._decide, approval, person)
        self.people.agenda.add(self.people.clock() + MINUTE + timedelta(days=days), act)

    def _later(self, act: Any, mean: float) -> None:
        """Some days later; now and then never."""
        if self.chance.random() < 0.85:
            delay = timedelta(days=self.chance.expovariate(1 / mean))
            self.people.agenda.add(self.people.clock() + HOUR + delay, act)

    # -- deciding ---------------------------------------------------------------------------------------

    def _decide(self, approval: int, person: int) -> None:
        """Now and then two at once: somebody else who is asked, or the same person again."""
        chance, asked = self.chance, self._known[approval]
        clicks = [partial(self._click, approval, person, self._decision())]
        if chance.random() < TWICE:
            other = chance.choice(sorted(asked.open) or [person])
            clicks.append(partial(self._click, approval, other, self._decision()))
        for click in [] if self.with_threads and len(clicks) > 1 else clicks:
            self.people.do(click)
        if self.with_threads and len(clicks) > 1:
            at_once(clicks)

    def _decision(self) -> Decision:
        return self.chance.choices(list(DECISIONS), [*DECISIONS.values()])[0]

    def _click(self, approval: int, person: int, decision: Decision) -> None:
        now, by, words = self.people.clock(), self._actor(person), f"Voilà {next(self._numbers)}."
        self.desk.do(lambda uow: decide_step(uow, approval, decision, words), by, now)
        self.clicks.append(Click(now, approval, person, decision))

    def _actor(self, person: int) -> Actor:
        technicians = [each for some in self.people.technicians.values() for each in some]
        everybody = [*self.all, *self.people.requesters, *technicians]
        return next(each.actor for each in everybody if each.actor.id == person)

    # -- about an agreement -----------------------------------------------------------------------------

    def _complete(self, number: int) -> None:
        """Its requester completes it, now and then with other answers."""
        ticket, owner, now = self.people.ticket(number), self.people.owners[number], self.people.clock()
        answers = self._answers() if ticket.service_id == "achat" and self.chance.random() < 0.3 else ()
        form, desk = new_uuid(self.chance), self.desk
        self.people.do(
            lambda: desk.do(
                lambda uow: complete_request(uow, number, "Pour B204.", answers=answers, submission=form),
                owner.actor,
                now,
            )
        )

    def _choose(self, number: int) -> None:
        """Its requester chooses somebody else, or cancels."""
        ticket, owner, now = self.people.ticket(number), self.people.owners[number], self.people.clock()
        if ticket.agreement is not Agreement.ASKED:
            return
        if self.chance.random() < 0.3:
            self.people.do(lambda: self.desk.act(ticket, Action.CANCEL, owner.actor, "Inutile.", now))
            return
        chosen = self.chance.choice(self.all).actor
        self.people.do(
            lambda: self.desk.do(lambda uow: choose_approver(uow, number, chosen), owner.actor, now)
        )

    def by_hand(self, desk: SmallDesk, ticket: Ticket, action: Action, by: Actor) -> object:
        """A technician asks somebody, names somebody else to ask, or records an agreement."""
        number, of, now = ticket.id, self.chance.choice(self.all).actor, self.people.clock()
        if action is Action.CHOOSE_APPROVER:
            return desk.do(lambda uow: choose_approver(uow, number, of), by, now)
        if action is Action.REQUEST_AGREEMENT:
            return desk.do(lambda uow: request_agreement(uow, number, of, "", "D’accord ?"), by, now)
        with desk.sessions() as session:
            step = current(approvals_of(session, number))
            given = Given("Par téléphone, ce matin.", step=step.id if step else None)
        return desk.do(lambda uow: record_agreement(uow, number, of, given), by, now)
