"""What the tests of sending share: rows of the outbox, time that passes, refusals that a test wants."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import Post
from tests.support.help_desk import Desk

LATER = timedelta(seconds=5)  # past the longest wait after a first failure


def bot_leaves(desk: Desk, channel: str) -> None:
    desk.slack.control.post("kick", user="guichet", channel=channel)


def forgive(desk: Desk, *rules: str) -> None:
    """The bot was refused as this test wants it, and in no other way."""
    violations = desk.slack.slack.workspace.violations
    assert {violation.rule for violation in violations} == set(rules)
    desk.slack.run(violations.clear)


def deliveries(desk: Desk, **wanted: Any) -> list[Delivery]:
    with desk.sessions() as session:
        return list(session.scalars(select(Delivery).filter_by(**wanted).order_by(Delivery.id)))


def delivery(desk: Desk, kind: DeliveryKind, **wanted: Any) -> Delivery:
    (row,) = deliveries(desk, kind=kind, **wanted)
    return row


def post_of(desk: Desk, kind: DeliveryKind) -> Post:
    with desk.sessions() as session:
        return session.scalars(select(Post).where(Post.kind == kind)).one()


def wait(desk: Desk, time: timedelta = LATER) -> None:
    """Let time pass for the desk, and its worker work."""
    desk.ahead += time
    desk.settle()
