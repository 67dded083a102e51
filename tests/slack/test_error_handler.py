"""Error messages reach the person where they acted."""

import logging
import re

import pytest

from blocks import ids
from bot.slack.error_handler import _field
from models.catalogue import Site
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Status
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, TAKE, TRIAGE, Desk, Person

CANNOT_SAVE = re.compile(
    r"Le centre d’aide ne peut rien enregistrer pour l’instant\. Rien n’est perdu : laissez cette fenêtre "
    r"ouverte et réessayez dans une minute \(référence [0-9A-F]{8}\)\."
)
DEFECT = re.compile(
    r"Une erreur s’est produite de notre côté\. Vérifiez si c’est fait, et réessayez sinon ; si cela "
    r"continue, donnez la référence ([0-9A-F]{8}) à la DNum\."
)
GONE = (
    "Ce service a quitté le catalogue. "
    "Copiez votre texte, puis choisissez un autre service ou un ticket simple."
)


# -- one test a place ----------------------------------------------------------------------------------------


def test_a_submissions_error_is_shown_at_the_input_that_it_names(desk: Desk, camille: Person) -> None:
    camille.command("/ticket", "Écran noir")
    with desk.sessions.begin() as session:
        session.get_one(Site, "iut").archived = True
    answer = camille.submit(
        {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}
    )
    assert answer["errors"] == {"Site": "Ce choix n’est plus proposé : merci de choisir à nouveau."}


def test_a_submissions_error_without_an_input_is_shown_at_the_first(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    desk.archive_service("second-ecran")
    answer = camille.submit(
        {
            "Taille": "27 pouces",
            "Un écran reconditionné vous convient-il ?": "Non",
            "Bureau où installer l’écran": "B204",
            "Impact utilisateur": "Moi seul·e",
            "Urgence utilisateur": "Basse",
            "Site": "IUT",
        }
    )
    assert answer["errors"] == {"Titre": GONE}


def test_a_menu_that_cannot_be_filled_is_empty(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    karim = desk.person("karim")
    karim.menu("Rattacher…")
    asked = {"user": "karim", "label": "Rattacher à", "query": "", "in": "modal"}
    with desk.lost_database():
        answer = desk.slack.control.post("options", **asked)
    assert (answer["ok"], answer["options"]) == (True, [])


def test_a_click_in_a_modal_puts_an_alert_on_top_of_it(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Écran noir")
    desk.person("karim").resolve()
    camille.press(DETAIL, DIRECT)
    before = camille.modal_text
    camille.forge_click(ids.APPROVE, 1)
    camille.press(APPROVE)
    first, *rest = camille.modal["blocks"]
    assert (first["type"], first["level"]) == ("alert", "warning")
    assert first["text"]["text"].startswith("Trop tard. Solution approuvée par Camille Bernard le ")
    assert [block["block_id"] for block in rest]
    assert camille.modal_text.endswith(before)
    assert camille.ephemeral_messages() == []


def test_a_second_alert_takes_the_place_of_the_first(desk: Desk, camille: Person) -> None:
    camille.command("/mes-tickets")
    for _ in range(2):
        camille.forge_click_in_modal(ids.DETAIL, 999)
    assert [block["type"] for block in camille.modal["blocks"]].count("alert") == 1


def test_the_text_in_a_modal_survives_its_alert(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue")
    camille.press("Ouvrir le groupe Assistance")
    desk.archive_service("autre-demande")
    camille.submit({"Rechercher dans le catalogue": "écran"})
    camille.forge_click_in_modal(ids.SERVICE, "autre-demande")
    assert camille.modal_text.startswith(GONE)
    assert camille.modal["values"]["Rechercher dans le catalogue"] == "écran"


def test_a_click_on_the_home_opens_a_small_modal(desk: Desk, camille: Person) -> None:
    camille.home()
    with desk.lost_database():
        camille.press("Nouveau Ticket Informatique", "home", deliver=False)
    assert camille.modal["title"] == "Centre d’aide de la DNum"
    assert CANNOT_SAVE.fullmatch(camille.modal_text)
    assert camille.modal["submit"] is None


def test_a_click_on_a_message_is_answered_to_who_clicked_only(desk: Desk, camille: Person) -> None:
    karim, lea = desk.person("karim"), desk.person("lea")
    camille.file_ticket()
    karim.take()
    before = lea.messages(TRIAGE)
    lea.press(TAKE, TRIAGE, stale=True)
    assert lea.ephemeral_messages()[0].startswith("Trop tard. Pris par Karim Benali le ")
    assert lea.messages(TRIAGE) == before
    assert karim.ephemeral_messages() == []


def test_a_command_is_answered_with_an_ephemeral_message(desk: Desk, camille: Person) -> None:
    with desk.lost_database():
        camille.command("/ticket", "Écran noir", channel="#general")
    [words] = camille.ephemeral_messages()
    assert CANNOT_SAVE.fullmatch(words)
    assert camille.messages("#general") == []


def test_a_shortcut_opens_a_small_modal(desk: Desk, camille: Person) -> None:
    with desk.lost_database():
        camille.shortcut(ids.SHORTCUT_NEW_TICKET)
    assert CANNOT_SAVE.fullmatch(camille.modal_text)


def test_an_event_without_a_reader_is_acknowledged(desk: Desk, camille: Person) -> None:
    with desk.lost_database():
        camille.visit_home()
    assert camille.screen()["home"] is None
    assert "Comment ça marche" in camille.home()


# -- what the words are --------------------------------------------------------------------------------------


def test_a_defect_of_ours_is_logged_under_the_reference_that_the_person_reads(
    desk: Desk, camille: Person, caplog: pytest.LogCaptureFixture
) -> None:
    @desk.parts.app.action("broken")
    def broken() -> None:
        raise ZeroDivisionError

    camille.forge_click("broken", 1)
    told = DEFECT.fullmatch(camille.ephemeral_messages()[0])
    assert told is not None
    [record] = [record for record in caplog.records if record.name == "bot.slack.error_handler"]
    assert record.levelno == logging.ERROR
    assert told[1] in record.getMessage()
    assert record.exc_info is not None


def test_a_failure_of_the_database_logs_no_text_of_people(
    desk: Desk, camille: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    camille.command("/ticket", "Mon mot de passe est 1234")
    with desk.locked_database():
        camille.submit(
            {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}, deliver=False
        )
    assert any("the database failed" in record.getMessage() for record in caplog.records)
    assert "1234" not in caplog.text


def test_an_unknown_person_gets_an_error_while_slack_does_not_answer(desk: Desk, camille: Person) -> None:
    desk.fault("users.info", 500)
    camille.command("/ticket")
    assert not camille.has_modal
    assert camille.ephemeral_messages() == [
        "Slack n’a pas répondu à temps. Rien n’a été modifié : merci de réessayer dans un instant."
    ]
    camille.command("/ticket")
    assert camille.has_modal


def test_a_modal_that_slack_does_not_open_in_time_is_reported(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    desk.fault("views.open", 500)
    camille.press(DETAIL, DIRECT)
    assert camille.ephemeral_messages() == [
        "Slack n’a pas répondu à temps : ce que vous voyez n’est peut-être plus à jour. "
        "Merci de l’ouvrir à nouveau."
    ]


def test_an_error_message_that_cannot_be_shown_is_dropped(
    desk: Desk, camille: Person, caplog: pytest.LogCaptureFixture
) -> None:
    camille.command("/mes-tickets")
    desk.fault("views.update", 500)
    assert camille.forge_click_in_modal(ids.DETAIL, 999) == {}
    assert "an error could not be shown: Slack does not answer" in caplog.text


def test_the_time_of_what_came_first_is_the_readers_own(desk: Desk, camille: Person) -> None:
    """Oliver is in London, Camille in Paris."""
    oliver = desk.person("oliver")
    for person in (camille, oliver):
        person.file_ticket()
        person.forge_click(ids.APPROVE, desk.count_tickets())
    opened = desk.ticket(1).opened_at
    paris, london = camille.ephemeral_messages()[0], oliver.ephemeral_messages()[0]
    hour = re.compile(r"(\d\d):(\d\d)")
    in_paris, in_london = hour.search(paris), hour.search(london)
    assert in_paris is not None
    assert in_london is not None
    assert (int(in_paris[1]) - int(in_london[1])) % 24 == 1
    assert int(in_paris[2]) in {opened.minute, (opened.minute + 1) % 60}
    assert desk.ticket().status is Status.NEW


def test_a_question_of_the_same_name_does_not_take_a_fields_error() -> None:
    asked = ids.question("vpn", "description")
    view = {"blocks": [{"type": "input", "block_id": block_id} for block_id in (asked, ids.DESCRIPTION)]}
    assert _field(FieldRefused(Field.DESCRIPTION, FieldReason.BLANK), view) == ids.DESCRIPTION
    assert _field(FieldRefused(Field.QUESTION, FieldReason.MISSING, "description"), view) == asked
