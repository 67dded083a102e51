"""Histories at random, of catalogues at random: nothing is resolved past a step that is asked, and no step is
asked of nobody."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from bot.services.approvals.rows import approvals_of
from bot.services.approvers.by_hand import Given, record_agreement, request_agreement
from bot.services.approvers.decide import decide_step
from bot.services.tickets import editing, triage
from bot.services.tickets.actions import act
from bot.services.tickets.new_ticket import open_ticket
from models.approval_rule import ApprovalStep, Approvers, Condition, Quorum, Source
from models.approvals.approval import CURRENT, Approval, Decision, StepState
from models.approvals.process import current
from models.catalogue import Service
from models.characters import fingerprint
from models.errors import HelpDeskError
from models.lifecycle import Action, Agreement, Kind, Status
from models.tickets.draft import NewAnswer
from models.tickets.ticket import Ticket
from tests.services.test_approvals import HOLDER, QUESTIONS
from tests.support.use_case_desk import NOW, SmallDesk

PEOPLE = ("lea", "oliver", "karim", "camille")
ACTIONS = (
    *(Action.TAKE, Action.RESOLVE, Action.ASK, Action.ANSWER, Action.APPROVE, Action.REFUSE),
    *(Action.CANCEL, Action.REOPEN, Action.RESUME, Action.COMMENT),
)


class History:
    """One request, and what is done to it."""

    def __init__(self, desk: SmallDesk, seed: int) -> None:
        self.desk, self.random = desk, Random(seed)
        self.now: datetime = NOW
        self.set_catalogue()
        answers = (
            NewAnswer("holder", "Responsable", self.slack_id()),
            NewAnswer("other", "Autre", self.slack_id()),
            NewAnswer("amount", "Montant", self.random.choice(("100", "900"))),
        )
        draft = desk.draft(kind=Kind.REQUEST, service_id="imprimante", answers=answers)
        self.number = desk.do(lambda uow: open_ticket(uow, draft), desk.actor("camille")).id

    def slack_id(self) -> str:
        return f"U0{self.random.choice(('LEA', 'OLIVER', 'KARIM'))}"

    def set_catalogue(self) -> None:
        with self.desk.sessions.begin() as session:
            for name in ("imprimante", "wifi"):
                service = session.get_one(Service, name)
                service.questions = QUESTIONS
                service.approval = [self.step() for _ in range(self.random.randrange(3))]

    def step(self) -> ApprovalStep:
        random = self.random
        return replace(
            ApprovalStep(Approvers(Source.QUESTION, (random.choice(("holder", "other", "gone")),)), HOLDER),
            quorum=random.choice(list(Quorum)),
            when=random.choice((None, Condition("amount", above=800))),
            own_is_recorded=random.random() < 0.3,
        )

    def go_on(self) -> None:
        self.now += timedelta(hours=1)
        deeds: tuple[Callable[[], object], ...] = (
            *(self.act, self.act, self.decide, self.decide),
            *(self.ask, self.record, self.edit, self.requalify),
        )
        with suppress(HelpDeskError):
            self.random.choice(deeds)()

    def act(self) -> None:
        action = self.random.choice(ACTIONS)
        for name in ("camille", "karim"):
            by = self.desk.actor(name, *(("assistance", "reseau") if name == "karim" else ()))
            try:
                self.desk.do(lambda uow: act(uow, self.number, action, text="Voilà."), by, self.now)
            except HelpDeskError:
                continue
            return

    def decide(self) -> None:
        if (step := current(self.steps())) is not None:
            decision = self.random.choice((*Decision, Decision.AGREE))
            asked = [each.person.name.lower() for each in step.approvers]
            by = self.desk.actor(self.random.choice((*asked, *asked, *PEOPLE)))
            self.desk.do(lambda uow: decide_step(uow, step.id, decision, "Parce que."), by, self.now)

    def ask(self) -> None:
        of = self.desk.actor(self.random.choice(PEOPLE))
        self.by_karim(lambda uow: request_agreement(uow, self.number, of, "", "Pourquoi."))

    def record(self) -> None:
        of, step = self.desk.actor(self.random.choice(PEOPLE)), current(self.steps())
        given = Given("Par courriel.", step=step.id if step else None)
        self.by_karim(lambda uow: record_agreement(uow, self.number, of, given))

    def edit(self) -> None:
        was = {"title": fingerprint(self.ticket().title)}
        changed = {"title": f"Titre {self.now}"}
        by = self.desk.actor("camille")
        self.desk.do(lambda uow: editing.edit(uow, self.number, changed, was), by, self.now)

    def requalify(self) -> None:
        service = self.random.choice(("imprimante", "wifi", None))
        self.by_karim(lambda uow: triage.requalify(uow, self.number, {"service": service}, ""))

    def by_karim(self, use_case: Callable[..., object]) -> None:
        self.desk.do(use_case, self.desk.actor("karim", "assistance", "reseau"), self.now)

    def ticket(self) -> Ticket:
        with self.desk.sessions() as session:
            return session.get_one(Ticket, self.number)

    def steps(self) -> list[Approval]:
        with self.desk.sessions() as session:
            found = list(approvals_of(session, self.number))
            for each in found:  # read while the session is open
                assert all(approver.person.name for approver in each.approvers)
            return found


def check(history: History) -> None:
    ticket, steps = history.ticket(), history.steps()
    present = [each for each in steps if each.state in CURRENT]
    is_asked = ticket.agreement is Agreement.ASKED
    assert len(present) == (1 if is_asked else 0)
    assert not (is_asked and ticket.status in {Status.RESOLVED, Status.CLOSED})
    assert is_asked or all(each.state is not StepState.LATER for each in steps)
    for each in present:
        is_somebody_asked = any(approver.is_open for approver in each.approvers)
        is_queried = any(approver.decision is Decision.ASK for approver in each.approvers)
        if each.state is StepState.INCOMPLETE:  # the requester completes it
            assert is_queried
        else:
            assert is_somebody_asked == (each.state is StepState.ASKED)
        requester = ticket.requester_id
        assert all(approver.person_id != requester or approver.decision for approver in each.approvers)
    if ticket.status in {Status.NEW, Status.IN_PROGRESS}:
        assert (ticket.clock_since is None) == is_asked
    assert (ticket.due_at.year == 9999) == is_asked or ticket.status is Status.CLOSED


@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_resolved_past_a_step_that_is_asked_and_none_is_asked_of_nobody(
    shared_desk: SmallDesk, seed: int
) -> None:
    for part in range(3):
        history = History(shared_desk, seed * 3 + part)
        check(history)
        for _ in range(12):
            history.go_on()
            check(history)
