"""The yardstick of a submission: the statements that it makes, without anything of ours around them.

They are recorded as the database's driver gets them, commits included, from one submission through the bot;
then each thread runs them again on its own connection, with the ids and keys of its own ticket.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import psycopg
from slack_bolt import BoltRequest
from sqlalchemy import event, make_url, text

from bot.bootstrap import create_desk
from bot.settings import Settings
from tests.bench.acknowledgement.load import CONCURRENT, Load, in_threads
from tests.bench.acknowledgement.requests import submission

PERSON = "U0P7"


@dataclass(frozen=True)
class Step:
    """A statement with its parameters; or a commit or rollback, as its statement says."""

    statement: str
    parameters: Any = None
    many: bool = False


@dataclass(frozen=True)
class Recording:
    """The steps of one submission, and what is new in each run."""

    steps: list[Step]
    submission: str
    ticket: int
    event: int


def record(settings: Settings) -> Recording:
    """One submission through the bot, after one that warms it up."""
    desk = create_desk(settings)
    engine = desk.sessions.kw["bind"]
    payload: dict[str, Any] = {}
    steps: list[Step] = []

    def submit() -> None:
        payload.update(submission(PERSON))
        steps.clear()
        answer = desk.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        assert (answer.status, answer.body) == (200, ""), answer.body

    def note(_c: object, _cursor: object, statement: str, parameters: Any, _x: object, many: bool) -> None:
        # SQLAlchemy says "many" of its one INSERT of many rows too.
        steps.append(Step(statement, parameters, many and isinstance(parameters, list)))

    submit()
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", lambda _connection: steps.append(Step("commit")))
    event.listen(engine, "rollback", lambda _connection: steps.append(Step("rollback")))
    submit()
    recorded = list(steps)
    with engine.connect() as connection:
        newest = connection.execute(text("SELECT ticket_id, id FROM event ORDER BY id DESC LIMIT 1")).one()
    engine.dispose()
    desk.worker_engine.dispose()
    uuid = payload["view"]["private_metadata"].split('"')[3]
    return Recording(recorded, uuid, newest[0], newest[1])


def replay(settings: Settings, recording: Recording, number: int) -> Load:
    """The recording `number` times, in `CONCURRENT` threads."""
    connect = _connector(settings)
    numbers, lock, taken = count(), threading.Lock(), list[float]()

    def work() -> None:
        connection = connect()
        while True:
            with lock:
                if next(numbers) >= number:
                    break
            start = time.perf_counter()
            _run(connection, recording)
            taken.append(time.perf_counter() - start)
        connection.close()

    start = time.perf_counter()
    in_threads(work, CONCURRENT)
    return Load(number / (time.perf_counter() - start), taken)


def _connector(settings: Settings) -> Callable[[], Any]:
    url = make_url(settings.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        return lambda: _sqlite(str(url.database))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return lambda: psycopg.connect(address)


def _sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=60, isolation_level="IMMEDIATE")
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _run(connection: Any, recording: Recording) -> None:
    new: dict[Any, Any] = {recording.submission: str(uuid4())}
    cursor = connection.cursor()
    for step in recording.steps:
        if step.statement in {"commit", "rollback"}:
            getattr(connection, step.statement)()
            continue
        run = cursor.executemany if step.many else cursor.execute
        run(step.statement, _renewed(step.parameters, new, recording.ticket))
        rows = cursor.fetchall() if cursor.description else []
        if step.statement.startswith("INSERT INTO ticket "):
            new[recording.ticket] = rows[0][0] if rows else cursor.lastrowid
        elif step.statement.startswith("INSERT INTO event "):
            new[recording.event] = rows[0][0] if rows else cursor.lastrowid


def _renewed(parameters: Any, new: dict[Any, Any], ticket: int) -> Any:
    """The recorded parameters with what is this run's own."""
    if isinstance(parameters, dict):
        return {name: _renewed(value, new, ticket) for name, value in parameters.items()}
    if isinstance(parameters, list | tuple):
        return type(parameters)(_renewed(value, new, ticket) for value in parameters)
    if isinstance(parameters, str) and parameters.startswith(f"{ticket}:"):  # a delivery's key
        return f"{new[ticket]}:{parameters.partition(':')[2]}"
    return new.get(parameters, parameters) if isinstance(parameters, int | str) else parameters
