"""Each place where somebody reads another person's ticket writes one line in an hour."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from blocks import ids
from models.audit.entry import AuditEntry, Deed
from models.lifecycle import Action
from tests.support.agreement_forms import BADGE, request
from tests.support.help_desk import DETAIL, DIRECT, RESOLVE, TRIAGE, Desk, Person, file

Line = tuple[Deed, str, int | None]


def lines(desk: Desk) -> list[Line]:
    """What stands in the trail: the deed, the Slack id, the ticket."""
    desk.parts.readings.wait()
    with desk.sessions() as session:
        rows = session.execute(
            text(
                "SELECT deed, slack_id, ticket_id FROM audit_entry JOIN person ON person.id = actor_id "
                "ORDER BY audit_entry.id"
            )
        )
        return [(Deed(deed), slack_id, number) for deed, slack_id, number in rows]


def forged(action_id: str, value: str = "1") -> Callable[[Person], object]:
    return lambda person: person.forge_click(action_id, value, TRIAGE)


FORMS: Mapping[str, Callable[[Person], object]] = {
    "the detail": forged(ids.DETAIL),
    "a reply": forged(ids.ANSWER_REQUESTER),
    "a note": forged(ids.WRITE_NOTE),
    "a solution": forged(ids.RESOLVE),
    **{
        f"the form {action}": forged(ids.MORE, f"{action}.1")
        for action in (
            *(Action.ASSIGN, Action.HOLD, Action.REQUALIFY, Action.ATTACH, Action.DUPLICATE),
            *(Action.REQUEST_AGREEMENT, Action.RECORD_AGREEMENT, Action.CANCEL),
        )
    },
}


@pytest.fixture
def ticket(desk: Desk, camille: Person, karim: Person) -> None:
    camille.have_filed()
    karim.command("/ma-file")  # the queue, without a line; from now on he is known
    karim.close()
    desk.stop_clock()
    assert lines(desk) == []


@pytest.mark.usefixtures("ticket")
@pytest.mark.parametrize("form", FORMS)
def test_a_technician_reads_with_one_line_in_an_hour(desk: Desk, karim: Person, form: str) -> None:
    for _ in range(2):
        FORMS[form](karim)
        assert karim.has_modal
        karim.close()
    assert lines(desk) == [(Deed.READ, karim.slack_id, 1)]
    desk.ahead += timedelta(hours=1)
    FORMS[form](karim)
    assert lines(desk) == [(Deed.READ, karim.slack_id, 1)] * 2


@pytest.mark.usefixtures("ticket")
def test_two_technicians_write_a_line_each(desk: Desk, karim: Person) -> None:
    other = desk.person("lea")
    for person in (karim, other):
        FORMS["the detail"](person)
    assert {who for _deed, who, _number in lines(desk)} == {karim.slack_id, other.slack_id}


@pytest.mark.usefixtures("ticket")
def test_a_line_is_not_written_anew_by_another_process(desk: Desk, karim: Person) -> None:
    FORMS["the detail"](karim)
    desk.parts.readings.wait()
    desk.parts.readings._known.clear()
    FORMS["the detail"](karim)
    assert lines(desk) == [(Deed.READ, karim.slack_id, 1)]


@pytest.mark.usefixtures("ticket")
def test_a_requester_reads_their_own_ticket_without_a_line(desk: Desk, camille: Person) -> None:
    camille.press(DETAIL, DIRECT)
    camille.command("/mes-tickets")
    assert lines(desk) == []


@pytest.mark.usefixtures("ticket")
def test_who_may_not_read_a_ticket_writes_no_line(desk: Desk) -> None:
    FORMS["the detail"](desk.person("aurelie"))
    assert lines(desk) == []


@pytest.mark.usefixtures("ticket")
def test_searches_are_one_line_in_an_hour_whatever_the_words(desk: Desk, karim: Person) -> None:
    karim.command("/chercher")
    assert lines(desk) == []  # the empty form
    for words in ("imprimante", "autre chose"):
        karim.command("/chercher", words)
    assert lines(desk) == [(Deed.SEARCH, karim.slack_id, None)]


def test_the_ticket_that_another_is_attached_to_is_read_too(
    desk: Desk, camille: Person, karim: Person
) -> None:
    for title in ("Imprimante", "Écran"):
        camille.file_ticket(title)
    karim.menu("Rattacher…")
    karim.submit({"Rattacher à": "n° 1 · Imprimante"})
    assert set(lines(desk)) >= {(Deed.READ, karim.slack_id, 1), (Deed.READ, karim.slack_id, 2)}


def test_a_file_that_is_sent_to_a_technician_is_a_reading(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket(**{"Pièces attachées": [file("devis.pdf")]})
    karim.forge_click(ids.SEND_FILE, 1, TRIAGE)
    assert lines(desk) == [(Deed.READ, karim.slack_id, 1)]


def test_an_approver_reads_a_request_with_a_line(desk: Desk, camille: Person) -> None:
    aurelie = desk.person("aurelie")
    request(camille, BADGE, "aurelie")
    assert lines(desk) == []  # the message is read in Slack
    aurelie.command("/mes-accords")
    assert lines(desk) == [(Deed.READ, aurelie.slack_id, 1)]


@pytest.mark.usefixtures("ticket")
def test_a_line_that_cannot_be_written_prevents_no_reading_and_comes_later(
    desk: Desk, camille: Person, karim: Person, caplog: pytest.LogCaptureFixture
) -> None:
    FORMS["a solution"](karim)  # from now on he is known as a member of the team
    karim.close()
    camille.have_filed("Écran noir")
    before = lines(desk)
    with desk.locked_database():
        karim.press(RESOLVE, TRIAGE, deliver=False)
        assert "Solution" in karim.modal["labels"]
        desk.parts.readings.wait()
    assert "readings could not be written to the audit trail" in caplog.text
    assert lines(desk) == before
    karim.close()
    FORMS["the detail"](karim)  # whose own line stands there; this is when the other is tried again
    assert lines(desk) == [*before, (Deed.READ, karim.slack_id, 2)]


@pytest.mark.usefixtures("ticket")
def test_reading_works_without_the_table(desk: Desk, karim: Person) -> None:
    with desk.sessions.begin() as session:
        session.execute(text("ALTER TABLE audit_entry RENAME TO away"))
    try:
        FORMS["the detail"](karim)
        assert "Imprimante en panne" in karim.modal_text
        desk.parts.readings.wait()
    finally:
        with desk.sessions.begin() as session:
            session.execute(text("ALTER TABLE away RENAME TO audit_entry"))
    desk.parts.readings.close()
    assert lines(desk) == [(Deed.READ, karim.slack_id, 1)]


@pytest.mark.usefixtures("ticket")
def test_no_words_are_in_the_trail(desk: Desk, karim: Person) -> None:
    karim.command("/chercher", "imprimante")
    FORMS["the detail"](karim)
    desk.parts.readings.wait()
    with desk.sessions() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.deed != Deed.LOAD)).all()
    assert len(rows) == 2
    assert {(row.operator, row.count, row.person_id) for row in rows} == {(None, None, None)}


def test_what_is_typed_in_the_menu_of_tickets_to_attach_to_is_a_search(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.menu("Rattacher…")
    before = lines(desk)
    for words in ("", "imprimante", "imprimante en panne"):
        suggest(desk, karim, words)
    assert lines(desk) == [*before, (Deed.SEARCH, karim.slack_id, None)]


def suggest(desk: Desk, person: Person, words: str) -> None:
    """Type words in the menu of the open form."""
    body = person.submission() | {"type": "block_suggestion"}
    desk.dispatch(body | {"action_id": ids.ATTACH_TO, "block_id": ids.ATTACH_TO, "value": words})
