"""A small desk whose technician declares outages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.context.actor import Actor
from bot.delivery.handlers.portions import do_portion
from bot.services.outages import actions as outages
from bot.services.outages import queries
from bot.services.outages.followers import follow
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.outage import Following, Outage, OutageAction, OutageDraft, OutageEvent
from models.tickets.ticket import Ticket
from tests.support.factories import stored
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk


class OutageDesk:
    """A small desk whose technician Karim is in the team Assistance."""

    def __init__(self, desk: SmallDesk) -> None:
        self.desk = desk
        self.sessions = desk.sessions
        self.karim = desk.actor("karim", "assistance")

    def actor(self, name: str, *teams: str) -> Actor:
        return self.desk.actor(name, *teams)

    def declare(self, by: Actor | None = None, **given: Any) -> Outage:
        draft = OutageDraft(**{"submission": "s1", "title": "Messagerie en panne", **given})
        return self.desk.do(lambda uow: outages.declare(uow, draft), by or self.karim)

    def amend(self, outage: Outage, by: Actor | None = None, **changed: Any) -> Outage:
        said = OutageDraft("", outage.title, outage.site_ids, outage.service_ids, outage.expected_end)
        draft = replace(said, **changed)
        return self.desk.do(lambda uow: outages.amend(uow, outage.id, draft), by or self.karim, NOW + MINUTE)

    def click(self, outage: Outage, by: Actor | None = None, solution: str = "Redémarrée.") -> int:
        """End the outage a minute after it began, without resolving its followers."""
        return self.desk.do(
            lambda uow: outages.resolve(uow, outage.id, solution), by or self.karim, NOW + MINUTE
        )

    def next_portion(self) -> Delivery | None:
        """The pending delivery that resolves the next portion of followers."""
        waiting = [
            each
            for each in self.deliveries(DeliveryKind.OUTAGE_RESOLUTION)
            if each.state is DeliveryState.PENDING
        ]
        return waiting[0] if waiting else None

    def go_on(self, now: datetime = NOW + MINUTE) -> bool:
        """Resolve the next portion, as the worker does. Returns whether there was one."""
        portion = self.next_portion()
        if portion is not None:
            do_portion(self.sessions, portion, now=now)
        return portion is not None

    def resolve(self, outage: Outage, by: Actor | None = None, solution: str = "Redémarrée.") -> Outage:
        """End the outage, and resolve all its followers."""
        self.click(outage, by, solution)
        while self.go_on():
            pass
        with self.sessions() as session:
            return session.get_one(Outage, outage.id)

    def follow(self, outage: Outage, name: str = "camille") -> Ticket:
        return self.desk.do(lambda uow: follow(uow, outage.id), self.actor(name))

    def following(self, outage: Outage) -> Following:
        with self.sessions() as session:
            return queries.following(session, outage)

    def history(self, outage: Outage) -> list[tuple[OutageAction, str, dict[str, Any]]]:
        with self.sessions() as session:
            query = select(OutageEvent).where(OutageEvent.outage_id == outage.id).order_by(OutageEvent.id)
            return [
                (event.action, event.actor.name, stored(OutageEvent.details, event.details))
                for event in session.scalars(query)
            ]

    def ticket(self, number: int) -> Ticket:
        with self.sessions() as session:
            return session.get_one(Ticket, number)

    def deliveries(self, kind: DeliveryKind) -> Sequence[Delivery]:
        with self.sessions() as session:
            return session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)).all()
