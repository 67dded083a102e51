"""`guichet retention`: what the archivist signs, in both languages, and what it says of wrong input."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.cli import main
from bot.db.session import Sessions
from bot.ops.database import open_engine
from bot.settings import load_settings
from models.base import utc_now
from models.catalogue import Site
from models.lifecycle import Kind, Status
from tests.support.factories import create, create_ticket, make_attachment, make_person


@pytest.fixture(autouse=True)
def tickets(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket that was closed three years ago with a file, one of 400 days with another, and an open one."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("RETENTION_FILES_MONTHS", "12")
    monkeypatch.setenv("RETENTION_TICKETS_MONTHS", "24")
    with open_engine(load_settings()) as engine, Sessions(engine).begin() as session:
        site = session.scalars(select(Site.id).limit(1)).one()
        camille, now = create(session, make_person("Camille")), utc_now()
        for days, status in ((1_100, Status.CLOSED), (400, Status.CLOSED), (900, Status.NEW)):
            at = now - timedelta(days=days)
            closing = {"status": status, "closed_at": at if status is Status.CLOSED else None}
            given = {
                "requester_id": camille.id,
                "kind": Kind.REQUEST,
                "opened_at": at,
                "site_id": site,
            } | closing
            create(session, make_attachment(ticket=create_ticket(session, **given), size=2_500_000))


def run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["retention", *arguments])
    assert (ended.value.code or 0) == status
    printed = capsys.readouterr()
    return printed.err if status else printed.out


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        (
            "fr",
            [
                "Bordereau d’élimination n° 1",
                "Demande de service",
                "2,5 Mo",
                "Dates extrêmes",
                "L212-2",
                "Nom et fonction",
                "urgence",
            ],
        ),
        (
            "en",
            [
                "Disposal list No. 1",
                "Service request",
                "2.5 MB",
                "Inclusive dates",
                "L212-2",
                "Name and function",
                "urgency",
            ],
        ),
    ],
)
def test_a_list_has_what_the_archivist_signs(
    capsys: pytest.CaptureFixture[str], locale: str, shown: list[str]
) -> None:
    printed = run(capsys, "--dry-run", "--locale", locale).replace("\xa0", " ")
    assert [text for text in shown if text not in printed] == []
    assert ("Assistance de proximité" if locale == "fr" else "Local support") in printed
    assert run(capsys, "show", "1", "--locale", locale).replace("\xa0", " ") == printed


def test_the_state_says_what_a_list_waits_for(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "--dry-run")
    assert "waits for the archivist’s visa" in run(capsys, "--locale", "en")
    run(capsys, "approve", "1", "--visa", "AD-1")
    state = run(capsys, "--locale", "en")
    assert "visa “AD-1”, under way (tickets erased: 0 of 1; only their files and notes: 0 of 1)" in state


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("approve", "7", "--visa", "x"), "There is no list No. 7."),
        (("approve", "1", "--visa", " "), "The reference of the archivist’s visa is missing."),
        (("approve", "1", "--visa", "y"), "was approved before"),
        (("show", "3"), "There is no list No. 3."),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    run(capsys, "--dry-run")
    run(capsys, "approve", "1", "--visa", "AD-1")
    error = run(capsys, *arguments, "--locale", "en", status=2)
    assert error.startswith("guichet: ")
    assert said in error
    assert error.count("\n") == 1


def test_before_the_periods_are_chosen_it_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RETENTION_FILES_MONTHS")
    assert "RETENTION_FILES_MONTHS" in run(capsys, "--dry-run", "--locale", "en", status=2)
