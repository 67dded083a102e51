"""What cannot be written to the trail blocks exports and erasures; who was erased is named by no reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.cli import main
from models.person import Person as PersonRow
from tests.support.help_desk import RESOLVE, TRIAGE, Desk, Person


@pytest.fixture(autouse=True)
def environment(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "erasures").touch(mode=0o600)
    for name, value in {
        "DATABASE_URL": desk.settings.database_url.get_secret_value(),
        "ATTACHMENTS_URL": desk.settings.attachments_url,
        "ERASURES_FILE": str(tmp_path / "erasures"),
        "ERASURES_KEY": "k" * 32,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def missing_table(desk: Desk) -> Iterator[None]:
    with desk.sessions.begin() as session:
        session.execute(text("ALTER TABLE audit_entry RENAME TO away"))
    yield
    with desk.sessions.begin() as session:
        session.execute(text("ALTER TABLE away RENAME TO audit_entry"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out.replace("\u00a0", " ")


@pytest.mark.usefixtures("missing_table")
def test_without_the_trail_nobody_is_exported_or_erased(
    desk: Desk, camille: Person, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    camille.file_ticket()
    assert run(capsys, "person", "export", camille.slack_id)[0] != 0
    wish = ["--with-open-tickets", "--yes", camille.slack_id]
    assert run(capsys, "person", "erase", camille.slack_id, *wish)[0] != 0
    assert list(tmp_path.glob("*.zip")) == []
    assert (tmp_path / "erasures").read_bytes() == b""
    with desk.sessions() as session:
        names = session.scalars(select(PersonRow.name).where(PersonRow.slack_id == camille.slack_id)).all()
    assert names == ["Camille Bernard"]
    assert desk.ticket().forgotten_at is None


@pytest.mark.parametrize(
    ("locale", "shown"), [("fr", "lu par une personne"), ("en", "read by a former user")]
)
def test_a_reader_who_was_erased_is_not_named(
    desk: Desk, camille: Person, karim: Person, capsys: pytest.CaptureFixture[str], locale: str, shown: str
) -> None:
    camille.file_ticket()
    karim.press(RESOLVE, TRIAGE)
    karim.close()
    desk.parts.readings.wait()
    assert run(capsys, "person", "erase", karim.slack_id, "--yes", karim.slack_id)[0] == 0
    _status, said = run(capsys, "audit", "--ticket", "1", "--locale", locale)
    assert shown in said
    assert [each for each in ("Karim", "Benali", karim.slack_id, "person:") if each in said] == []
