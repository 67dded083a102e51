"""`guichet backup`: what it writes and keeps, and that what is half written is never taken for a backup."""

import json
import os
import stat
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from pydantic import SecretStr
from pytest_mock import MockerFixture
from sqlalchemy import Connection, make_url, select, update

from bot.cli import main
from bot.observability.last_heard import BACKUP, last_heard
from bot.ops.backup import making
from bot.ops.backup.databases import postgresql, sqlite
from bot.ops.backup.databases import programs as pg_programs
from bot.ops.backup.databases.taken import Counted, count
from bot.ops.backup.folder import AWAY, BackupFolder
from bot.ops.backup.manifest import Content, read_manifest
from bot.ops.backup.problem import BackupProblem, Interrupted
from bot.ops.backup.stopping import Stop
from bot.ops.database import open_engine
from bot.ops.migrate import migrate
from bot.settings import Settings
from bot.storage.base import StoreUnavailable
from bot.storage.folder import FolderStore
from models.base import utc_now
from models.tickets.attachment import Attachment
from tests.ops.backup.conftest import BackedUp
from tests.support.databases import ON_POSTGRESQL_ONLY, ON_SQLITE_ONLY


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_backup_has_the_database_the_catalogue_and_what_it_is(backed_up: BackedUp, database: str) -> None:
    key = backed_up.attach("plan.pdf")
    name = backed_up.back_up()
    manifest = read_manifest(backed_up.folder.path / name)
    file = "guichet.db" if database == "sqlite" else "guichet.pgdump"
    assert {file, "catalogue.yaml"} < set(manifest.files)
    assert (manifest.database, manifest.rows["ticket"], manifest.highest_ticket) == (database, 1, 1)
    assert manifest.attachments.keys() == {key}
    with backed_up.desk.sessions() as session:
        assert last_heard(session)[BACKUP] == manifest.taken_at


@ON_SQLITE_ONLY
def test_only_its_user_can_read_it(backed_up: BackedUp) -> None:
    backed_up.attach("plan.pdf")
    before = os.umask(0)
    try:
        backed_up.back_up()
    finally:
        os.umask(before)
    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for path in [backed_up.folder.path, *backed_up.folder.path.rglob("*")]
    }
    assert modes == {0o700, 0o600}


@ON_SQLITE_ONLY
def test_an_attachment_is_copied_once_and_leaves_when_it_was_taken_back(backed_up: BackedUp) -> None:
    stays, goes = backed_up.attach("plan.pdf"), backed_up.attach("secret.pdf")
    backed_up.back_up()
    copies = backed_up.folder.attachments
    (copies / stays).write_bytes(b"xyz")  # of the same size: it would be seen if it were copied again
    backed_up.take_back(goes)
    new = backed_up.attach("photo.png", b"def")
    backed_up.back_up()
    assert tree(copies) == sorted([stays, new])
    assert (copies / stays).read_bytes() == b"xyz"
    assert "attachments: 2, of which 1 are new; 1 were deleted" in backed_up.said


@ON_SQLITE_ONLY
def test_the_attachments_of_what_a_restore_replaced_stay_for_as_long(backed_up: BackedUp) -> None:
    key = backed_up.attach("plan.pdf")
    folder = backed_up.folder
    folder.create()
    with open_engine(backed_up.settings) as engine:
        making.Making(backed_up.settings, engine, folder, Stop()).make(f"{AWAY}2026")
    (folder.path / f"{AWAY}by-hand").mkdir()
    backed_up.take_back(key)
    backed_up.back_up()
    assert tree(folder.attachments) == [key]
    week = (utc_now() - timedelta(days=8)).timestamp()
    os.utime(folder.path / f"{AWAY}2026", (week, week))
    backed_up.back_up()
    assert tree(folder.attachments) == []


@ON_SQLITE_ONLY
def test_a_file_that_the_store_lacks_is_left_out_and_listed(backed_up: BackedUp) -> None:
    key = backed_up.attach("plan.pdf")
    FolderStore(Path(backed_up.settings.attachments_url)).delete(key)
    manifest = read_manifest(backed_up.folder.path / backed_up.back_up())
    assert (manifest.attachments, manifest.missing) == ({}, (key,))


@ON_SQLITE_ONLY
def test_the_newest_are_kept(backed_up: BackedUp) -> None:
    names = [backed_up.back_up(keep=2) for _ in range(3)]
    assert list(backed_up.folder.names()) == names[1:]
    assert names == sorted(set(names))


@ON_SQLITE_ONLY
def test_after_a_clock_that_was_ahead_the_newest_is_still_the_last(
    backed_up: BackedUp, mocker: MockerFixture
) -> None:
    now = utc_now()
    for module in (making, sqlite):
        mocker.patch.object(module, "utc_now", return_value=now + timedelta(days=900))
    ahead = backed_up.back_up(keep=1)
    mocker.stopall()
    backed_up.desk.open()
    name = backed_up.back_up(keep=1)
    assert name > ahead
    assert list(backed_up.folder.names()) == [name]
    with backed_up.desk.sessions() as session:
        assert now <= last_heard(session)[BACKUP] <= utc_now()


@ON_SQLITE_ONLY
def test_of_two_at_once_the_second_refuses(backed_up: BackedUp) -> None:
    backed_up.folder.create()
    with (
        backed_up.folder.locked(),
        pytest.raises(BackupProblem, match="is in use by another"),
    ):
        backed_up.back_up()


@ON_SQLITE_ONLY
@pytest.mark.parametrize("reason", ["store", "stop", "full"])
def test_nothing_stays_of_one_that_fails(backed_up: BackedUp, mocker: MockerFixture, reason: str) -> None:
    backed_up.attach("plan.pdf")
    backed_up.back_up()
    before = tree(backed_up.folder.path)
    backed_up.attach("photo.png")
    stop, get = Stop(), FolderStore.get

    def fail(store: FolderStore, key: str) -> bytes:
        if reason == "store":
            raise StoreUnavailable("connection refused")
        if reason == "full":
            raise OSError(28, "No space left on device", str(backed_up.folder.attachments / key))
        stop.set()
        return get(store, key)

    mocker.patch.object(FolderStore, "get", fail)
    expected = {
        "store": (BackupProblem, "^ATTACHMENTS_URL: .*: connection refused$"),
        "stop": (Interrupted, "interrupted"),
        "full": (BackupProblem, "cannot be used: no space left on device: free some space$"),
    }
    with pytest.raises(expected[reason][0], match=expected[reason][1]):
        backed_up.back_up(stop=stop)
    left = set(tree(backed_up.folder.path)) - set(before)
    assert all(each.startswith("attachments/") for each in left)
    mocker.stopall()
    assert backed_up.back_up() != before[0]


@ON_SQLITE_ONLY
def test_what_a_failed_one_had_copied_is_not_fetched_again(
    backed_up: BackedUp, mocker: MockerFixture
) -> None:
    content = {backed_up.attach(name, name.encode()): name.encode() for name in ("a.pdf", "b.pdf", "c.pdf")}
    _copied, damaged, missed = content
    with backed_up.desk.sessions.begin() as session:
        for file in session.scalars(select(Attachment)):
            file.digest = sha256(content[str(file.key)]).hexdigest()
    get = FolderStore.get

    def fail(store: FolderStore, key: str) -> bytes:
        if key == missed:
            raise StoreUnavailable("connection reset")
        return get(store, key)

    mocker.patch.object(FolderStore, "get", fail)
    with pytest.raises(BackupProblem, match="connection reset"):
        backed_up.back_up()
    (backed_up.folder.attachments / damaged).write_bytes(b"x")
    fetched = mocker.patch.object(FolderStore, "get", autospec=True, side_effect=get)
    manifest = read_manifest(backed_up.folder.path / backed_up.back_up())
    assert {call.args[1] for call in fetched.call_args_list} == {damaged, missed}
    assert manifest.attachments == {key: Content.of(each) for key, each in content.items()}


@ON_SQLITE_ONLY
def test_one_that_was_killed_is_removed_by_the_next(backed_up: BackedUp) -> None:
    backed_up.folder.create()
    half = backed_up.folder.path / ".part-2026-01-01T00-00-00Z"
    half.mkdir()
    (half / "manifest.json").write_text("{}")
    name = backed_up.back_up()
    assert not half.exists()
    assert list(backed_up.folder.names()) == [name]


@ON_SQLITE_ONLY
def test_the_file_of_erasures_must_lie_apart(backed_up: BackedUp) -> None:
    backed_up.settings.erasures_file = backed_up.folder.path / "erasures"
    with pytest.raises(BackupProblem, match="keep it apart from the backups"):
        backed_up.back_up()
    backed_up.settings.erasures_file = backed_up.folder.path.parent / "apart" / "erasures"
    backed_up.back_up()
    assert any("never to be restored with it: ERASURES_FILE" in line for line in backed_up.said)


@ON_SQLITE_ONLY
def test_the_copies_are_never_in_the_store_itself(backed_up: BackedUp, tmp_path: Path) -> None:
    backed_up.attach("plan.pdf")
    (tmp_path / "link").symlink_to(tmp_path)
    for folder in (tmp_path, tmp_path / "link", tmp_path / "attachments"):
        with pytest.raises(BackupProblem, match="folder of ATTACHMENTS_URL"):
            replace(backed_up, folder=BackupFolder(folder)).back_up()


@ON_SQLITE_ONLY
def test_another_database_does_not_spoil_the_backups_that_are_there(
    backed_up: BackedUp, elsewhere: Settings
) -> None:
    kept = backed_up.attach("plan.pdf")
    name = backed_up.back_up()
    with open_engine(elsewhere) as engine:
        migrate(engine)  # as after a disk was lost, or with a wrong DATABASE_URL
    other = replace(backed_up, settings=elsewhere)
    with pytest.raises(BackupProblem, match=r"\(tickets up to no. 0\) is not the one of the last backup"):
        other.back_up(keep=1)
    other.restore(elsewhere)
    other.back_up()
    backed_up.attach("photo.png")
    backed_up.back_up()
    with backed_up.desk.sessions.begin() as session:
        session.execute(update(Attachment).where(Attachment.key == kept).values(digest="0" * 64))
    with pytest.raises(BackupProblem, match="is not the one of the last backup"):
        backed_up.back_up(keep=1)
    assert name in backed_up.folder.names()
    assert (backed_up.folder.attachments / kept).exists()


@ON_SQLITE_ONLY
def test_one_backup_is_no_folder_of_backups(backed_up: BackedUp, elsewhere: Settings) -> None:
    """What was written into it would be removed with it."""
    name = backed_up.back_up()
    one = replace(backed_up, folder=BackupFolder(backed_up.folder.path / name))
    with pytest.raises(BackupProblem, match=f"is one backup: name the folder that it is in, .*--at {name}"):
        one.back_up()
    with pytest.raises(BackupProblem, match="is one backup"):
        one.restore(elsewhere)
    assert not one.folder.attachments.exists()


@ON_SQLITE_ONLY
def test_a_database_of_another_kind_does_not_spoil_the_backups_that_are_there(backed_up: BackedUp) -> None:
    """A trial may have more tickets than the desk whose attachments would be deleted."""
    manifest = backed_up.folder.path / backed_up.back_up() / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"database": "sqlite"', '"database": "postgresql"'))
    backed_up.attach("plan.pdf")
    with pytest.raises(BackupProblem, match="names sqlite, and the last backup is of postgresql"):
        backed_up.back_up(keep=1)


@ON_SQLITE_ONLY
@pytest.mark.parametrize("name", ["", "attachments"])
def test_a_folder_that_every_user_can_write_is_refused(backed_up: BackedUp, name: str) -> None:
    backed_up.folder.create()
    (backed_up.folder.path / name).chmod(0o1777)
    with pytest.raises(BackupProblem, match=r"can be written by every user: chmod o-w"):
        backed_up.back_up()


@ON_SQLITE_ONLY
def test_what_somebody_else_keeps_in_the_folder_stays(backed_up: BackedUp) -> None:
    backed_up.folder.create()
    theirs = backed_up.folder.attachments / "thesis.pdf"
    theirs.touch()
    backed_up.back_up()
    assert theirs.exists()


@ON_SQLITE_ONLY
def test_a_database_that_is_not_there_is_not_made(backed_up: BackedUp, tmp_path: Path) -> None:
    wrong = replace(backed_up, settings=backed_up.settings.model_copy())
    wrong.settings.database_url = SecretStr(f"sqlite:///{tmp_path}/typo/guichet.db")
    with pytest.raises(BackupProblem, match=r"there is no file .*: correct the path"):
        wrong.back_up()
    assert not (tmp_path / "typo").exists()


@ON_SQLITE_ONLY
def test_the_command_ends_with_1_and_one_line(
    backed_up: BackedUp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", backed_up.settings.database_url.get_secret_value())
    (tmp_path / "taken").write_text("")
    with pytest.raises(SystemExit) as ended:
        main(["backup", str(tmp_path / "taken" / "backups")])
    assert ended.value.code == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line == f"guichet: {tmp_path}/taken/backups cannot be used: not a directory"


@ON_POSTGRESQL_ONLY
@pytest.mark.parametrize(
    ("installed", "words"), [(None, "is not installed"), ("9.6.1", "is of version 9, and")]
)
def test_a_missing_or_older_pg_dump_is_named_with_its_package(
    backed_up: BackedUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: str | None, words: str
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    if installed:
        program = programs / "pg_dump"
        program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {installed}'\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(pg_programs, "DEBIAN", tmp_path)
    with pytest.raises(BackupProblem, match=rf"pg_dump {words}.*postgresql-client-\d+"):
        backed_up.back_up()


@ON_POSTGRESQL_ONLY
def test_the_snapshot_stays_open_however_long_the_dump_takes(
    backed_up: BackedUp, mocker: MockerFixture
) -> None:
    """Meanwhile its transaction is idle, which the server's administrator may have limited."""
    url = make_url(backed_up.settings.database_url.get_secret_value())
    limited = url.update_query_dict({"options": "-c idle_in_transaction_session_timeout=60s"})
    settings = backed_up.settings.model_copy(
        update={"database_url": SecretStr(limited.render_as_string(hide_password=False))}
    )
    limits = list[str]()

    def note(connection: Connection) -> Counted:
        limits.append(connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar_one())
        return count(connection)

    mocker.patch.object(postgresql, "count", note)
    replace(backed_up, settings=settings).back_up()
    assert limits == ["0"]


def test_pg_dump_is_given_what_the_url_says_and_no_secret_in_its_command(mocker: MockerFixture) -> None:
    stop = Stop()
    run = mocker.patch.object(stop, "run", return_value=(0, "", ""))
    url = (
        "postgresql+psycopg://a%40b@/my db?password=s%2Fe%20cret&host=/run/pg&options=-c%20search_path%3Dhelp"
    )
    pg_programs.Programs(9, make_url(url), stop).dump()
    command, environment = run.call_args.args
    assert command[1:] == ["--dbname=dbname='my db' user=a@b host=/run/pg options='-c search_path=help'"]
    assert environment["PGPASSWORD"] == "s/e cret"


def test_a_manifest_of_a_newer_guichet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 99, "guichet": "9.0.0"}))
    with pytest.raises(BackupProblem, match=r"newer Guichet \(9.0.0\)"):
        read_manifest(tmp_path)
