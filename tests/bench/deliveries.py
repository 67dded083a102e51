"""Deliveries: how fast the outbox empties, how soon a message leaves."""

import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from urllib.request import urlopen

from sqlalchemy import Engine, text

from bot.context.unit_of_work import UnitOfWork
from bot.db.engine import create_db
from bot.db.session import Sessions
from bot.delivery.wakeup import Wakeup
from bot.notifications.cards import refresh_card
from bot.settings import Settings
from models.base import utc_now
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.bench.environment import Databases, environment, process, quick_slack
from tests.bench.growth import NAMES
from tests.bench.history import fill
from tests.bench.report.goals import Direction, Goal
from tests.bench.report.table import Section, milliseconds, p50, p99

TICKETS, DRAINED, WAKE_UPS = 1000, 300, 60
CALL = 0.3  # seconds that Slack takes for a call, as it does for many
COLUMNS = ("", "figure", "beside one worker")
WORDS = """`guichet worker` processes with a Slack that answers at once and has no rate limit. The wake-up
time is from the commit to the request's arrival at Slack, with an idle worker. SQLite
has no wake-up between processes: its worker polls once a second (`guichet run` wakes it within the process).
"One by one" is a worker without lanes, which sends one message after the other, for comparison. Slack
itself allows about one message a second for each channel. The channels of all teams are known."""
TITLE = "Deliveries"
GOALS = {
    TITLE: (
        Goal(
            "a message leaves after its commit, milliseconds, PostgreSQL",
            "figure",
            Direction.UNDER,
            20,
            rows="PostgreSQL: wake-up, median",
        ),
    )
}


def run(databases: Databases) -> Sequence[Section]:
    """The table."""
    section = Section(TITLE, WORDS, COLUMNS, GOALS[TITLE])
    section.announce()
    for backend in ("postgresql", "sqlite"):
        _measure(section, databases.create(backend, "deliveries"), NAMES[backend])
    return [section]


def _measure(section: Section, settings: Settings, database: str) -> None:
    engine = create_db(settings.database_url.get_secret_value(), timeout=60)
    fill(engine, TICKETS)
    with engine.begin() as connection:
        connection.execute(text(_KNOWN))
    with quick_slack() as slack:
        own = settings.model_copy(update={"slack_api_url": slack})
        one = drained(engine, own, 1)
        section.add(f"{database}: drained by one worker", f"{one:.0f} /s", "1.00")
        three = drained(engine, own, 3)
        section.add(f"{database}: drained by three workers", f"{three:.0f} /s", f"{three / one:.2f}")
        with process("bot", "worker", environment=environment(own)):
            taken = [_wake_up(engine, own, number + 2) for number in range(WAKE_UPS)][5:]
            section.add(f"{database}: wake-up, median", milliseconds(p50(taken)), "")
            section.add(f"{database}: wake-up, p99", milliseconds(p99(taken)), "")
    with quick_slack(CALL) as slack:
        own = settings.model_copy(update={"slack_api_url": slack})
        slow = f"{database}: Slack takes {CALL * 1000:.0f} ms a call"
        old = drained(engine, own, 1, command=("tests.bench.one_by_one",), most=DRAINED // 6)
        section.add(f"{slow}, one by one", f"{old:.1f} /s", "")
        new = drained(engine, own, 1)
        section.add(f"{slow}, one worker", f"{new:.1f} /s", f"{new / old:.1f} times one by one")
    engine.dispose()


def drained(
    engine: Engine,
    settings: Settings,
    workers: int,
    *,
    command: Sequence[str] = ("bot", "worker"),
    most: int = DRAINED,
) -> float:
    """Deliveries a second: cards of different people's tickets, once the workers are up and waiting."""
    with ExitStack() as stack:
        for _ in range(workers):
            stack.enter_context(process(*command, environment=environment(settings)))
        _wake_up(engine, settings, 1)
        time.sleep(2)  # until the slowest is up
        begun, since = _posted(settings)[0], time.time()
        with engine.begin() as connection:
            connection.execute(text(_DUE), {"at": _timestamp(engine), "most": most})
        while _posted(settings)[0] < begun + most:
            time.sleep(0.05)
        return most / (_posted(settings)[1] - since)


# Every other card would first fail, and then go to the default team.
_KNOWN = "UPDATE team SET channel_id = 'C0' || id WHERE channel_id IS NULL"

# The cards of the history, once more.
_DUE = """
UPDATE delivery SET state = 'pending', due_at = :at, lease_until = NULL, started_at = NULL
WHERE id IN (SELECT id FROM delivery WHERE key LIKE 'history:%' ORDER BY id DESC LIMIT :most)
"""


def _timestamp(engine: Engine) -> object:
    now = utc_now()
    return now if engine.dialect.name == "postgresql" else f"{now:%Y-%m-%d %H:%M:%S.%f}"


def _wake_up(engine: Engine, settings: Settings, number: int) -> float:
    """Seconds from a commit that brings a message to its arrival."""
    time.sleep(0.12)  # the worker has to be idle again
    begun = _posted(settings)[0]
    sessions = Sessions(engine)
    Wakeup().connect(sessions)
    with sessions.begin() as session:
        ticket = session.get_one(Ticket, number)
        event = session.get_one(Event, number)
        why = f"bench {time.time()}"
        refresh_card(UnitOfWork(session, utc_now()), ticket, event, why=why)
    since = time.time()
    while (now := _posted(settings))[0] == begun:
        if time.time() > since + 30:
            raise RuntimeError("no delivery arrived")
        time.sleep(0.002)
    return now[1] - since


def _posted(settings: Settings) -> tuple[int, float]:
    """How many messages arrived, and when the last one did."""
    with urlopen(settings.slack_api_url.removesuffix("api/") + "count") as response:
        said = json.load(response)
    return int(said["count"]), float(said["last"])
