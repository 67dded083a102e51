"""`guichet audit`, and the commands that the trail has."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.cli import main
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.services.audit.record import record
from models.audit.entry import AuditEntry, Deed
from models.base import utc_now
from models.person import Person as PersonRow
from tests.support.help_desk import RESOLVE, TRIAGE, Desk, Person


@pytest.fixture(autouse=True)
def environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", desk.settings.database_url.get_secret_value())
    monkeypatch.setenv("SUDO_USER", "amina")


@pytest.fixture
def read_ticket(desk: Desk, camille: Person, karim: Person) -> None:
    """Camille's, read by Karim after a search."""
    camille.have_filed()
    karim.command("/chercher", "imprimante")
    karim.press(RESOLVE, TRIAGE)
    karim.close()
    desk.parts.readings.wait()


def run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert (ended.value.code or 0) == status
    printed = capsys.readouterr()
    return (printed.err if status else printed.out).replace("\u00a0", " ").replace("\u202f", " ")


def deeds(desk: Desk) -> list[tuple[Deed, str | None, int | None]]:
    with desk.sessions() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.deed, row.operator, row.count) for row in rows if row.deed is not Deed.LOAD]


@pytest.mark.usefixtures("read_ticket")
@pytest.mark.parametrize(
    ("locale", "head", "line", "tail"),
    [
        (
            "fr",
            "Journal des consultations du ticket n° 1",
            "n° 1  lu par Karim Benali (U0KARIM)  avec une recherche dans la même heure",
            "N’apparaissent pas ici : la lecture d’un message",
        ),
        (
            "en",
            "Audit trail of ticket No. 1",
            "No. 1  read by Karim Benali (U0KARIM)  with a search in the same hour",
            "Not seen here: who read a message",
        ),
    ],
)
def test_the_trail_of_a_ticket_says_who_read_it_and_what_is_not_seen(
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    karim: Person,
    locale: str,
    head: str,
    line: str,
    tail: str,
) -> None:
    printed = run(capsys, "audit", "--ticket", "1", "--locale", locale)
    assert printed.startswith(head)
    assert line.replace("U0KARIM", karim.slack_id) in printed
    assert tail in printed


@pytest.mark.usefixtures("read_ticket")
def test_reading_the_trail_is_in_the_trail(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "audit", "--ticket", "1")
    assert deeds(desk)[-1] == (Deed.AUDIT, "amina", None)
    assert "journal consulté par l’administrateur amina (commande)" in run(capsys, "audit", "--ticket", "1")


@pytest.mark.usefixtures("read_ticket")
def test_the_trail_of_a_requester_has_their_tickets_and_data_and_nobody_elses(
    desk: Desk, capsys: pytest.CaptureFixture[str], camille: Person, oliver: Person, karim: Person
) -> None:
    oliver.have_filed("Screen")
    karim.press(RESOLVE, TRIAGE)
    desk.parts.readings.wait()
    with desk.sessions() as session:
        person_id = session.scalar(select(PersonRow.id).where(PersonRow.slack_id == camille.slack_id))
    transact(
        desk.sessions,
        lambda session: record(
            UnitOfWork(session, utc_now()), Deed.EXPORT, person_id=person_id, operator="amina"
        ),
    )
    printed = run(capsys, "audit", "--requester", camille.slack_id, "--locale", "en")
    assert "No. 1  read by Karim" in printed
    assert "No. 2" not in printed
    assert f"({camille.slack_id})  data exported by the administrator amina (command)" in printed


@pytest.mark.usefixtures("read_ticket")
def test_lines_come_from_the_day_that_is_asked_for_on(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    tomorrow = (desk.now + timedelta(days=2)).date().isoformat()
    assert "lu par" not in run(capsys, "audit", "--ticket", "1", "--since", tomorrow)
    yesterday = (desk.now - timedelta(days=1)).date().isoformat()
    assert "lu par" in run(capsys, "audit", "--ticket", "1", "--since", yesterday)


@pytest.mark.usefixtures("read_ticket")
def test_the_trail_names_nobody_who_was_erased(
    desk: Desk, capsys: pytest.CaptureFixture[str], karim: Person
) -> None:
    with desk.sessions.begin() as session:
        session.execute(text(f"UPDATE person SET name = '' WHERE slack_id = '{karim.slack_id}'"))
    printed = run(capsys, "audit", "--ticket", "1")
    assert "lu par une personne effacée" in printed
    assert karim.slack_id not in printed


@pytest.mark.parametrize("arguments", [(), ("--ticket", "1", "--requester", "U1")])
def test_exactly_one_of_ticket_and_requester_is_given(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert run(capsys, "audit", *arguments, status=2) == "guichet: give either --ticket N or --requester ID\n"


def test_a_trail_cannot_be_asked_for_by_technician(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No such option" in run(capsys, "audit", "--technician", "U1", status=2)


def test_an_unknown_ticket_or_person_is_said_to_be_so_and_nothing_is_recorded(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "there is no ticket 7" in run(capsys, "audit", "--ticket", "7", status=2)
    assert "nobody with the Slack member ID U9" in run(capsys, "audit", "--requester", "U9", status=2)
    assert deeds(desk) == []


def test_what_a_command_did_to_the_tickets_of_all_is_in_every_trail_and_what_a_job_did_is_not(
    desk: Desk, capsys: pytest.CaptureFixture[str], camille: Person
) -> None:
    camille.file_ticket()
    for operator, count in (("amina", 1_200), (None, 50)):
        with desk.sessions.begin() as session:
            uow = UnitOfWork(session, utc_now())
            record(uow, Deed.RETENTION, count=count, operator=operator)
    printed = run(capsys, "audit", "--ticket", "1", "--locale", "en")
    assert "by the administrator amina (command)  1,200 concerned" in printed
    assert "50 concerned" not in printed


def test_deliveries_that_are_retried_are_in_the_trail(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "deliveries", "retry")
    assert deeds(desk) == [(Deed.RETRY, "amina", 0)]


def test_deliveries_are_retried_without_a_trail(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    with desk.sessions.begin() as session:
        session.execute(text("ALTER TABLE audit_entry RENAME TO away"))
    try:
        assert "deliveries queued again: 0" in run(capsys, "deliveries", "retry")
    finally:
        with desk.sessions.begin() as session:
            session.execute(text("ALTER TABLE away RENAME TO audit_entry"))


def test_the_load_of_a_catalogue_is_in_the_trail(desk: Desk) -> None:
    with desk.sessions() as session:
        loads = session.scalars(select(AuditEntry).where(AuditEntry.deed == Deed.LOAD)).all()
    assert [bool(each.count and each.operator) for each in loads] == [True]
