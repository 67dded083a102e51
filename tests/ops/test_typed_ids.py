"""What is typed or pasted as an id: accepted as it is copied from Slack, or refused in words."""

from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.apps import member_id
from tests.support.help_desk import Desk, Person

HUGE = "9" * 30


@pytest.fixture(autouse=True)
def environment(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "erasures"
    file.touch(mode=0o600)
    for name, value in {
        "DATABASE_URL": desk.settings.database_url.get_secret_value(),
        "ATTACHMENTS_URL": desk.settings.attachments_url,
        "RETENTION_FILES_MONTHS": "12",
        "RETENTION_TICKETS_MONTHS": "24",
        "ERASURES_FILE": str(file),
        "ERASURES_KEY": "k" * 32,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("U012AB3CD", "U012AB3CD"),
        (" u012ab3cd\n", "U012AB3CD"),
        ("@U012AB3CD", "U012AB3CD"),
        ("<@W012AB3CD|camille>", "W012AB3CD"),
        ("camille@univ.example", "camille@univ.example"),
        ("person:12", "person:12"),
        ("12", "12"),
    ],
)
def test_a_member_id_is_read_as_it_is_copied(typed: str, read: str) -> None:
    assert member_id(typed) == read


@pytest.mark.parametrize("command", [["person", "export"], ["audit", "--requester"]])
def test_each_command_takes_a_mention(
    camille: Person, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    camille.file_ticket()
    assert run([*command, f"<@{camille.slack_id}|camille>"], capsys)[0] == 0


def test_so_does_an_erasure(camille: Person, capsys: pytest.CaptureFixture[str]) -> None:
    camille.file_ticket()
    wish = ["--with-open-tickets", "--yes", f"@{camille.slack_id}"]
    status, said = run(["person", "erase", f"<@{camille.slack_id.lower()}>", *wish], capsys)
    assert (status, f"{camille.slack_id}: erased" in said) == (0, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["person", "erase", HUGE, "--yes", HUGE],
        ["person", "erase", "²", "--yes", "²"],
        ["person", "erase", "\x00", "--yes", "x"],
        ["person", "erase", "\udcff", "--yes", "x"],
        ["person", "export", "\x00"],
        ["audit", "--requester", "\x00"],
        ["retention", "show", HUGE],
        ["retention", "approve", HUGE, "--visa", "AD"],
        ["removals", "--ticket", HUGE],
        ["removals", "--ticket", "-1"],
        ["removals", "done", HUGE],
        ["removals", "done", "--ticket", HUGE],
        ["removals", "done", "--older-than", HUGE],
    ],
)
def test_what_is_none_is_refused_in_words(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, said = run(arguments, capsys)
    assert status == 2
    assert "DATABASE_URL" not in said


def test_days_before_all_others_are_taken(camille: Person, capsys: pytest.CaptureFixture[str]) -> None:
    camille.file_ticket()
    assert run(["audit", "--ticket", "1", "--since", "0001-01-01"], capsys)[0] == 0
