"""A small desk in a database, without Slack: two sites, two teams, four services, people who are known."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from bot.context.actor import Actor, actor_of, person_by_slack_id
from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions, transact
from bot.services.tickets.actions import act
from bot.services.tickets.history import history
from bot.services.tickets.new_ticket import open_ticket
from models.base import Base, LocalizedText
from models.catalogue import Service
from models.errors import HelpDeskError
from models.lifecycle import Action, Impact, Role, Urgency
from models.outbox.delivery import Delivery
from models.tickets.draft import TicketDraft
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.support.factories import (
    NOW,
    both,
    loaded,
    make_group,
    make_person,
    make_service,
    make_site,
    make_team,
)

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
MINUTE = timedelta(minutes=1)

T = TypeVar("T")

QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "modele",
        "type": "choice",
        "label": {"fr": "Quel modèle ?", "en": "Which model?"},
        "required": True,
        "options": [
            {"id": "grand", "label": {"fr": "Grand", "en": "Large"}},
            {"id": "petit", "label": {"fr": "Petit", "en": "Small"}},
        ],
    },
    {"id": "note", "type": "text", "label": {"fr": "Autre chose ?", "en": "More?"}, "required": False},
]


@dataclass(frozen=True)
class SmallDesk:
    """Its database, and who may act. `transact` stands around each use case, as in a listener."""

    sessions: Sessions
    settings: UseCaseSettings = UseCaseSettings()  # noqa: RUF009 (frozen)

    def actor(self, name: str, *teams: str) -> Actor:
        """Somebody who is asking, known to be in these teams."""
        with self.sessions() as session:
            person = person_by_slack_id(session, f"U0{name.upper()}")
        assert person is not None
        return actor_of(person, frozenset(teams))

    def draft(self, title: str = "Imprimante en panne", **more: Any) -> TicketDraft:
        """A form filled well."""
        draft = TicketDraft(
            submission=str(uuid4()),
            title=title,
            impact=Impact.PERSON,
            urgency=Urgency.HIGH,
            site_id="iut",
        )
        return replace(draft, **more)

    def open(
        self, draft: TicketDraft | None = None, *, by: Actor | None = None, now: datetime = NOW
    ) -> Ticket:
        """File a ticket, Camille's unless said otherwise."""
        draft, actor = draft or self.draft(), by or self.actor("camille")
        return self.do(lambda uow: open_ticket(uow, draft), actor, now, surface="form")

    def work_off(self, job: Callable[[UnitOfWork], bool | None], now: datetime = NOW) -> None:
        """Run a periodic job until no portion is left."""
        while self.do(job, now=now):
            pass

    def do(
        self,
        use_case: Callable[[UnitOfWork], T],
        by: Actor | None = None,
        now: datetime = NOW,
        *,
        surface: str = "test",
    ) -> T:
        """What a use case gives, in a transaction of its own, which starts again as a listener's does."""
        return transact(
            self.sessions, lambda session: use_case(UnitOfWork(session, now, by, self.settings, surface))
        )

    def reading(self, query: Callable[[UnitOfWork], T], by: Actor | None = None, now: datetime = NOW) -> T:
        """What a query gives, in a session that only reads."""
        with self.sessions() as session:
            return query(UnitOfWork(session, now, by, self.settings))

    def act(
        self, ticket: Ticket, action: Action, by: Actor, text: str | None = None, now: datetime = NOW
    ) -> Ticket:
        """Do something to a ticket."""
        return self.do(lambda uow: act(uow, ticket.id, action, text=text), by, now)

    def ticket_in_state(self, *actions: Action) -> Ticket:
        """A ticket of Camille's to which Karim and she have done this, a minute each."""
        camille, karim = self.actor("camille"), self.actor("karim", "assistance")
        ticket = self.open()
        hers = {Action.APPROVE, Action.REFUSE, Action.CANCEL, Action.REOPEN, Action.ANSWER, Action.COMMENT}
        for minutes, action in enumerate(actions, 1):
            by = camille if action in hers else karim
            ticket = self.act(ticket, action, by, f"{action}…", NOW + minutes * MINUTE)
        return ticket

    def count(self, model: type[Base]) -> int:
        """How many rows a table has."""
        with self.sessions() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def history(self, ticket: Ticket) -> list[Event]:
        with self.sessions() as session:
            return [line.event for line in history(session, ticket, {Role.TECHNICIAN})]

    def deliveries(self, event_number: int | None = None) -> list[Delivery]:
        """The outbox, or what one event brought, in the order of writing."""
        query = select(Delivery).order_by(Delivery.id)
        if event_number is not None:
            query = query.where(Delivery.event_number == event_number)
        with self.sessions() as session:
            return list(session.scalars(query))


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gives, all started together; a refusal is a result."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return work()
        except HelpDeskError as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def add_catalogue(sessions: Sessions) -> SmallDesk:
    """Put the desk's data into empty tables."""
    with sessions.begin() as session:
        session.add_all(
            [
                make_site("iut", name=both("IUT")),
                make_site("ferme", name=LocalizedText("Fermé", "Closed"), position=1, archived=True),
                make_team(
                    "assistance",
                    name=LocalizedText("Assistance", "Support"),
                    channel_id="C0ASSIST",
                    is_default=True,
                ),
                make_team(
                    "reseau", name=LocalizedText("Réseau", "Network"), channel_id="C0RESEAU", position=1
                ),
                make_group(
                    "tout",
                    name=LocalizedText("Tout", "All"),
                    description=LocalizedText("Tout", "All"),
                    search_text="tout all",
                ),
            ]
        )
        session.flush()
        session.add_all(
            [
                make_service("imprimante", questions=loaded(Service.questions, QUESTIONS)),
                make_service("wifi", team_id="reseau", offers_request=False),
                make_service("annuaire", offers_request=False, offers_incident=False),
                make_service("fax", archived=True),
                *(make_person(name) for name in ("Camille", "Karim", "Lea")),
                make_person("Oliver", locale="en-GB", time_zone="Europe/London"),
            ]
        )
    return SmallDesk(sessions)
