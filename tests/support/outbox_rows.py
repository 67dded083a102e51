"""Helpers for the tests of sending: rows of the outbox, time, expected violations."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions, transact
from bot.delivery import outbox
from bot.notifications.maintenance.pauses import pause
from bot.services.tickets.new_ticket import open_ticket
from models.catalogue import Service
from models.lifecycle import Impact, Kind, Urgency
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import MessageReference
from models.outbox.reasons import Cause, Reason
from models.tickets.draft import TicketDraft
from tests.support.databases import open_small_desk
from tests.support.factories import create_delivery
from tests.support.help_desk import Desk
from tests.support.use_case_desk import NOW

SECOND = timedelta(seconds=1)
BECAUSE = Cause(Reason.REMOTE_ERROR, "chat.postMessage", "503")

LATER = timedelta(seconds=5)  # longer than the longest delay after a first failure


def bot_leaves(desk: Desk, channel: str) -> None:
    desk.slack.control.post("kick", user="guichet", channel=channel)


def forgive(desk: Desk, *rules: str) -> None:
    """Accept exactly these violations."""
    violations = desk.slack.slack.workspace.violations
    assert {violation.rule for violation in violations} == set(rules)
    desk.slack.run(violations.clear)


def deliveries(desk: Desk, **wanted: Any) -> list[Delivery]:
    with desk.sessions() as session:
        return list(session.scalars(select(Delivery).filter_by(**wanted).order_by(Delivery.id)))


def delivery(desk: Desk, kind: DeliveryKind, **wanted: Any) -> Delivery:
    (row,) = deliveries(desk, kind=kind, **wanted)
    return row


def reference_of(desk: Desk, kind: DeliveryKind) -> MessageReference:
    with desk.sessions() as session:
        return session.scalars(select(MessageReference).where(MessageReference.kind == kind)).one()


def open_quietly(desk: Desk, name: str = "camille", team: str | None = None) -> int:
    """Create a ticket without Slack and without delivering. Returns its number."""
    person = desk.slack.slack.workspace.person(name)
    assert person is not None
    actor = desk.parts.directory.actor(person.id)
    served = select(Service.id).filter_by(team_id=team, offers_incident=True).limit(1)
    with desk.sessions() as session:
        service_id = session.scalar(served) if team else None
    draft = TicketDraft(
        submission=str(uuid4()),
        kind=Kind.INCIDENT,
        service_id=service_id,
        title="Pas de réseau",
        impact=Impact.PERSON,
        urgency=Urgency.HIGH,
        site_id="iut",
    )
    return transact(
        desk.sessions,
        lambda session: open_ticket(UnitOfWork(session, desk.now, actor, surface="test"), draft),
    ).id


def wait(desk: Desk, time: timedelta = LATER) -> None:
    """Advance the desk's time, and run its worker."""
    desk.ahead += time
    desk.deliver()


@dataclass(frozen=True)
class Outbox:
    """An outbox with two tickets. Rows are identified by their keys."""

    sessions: Sessions

    def put(
        self,
        key: str,
        *,
        ticket: int | None = 1,
        to: str = "dm:1",
        number: int = 1,
        due: timedelta = timedelta(),
        method: str = "chat.postMessage",
        kind: DeliveryKind = DeliveryKind.CARD,
        **more: Any,
    ) -> None:
        with self.sessions.begin() as session:
            create_delivery(
                session,
                key=key,
                kind=kind,
                recipient=to,
                method=method,
                ticket_id=ticket,
                event_number=number,
                due_at=NOW + due,
                **more,
            )

    def row(self, key: str) -> Delivery:
        with self.sessions() as session:
            return session.scalars(select(Delivery).where(Delivery.key == key)).one()

    def claim(self, after: timedelta = timedelta()) -> Delivery:
        """The row that a worker claims."""
        claimed = outbox.claim(self.sessions, now=NOW + after)
        assert claimed is not None
        return claimed

    def claimed(self, after: timedelta = timedelta(), **more: Any) -> str | None:
        """The key of the row that a worker claims, if any."""
        claimed = outbox.claim(self.sessions, now=NOW + after, **more)
        return claimed and claimed.key

    def all_claimed(self, after: timedelta = timedelta()) -> list[str]:
        """The keys of all rows that workers claim now, in order."""
        keys = []
        while key := self.claimed(after):
            keys.append(key)
        return keys

    def complete(
        self, claimed: Delivery, state: DeliveryState = DeliveryState.SENT, cause: Cause = BECAUSE
    ) -> bool:
        with self.sessions.begin() as session:
            return outbox.complete(session, claimed, state, now=NOW, remote_id="1.1", cause=cause)

    def retry_later(self, claimed: Delivery, *, due: timedelta, maybe_sent: bool = False) -> bool:
        with self.sessions.begin() as session:
            return outbox.retry_later(
                session, claimed, due_at=NOW + due, cause=BECAUSE, maybe_sent=maybe_sent
            )

    def pause(self, scope: str, seconds: int) -> None:
        with self.sessions.begin() as session:
            pause(session, scope, until=NOW + seconds * SECOND, cause=BECAUSE)


@contextmanager
def empty_outbox(url: str, timeout: float = 15) -> Iterator[Outbox]:
    with open_small_desk(url, timeout=timeout) as desk:
        desk.open()
        desk.open()
        with desk.sessions.begin() as session:
            session.execute(delete(Delivery))
        yield Outbox(desk.sessions)
