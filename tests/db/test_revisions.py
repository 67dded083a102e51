"""Every process checks the database's revision at its start, and reports which side is older."""

import re

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from bot.cli import main
from bot.db.revisions import known, newest
from bot.ops.migrate import migrate
from bot.settings import load_settings
from playground.testing import Playground
from tests.conftest import CATALOGUE, ROOT
from tests.support.doctor import examined
from tests.support.migrations import FIRST, VERSION, go_down, stands_at, use

COMMANDS = [
    ["socket"],
    ["web"],
    ["worker"],
    ["catalogue", "load"],
    ["deliveries", "list"],
    ["deliveries", "retry"],
]
OLDER = r"the database is older than this version of Guichet \(.*\): run `guichet migrate`"
NEWER = r"the database is newer than this version of Guichet \(.*ffffffffffff.*\): install the newer version"
NEW = r"the database is empty: run `guichet migrate`"


@pytest.fixture
def configured(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A database that the commands are told of."""
    url = empty.url.render_as_string(hide_password=False)
    given = {"DATABASE_URL": url, "CATALOGUE": str(CATALOGUE), "SLACK_API_URL": "http://127.0.0.1:1/"}
    secrets = {"SLACK_BOT_TOKEN": "xoxb-x", "SLACK_APP_TOKEN": "xapp-x", "SLACK_SIGNING_SECRET": "x"}
    for name, value in (given | secrets).items():
        monkeypatch.setenv(name, value)
    return empty


def make_newer(engine: Engine) -> None:
    """As a later version leaves it."""
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION} SET version_num = 'ffffffffffff'"))


def refusal(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says that ends with status 2, in one line."""
    with pytest.raises(SystemExit) as ended:
        main(command)
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n")) == (2, 1)
    return said


def test_the_revisions_are_those_that_alembic_reads() -> None:
    scripts = ScriptDirectory(str(ROOT / "models" / "migrations"))
    assert newest() == scripts.get_current_head()
    assert dict(known()) == {each.revision: each.down_revision or "" for each in scripts.walk_revisions()}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_process_reports_which_of_database_and_program_is_older(
    configured: Engine, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert re.search(NEW, refusal(command, capsys))
    migrate(configured)
    go_down(configured)
    assert re.search(OLDER, refusal(command, capsys))
    make_newer(configured)
    assert re.search(NEWER, refusal(command, capsys))


@pytest.mark.parametrize("command", [["run"], ["migrate"], ["migrate", "base", "--drop-all-data"]])
def test_what_migrates_refuses_a_newer_database_too(
    configured: Engine, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    make_newer(configured)
    assert re.search(NEWER, refusal(command, capsys))
    assert stands_at(configured) == "ffffffffffff"


@pytest.mark.parametrize(("prepare", "words"), [(go_down, OLDER), (make_newer, NEWER)])
def test_the_doctor_reports_it_and_goes_on(
    configured: Engine, any_slack: Playground, monkeypatch: pytest.MonkeyPatch, prepare: object, words: str
) -> None:
    monkeypatch.setenv("SLACK_API_URL", any_slack.api_url)
    migrate(configured)
    assert callable(prepare)
    prepare(configured)
    findings = examined(load_settings())
    assert [finding.ok for finding in findings if re.search(words, finding.text)] == [False]
    assert any(finding.text.startswith("e-mail") for finding in findings)


def test_the_doctor_goes_on_before_an_empty_database(
    configured: Engine, any_slack: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", any_slack.api_url)
    configured.connect().close()  # SQLite makes its file
    findings = examined(load_settings())
    assert [finding.ok for finding in findings if re.search(NEW, finding.text)] == [False]
    assert any(finding.text.startswith("e-mail") for finding in findings)


@pytest.mark.parametrize("command", [["migrate", "base"], ["migrate", "--drop-all-data"]])
def test_dropping_all_tables_needs_the_option(
    configured: Engine, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    use(configured)
    assert "guichet migrate base --drop-all-data" in refusal(command, capsys)
    assert stands_at(configured) == newest()


def test_with_the_option_all_tables_are_dropped(configured: Engine) -> None:
    use(configured)
    with pytest.raises(SystemExit) as ended:
        main(["migrate", "base", "--drop-all-data"])
    assert ended.value.code == 0
    assert inspect(configured).get_table_names() == [VERSION]


@pytest.mark.parametrize("revision", ["abc", "3f9a6c1d2b8", "head+1", "-1"])
def test_a_revision_that_there_is_not_is_one_line(
    configured: Engine, capsys: pytest.CaptureFixture[str], revision: str
) -> None:
    migrate(configured, FIRST)
    assert f"guichet: migrate {revision}: " in refusal(["migrate", "--", revision], capsys)
    assert stands_at(configured) == FIRST
