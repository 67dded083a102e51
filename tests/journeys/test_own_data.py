"""*My data*: from the button in the Home to the zip file in the direct message, gone a week later."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from blocks import ids
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.delivery.senders.files import SlackFiles
from bot.services.own_data import asking
from bot.services.personal_data.erasing import erase_wholly
from models.audit.entry import AuditEntry, Deed
from models.person import Person as PersonRow
from playground.state.workspace import BOT_USER_ID
from tests.support.help_desk import DIRECT, TRIAGE, Desk, Person, file
from tests.support.outbox_rows import forgive

ASK, RECEIVE = "Mes données", "Recevoir mes données"
REPLY, NOTE = "Répondre", "Note interne"


def archives(desk: Desk) -> list[ZipFile]:
    """The zip files of Guichet's that stand in Slack, the newest last."""
    files = desk.slack.slack.workspace.files.values()
    ours = [each for each in files if each.user == BOT_USER_ID and each.name.endswith(".zip")]
    return [ZipFile(BytesIO(each.content)) for each in ours if not each.deleted]


def data(archive: ZipFile) -> dict[str, Any]:
    return dict(json.loads(archive.read("data.json")))


def contents(archive: ZipFile) -> str:
    """All that is in it, as one text."""
    return "\n".join(f"{name}\n{archive.read(name).decode()}" for name in archive.namelist())


def receive(person: Person, *, labels: tuple[str, str] = (ASK, RECEIVE)) -> None:
    person.visit_home()
    person.press(labels[0], "home")
    person.press(labels[1])


def pass_a_week(desk: Desk) -> None:
    """Time passes, and the worker deletes in Slack what is due."""
    desk.ahead += timedelta(days=7, minutes=1)
    for _step in range(3):
        desk.worker.remover.step()
        desk.ahead += timedelta(minutes=1)


def test_a_requester_receives_their_data_reads_it_and_it_is_gone_a_week_later(desk: Desk) -> None:
    desk.stop_clock()
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket("Imprimante en panne", **{"Pièces attachées": [file("photo.pdf", b"%PDF-camille")]})
    karim.take()
    karim.press(REPLY, TRIAGE)
    karim.submit({"Votre réponse": "Quel étage ?"})
    assert "[Mes données]" in camille.home()
    camille.press(ASK, "home")
    assert "CNIL" in camille.modal_text
    camille.press(RECEIVE, deliver=False)
    assert "C’est en route" in camille.modal_text
    desk.deliver()

    message = camille.messages()[-1]
    assert "Voici vos données" in message["text"]
    assert [name.startswith("mes-donnees-") for name in message["files"]] == [True]
    [archive] = archives(desk)
    [path] = [name for name in archive.namelist() if name.startswith("files/1/")]
    assert archive.read(path) == b"%PDF-camille"
    [ticket] = data(archive)["tickets"]
    assert (ticket["title"], ticket["files"][0]["path"]) == ("Imprimante en panne", path)
    assert [line["text"] for line in ticket["history"] if line["text"]] == ["Quel étage ?"]
    page = archive.read("index.html").decode()
    assert "Imprimante en panne" in page
    assert "Réponse de Karim Benali" in page
    assert "Quel étage ?" in page
    assert desk.undelivered() == []

    pass_a_week(desk)
    assert archives(desk) == []
    assert not any("Voici vos données" in text for text in camille.reads())


def test_it_is_in_english_for_who_reads_english(desk: Desk) -> None:
    oliver = desk.person("oliver")
    oliver.file_ticket("Printer on fire")
    receive(oliver, labels=("My data", "Receive my data"))
    assert "Here is your data" in oliver.reads()[-1]
    [archive] = archives(desk)
    page = archive.read("index.html").decode()
    assert '<html lang="en">' in page
    assert "Raised by Oliver" in page
    assert data(archive)["keys"]["tickets.title"] == "its title"


def test_it_has_none_of_the_words_of_others(desk: Desk) -> None:
    camille, lea, karim = desk.person("camille"), desk.person("lea"), desk.person("karim")
    lea.file_ticket("AIGUILLE-TITRE", **{"Description": "AIGUILLE-DESCRIPTION"})
    camille.file_ticket("Mon souci")
    karim.take()
    karim.press(NOTE, TRIAGE)
    karim.submit({"Note": "AIGUILLE-NOTE"})
    receive(camille)
    receive(karim)
    for archive in archives(desk):
        assert "AIGUILLE" not in contents(archive)
    hers, his = map(data, archives(desk))
    assert [each["number"] for each in hers["tickets"]] == [2]
    assert (his["tickets"], [each["ticket"] for each in his["work"]]) == ([], [2])


def test_asking_again_within_a_day_says_where_it_is(desk: Desk) -> None:
    desk.stop_clock()
    camille = desk.person("camille")
    receive(camille)
    camille.close()
    camille.press(ASK, "home")
    assert "Elles vous ont été envoyées" in camille.modal_text
    assert "Voir le message" in camille.modal_text
    assert "[Recevoir mes données]" not in camille.modal_text
    camille.forge_click_in_modal(ids.RECEIVE_OWN_DATA, "own")
    assert len(archives(desk)) == 1
    desk.ahead += timedelta(days=1, minutes=1)
    camille.close()
    receive(camille)
    assert len(archives(desk)) == 2


def test_each_copy_is_in_the_audit_trail(desk: Desk) -> None:
    camille = desk.person("camille")
    receive(camille)
    with desk.sessions() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.deed == Deed.EXPORT)).all()
    assert entry.actor_id == entry.person_id


def test_who_is_told_that_it_failed_may_ask_again(desk: Desk) -> None:
    camille = desk.person("camille")
    desk.fault("files.getUploadURLExternal", "", error="storage_limit_reached")
    receive(camille)
    assert archives(desk) == []
    assert "Vos données n’ont pas pu être envoyées" in camille.reads()[-1]
    camille.close()
    camille.press(ASK, DIRECT)
    camille.press(RECEIVE)
    assert "Voici vos données" in camille.reads()[-1]
    assert len(archives(desk)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_brings_one_message(desk: Desk, when: str) -> None:
    camille = desk.person("camille")
    desk.fault("files.completeUploadExternal", "reset", when=when)
    receive(camille)
    desk.ahead += timedelta(minutes=5)
    desk.deliver()
    assert sum("Voici vos données" in text for text in camille.reads()) == 1
    assert len(archives(desk)) == 1


def test_somebody_without_a_ticket_receives_what_is_known_of_them(desk: Desk) -> None:
    guest = desk.person("camille")
    receive(guest)
    [archive] = archives(desk)
    assert data(archive)["tickets"] == []
    assert "Vous n’avez aucun ticket." in archive.read("index.html").decode()


def test_a_button_with_the_id_of_somebody_else_brings_ones_own_data(desk: Desk) -> None:
    camille, lea = desk.person("camille"), desk.person("lea")
    lea.file_ticket("AIGUILLE")
    camille.visit_home()
    camille.press(ASK, "home")
    for value in (lea.slack_id, "1", "2"):
        camille.forge_click_in_modal(ids.RECEIVE_OWN_DATA, value)
    [archive] = archives(desk)
    assert data(archive)["person"]["slack_id"] == camille.slack_id
    assert "AIGUILLE" not in contents(archive)
    assert not any("Voici vos données" in text for text in lea.reads())


def test_nothing_is_sent_that_the_audit_trail_does_not_have(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    camille = desk.person("camille")
    camille.visit_home()
    camille.press(ASK, "home")
    monkeypatch.setattr(asking, "record", fail)
    camille.press(RECEIVE)
    monkeypatch.undo()
    assert archives(desk) == []
    assert desk.undelivered() == []


def test_a_store_that_stays_away_for_an_hour_is_told(desk: Desk) -> None:
    desk.stop_clock()
    camille = desk.person("camille")
    camille.file_ticket("Écran noir", **{"Pièces attachées": [file("photo.pdf")]})
    folder = Path(desk.settings.attachments_url)
    folder.rename(folder.with_name("elsewhere"))
    folder.touch()  # a file where the folder was: the store cannot be read
    receive(camille)
    assert "Vos données n’ont pas pu" not in camille.reads()[-1]
    desk.ahead += timedelta(hours=1, minutes=1)
    desk.deliver()
    assert "Vos données n’ont pas pu être envoyées" in camille.reads()[-1]
    folder.unlink()
    folder.with_name("elsewhere").rename(folder)
    camille.close()
    receive(camille)
    assert "Voici vos données" in camille.reads()[-1]


def test_a_guest_and_a_technician_receive_theirs(desk: Desk) -> None:
    for name in ("invite", "karim"):
        person = desk.person(name)
        receive(person)
        assert data(archives(desk)[-1])["person"]["slack_id"] == person.slack_id


def test_an_account_that_was_closed_meanwhile_is_sent_nothing(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.visit_home()
    camille.press(ASK, "home")
    camille.press(RECEIVE, deliver=False)
    with desk.sessions.begin() as session:
        session.execute(update(PersonRow).values(is_deactivated=True))
    desk.deliver()
    assert archives(desk) == []
    assert desk.undelivered() == []


def erase(desk: Desk, person: Person) -> None:
    with desk.sessions() as session:
        row = session.scalars(select(PersonRow).where(PersonRow.slack_id == person.slack_id)).one()
    erase_wholly(
        lambda portion: transact(desk.sessions, lambda session: portion(UnitOfWork(session, desk.now))),
        row.id,
    )


def remove_all(desk: Desk) -> None:
    for _turn in range(10):
        desk.ahead += timedelta(seconds=20)
        desk.worker.remover.step()


def test_it_goes_at_once_when_they_are_erased(desk: Desk) -> None:
    desk.stop_clock()
    camille = desk.person("camille")
    camille.file_ticket("Mon souci")
    receive(camille)
    assert len(archives(desk)) == 1
    erase(desk, camille)
    desk.deliver()
    remove_all(desk)
    assert archives(desk) == []
    assert camille.reads() == []


def test_what_waits_to_be_sent_is_not_sent_to_who_is_erased(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.visit_home()
    camille.press(ASK, "home")
    camille.press(RECEIVE, deliver=False)
    erase(desk, camille)
    desk.deliver()
    assert archives(desk) == []


@pytest.mark.parametrize("is_over", [False, True])
def test_it_goes_when_it_is_posted_while_they_are_erased(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, is_over: bool
) -> None:
    """Whether they are erased before Slack is told to share the file, or after."""
    desk.stop_clock()
    camille = desk.person("camille")
    camille.visit_home()
    camille.press(ASK, "home")
    camille.press(RECEIVE, deliver=False)
    step = "message_of" if is_over else "upload"
    done = getattr(SlackFiles, step)

    def erase_meanwhile(files: SlackFiles, *given: Any, **more: Any) -> object:
        result = done(files, *given, **more)
        monkeypatch.setattr(SlackFiles, step, done)
        erase(desk, camille)
        return result

    monkeypatch.setattr(SlackFiles, step, erase_meanwhile)
    desk.deliver()
    remove_all(desk)
    if is_over:
        assert archives(desk) == []
    else:  # no file came of it: its upload was never completed
        assert len(desk.calls("files.completeUploadExternal")) == 0
        forgive(desk, "file_not_found")
    assert camille.reads() == []
