"""Erases again what a restored database brought back, before anybody is served.

The database remembers which state of the file has been applied to it. When that is the present one, nothing
else is read. Otherwise one process erases, and the others wait.
"""

import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import Engine, make_url, select
from sqlalchemy.orm import Session

from bot.context.settings import use_case_settings
from bot.context.unit_of_work import UnitOfWork
from bot.db.clock import DatabaseClock
from bot.db.session import Sessions, transact
from bot.ops.erasures.file import PERSON, PUT_IT_BACK, RETENTION, Entry, ErasuresFile, erasures_of
from bot.ops.erasures.lists import restore_list
from bot.services.personal_data.erasing import Cursor, Portion, erase_wholly
from bot.settings import Settings, SettingsError
from models.person import Person
from models.personal_data.replay import ErasureReplay

logger = logging.getLogger(__name__)
LOCK = 0x67756963686575  # PostgreSQL's advisory lock, the next one after that of migrations


def replay(settings: Settings, engine: Engine) -> int:
    """Erase again what the file says, if this database is behind it. Returns how many people were erased.

    Raises `SettingsError` when it cannot be known: a setting or the file is missing, or is another one.
    """
    file = erasures_of(settings)
    entries, fingerprint = file.read() if file else ((), "")
    applied = applied_to(engine)
    if applied and not entries:
        raise SettingsError(_missing(settings))
    if file is None or fingerprint == applied:
        return 0
    with alone(engine):
        if applied_to(engine) == fingerprint:  # another process has done it meanwhile
            return 0
        entries, fingerprint = file.read()
        count = apply(settings, engine, file, entries)
        note(engine, fingerprint)
    return count


def apply(settings: Settings, engine: Engine, file: ErasuresFile, entries: Sequence[Entry]) -> int:
    """Erase whom the lines name and who is not erased, and approve lists again. Returns how many people there
    were."""
    for entry in entries:
        if entry.kind == RETENTION:
            restore_list(engine, entry)
    named = {each.digest: each.at for each in entries if each.kind == PERSON}
    with Sessions(engine)() as session:
        restored = [each.id for each in _known(session) if _is_restored(each, file, named)]
    if restored:
        logger.warning(
            "people who were erased are in the database, as in a restored backup: %d", len(restored)
        )
    for person_id in restored:
        erase(settings, engine, person_id)
    return len(restored)


def erase(settings: Settings, engine: Engine, person_id: int, former_names: Sequence[str] = ()) -> None:
    """Erase one person, a portion in each transaction; between two of them others can write for as long."""
    sessions, clock, rules = Sessions(engine), DatabaseClock(engine), use_case_settings(settings)

    def run(portion: Portion) -> Cursor | None:
        began = monotonic()
        at = transact(sessions, lambda session: portion(UnitOfWork(session, clock(), None, rules, "erasure")))
        sleep(monotonic() - began)  # SQLite's other writers poll for its one lock, for 0.7 s
        return at

    erase_wholly(run, person_id, former_names)


def note(engine: Engine, fingerprint: str) -> None:
    """Remember that the file, as it is, has been applied."""
    with Sessions(engine).begin() as session:
        session.merge(ErasureReplay(id=1, fingerprint=fingerprint))


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """While no other process erases. Waits for as long as it takes."""
    lock = _on_sqlite if engine.dialect.name == "sqlite" else _on_postgresql
    with lock(engine):
        yield


@contextmanager
def _on_postgresql(engine: Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        run = connection.exec_driver_sql
        limits = [run(f"SHOW {name}").scalar_one() for name in ("statement_timeout", "lock_timeout")]
        run("SET statement_timeout = 0; SET lock_timeout = 0")
        run(f"SELECT pg_advisory_lock({LOCK})")
        try:
            yield
        finally:
            run(f"SELECT pg_advisory_unlock({LOCK})")
            run(f"SET statement_timeout = '{limits[0]}'; SET lock_timeout = '{limits[1]}'")


@contextmanager
def _on_sqlite(engine: Engine) -> Iterator[None]:
    """A lock on a file beside the database: its own file's are SQLite's, its folder's may be others'."""
    path = make_url(engine.url).database
    beside = Path(path or "guichet.db").absolute()
    lock = beside.with_name(f"{beside.name}.erasure-lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def applied_to(engine: Engine) -> str:
    """The fingerprint of the file that has been applied to this database; "" for none."""
    with engine.connect() as connection:
        return connection.scalar(select(ErasureReplay.fingerprint)) or ""


def _known(session: Session) -> Sequence[Person]:
    return session.scalars(select(Person).where(Person.erased_at.is_(None)).order_by(Person.id)).all()


def _is_restored(person: Person, file: ErasuresFile, named: dict[str | None, datetime]) -> bool:
    """Whether the row is from before the erasure. Who came back afterwards has a new one."""
    erased_at = named.get(file.digest(person.slack_id, person.team_id))
    return erased_at is not None and (person.met_at is None or person.met_at < erased_at)


def _missing(settings: Settings) -> str:
    if settings.erasures_file is None or settings.erasures_key is None:
        name = "ERASURES_FILE" if settings.erasures_file is None else "ERASURES_KEY"
        return (
            f"{name}: missing, though people were erased from this database: set it again; without it a "
            "restored backup would bring them back"
        )
    return f"ERASURES_FILE: {settings.erasures_file} is empty, though people were erased: {PUT_IT_BACK}"
