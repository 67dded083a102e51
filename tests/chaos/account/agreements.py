"""Agreements: what was decided is kept once, and no message asks for what is decided."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.approvals.approval import CURRENT, Approval, Approver, Decision, StepState
from models.lifecycle import Action, Agreement
from models.outbox.delivery import Delivery
from models.outbox.details import AgreementDetails
from models.outbox.kinds import DeliveryKind
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.chaos.account.messages import Messages
from tests.chaos.account.table import Account
from tests.chaos.people.ledger import Ledger


def reckon_agreements(
    session: Session, deliveries: Sequence[Delivery], messages: Messages, ledger: Ledger, account: Account
) -> None:
    approvals = session.scalars(select(Approval)).all()
    states = Counter(each.state for each in approvals)
    account.rows |= {f"agreements {state}": states[state] for state in StepState if states[state]}
    # What is said once everybody has agreed is a message to the team.
    texts = Counter(
        text
        for column in (Event.text, Comment.text)
        for text in session.scalars(select(column).where(column.in_(ledger.about_agreements)))
    )
    account.count("words about agreements lost", ledger.about_agreements - set(texts))
    account.count("words about agreements doubled", (text for text, times in texts.items() if times > 1))
    account.count("agreements doubled", _doubled(session, approvals))
    account.count("agreements asked of nobody", _of_nobody(session, approvals))
    approvers = {(row.approval_id, row.person_id): row for each in approvals for row in each.approvers}
    account.count("messages that ask for what is decided", _left(deliveries, messages, approvers))
    account.count("approvers without a message that asks", _unasked(deliveries, messages, approvers))


def _doubled(session: Session, approvals: Sequence[Approval]) -> Iterator[str]:
    """Each agreement of the history is somebody's who agreed in a step."""
    rows = select(Event.ticket_id, Event.actor_id).where(Event.action == Action.AGREE)
    events = Counter((ticket, actor) for ticket, actor in session.execute(rows))
    agreed = Counter(
        (each.ticket_id, row.person_id)
        for each in approvals
        for row in each.approvers
        if row.decision is Decision.AGREE
    )
    for key in events.keys() | agreed.keys():
        if events[key] != agreed[key]:
            yield f"n° {key[0]}, person {key[1]}: {events[key]} in the history, {agreed[key]} in the steps"


def _of_nobody(session: Session, approvals: Sequence[Approval]) -> Iterator[str]:
    current = [each for each in approvals if each.state in CURRENT]
    steps = Counter(each.ticket_id for each in current)
    asked = set(session.scalars(select(Ticket.id).where(Ticket.agreement == Agreement.ASKED)))
    yield from (f"n° {number}: {steps[number]} steps" for number in asked if steps[number] != 1)
    yield from (f"n° {number} is not asked" for number in steps.keys() - asked)
    for each in current:
        if each.state is StepState.LOOKUP or (
            each.state is StepState.ASKED and not any(row.is_open for row in each.approvers)
        ):
            yield f"n° {each.ticket_id}, step {each.id}: {each.state}"


Approvers = dict[tuple[int, int], Approver]


def _asking(deliveries: Sequence[Delivery], messages: Messages) -> Iterator[tuple[int, int]]:
    """The step and the person of each message with buttons to decide with."""
    by_key = {row.key: row for row in deliveries if row.kind is DeliveryKind.AGREEMENT}
    for each in messages.posted:
        if each.ts in messages.deciding and (row := by_key.get(each.key)) is not None:
            yield row.details_as(AgreementDetails).approval_id, row.person_id or 0


def _left(deliveries: Sequence[Delivery], messages: Messages, approvers: Approvers) -> Iterator[str]:
    for key in _asking(deliveries, messages):
        if not approvers[key].is_open:
            yield f"step {key[0]}, person {key[1]}"


def _unasked(deliveries: Sequence[Delivery], messages: Messages, approvers: Approvers) -> Iterator[str]:
    """One message asks each who may decide."""
    asking = Counter(_asking(deliveries, messages))
    for key, row in approvers.items():
        if row.is_open and asking[key] != 1:
            yield f"step {key[0]}, person {key[1]}: {asking[key]} messages"
