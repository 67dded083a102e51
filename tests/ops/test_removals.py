"""`guichet removals`, and what `guichet doctor` and the metrics say of deletions in Slack."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.cli import main
from bot.observability.metrics import exposition
from models.base import utc_now
from models.removals.removal import Removal, RemovalCount, RemovalKind, RemovalState
from tests.support.doctor import said
from tests.support.help_desk import Desk

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", desk.settings.database_url.get_secret_value())
    monkeypatch.setenv("SLACK_API_URL", desk.settings.slack_api_url)
    assert desk.settings.slack_bot_token is not None
    monkeypatch.setenv("SLACK_BOT_TOKEN", desk.settings.slack_bot_token.get_secret_value())


def run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["removals", *arguments])
    assert (ended.value.code or 0) == status
    printed = capsys.readouterr()
    return printed.err if status else printed.out


def put(desk: Desk, **columns: Any) -> None:
    now = utc_now()
    given = {"kind": RemovalKind.MESSAGE, "created_at": now, "due_at": now, "channel": "C1"}
    with desk.sessions.begin() as session:
        session.add(Removal(**(given | columns)))


def count(desk: Desk, done: int, ago: timedelta) -> None:
    at = utc_now() - ago
    hour = at.replace(minute=0, second=0, microsecond=0)
    with desk.sessions.begin() as session:
        session.add(RemovalCount(hour=hour, began_at=at, done=done))


def refused(desk: Desk, code: str = "compliance_exports_prevent_deletion", **columns: Any) -> None:
    put(desk, state=RemovalState.REFUSED, code=code, **columns)


@pytest.fixture
def ticket(desk: Desk) -> int:
    desk.person("camille").have_filed()
    return 1


def test_it_says_how_far_it_is_at_the_planned_pace(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(90):
        put(desk, ts=f"{n}.1")
    put(desk, ts="200.1", due_at=utc_now() + timedelta(days=7))
    refused(desk, ts="201.1")
    put(desk, ts="202.1", state=RemovalState.OTHERS, owner="U1")
    count(desk, 5, timedelta())
    assert run(capsys).splitlines() == [
        "deleted in Slack: 5",
        "waiting: 90 (90 messages): about 3 min left at the present pace",
        "to be deleted later: 1",
        "refused by Slack: 1: the workspace's compliance exports forbid it "
        "(compliance_exports_prevent_deletion)",
        "written or uploaded by people, who have to delete it: 1",
        "see `guichet removals --list`",
    ]


def test_what_is_left_is_reckoned_by_the_measured_pace(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(100):
        put(desk, ts=f"{n}.1", due_at=utc_now() - 9 * HOUR)
    count(desk, 2, HOUR)
    assert "about 50 h" in run(capsys) or "about 2 days" in run(capsys)


def test_a_queue_that_was_empty_for_long_does_not_seem_slow(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(30):
        put(desk, ts=f"{n}.1")
    count(desk, 1, 4 * HOUR)
    assert "about 1 min left" in run(capsys)


def test_an_empty_queue_has_no_time_left(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == "deleted in Slack: 0\nwaiting: 0\n"


def test_the_list_says_what_it_is_whose_and_where(
    desk: Desk, ticket: int, capsys: pytest.CaptureFixture[str]
) -> None:
    camille = desk.person("camille").slack_id
    put(desk, ticket_id=1, ts="1764000000.000100", thread_ts="1764000000.000001", owner=camille,
        state=RemovalState.OTHERS)  # fmt: skip
    put(desk, ticket_id=1, kind=RemovalKind.FILE, channel=None, slack_file_id="F1", owner="U0GONE",
        permalink="https://univ.example/f", state=RemovalState.OTHERS)  # fmt: skip
    refused(desk, "is_archived", ts="1764000000.000200")
    put(desk, ts="9.9")
    lines = [json.loads(line) for line in run(capsys, "--list", "--json").splitlines()]
    assert [(line["id"], line.get("ticket"), line["what"], line["whose"]) for line in lines] == [
        (1, 1, "message", f"Camille Bernard ({camille})"),
        (2, 1, "file", "U0GONE"),
        (3, None, "message", "Guichet"),
    ]
    links = [line["link"] for line in lines]
    assert links[0].endswith("/archives/C1/p1764000000000100?thread_ts=1764000000.000001&cid=C1")
    assert links[1] == "https://univ.example/f"
    assert links[2].endswith("/archives/C1/p1764000000000200")
    assert [line.get("refused") for line in lines] == [None, None, "is_archived"]
    assert len(run(capsys, "--list", "--ticket", "1").splitlines()) == 2
    assert "refused: the channel is archived (is_archived)" in run(capsys, "--list")


def test_entries_are_ticked_off_but_not_what_waits(
    desk: Desk, ticket: int, capsys: pytest.CaptureFixture[str]
) -> None:
    put(desk, ts="1.1")
    refused(desk, ts="2.1")
    refused(desk, ts="3.1", ticket_id=1)
    assert run(capsys, "done", "2", "--ticket", "1") == "entries ticked off: 2\n"
    assert "not in the list: 1, 7" in run(capsys, "done", "1", "7", status=1)
    assert "waiting: 1" in run(capsys)
    run(capsys, "done", status=2)


def test_what_slacks_own_retention_deleted_is_ticked_off_by_its_age(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    def days(ago: int) -> str:
        return f"{(utc_now() - timedelta(days=ago)).timestamp():.6f}"

    for ago in (10, 800):
        put(desk, ts=days(ago), state=RemovalState.OTHERS)
        file = {"kind": RemovalKind.FILE, "slack_file_id": f"F{ago}", "channel": None}
        put(desk, **file, created_at=utc_now() - timedelta(days=ago), state=RemovalState.OTHERS)
    put(desk, ts=days(900))
    assert run(capsys, "done", "--older-than", "730") == "entries ticked off: 2\n"
    assert "themselves" not in run(capsys)
    assert len(run(capsys, "--list").splitlines()) == 2


def test_what_was_refused_is_tried_again_when_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    refused(desk, ts="1.1", attempt=7)
    put(desk, ts="2.1", state=RemovalState.OTHERS)
    assert run(capsys, "retry") == "queued again: 1\n"
    assert "waiting: 1" in run(capsys)


def lines_of_doctor(desk: Desk) -> list[tuple[str, str]]:
    return [line for line in said(desk.settings, "deliveries") if "deletions in Slack" in line[1]]


def test_doctor_warns_when_nothing_is_deleted_or_slack_refuses(desk: Desk) -> None:
    assert lines_of_doctor(desk) == []
    put(desk, ts="1.1", due_at=utc_now() - 7 * HOUR)
    refused(desk, ts="2.1")
    put(desk, ts="3.1", state=RemovalState.OTHERS)
    assert [sign for sign, _ in lines_of_doctor(desk)] == ["warn", "warn", "ok"]
    count(desk, 1, HOUR)
    assert lines_of_doctor(desk)[0][0] == "ok"


def test_the_metrics_count_what_waits_and_what_is_left(desk: Desk) -> None:
    put(desk, ts="1.1", due_at=utc_now() - 7 * HOUR)
    refused(desk, ts="2.1")
    put(desk, ts="3.1", state=RemovalState.OTHERS)
    count(desk, 4, 9 * HOUR)
    text = exposition(desk.sessions, now=utc_now(), is_connected=True).decode()
    for line in (
        'guichet_removals_waiting{kind="message"} 1.0',
        'guichet_removals_waiting{kind="file"} 0.0',
        "guichet_removals_refused 1.0",
        "guichet_removals_others 1.0",
        "guichet_removals_done_total 4.0",
        "guichet_removals_stuck 1.0",
    ):
        assert line in text
