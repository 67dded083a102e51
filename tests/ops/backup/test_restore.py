"""`guichet restore`: what was backed up while people worked is there again, and the desk goes on."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr
from pytest_mock import MockerFixture
from sqlalchemy import Engine, delete, make_url, select, text, update

from bot.bootstrap import create_store
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.revisions import mismatch
from bot.db.session import Sessions
from bot.ops.backup.databases import restoring_postgresql, restoring_sqlite
from bot.ops.backup.databases.restoring_postgresql import PostgresTarget
from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.restoring import Wish
from bot.ops.database import open_engine
from bot.ops.migrate import migrate
from bot.settings import Settings, SettingsError
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.message_reference import MessageReference
from models.tickets.attachment import AttachmentState
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.ops.backup.conftest import BackedUp
from tests.support.databases import ON_POSTGRESQL_ONLY, ON_SQLITE_ONLY
from tests.support.factories import make_attachment
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


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[SmallDesk, Engine]]:
    """The desk of these settings."""
    with open_engine(settings) as engine:
        yield SmallDesk(Sessions(engine)), engine


def test_what_was_backed_up_while_people_worked_is_whole_and_goes_on(
    backed_up: BackedUp, elsewhere: Settings
) -> None:
    key = backed_up.attach("plan.pdf", b"plan")
    with people_creating_tickets(backed_up.desk) as wait_for:
        wait_for(5)
        backed_up.back_up()
        wait_for(5)
    backed_up.restore(elsewhere)
    assert (Path(elsewhere.attachments_url) / key).read_bytes() == b"plan"
    with opened(elsewhere) as (restored, engine):
        assert mismatch(engine) is None
        with restored.sessions() as session:
            numbers = set(session.scalars(select(Ticket.id)))
            told = set(session.scalars(select(Delivery.ticket_id)))
            doubtless = session.scalars(select(Delivery).where(Delivery.started_at.is_(None))).all()
            events = set(session.scalars(select(Event.ticket_id)))
        assert numbers == set(range(1, len(numbers) + 1)) == told == events
        assert 5 <= len(numbers) < backed_up.desk.count(Ticket)
        assert doubtless == []
        assert restored.open().id > backed_up.desk.count(Ticket) + 900
        find_all(engine, len(numbers))


def find_all(engine: Engine, tickets: int) -> None:
    """The search's index is there, and knows each ticket."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            there = set(connection.scalars(text("SELECT indexname FROM pg_indexes")))
            assert {"ix_ticket_open", "ix_ticket_search", "ix_delivery_due"} <= there
            return
        assert connection.scalar(text("PRAGMA foreign_key_check")) is None
        found = "SELECT count(*) FROM ticket_search WHERE ticket_search MATCH 'panne OR imprimante OR plan'"
        assert connection.scalar(text(found)) == tickets + 1


def test_a_desk_with_tickets_is_replaced_only_when_asked_and_moved_away(
    backed_up: BackedUp, elsewhere: Settings, database: str
) -> None:
    backed_up.desk.open()
    name = backed_up.back_up()
    backed_up.restore(elsewhere)
    with opened(elsewhere) as (restored, _engine):
        later = restored.open().id
    with pytest.raises(BackupProblem, match=r"is not empty \(tickets: 2, people: 4\): with --replace"):
        backed_up.restore(elsewhere)
    said = backed_up.restore(elsewhere, Wish(replace=True))
    with opened(elsewhere) as (restored, _engine):
        assert restored.count(Ticket) == 1
    [away] = [line for line in said if "kept for 7 days" in line]
    if database == "sqlite":
        path = away.removeprefix("the database that was there is ").split()[0]
        kept = create_db(f"sqlite:///{path}", timeout=WORKER_TIMEOUT)
        assert later in numbers(kept)
    else:
        before = away.removeprefix("what was in the database is ").split()[0]
        assert list(backed_up.folder.names()) == [name]
        backed_up.restore(elsewhere, Wish(before, replace=True))
        with opened(elsewhere) as (_desk, engine):
            assert later in numbers(engine)


def numbers(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        found = list(connection.scalars(select(Ticket.id)))
    engine.dispose()
    return found


def test_the_database_of_another_program_is_left_alone(backed_up: BackedUp, elsewhere: Settings) -> None:
    """Its tables are no tickets that --replace would move away."""
    backed_up.back_up()
    Path(make_url(elsewhere.database_url.get_secret_value()).database or "").parent.mkdir(exist_ok=True)
    with opened(elsewhere) as (_desk, engine):
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE wiki_page (id int)"))
            connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
            connection.execute(text("INSERT INTO alembic_version VALUES ('wiki')"))
        engine.dispose()
        for wish in (Wish(), Wish(replace=True)):
            with pytest.raises(BackupProblem, match=r"tables that are not Guichet's \(wiki_page\)"):
                backed_up.restore(elsewhere, wish)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM wiki_page")) == 0


def test_it_refuses_while_a_process_runs(backed_up: BackedUp, elsewhere: Settings) -> None:
    backed_up.back_up()
    backed_up.restore(elsewhere)
    with opened(elsewhere) as (restored, _engine):
        restored.count(Ticket)  # its connection stays open
        with pytest.raises(BackupProblem, match=r"in use.*stop every process of Guichet first"):
            backed_up.restore(elsewhere, Wish(replace=True))


def test_run_again_it_goes_on_and_the_database_is_not_touched_again(
    backed_up: BackedUp, elsewhere: Settings
) -> None:
    backed_up.desk.open()
    backed_up.back_up()
    backed_up.restore(elsewhere)
    stray = Path(elsewhere.attachments_url) / "99-99"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.touch()
    theirs = stray.with_name("thesis.pdf")
    theirs.touch()
    assert any(
        "attachments of no ticket, which nothing will delete: 1" in each
        for each in backed_up.restore(elsewhere)
    )
    said = backed_up.restore(elsewhere, Wish(delete_others=True))
    assert "is restored already" in said[0]
    assert not stray.exists()
    assert theirs.exists()  # no name that Guichet gives
    with opened(elsewhere) as (restored, _engine):
        assert restored.open().id == 1002


def test_what_was_attached_since_the_restore_is_not_deleted_as_a_stray(
    backed_up: BackedUp, elsewhere: Settings
) -> None:
    backed_up.attach("plan.pdf")
    backed_up.back_up()
    backed_up.restore(elsewhere)
    store = create_store(elsewhere)
    store.put("1-9", b"abc")
    with opened(elsewhere) as (restored, _engine), restored.sessions.begin() as session:
        reply = make_attachment("photo.png", ticket_id=1, state=AttachmentState.KEPT, size=3, key="1-9")
        session.add(reply)
    said = backed_up.restore(elsewhere, Wish(delete_others=True))
    assert "is restored already" in said[0]
    assert "attachments of no ticket: 0 deleted" in said
    assert store.get("1-9") == b"abc"


@ON_SQLITE_ONLY
def test_replaced_again_it_undoes_what_changed_without_a_new_ticket(
    backed_up: BackedUp, elsewhere: Settings
) -> None:
    backed_up.desk.open()
    backed_up.back_up()
    backed_up.restore(elsewhere)
    with opened(elsewhere) as (restored, _engine), restored.sessions.begin() as session:
        session.execute(update(Ticket).values(title="by mistake"))
    backed_up.restore(elsewhere, Wish(replace=True))
    with opened(elsewhere) as (restored, _engine), restored.sessions() as session:
        assert session.scalars(select(Ticket.title)).all() == ["Imprimante en panne"]


@pytest.mark.parametrize("step", ["prepare", "migrate", "note"])
def test_no_process_starts_on_one_that_was_killed_and_it_is_done_again(
    backed_up: BackedUp, elsewhere: Settings, mocker: MockerFixture, database: str, step: str
) -> None:
    backed_up.desk.open()
    backed_up.back_up()
    module = restoring_sqlite if database == "sqlite" else restoring_postgresql
    mocker.patch.object(module, step, side_effect=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        backed_up.restore(elsewhere)
    mocker.stopall()
    with opened(elsewhere) as (_desk, engine):
        said = str(mismatch(engine))
        assert ("did not end: run `guichet restore` again" in said) == (database == "postgresql")
        if database == "postgresql":  # nor is an empty desk made of it
            with pytest.raises(SettingsError, match="did not end: run `guichet restore` again"):
                migrate(engine)
    backed_up.restore(elsewhere)
    with opened(elsewhere) as (restored, engine):
        assert mismatch(engine) is None
        assert restored.open().id == 1002


@ON_POSTGRESQL_ONLY
def test_an_empty_desk_is_not_made_where_a_restore_was_killed_before_its_tables(
    backed_up: BackedUp, elsewhere: Settings, mocker: MockerFixture
) -> None:
    backed_up.desk.open()
    backed_up.back_up()
    mocker.patch.object(PostgresTarget, "_fill", side_effect=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        backed_up.restore(elsewhere)
    mocker.stopall()
    with (
        opened(elsewhere) as (_desk, engine),
        pytest.raises(SettingsError, match=r"restore .* again"),
    ):
        migrate(engine)
    backed_up.restore(elsewhere)
    with opened(elsewhere) as (restored, _engine):
        assert restored.count(Ticket) == 1


@ON_POSTGRESQL_ONLY
def test_a_dump_of_another_schema_is_refused_before_anything_is_cleared(
    backed_up: BackedUp, elsewhere: Settings
) -> None:
    backed_up.desk.open()
    backed_up.back_up()
    backed_up.restore(elsewhere)
    with opened(elsewhere) as (_desk, engine), engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA help"))
    url = make_url(elsewhere.database_url.get_secret_value())
    there = url.update_query_dict({"options": "-c search_path=help"}).render_as_string(hide_password=False)
    elsewhere.database_url = SecretStr(there)
    with pytest.raises(BackupProblem, match="is of another schema than help: create that schema"):
        backed_up.restore(elsewhere)
    with opened(elsewhere) as (_desk, engine), engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM public.ticket")) == 1
        assert connection.scalar(text("SELECT to_regclass('help.guichet_restore')")) is None


@ON_SQLITE_ONLY
def test_what_is_damaged_or_newer_or_of_another_kind_is_refused(
    backed_up: BackedUp, elsewhere: Settings
) -> None:
    folder = backed_up.folder.path / backed_up.back_up()
    manifest, database = folder / "manifest.json", folder / "guichet.db"
    written, content = manifest.read_text(), database.read_bytes()

    def refused(words: str) -> None:
        with pytest.raises(BackupProblem, match=words):
            backed_up.restore(elsewhere)
        assert not Path(make_url(elsewhere.database_url.get_secret_value()).database or "").exists()

    manifest.write_text(written.replace('"database": "sqlite"', '"database": "postgresql"'))
    refused("is of postgresql, and DATABASE_URL names sqlite")
    manifest.write_text(written.replace('"revision": "', '"revision": "f'))
    refused("was made by a newer Guichet")
    manifest.write_text(written[:-20])
    refused("is damaged: take another backup")
    manifest.write_text(written)
    database.write_bytes(content[:-1] + b"x")
    refused("guichet.db is damaged or missing: take another backup")


@ON_SQLITE_ONLY
def test_the_log_of_a_database_that_was_moved_away_is_not_read_into_the_restored_one(
    backed_up: BackedUp, elsewhere: Settings
) -> None:
    backed_up.desk.open()
    backed_up.back_up()
    backed_up.restore(elsewhere)
    path = Path(make_url(elsewhere.database_url.get_secret_value()).database or "")
    damaged, log = path.with_name("damaged.db"), path.with_name(f"{path.name}-wal")
    with opened(elsewhere) as (_desk, engine):  # a process that is killed leaves its log
        with engine.begin() as connection:
            connection.execute(text("UPDATE ticket SET title = 'of the damaged one'"))
        left = log.read_bytes()
    path.rename(damaged)
    log.write_bytes(left)
    said = backed_up.restore(elsewhere)
    [kept] = path.parent.glob(f"{path.name}.before-restore-*-wal")
    assert f"{log}, of a database that was there before, is {kept} (kept for 7 days)" in said
    with opened(elsewhere) as (_desk, engine), engine.connect() as connection:
        assert connection.scalars(select(Ticket.title)).all() == ["Imprimante en panne"]


@ON_SQLITE_ONLY
def test_a_database_behind_a_link_is_replaced_where_it_lies(backed_up: BackedUp, elsewhere: Settings) -> None:
    backed_up.desk.open()
    backed_up.back_up()
    path = Path(make_url(elsewhere.database_url.get_secret_value()).database or "")
    target = path.parent.parent / "disk" / "desk.db"
    target.parent.mkdir()
    path.parent.mkdir()
    path.symlink_to(target)
    backed_up.restore(elsewhere)
    assert path.is_symlink()
    assert target.is_file()
    with opened(elsewhere) as (restored, _engine):
        assert restored.count(Ticket) == 1


@ON_SQLITE_ONLY
def test_a_full_disk_is_named_by_what_is_written(
    backed_up: BackedUp, elsewhere: Settings, mocker: MockerFixture
) -> None:
    backed_up.back_up()
    path = make_url(elsewhere.database_url.get_secret_value()).database
    full = OSError(28, "No space left on device", "guichet.db", None, f"{path}.restoring")
    mocker.patch("shutil.copyfile", side_effect=full)
    with pytest.raises(BackupProblem, match=rf"^{path}.restoring cannot be used: no space left"):
        backed_up.restore(elsewhere)
    assert not list(Path(str(path)).parent.iterdir())


@ON_SQLITE_ONLY
def test_an_attachment_that_left_since_or_is_damaged_is_named_and_not_restored(
    backed_up: BackedUp, elsewhere: Settings
) -> None:
    gone, damaged = backed_up.attach("a.pdf"), backed_up.attach("b.pdf")
    first = backed_up.back_up()
    backed_up.take_back(gone)
    backed_up.back_up()
    (backed_up.folder.attachments / damaged).write_bytes(b"xyz")
    said = "\n".join(backed_up.restore(elsewhere, Wish(first)))
    assert "deleted since that backup, and not restored: 1" in said
    assert f"damaged copies, not restored: 1 ({damaged}" in said
    assert not Path(elsewhere.attachments_url).exists()


def test_what_was_sent_after_the_backup_is_not_posted_again(desk: Desk) -> None:
    """A restored delivery is marked as begun: the worker looks before it posts."""
    desk.person("camille").file_ticket()
    with desk.sessions.begin() as session:  # as a restore leaves them
        session.execute(delete(MessageReference))
        session.execute(
            update(Delivery).values(state=DeliveryState.PENDING, started_at=Delivery.created_at, attempt=0)
        )
    desk.deliver()
    assert desk.undelivered() == []
    assert len(desk.person("camille").messages()) == 1
    assert len(desk.person("karim").messages(TRIAGE)) == 1
    assert len({mail["headers"]["Message-ID"] for mail in desk.mails()}) == 1


def test_an_older_version_refuses_a_newer_database_in_one_line(backed_up: BackedUp) -> None:
    engine = backed_up.desk.sessions.kw["bind"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
    with pytest.raises(SettingsError, match="newer than this version of Guichet"):
        migrate(engine)
