"""Growth: what people open and do, with few tickets and with many, through the bot's own builders."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blocks.app_home import HomeState
from blocks.catalogue.state import CatalogueState
from blocks.i18n import translator
from blocks.my_search import my_search_view
from blocks.queue.rows import queue_view
from blocks.search import search_view
from blocks.tickets.state import DetailState, ListState
from bot.context.actor import Actor, actor_of, person_by_slack_id
from bot.context.unit_of_work import UnitOfWork
from bot.db.engine import create_db
from bot.db.session import Sessions, transact
from bot.services import catalogue as services_catalogue
from bot.services import search
from bot.services.my_search import search_own
from bot.services.queue import pages as queue
from bot.services.tickets.actions import act
from bot.services.tickets.new_ticket import open_ticket
from bot.views.app_home import home
from bot.views.catalogue import catalogue_view
from bot.views.tickets.my_tickets import detail_view, list_view
from models.lifecycle import Action, Impact, Urgency
from models.pages import QueueState, Tab
from models.tickets.draft import TicketDraft
from models.tickets.ticket import Ticket
from tests.bench.environment import Databases
from tests.bench.history import fill
from tests.bench.report.goals import Direction, Goal
from tests.bench.report.table import Section, milliseconds, p50, times

FULL = bool(os.environ.get("BENCH_FULL"))
SIZES = (1_000, 100_000, 1_000_000) if FULL else (1_000, 100_000)
ROUNDS, WARM_UP = 60, 5
FR = translator("fr-FR")
RARE = "the ticket search, a rare word"
WORDS = """Median times inside one process, of the builders and use cases that listeners call, each size
beside 1,000 tickets. The rounds alternate between the sizes. There are 5,000 people. Of 1,000 tickets
the 500 newest are open, of more a tenth."""
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
LARGEST = "1,000,000 / 1,000"
GOALS: Mapping[str, Sequence[Goal]] = {
    f"Growth, {name}": (
        Goal("all but the ticket search", LARGEST, Direction.AT_MOST, 1.2, but="the ticket search*"),
        Goal("the ticket search", LARGEST, Direction.AT_MOST, 3, "the ticket search*", f"{RARE}*"),
        Goal("the ticket search, a rare word", LARGEST, Direction.UNDER, 3, f"{RARE}*"),
    )
    for name in NAMES.values()
}


@dataclass(frozen=True)
class Help:
    """A help desk with so many tickets, and who asks it."""

    size: int
    read: Callable[[Callable[[Session], object]], object]
    write: Callable[[Callable[[Session], Any]], Any]
    requester: Actor
    technician: Actor
    detail: int
    """A ticket of the requester's."""


Act = Callable[[Help], Callable[[], object]]
"""Prepares a round, and returns what is timed."""


def opened(databases: Databases, stack: ExitStack, backend: str, size: int, name: str) -> Help:
    """A help desk with so many tickets, in a new database of this name."""
    engine = create_db(databases.create(backend, name).database_url.get_secret_value(), timeout=600)
    stack.callback(engine.dispose)
    fill(engine, size)
    sessions = Sessions(engine)

    def read(work: Callable[[Session], object]) -> object:
        with sessions() as session:
            return work(session)

    with sessions() as session:
        people = [person_by_slack_id(session, name) for name in ("U0P1", "U0P2")]
        assert people[0] is not None
        assert people[1] is not None
        requester, technician = actor_of(people[0]), actor_of(people[1])
        detail = session.scalar(select(func.max(Ticket.id)).where(Ticket.requester_id == requester.id))
        team = services_catalogue.default_team(session).id
    assert detail is not None
    technician = replace(technician, teams=frozenset({team}))
    return Help(size, read, lambda work: transact(sessions, work), requester, technician, detail)


def _reading(work: Callable[[Help, Session], object]) -> Act:
    return lambda desk: lambda: desk.read(lambda session: work(desk, session))


def _home(desk: Help, session: Session, person: Actor) -> object:
    return home(session, person.id, HomeState(), now=_now()).to_dict()


def _file(desk: Help) -> Callable[[], Ticket]:
    draft = TicketDraft(
        title="Imprimante en panne",
        description="Elle n’imprime plus rien.",
        impact=Impact.PERSON,
        urgency=Urgency.HIGH,
        site_id="iut",
        submission=str(uuid4()),
    )
    return lambda: desk.write(lambda session: open_ticket(_unit(session, desk.requester, "form"), draft))


def _approve(desk: Help) -> Callable[[], Ticket]:
    number = _file(desk)().id
    _act(desk, number, Action.RESOLVE, desk.technician, "Redémarrée.")()
    return _act(desk, number, Action.APPROVE, desk.requester)


def _act(
    desk: Help, number: int, action: Action, actor: Actor, text: str | None = None
) -> Callable[[], Ticket]:
    return lambda: desk.write(lambda session: act(_unit(session, actor), number, action, text=text))


def _detail(desk: Help, session: Session) -> object:
    return detail_view(_unit(session, desk.requester), desk.detail, DetailState()).to_dict()


def _queue(tab: Tab) -> Act:
    def view(desk: Help, session: Session) -> object:
        found = queue.queue(session, desk.technician, QueueState(tab), size=10, now=_now())
        return queue_view(FR, found, now=_now()).to_dict()

    return _reading(view)


def _searching(words: Callable[[Help], str]) -> Act:
    def search_view_of(desk: Help, session: Session) -> object:
        found = search.search(session, desk.technician, words(desk), page=0, size=10)
        return search_view(FR, found, queue=QueueState(), now=_now()).to_dict()

    return lambda desk: lambda: desk.write(lambda session: search_view_of(desk, session))


def _searching_own(words: str) -> Act:
    return _reading(
        lambda desk, session: my_search_view(
            FR, search_own(session, desk.requester.id, words, page=0, size=10)
        ).to_dict()
    )


ACTS: Mapping[str, Act] = {
    "App Home, requester": _reading(lambda desk, session: _home(desk, session, desk.requester)),
    "App Home, technician": _reading(lambda desk, session: _home(desk, session, desk.technician)),
    "Mes tickets en cours": _reading(
        lambda desk, session: list_view(_unit(session, desk.requester), ListState()).to_dict()
    ),
    "Mes tickets clos, of 400": _reading(
        lambda desk, session: list_view(_unit(session, desk.requester), ListState("closed")).to_dict()
    ),
    "a ticket’s detail": _reading(_detail),
    "a catalogue level": _reading(
        lambda desk, session: catalogue_view(_unit(session, desk.requester), CatalogueState()).to_dict()
    ),
    "a catalogue search": _reading(
        lambda desk, session: catalogue_view(
            _unit(session, desk.requester), CatalogueState().to_search("wifi")
        ).to_dict()
    ),
    "a technician’s queue, unassigned": _queue(Tab.UNASSIGNED),
    "a technician’s queue, late": _queue(Tab.LATE),
    "a technician’s queue, due today": _queue(Tab.DUE_TODAY),
    "a technician’s queue, mine, on hold": _queue(Tab.MINE_ON_HOLD),
    "a technician’s queue, of the team": _queue(Tab.TEAM),
    "the ticket search, common words": _searching(lambda _desk: "imprimante salle"),
    RARE: _searching(lambda desk: f"imprimante {desk.size // 2}"),
    f"{RARE} alone": _searching(lambda desk: f"muettes{desk.size}"),
    "the ticket search, words of which few tickets have all": _searching(lambda _desk: "mot17 mot4321"),
    "the ticket search, a word of another team": _searching(lambda _desk: "wifi"),
    "the ticket search, a word of notes": _searching(lambda _desk: "fusibles"),
    "the ticket search, a number and a title": _searching(
        lambda desk: f"RE: [n° {desk.size // 2}] Imprimante muette"
    ),
    "the ticket search, a code": _searching(lambda _desk: "salle-204"),
    "the ticket search, nothing found": _searching(lambda _desk: "imprimante licorne"),
    "one’s own search, common words": _searching_own("imprimante salle"),
    "one’s own search, nothing found": _searching_own("imprimante licorne"),
    "a submission": _file,
    "an approval": _approve,
}


def run(databases: Databases) -> Sequence[Section]:
    """The tables, one a database."""
    return [_measure(databases, backend) for backend in ("postgresql", "sqlite")]


def _measure(databases: Databases, backend: str) -> Section:
    ratios = [f"{size:,} / 1,000" for size in SIZES[1:]]
    title = f"Growth, {NAMES[backend]}"
    section = Section(title, WORDS, ["", "1,000 tickets", *ratios], GOALS[title])
    section.announce()
    with ExitStack() as stack:
        desks = [opened(databases, stack, backend, size, f"growth_{size}") for size in SIZES]
        for name, act in ACTS.items():
            first, *others = _medians(act, desks)
            section.add(name, milliseconds(first), *(times(other / first) for other in others))
    return section


def _medians(act: Act, desks: Sequence[Help]) -> list[float]:
    """Measure the desks in turns, so that other load on the machine affects all of them."""
    taken: list[list[float]] = [[] for _ in desks]
    for _ in range(WARM_UP + ROUNDS):
        for desk, each in zip(desks, taken, strict=True):
            timed = act(desk)
            start = time.perf_counter()
            timed()
            each.append(time.perf_counter() - start)
    return [p50(each[WARM_UP:]) for each in taken]


def _unit(session: Session, actor: Actor, surface: str = "bench") -> UnitOfWork:
    return UnitOfWork(session, _now(), actor, surface=surface)


def _now() -> datetime:
    return datetime.now(UTC)
