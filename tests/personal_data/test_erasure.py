"""The proof: what an erased person wrote, and whatever leads to them, is nowhere but in e-mails that left, in
what people hold in Slack themselves, which the list names, and in tickets of others, without their name."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, select

from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.delivery import periodic
from bot.delivery.removals.claims import is_any_due
from bot.ops.erasures.cleaning import clean
from bot.ops.erasures.command import Wish, erase_person
from bot.ops.erasures.replay import replay
from bot.services.retention.work import forget_due, list_due
from models.removals.removal import Removal, RemovalState
from tests.journeys.test_removals import TURN
from tests.personal_data.backups import back_up
from tests.personal_data.everywhere import in_files_of, in_mails, in_rows, in_slack, in_store
from tests.personal_data.needles import Needles
from tests.personal_data.planting import TABLES, places, plant
from tests.personal_data.story import Story
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.help_desk import Desk
from tests.support.outbox_rows import forgive

NOT_ABOUT_HER = {"heard_message.text", "outage_event.text"}  # no row of hers has them
OF_OTHERS = {"decision", "approver.text", "event.text"}  # what she decided about Oliver's request
LISTED = {f"removal.{name}" for name in ("channel", "ts", "thread_ts", "slack_file_id", "permalink", "owner")}
EVENTS = {"handled_event.event_id"}  # for as long as Slack may tell them again


YEARS = 3 * 366


@pytest.fixture
def story(desk: Desk, tmp_path: Path) -> Story:
    """Told, with needles in every column."""
    desk.settings.erasures_file = tmp_path / "erasures"
    desk.settings.erasures_file.touch(mode=0o600)
    desk.settings.erasures_key = SecretStr("k" * 32)
    story = Story(desk)
    story.tell()
    with engine_of(desk).begin() as connection:
        plant(connection, story.needles, camille_in(connection, story))
    return story


def engine_of(desk: Desk) -> Engine:
    engine: Engine = desk.sessions.kw["bind"]
    return engine


def camille_in(connection: Connection, story: Story) -> int:
    person = TABLES["person"]
    found = connection.scalar(select(person.c.id).where(person.c.slack_id == story.slack_id))
    return int(found)


def ids_of(story: Story) -> dict[str, set[str]]:
    """What leads to her and her things; not keys of files, which are numbers."""
    with engine_of(story.desk).connect() as connection:
        found = places(connection, camille_in(connection, story))
    shared = {"attachment.key", "file_copy.recipient", "message_reference.channel", "comment.channel"}
    return {column: ids for column, ids in found.items() if column not in shared}


def finish(desk: Desk) -> None:
    """Let everything happen that follows."""
    desk.ahead += timedelta(hours=1)  # the mail server is tried again
    periodic.run_due(desk.sessions, now=desk.now)
    desk.deliver()
    while is_any_due(desk.sessions, now=desk.now):
        desk.ahead += TURN
        desk.worker.remover.step()
        desk.deliver()
    assert desk.undelivered() == []
    list(clean(engine_of(desk), rewrite=True))


def erase(story: Story) -> None:
    """As `guichet person erase` does."""
    wish = Wish(story.slack_id, story.slack_id, with_open_tickets=True)
    erase_person(story.desk.settings, engine_of(story.desk), wish)


def stored(desk: Desk) -> Path:
    """The folder of the attachments."""
    return Path(desk.settings.attachments_url)


def prove_that_it_was_there(story: Story, ids: dict[str, set[str]]) -> None:
    """What is not found afterwards means something only if it was found before."""
    desk, needles, engine = story.desk, story.needles, engine_of(story.desk)
    told = {place for place in needles.planted if "." not in place}
    contents = {place for place in told if place.endswith("(content)")}
    found = needles.found(in_rows(engine)).keys()
    assert found == needles.planted.keys() - contents - NOT_ABOUT_HER
    assert needles.found(in_files_of(engine)).keys() >= found
    assert needles.found(in_store(desk)).keys() == contents
    assert needles.found(in_slack(desk)).keys() == told - {"email", "search", "hold"}
    assert {"name", "title", "solution"} <= needles.found(in_mails(desk)).keys()
    assert {"person.slack_id", "comment.ts", "attachment.slack_file_id"} <= ids.keys()


def prove(story: Story, ids: dict[str, set[str]], *, mails: int) -> None:
    """Nothing is left, after as many mails as had left."""
    desk, needles, engine = story.desk, story.needles, engine_of(story.desk)
    found = needles.found(in_rows(engine))
    kept = {place: names - LISTED for place, names in found.items() if names - LISTED}
    assert kept.keys() <= OF_OTHERS, kept
    assert needles.found(in_files_of(engine)).keys() <= found.keys()
    assert needles.found(in_store(desk)) == {}
    assert needles.found(list(in_mails(desk))[mails:]) == {}
    for column, values in ids.items():
        where = {name for name, content in in_rows(engine) for each in values if each.encode() in content}
        assert where <= LISTED | EVENTS, column
    prove_slack(story.desk, needles)


def prove_slack(desk: Desk, needles: Needles, *authors: str) -> None:
    """What is left in Slack is people's own, or these authors', and in the list."""
    found = needles.found(in_slack(desk))
    by = {name.split()[-1] for names in found.values() for name in names}
    assert by == {"camille", "karim", *authors}, found
    with desk.sessions() as session:
        rows = session.scalars(select(Removal)).all()
    workspace = desk.slack.slack.workspace
    listed = {row.ts for row in rows} | {row.slack_file_id for row in rows}
    words = {word.encode() for word in needles.planted.values()}
    messages = [each for channel in workspace.channels.values() for each in channel.messages.values()]
    files = [each for each in workspace.files.values() if not each.deleted]
    left = {
        (each.ts, each.text)
        for each in messages
        if not each.deleted and any(word in each.text.encode() for word in words)
    }
    left |= {(each.id, each.name) for each in files if any(word in each.content for word in words)}
    assert {each for each in left if each[0] not in listed} == set()


def test_nothing_of_an_erased_person_is_left_nor_comes_back_with_a_backup(
    story: Story, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, ids, mails = story.desk, ids_of(story), len(story.desk.mails())
    prove_that_it_was_there(story, ids)
    restore, files, copies = back_up(engine_of(desk), tmp_path), stored(desk), tmp_path / "files"
    shutil.copytree(files, copies)
    erase(story)
    desk.slack.run(desk.slack.slack.faults.clear)
    finish(desk)
    prove(story, ids, mails=mails)

    restore()
    shutil.copytree(copies, files, dirs_exist_ok=True)
    assert "name" in story.needles.found(in_rows(engine_of(desk)))
    assert replay(desk.settings, engine_of(desk)) == 1
    finish(desk)
    prove(story, ids, mails=mails)
    forgive(desk, "message_not_found", "file_deleted")  # the first time, they were deleted
    said = capsys.readouterr()
    outputs = [("log", caplog.text.encode()), ("output", f"{said.out}{said.err}".encode())]
    assert story.needles.found(outputs) == {}


@ON_SQLITE_ONLY
def test_what_slack_refuses_to_delete_is_in_the_list(story: Story) -> None:
    desk, refused = story.desk, "compliance_exports_prevent_deletion"
    erase(story)
    desk.slack.run(desk.slack.slack.faults.clear)
    desk.fault("chat.delete", "", error=refused, times=0)
    finish(desk)
    prove_slack(desk, story.needles, "guichet")
    with desk.sessions() as session:
        codes = session.scalars(select(Removal.code).where(Removal.state == RemovalState.REFUSED))
        assert {*codes} == {refused}


def test_nothing_of_a_forgotten_ticket_is_left(desk: Desk) -> None:
    """Her first ticket is closed, and due; her others are open."""
    story = Story(desk)
    story.tell()
    with engine_of(desk).begin() as connection:
        plant(connection, story.needles, camille_in(connection, story), ticket_id=1)
    first = story.of_first_ticket | {place for place in story.needles.planted if "." in place}
    rules = UseCaseSettings(
        retention_files_months=12, retention_tickets_months=24, retention_visa_required=False
    )
    desk.ahead += timedelta(days=YEARS)
    for step in (list_due, forget_due):
        transact(
            desk.sessions, lambda session, step=step: step(UnitOfWork(session, desk.now, settings=rules))
        )
    mails = len(desk.mails())
    desk.slack.run(desk.slack.slack.faults.clear)
    finish(desk)
    engine, needles = engine_of(desk), Needles({place: story.needles.planted[place] for place in first})
    found = needles.found(in_rows(engine))
    assert {name for names in found.values() for name in names} <= LISTED
    assert needles.found(in_files_of(engine)).keys() <= found.keys()
    assert needles.found(in_store(desk)) == {}
    assert needles.found(list(in_mails(desk))[mails:]) == {}
    prove_slack(desk, needles)
