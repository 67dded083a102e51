"""`guichet person export`: the rest, for the data-protection officer."""

import json
import stat
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.cli import main
from bot.ops import person_export
from models.audit.entry import AuditEntry, Deed
from tests.support.help_desk import TRIAGE, Desk, Person


@pytest.fixture(autouse=True)
def environment(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", desk.settings.database_url.get_secret_value())
    monkeypatch.setenv("ATTACHMENTS_URL", desk.settings.attachments_url)
    monkeypatch.setenv("SUDO_USER", "amina")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def noted(desk: Desk, camille: Person, karim: Person) -> None:
    """A note under Camille's ticket, and Lea's ticket that names her."""
    lea = desk.person("lea")
    camille.have_filed("AIGUILLE-SIENNE")
    karim.take()
    karim.press("Note interne", TRIAGE)
    karim.submit({"Note": "AIGUILLE-NOTE"})
    lea.file_ticket("Clé perdue", **{"Description": "AIGUILLE-NOMMEE : Camille Bernard l’avait."})
    lea.have_filed("AIGUILLE-AUTRE")


def export(*arguments: str, status: int = 0) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["person", "export", *arguments])
    assert (ended.value.code or 0) == status


def contents(path: Path) -> str:
    with ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.usefixtures("noted")
def test_it_has_notes_and_where_others_name_them_and_says_what_to_review(
    camille: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export(camille.slack_id, "--out", "camille.zip")
    path = tmp_path / "camille.zip"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = contents(path)
    for needle in ("AIGUILLE-SIENNE", "AIGUILLE-NOTE", "AIGUILLE-NOMMEE"):
        assert needle in written
    assert "AIGUILLE-AUTRE" not in written
    assert "article\u00a015, paragraphe 4" in written or "article 15, paragraphe 4" in written
    assert "art. 15(4)" in capsys.readouterr().out


@pytest.mark.usefixtures("noted")
def test_a_technician_is_given_their_words_and_not_all_that_they_worked_on(
    karim: Person, tmp_path: Path
) -> None:
    export(karim.slack_id)
    written = contents(tmp_path / f"person-{karim.slack_id}.zip")
    assert "AIGUILLE-NOTE" in written
    assert "AIGUILLE-SIENNE" not in written


def test_the_audit_trail_names_who_exported_what(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    export(camille.slack_id)
    with desk.sessions() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.deed == Deed.EXPORT)).all()
    assert (entry.operator, entry.actor_id, entry.person_id is not None) == ("amina", None, True)


def test_nothing_is_written_when_the_trail_cannot_be(
    camille: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    camille.file_ticket()
    monkeypatch.setattr(person_export, "record", fail)
    export(camille.slack_id, status=2)
    assert list(tmp_path.glob("*.zip")) == []


def test_a_file_that_exists_stays_as_it_is(camille: Person, tmp_path: Path) -> None:
    camille.file_ticket()
    path = tmp_path / "there.zip"
    path.write_text("mine")
    export(camille.slack_id, "--out", str(path), status=2)
    assert path.read_text() == "mine"


def test_an_id_that_is_nobodys_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export("U0NOBODY", status=2)
    assert "U0NOBODY" in capsys.readouterr().err
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.usefixtures("noted")
def test_the_rows_are_those_that_are_about_the_person(camille: Person, tmp_path: Path) -> None:
    export(camille.slack_id, "--out", "camille.zip")
    with ZipFile(tmp_path / "camille.zip") as archive:
        rows = json.loads(archive.read("review.json"))
    assert [row["slack_id"] for row in rows["person"]] == [camille.slack_id]
    assert [row["title"] for row in rows["ticket"]] == ["AIGUILLE-SIENNE"]
    assert "AIGUILLE-NOTE" in [row["text"] for row in rows["comment"]]
    assert "audit_entry" not in rows
