"""Agreements before the work: nobody works past one that is asked, somebody can always bring it on, only
those who agreed have agreed, and in the end no message asks for what is decided."""

from collections import Counter
from collections.abc import Iterator

from models.approvals.approval import Decision, StepState
from models.lifecycle import Action, Agreement
from models.outbox.kinds import DeliveryKind, DeliveryState
from tests.chaos.account.table import Account
from tests.year.account.facts import Facts
from tests.year.account.steps import OPEN, by_step
from tests.year.books import Asked
from tests.year.hours import DAY

_DECIDES = {Decision.AGREE: Action.AGREE, Decision.DECLINE: Action.DECLINE, Decision.ASK: Action.QUERY}


def reckon_agreements(facts: Facts, account: Account) -> None:
    asked = facts.books.asked
    states = Counter(each.state for each in asked)
    for state in (StepState.GIVEN, StepState.DECLINED, StepState.INCOMPLETE, StepState.CHOICE):
        account.rows[f"steps of agreements that were {state}"] = states[state]
    account.rows["steps that asked the fallback"] = len(
        {each.approval for each in asked if each.has_fallback}
    )
    account.count("resolved before the agreement", _resolved_before(facts))
    own = (_name(each) for each in asked if each.open & _own(facts, each.ticket))
    account.count("agreements asked of who requests or files", own)
    account.count("steps asked of nobody", _of_nobody(facts))
    account.count("agreements asked with no step", _without_step(facts))
    account.count("steps given though nobody agreed", _silence(facts))
    account.count("decisions lost or doubled", _decisions(facts))
    account.count("messages that ask for what is decided", _left_with_buttons(facts))


def _name(asked: Asked) -> str:
    return f"n° {asked.ticket}, step {asked.approval} at {asked.at}"


def _own(facts: Facts, ticket: int) -> set[int]:
    filer = facts.books.filers.get(ticket)
    return {facts.books.requesters[ticket]} | ({filer} if filer else set())


def _resolved_before(facts: Facts) -> Iterator[str]:
    for number, steps in facts.steps.items():
        agreement = None
        for step in steps:
            if step.action is Action.RESOLVE and agreement is Agreement.ASKED:
                yield f"n° {number} at {step.at}"
            agreement = step.agreement or agreement


def _of_nobody(facts: Facts) -> Iterator[str]:
    """One that is asked has somebody who may decide; one that is to be looked up is, within a day."""
    lookups = [row for row in facts.books.rows if row.kind is DeliveryKind.APPROVERS]
    for some in by_step(facts).values():
        for each, later in zip(some, [*some[1:], None], strict=True):
            if each.state is StepState.ASKED and not each.open:
                yield _name(each)
            until = later.at if later else facts.books.end
            if each.state is StepState.LOOKUP:
                of_step = [row for row in lookups if row.approval == each.approval]
                is_queued = any(not row.completed_at or row.completed_at >= each.at for row in of_step)
                is_long = until - each.at > DAY and not facts.is_stopped(each.at, until)
                if not is_queued or is_long:
                    yield _name(each)


def _without_step(facts: Facts) -> Iterator[str]:
    """In the end each ticket whose agreement is asked has one step that is."""
    current = Counter(some[-1].ticket for some in by_step(facts).values() if some[-1].state in OPEN)
    for number, steps in facts.steps.items():
        said = [step.agreement for step in steps if step.agreement is not None]
        is_asked = bool(said) and said[-1] is Agreement.ASKED
        if current[number] != int(is_asked):
            yield f"n° {number}: {current[number]} steps"


def _silence(facts: Facts) -> Iterator[str]:
    """A step is given once somebody clicked, or a technician recorded it."""
    agreed = {click.approval for click in facts.books.clicks if click.decision is Decision.AGREE}
    for each in facts.books.asked:
        if each.state is StepState.GIVEN and each.approval not in agreed:
            steps = facts.steps[each.ticket]
            if not any(s.action is Action.RECORD_AGREEMENT and s.at == each.at for s in steps):
                yield _name(each)


def _decisions(facts: Facts) -> Iterator[str]:
    """Each decision that went well is an event of the history, and nobody agreed twice in a step."""
    tickets = {each.approval: each.ticket for each in facts.books.asked}
    wanted = Counter(
        (tickets[click.approval], _DECIDES[click.decision], click.at) for click in facts.books.clicks
    )
    there = Counter((step.ticket, step.action, step.at) for step in facts.books.steps)
    yield from (f"n° {key[0]}, {key[1]} at {key[2]}" for key, times in wanted.items() if there[key] != times)
    ends = Counter(
        (click.approval, click.person) for click in facts.books.clicks if click.decision is not Decision.ASK
    )
    yield from (f"step {key[0]}, person {key[1]}" for key, times in ends.items() if times > 1)


def _left_with_buttons(facts: Facts) -> Iterator[str]:
    """But for a message of which Slack took no edit any more."""
    last = {number: some[-1] for number, some in by_step(facts).items()}
    refused = {post.to for post in facts.books.refused}
    for key in facts.books.buttons:
        row, post = facts.rows[key], facts.posted[key]
        assert row.approval is not None
        edits = [each for each in facts.books.rows if each.is_edit and each.approval == row.approval]
        is_lost = any(e.person == row.person and e.state is not DeliveryState.SENT for e in edits)
        if row.person not in last[row.approval].open and not (is_lost or post.to in refused):
            yield key
