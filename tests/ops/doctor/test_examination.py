"""The whole examination: it never dies, changes nothing, and is also JSON."""

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.articles.contents import Contents, read_contents
from bot.cli import main
from bot.ops.doctor import context, examination
from bot.ops.doctor.examination import CHECKS
from bot.ops.screens import check
from models.base import Base
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.doctor import examined, said
from tests.support.help_desk import Desk

NEEDING = {
    "database": {"backup", "channels", "approvers", "deliveries"},
    "slack": {"channels", "approvers", "screens"},
}
CLASS = re.compile(r"\b[A-Z]\w*(Error|Exception)\b|Traceback|\bNone\b")


def test_a_sound_help_desk_has_no_failure(desk: Desk) -> None:
    found = examined(desk.settings)
    assert [each.text for each in found if not each.ok] == []
    assert {each.check for each in found} == {name for name, _ in CHECKS}


def test_nothing_in_the_database_is_changed(desk: Desk) -> None:
    desk.person("camille").file_ticket()
    desk.deliver()
    with desk.sessions.begin() as session:  # what the examination could be tempted to correct
        session.execute(text("UPDATE team SET channel_id = NULL"))
    before = contents(desk)
    examined(desk.settings)
    assert contents(desk) == before


def contents(desk: Desk) -> dict[str, list[str]]:
    """Every row of every table, and PostgreSQL's sequences."""
    with desk.sessions() as session:
        rows = {name: session.execute(text(f"SELECT * FROM {name}")) for name in Base.metadata.tables}
        found = {name: sorted(map(repr, each)) for name, each in rows.items()}
        if session.get_bind().dialect.name == "postgresql":
            sequences = session.execute(text("SELECT sequencename, last_value FROM pg_sequences"))
            found["sequences"] = sorted(map(repr, sequences))
    return found


def test_the_catalogue_and_the_articles_are_read_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = []

    def read(*paths: Path) -> Contents:
        readings.append(paths)
        return read_contents(*paths)

    monkeypatch.setattr(context, "read_contents", read)
    monkeypatch.setattr(check, "screens", lambda contents, **_more: iter(()))
    assert {each.check for each in examination.examine(desk.settings)} == {name for name, _ in CHECKS}
    assert readings == [(desk.settings.catalogue, desk.settings.articles)]


def test_no_file_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    monkeypatch.chdir(tmp_path)
    changed = {"database_url": SecretStr("sqlite:///var/guichet.db"), "attachments_url": "var/attachments"}
    found = said(desk.settings, **changed)
    missing = "DATABASE_URL: there is no file var/guichet.db: run `guichet migrate`, or correct the path"
    assert ("FAIL", missing) in found
    assert ("ok", "attachments: var/attachments, which the first file makes") in found
    assert list(tmp_path.iterdir()) == []


ERRORS = (KeyError("s3cret"), sqlite3.OperationalError("no"), OSError(5, "broken"))


@pytest.mark.parametrize("broken", [name for name, _ in CHECKS])
def test_a_check_that_fails_ends_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    for error in ERRORS:
        fail = Mock(side_effect=error)
        checks = tuple((name, fail if name == broken else check) for name, check in CHECKS)
        with monkeypatch.context() as patch:
            patch.setattr(examination, "CHECKS", checks)
            found = examined(desk.settings)
        assert [each.check for each in found if not each.ok] == [broken]
        dependent = NEEDING.get(broken, set())
        assert {each.check for each in found} | dependent == {name for name, _ in CHECKS}
        assert not any("s3cret" in each.text or CLASS.search(each.text) for each in found)


@pytest.mark.parametrize("lost", ["database", "slack", "both"])
def test_without_slack_or_the_database_the_rest_is_examined(desk: Desk, lost: str) -> None:
    changed = {} if lost == "database" else {"slack_api_url": "http://127.0.0.1:1/api/"}
    if lost == "slack":
        found = said(desk.settings, **changed)
    else:
        with desk.lost_database():
            found = said(desk.settings, **changed)
    failures = [words for sign, words in found if sign == "FAIL"]
    assert any(words.startswith("DATABASE_URL: ") for words in failures) == (lost != "slack")
    assert any("SLACK_BOT_TOKEN: no answer: connection refused" in words for words in failures) == (
        lost != "database"
    )
    assert ("ok", "e-mail: the mail server lets MAIL_FROM send") in found
    assert not any(CLASS.search(words) for _sign, words in found)


@pytest.fixture
def configured(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the environment as the desk's, with what is given changed."""
    monkeypatch.chdir(tmp_path)

    def configure(**changed: str) -> None:
        for name, value in desk.settings.model_dump().items():
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            text = ",".join(plain) if isinstance(plain, tuple) else "" if plain is None else str(plain)
            monkeypatch.setenv(name.upper(), text)
        for name, value in changed.items():
            monkeypatch.setenv(name, value)

    return configure


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str]:
    """The exit status and the output of `guichet doctor`."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["doctor", *arguments])
    return ended.value.code, capsys.readouterr().out


def test_warnings_leave_the_exit_status_0_and_failures_make_it_1(
    configured: Callable[..., None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = [each for each in CHECKS if each[0] != "screens"]  # which take most of the time
    monkeypatch.setattr(examination, "CHECKS", quick)
    configured(SMTP_URL="")
    status, output = run(capsys)
    assert status == 0, output
    assert "warn e-mail: SMTP_URL is not set; e-mails are printed instead of sent\n" in output
    configured(SMTP_URL="smtp://127.0.0.1:1")
    status, output = run(capsys)
    assert status == 1
    assert "FAIL SMTP_URL: smtp: greeting failed: connection refused; check host, port" in output


@ON_SQLITE_ONLY  # the screens, which are drawn apart from the desk's database, take longer than all others
def test_json_has_every_finding(configured: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    configured(SMTP_URL="")
    status, output = run(capsys, "--json")
    report = json.loads(output)
    assert (status, report["ok"]) == (0, True)
    assert {
        "check": "email",
        "status": "warning",
        "text": "e-mail: SMTP_URL is not set; e-mails are printed instead of sent",
    } in report["findings"]
    assert {each["check"] for each in report["findings"]} == {name for name, _ in CHECKS}


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_malformed_settings_are_findings(
    configured: Callable[..., None], capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    configured(PORT="abc", SMTP_URL="nonsense")
    status, output = run(capsys, *arguments)
    assert status == 1
    for words in ("SMTP_URL: expected smtp://", "PORT: ", "nothing else was checked: correct these settings"):
        assert words in output


def test_a_folder_that_may_not_be_entered_is_no_silence_of_slack(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse = Mock(side_effect=PermissionError(13, "Permission denied", "var/guichet.db"))
    monkeypatch.setattr(examination, "CHECKS", [("database", refuse)])
    advice = "give it and its folders to this user"
    assert said(desk.settings) == [
        ("FAIL", f"database: var/guichet.db cannot be used: permission denied: {advice}")
    ]


def test_a_slack_that_is_down_is_said_in_words_only(
    configured: Callable[..., None], capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    configured(SMTP_URL="", SLACK_API_URL="http://127.0.0.1:1/api/")
    status, output = run(capsys)
    assert status == 1
    assert "SLACK_BOT_TOKEN: no answer: connection refused: check that this machine can reach it" in output
    assert not any(each.name.startswith("slack_sdk") for each in caplog.records)
