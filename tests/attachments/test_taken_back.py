"""What was taken back stays taken back, in whatever order Slack tells it; nothing of it is left anywhere."""

import sqlite3
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from bot.db import erasure
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.erasure import clean_index, truncate_log
from bot.delivery import periodic
from bot.services.tickets.comments import edits
from bot.storage.folder import FolderStore
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Cause, Reason
from models.outbox.slack_event import HeardMessage
from models.search.index import CREATE
from models.tickets.attachment import Attachment, AttachmentReason, AttachmentState, FileCopy
from models.tickets.comment import Comment
from tests.support.help_desk import DIRECT, TRIAGE, Desk, Person, file
from tests.support.outbox_rows import deliveries, wait
from tests.support.scenarios import DIRECT as SMALL_DIRECT
from tests.support.scenarios import hear, ticket_in_state
from tests.support.use_case_desk import SmallDesk, at_once

SECRET = "mon mot de passe est Tulipe42"
PDF, PNG = file("releve-bancaire.pdf", b"%PDF-1.7 secret"), file("ecran.png", b"\x89PNG")


@pytest.fixture
def camille(desk: Desk) -> Person:
    """She has a ticket."""
    camille = desk.person("camille")
    camille.have_filed()
    return camille


def hold(desk: Desk) -> None:
    """The next message is told when the test says so."""
    assert desk.slack.control.post("hold", type="message", until="release")["ok"]


def release(desk: Desk, *, backwards: bool = False) -> None:
    assert desk.slack.control.post("release", backwards=backwards)["ok"]
    desk.deliver()


def write(camille: Person, words: str = SECRET, *files: Any) -> dict[str, Any]:
    """Write in the ticket's thread."""
    root = camille.messages(DIRECT)[0]["ts"]
    message = camille.write(words, thread_ts=root, files=list(files))["message"]
    camille.desk.deliver()
    return dict(message)


def change(camille: Person, gesture: str, message: dict[str, Any], **more: Any) -> None:
    camille._do(gesture, channel=DIRECT, ts=message["ts"], **more)
    camille.desk.deliver()


def again(desk: Desk, event_of: Callable[[dict[str, Any]], bool]) -> None:
    """Slack tells an event again."""
    body = next(body for body in reversed(desk.received) if event_of(body.get("event", {})))
    desk.dispatch(body | {"event_id": "EvAGAIN"})


def comment_texts(desk: Desk) -> list[str]:
    with desk.sessions() as session:
        return list(session.scalars(select(Comment.text).order_by(Comment.id)))


def rows(desk: Desk) -> list[HeardMessage]:
    with desk.sessions() as session:
        return list(session.scalars(select(HeardMessage)))


# The order in which Slack tells


def test_a_message_whose_deletion_came_first_is_not_passed_on(
    desk: Desk, camille: Person, karim: Person
) -> None:
    hold(desk)
    message = write(camille)
    change(camille, "delete", message)
    assert comment_texts(desk) == []
    release(desk)
    assert comment_texts(desk) == []
    assert SECRET not in str(karim.messages(TRIAGE))
    assert camille.ephemeral_messages() == []


def test_a_deletion_without_its_message_is_applied(desk: Desk, camille: Person) -> None:
    """`previous_message` is not always there."""
    hold(desk)
    message = write(camille)
    channel = desk.slack.slack.workspace.direct_message(camille.slack_id).id
    event = {"type": "message", "subtype": "message_deleted", "channel": channel, "channel_type": "im"}
    event |= {"deleted_ts": message["ts"], "ts": message["ts"] + "1", "event_ts": message["ts"] + "1"}
    desk.dispatch(
        {"type": "event_callback", "event_id": "EvFIRST", "team_id": message["team"], "event": event}
    )
    release(desk)
    assert comment_texts(desk) == []


def test_a_message_whose_edit_came_first_has_the_edited_text(
    desk: Desk, camille: Person, karim: Person
) -> None:
    hold(desk)
    message = write(camille)
    change(camille, "edit", message, text="Salle B204")
    assert comment_texts(desk) == []
    release(desk)
    assert comment_texts(desk) == ["Salle B204"]
    assert SECRET not in str(karim.messages(TRIAGE))
    assert "Salle B204" in karim.reads_thread()[-1]
    assert [row.text for row in rows(desk)] == [None]


def test_an_older_edit_that_arrives_last_changes_nothing(desk: Desk, camille: Person, karim: Person) -> None:
    message = write(camille, "Salle B203")
    change(camille, "edit", message, text="Salle B204")
    change(camille, "edit", message, text="Salle B205")
    again(desk, lambda event: event.get("message", {}).get("text") == "Salle B204")
    assert comment_texts(desk) == ["Salle B205"]
    assert "Salle B205" in karim.reads_thread()[-1]


def test_a_message_outside_any_ticket_is_not_saved(desk: Desk, camille: Person) -> None:
    elsewhere = camille.write("bonjour", "#general")["message"]
    camille._do("edit", channel="#general", ts=elsewhere["ts"], text=SECRET)
    camille._do("delete", channel="#general", ts=elsewhere["ts"])
    assert rows(desk) == []


def test_what_is_known_of_messages_is_kept_for_two_days(desk: Desk, camille: Person) -> None:
    write(camille)
    periodic.run_due(desk.sessions, now=desk.now)
    assert len(rows(desk)) == 1
    wait(desk, periodic.EVENTS_KEPT_FOR * 2)
    periodic.run_due(desk.sessions, now=desk.now)
    assert rows(desk) == []


@pytest.mark.parametrize("delete_first", [True, False])
def test_a_message_and_its_deletion_at_once_leave_nothing(shared_desk: SmallDesk, delete_first: bool) -> None:
    ticket, camille = ticket_in_state(shared_desk), shared_desk.actor("camille")
    works = [
        lambda: hear(shared_desk, ticket, camille, SECRET, ts="9.001"),
        lambda: shared_desk.do(lambda uow: edits.delete(uow, SMALL_DIRECT, "9.001")),
    ]
    at_once(works[::-1] if delete_first else works)
    with shared_desk.sessions() as session:
        assert SECRET not in session.scalars(select(Comment.text)).all()


def test_a_trace_is_a_deletion(desk: Desk, camille: Person) -> None:
    """Of a message that others answered to, Slack tells as of an edit."""
    message = write(camille)
    channel = desk.slack.slack.workspace.direct_message(camille.slack_id).id
    trace = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": message["ts"]}
    event = {"type": "message", "subtype": "message_changed", "channel": channel, "channel_type": "im"}
    event |= {"message": trace, "previous_message": message, "ts": "1.2", "event_ts": "1.2"}
    desk.dispatch(
        {"type": "event_callback", "event_id": "EvTRACE", "team_id": message["team"], "event": event}
    )
    assert comment_texts(desk) == [""]


# One file of several


@pytest.mark.parametrize("tombstone", [True, False])
def test_a_file_that_is_taken_out_of_a_message_leaves_the_team_too(
    desk: Desk, camille: Person, karim: Person, tombstone: bool
) -> None:
    message = write(camille, "voici", PDF, PNG)
    assert karim.thread_files() == ["releve-bancaire.pdf", "ecran.png"]
    change(camille, "remove_file", message, file=message["files"][0]["id"], tombstone=tombstone)
    assert karim.thread_files() == ["ecran.png"]
    with desk.sessions() as session:
        states = session.execute(select(Attachment.state, Attachment.reason).order_by(Attachment.id)).all()
    assert states == [(AttachmentState.FAILED, AttachmentReason.DELETED), (AttachmentState.KEPT, None)]
    assert "releve-bancaire.pdf : pièce impossible" in karim.reads(TRIAGE)[0]
    assert kept(desk) == [b"\x89PNG"]


def test_a_forwarded_file_leaves_with_what_was_forwarded(desk: Desk, camille: Person, karim: Person) -> None:
    source = karim.write("Voici.", "#general", files=[PDF])["message"]
    root = camille.messages()[-1]["ts"]
    where = {"from": {"channel": "#general", "ts": source["ts"]}, "channel": DIRECT, "thread_ts": root}
    assert desk.slack.control.post("forward", user="camille", text="Vu ?", **where)["ok"]
    desk.deliver()
    assert karim.thread_files() == ["releve-bancaire.pdf"]
    told = deepcopy(desk.received[-1])
    event = told["event"]
    place = {key: event.pop(key) for key in ("channel", "channel_type", "event_ts")}
    changed = {"type": "message", "subtype": "message_changed", "ts": "9999999999.000100", **place}
    after = {**event, "attachments": [], "edited": {"user": event["user"], "ts": "9999999999.000000"}}
    told["event"] = changed | {"message": after, "previous_message": event}
    desk.dispatch(told | {"event_id": "Ev0WITHDRAWN"})
    assert (kept(desk), karim.thread_files()) == ([], [])


def test_a_file_removed_before_its_message_arrived_is_not_copied(
    desk: Desk, camille: Person, karim: Person
) -> None:
    hold(desk)
    message = write(camille, "voici", PDF, PNG)
    change(camille, "remove_file", message, file=message["files"][0]["id"], tombstone=True)
    release(desk)
    assert karim.thread_files() == ["ecran.png"]


# Nothing is left


def kept(desk: Desk) -> list[bytes]:
    """What the store has."""
    return [each.read_bytes() for each in sorted(Path(desk.settings.attachments_url).glob("*"))]


def copies(desk: Desk) -> list[FileCopy]:
    with desk.sessions() as session:
        return list(session.scalars(select(FileCopy)))


def test_a_deleted_messages_file_leaves_the_store_and_the_thread(
    desk: Desk, camille: Person, karim: Person
) -> None:
    message = write(camille, "voici", PDF)
    assert (len(kept(desk)), len(copies(desk))) == (1, 1)
    change(camille, "delete", message)
    assert (kept(desk), copies(desk), karim.thread_files()) == ([], [], [])


def test_a_notes_file_leaves_the_store(desk: Desk, camille: Person, karim: Person) -> None:
    root = karim.messages(TRIAGE)[0]["ts"]
    note = karim.write("Vu.", TRIAGE, thread_ts=root, files=[PDF])["message"]
    desk.deliver()
    assert len(kept(desk)) == 1
    karim._do("delete", channel=TRIAGE, ts=note["ts"])
    desk.deliver()
    assert kept(desk) == []


def test_a_copy_is_found_when_its_delivery_was_deleted_long_ago(
    desk: Desk, camille: Person, karim: Person
) -> None:
    message = write(camille, "voici", PDF)
    with desk.sessions.begin() as session:
        session.execute(text("DELETE FROM delivery"))
    change(camille, "delete", message)
    assert (kept(desk), karim.thread_files()) == ([], [])


def test_a_copy_whose_response_was_lost_is_posted_once_and_can_be_deleted(
    desk: Desk, camille: Person, karim: Person
) -> None:
    desk.stop_clock()
    desk.fault("files.completeUploadExternal", "reset", when="after")
    message = write(camille, "voici", PDF)
    wait(desk)
    assert karim.thread_files() == ["releve-bancaire.pdf"]
    change(camille, "delete", message)
    assert (kept(desk), karim.thread_files()) == ([], [])


def test_a_file_that_is_taken_back_while_it_is_fetched_is_not_kept(
    desk: Desk, camille: Person, karim: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = FolderStore.put

    def delete_meanwhile(store: FolderStore, key: str, content: bytes) -> None:
        put(store, key, content)
        monkeypatch.setattr(FolderStore, "put", put)
        root = camille.messages(DIRECT)[0]
        camille._do("delete", channel=DIRECT, ts=root["replies"][-1]["ts"])

    monkeypatch.setattr(FolderStore, "put", delete_meanwhile)
    write(camille, "voici", PDF)
    desk.deliver()
    assert (kept(desk), karim.thread_files()) == ([], [])


def test_a_removal_goes_on_after_the_store_was_away(
    desk: Desk, camille: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stop_clock()
    message = write(camille, "voici", PDF)
    folder = Path(desk.settings.attachments_url)
    away = folder.rename(folder.with_name("away"))
    folder.write_bytes(b"")
    change(camille, "delete", message)
    waiting = deliveries(desk, kind=DeliveryKind.FILE, state=DeliveryState.PENDING)
    assert [each.cause for each in waiting] == [
        Cause(Reason.STORE_UNAVAILABLE, "attachments", "Not a directory")
    ]
    folder.unlink()
    away.rename(folder)
    wait(desk)
    assert kept(desk) == []


def test_what_version_0_1_left_in_the_store_is_removed_by_and_by(desk: Desk, camille: Person) -> None:
    message = write(camille, "voici", PDF)
    change(camille, "delete", message)
    FolderStore(Path(desk.settings.attachments_url)).put("1-1", b"%PDF-1.7 secret")
    with desk.sessions.begin() as session:
        session.scalars(select(Attachment)).one().key = "1-1"
    for _look in range(3):
        periodic.run_due(desk.sessions, now=desk.now)
        wait(desk, periodic.JOBS["erase"].every)
    assert kept(desk) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_deleted_text_is_erased_from_sqlites_files(desk: Desk, camille: Person) -> None:
    message = write(camille)
    camille.file_ticket("Jacinthe43 en panne")
    desk.deliver()
    change(camille, "delete", message)
    with desk.sessions.begin() as session:
        session.execute(text("UPDATE ticket SET title = '', search_text = '' WHERE id = 2"))
    for _look in range(3):
        desk.ahead += periodic.JOBS["erase"].every
        desk.parts.disconnect()
        periodic.run_due(desk.sessions, now=desk.now)
    desk.parts.disconnect()
    assert truncate_log(desk.sessions.kw["bind"])
    database = Path(desk.sessions.kw["bind"].url.database)
    bytes_on_disk = b"".join(each.read_bytes() for each in database.parent.glob(f"{database.name}*"))
    assert b"Tulipe42" not in bytes_on_disk
    assert b"jacinthe43" not in bytes_on_disk


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Connection]:
    """A search's index in many parts, as deletions and new words leave it."""
    engine = create_db(f"sqlite:///{tmp_path}/a.db", timeout=WORKER_TIMEOUT)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE ticket (id INTEGER PRIMARY KEY, search_text, internal_search_text, team_id)"
        )
        for statement in CREATE["sqlite"]:
            connection.exec_driver_sql(statement)
    for number in range(1, 40):
        words = " ".join(f"mot{number}x{each}" for each in range(400))
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO ticket VALUES (?, ?, '', 'a')", (number, words))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE ticket SET search_text = 'rien' WHERE id = 1")
        yield connection
    engine.dispose()


def test_a_deleted_word_leaves_the_index_in_steps(index: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "PAGES", 1)
    monkeypatch.setattr(erasure, "STEPS", 1)
    runs = 1
    while clean_index(index):
        runs += 1
    assert runs > 1
    found = "SELECT rowid FROM ticket_search WHERE ticket_search MATCH ?"
    assert index.exec_driver_sql(found, ("mot1x7",)).all() == []
    assert index.exec_driver_sql(found, ("mot39x7",)).scalars().all() == [39]
    vocabulary = "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'ticket_search', 'row')"
    index.exec_driver_sql(vocabulary)
    words = set(index.exec_driver_sql("SELECT term FROM temp.words").scalars())
    assert {"rien", "mot2x7"} <= words
    assert "mot1x7" not in words
    assert clean_index(index) is False


def test_from_3_42_on_fts5_deletes_securely_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    comment_texts: list[str] = []

    class There:
        dialect = SimpleNamespace(name="sqlite")

        def exec_driver_sql(self, statement: str) -> SimpleNamespace:
            comment_texts.append(statement)
            return SimpleNamespace(scalar_one=lambda: 0)

    for version, secure in (((3, 41, 2), False), ((3, 42, 0), True)):
        comment_texts.clear()
        monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
        clean_index(There())  # type: ignore[arg-type]
        assert any("'secure-delete'" in statement for statement in comment_texts) is secure
