"""What Slack may hand over, and people seldom type: nothing is lost by it, nothing breaks."""

import json
from copy import deepcopy
from typing import Any

import pytest
from slack_bolt import BoltRequest

from blocks import ids
from models.person import Person as PersonRow
from tests.http.test_verification import Endpoint, signed
from tests.support.help_desk import FORM, RESOLVE, TRIAGE, Desk, Person, file

BLANK = "Merci d’écrire quelque chose ici : des espaces seules ne disent rien."
TOO_LONG = "C’est trop long : merci de raccourcir."
UNKEPT = [("avant\x00après", "avantaprès"), ("avant \ud83d après", "avant \ufffd après")]
INVISIBLE = ["\u200b", "\u2800", "\u3164", "\u00ad", "\ufeff", " \u200b\u3164 "]
LONG = "x" * 900_000


def entered(value: str) -> dict[str, str]:
    """What a text input holds."""
    return {"type": "plain_text_input", "value": value}


def fill(person: Person) -> None:
    """Fill the ticket form but for its words, which are refused."""
    person.command("/ticket", "x")
    assert "errors" in person.submit(FORM | {"Titre": " "})


# -- characters that no database keeps -----------------------------------------------------------------------


@pytest.mark.parametrize(("given", "kept"), UNKEPT, ids=["NUL", "surrogate"])
def test_a_form_keeps_the_rest_of_a_text(desk: Desk, camille: Person, given: str, kept: str) -> None:
    fill(camille)
    assert camille.forge_submission(title=entered(given), description=entered(given)) == {}
    assert (desk.ticket().title, desk.ticket().description) == (kept, kept)


@pytest.mark.parametrize(("given", "kept"), UNKEPT, ids=["NUL", "surrogate"])
def test_a_message_in_a_thread_keeps_the_rest_of_a_text(
    desk: Desk, camille: Person, karim: Person, given: str, kept: str
) -> None:
    camille.file_ticket()
    camille.write("Bonjour", thread_ts=camille.messages()[-1]["ts"])
    body = deepcopy(desk.received[-1]) | {"event_id": "Ev0UNKEPT"}
    body["event"] |= {"text": given, "ts": "9999999999.000100", "blocks": []}
    desk.dispatch(body)
    assert karim.reads_thread(TRIAGE)[-1].endswith(f"{kept}\n[Répondre]")


@pytest.mark.parametrize(("given", "kept"), UNKEPT, ids=["NUL", "surrogate"])
def test_a_command_keeps_the_rest_of_a_text(desk: Desk, camille: Person, given: str, kept: str) -> None:
    camille.command("/ticket", "x")
    body = deepcopy(desk.received[-1])
    camille.close()
    camille.shortcut(ids.SHORTCUT_NEW_TICKET)
    body |= {"text": given, "trigger_id": camille.submission()["trigger_id"]}
    camille.close()
    desk.dispatch(body)
    assert camille.modal["values"]["Titre"] == kept


@pytest.mark.parametrize(("given", "kept"), UNKEPT, ids=["NUL", "surrogate"])
def test_what_slack_answers_keeps_the_rest_of_a_name(
    desk: Desk, camille: Person, karim: Person, given: str, kept: str
) -> None:
    change(desk, "person", user="camille", real_name=given)
    camille.command("/ticket", "x")
    camille.submit(FORM | {"Pièces attachées": [file("plan.png")]}, deliver=False)
    [plan] = desk.slack.slack.workspace.files
    change(desk, "file", file=plan, name=f"{given}.png")
    desk.deliver()
    assert desk.ticket().requester.name == kept
    assert f"📎 {kept}.png" in karim.reads(TRIAGE)[0]
    assert desk.undelivered() == []


def test_a_name_of_invisible_characters_is_none(desk: Desk, camille: Person, karim: Person) -> None:
    change(desk, "person", user="camille", real_name="\u200b\u3164")
    camille.file_ticket()
    karim.take()
    assert desk.ticket().requester.name == "camille"


def test_of_a_name_and_a_zone_is_kept_what_the_database_holds(desk: Desk, camille: Person) -> None:
    change(desk, "person", user="camille", real_name="x" * 300, tz="x" * 300, email="x" * 400)
    camille.file_ticket()
    requester = desk.ticket().requester
    assert (requester.name, requester.time_zone, requester.email) == ("x" * 255, "x" * 64, None)
    change(desk, "person", user="camille", real_name="y" * 300)
    assert desk.ticket().requester.name == "y" * 255


def change(desk: Desk, what: str, **changes: Any) -> None:
    """Something in Slack is another; the bot hears of it."""
    assert desk.slack.control.post(what, **changes)["ok"]


# -- invisible characters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", INVISIBLE, ids=ascii)
def test_a_title_of_invisible_characters_alone_is_refused_as_blanks_are(
    desk: Desk, camille: Person, title: str
) -> None:
    camille.command("/ticket", "x")
    assert camille.submit(FORM | {"Titre": title})["errors"] == {"Titre": BLANK}
    assert desk.count_tickets() == 0


def test_a_solution_and_a_reply_of_invisible_characters_alone_are_refused(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.press(RESOLVE, TRIAGE)
    assert karim.submit({"Solution": "\u2800"})["errors"].keys() == {"Solution"}
    karim.close()
    karim.press("Répondre", TRIAGE)
    assert karim.submit({"Votre réponse": "\u200b\u3164"})["errors"].keys() == {"Votre réponse"}
    assert [action.value for action, _text in desk.history()] == ["open"]


# -- more than anybody can type ------------------------------------------------------------------------------


def test_a_description_of_900_000_characters_is_refused_with_a_reason(desk: Desk, camille: Person) -> None:
    fill(camille)
    assert camille.forge_submission(title=entered("x"), description=entered(LONG)) == {
        "description": TOO_LONG
    }
    assert desk.count_tickets() == 0


def test_a_solution_and_a_reply_of_900_000_characters_are_refused_with_a_reason(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.press(RESOLVE, TRIAGE)
    assert karim.forge_submission(solution=entered(LONG)) == {"solution": TOO_LONG}
    karim.close()
    karim.press("Répondre", TRIAGE)
    body = karim.submission()
    body["view"]["state"]["values"]["reply:0"]["reply"] = entered(LONG)
    assert desk.dispatch(body)["errors"] == {"reply:0": TOO_LONG}


def test_an_answer_of_900_000_characters_is_refused_with_a_reason(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    body = camille.submission()
    [block] = [block for block in body["view"]["blocks"] if block["block_id"].endswith(".bureau")]
    body["view"]["state"]["values"][block["block_id"]]["answer"] = entered(LONG)
    assert desk.dispatch(body)["errors"] == {block["block_id"]: TOO_LONG}


DEEP = '{"ticket": 1, "detail": ' + "[" * 1_400 + "]" * 1_400 + "}"
BRACKETS = "[" * 3_000


@pytest.mark.parametrize("metadata", [DEEP, BRACKETS, '{"a":' * 500 + "1" + "}" * 500])
def test_brackets_without_end_in_what_a_view_keeps_are_nothing_of_ours(
    desk: Desk, camille: Person, karim: Person, metadata: str
) -> None:
    camille.file_ticket()
    karim.press("Répondre", TRIAGE)
    body = karim.submission()
    body["view"]["private_metadata"] = metadata
    body["view"]["state"]["values"]["reply:0"]["reply"] = entered("Bonjour")
    assert desk.dispatch(body)["errors"] == {
        "reply:0": "Ceci n’est plus à jour. Fermez-le, puis ouvrez-le à nouveau."
    }


@pytest.mark.parametrize("junk", [5, "x", [5], {}, [{}], [{"value": 5}], True, None], ids=str)
def test_what_no_menu_holds_reads_as_not_chosen(
    desk: Desk, camille: Person, karim: Person, junk: object
) -> None:
    fill(camille)
    chosen = {"type": "static_select", "selected_option": junk}
    words = "Merci de remplir ce champ."
    assert camille.forge_submission(title=entered("x"), site=chosen) == {"site": words}
    camille.close()
    camille.file_ticket()
    karim.press("Répondre", TRIAGE)
    body = karim.submission()
    values = body["view"]["state"]["values"]
    values["reply:0"]["reply"] = entered("Bonjour")
    values["waits"] = {"waits": {"type": "checkboxes", "selected_options": junk}}
    assert desk.dispatch(body).get("errors") is None
    assert [action.value for action, _text in desk.history()] == ["open", "take", "reply"]


# -- words that read as they are -----------------------------------------------------------------------------


def test_a_name_in_a_refusal_mentions_no_person(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.take()
    with desk.sessions.begin() as session:
        row = session.query(PersonRow).filter_by(slack_id=karim.slack_id).one()
        row.name = "<!channel> & <@U0LEA>"
    desk.person("lea").forge_click(ids.TAKE, 1, TRIAGE)
    [refusal] = desk.person("lea").ephemeral_messages()  # mrkdwn, as it is sent
    assert "&lt;!channel&gt; &amp; &lt;@U0LEA&gt;" in refusal


def test_the_first_line_of_a_commands_words_is_the_title_and_the_rest_the_description(
    camille: Person,
) -> None:
    camille.command("/ticket", "Plus de Wi-Fi\n\nDepuis hier,\nsalle B204")
    values = camille.modal["values"]
    assert values["Titre"] == "Plus de Wi-Fi"
    assert values["Description"] == "Depuis hier,\nsalle B204"


def test_the_lines_of_an_outages_title_are_one(desk: Desk, karim: Person) -> None:
    karim.command("/panne", "Moodle\nne répond plus")
    assert karim.modal["values"]["Titre"] == "Moodle ne répond plus"


# -- what Slack says of somebody, and of itself --------------------------------------------------------------


def test_somebody_in_a_zone_that_the_machine_does_not_know_is_served_in_the_default_one(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    desk.slack.control.post("person", user="lea", tz="Europe/Nulle_Part")
    karim.take()
    lea = desk.person("lea")
    lea.forge_click(ids.TAKE, 1, TRIAGE)
    assert "Trop tard. Pris par Karim Benali" in lea.ephemeral_messages()[-1]
    lea.menu("Mettre en attente…")
    lea.submit({"En attente de": "Une date", "Jusqu’au": "2027-12-02"})
    assert desk.ticket().hold_until is not None


def test_a_zone_that_was_kept_and_is_known_no_more_is_the_default_one(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    for zone in ("Europe/Nulle_Part", "Europe", "../etc/passwd", ""):
        with desk.sessions.begin() as session:
            session.query(PersonRow).filter_by(slack_id=camille.slack_id).one().time_zone = zone
        assert desk.parts.directory.actor(camille.slack_id).time_zone == "Europe/Paris"


LIMITED: dict[str, Any] = {
    "type": "app_rate_limited",
    "token": "x",
    "team_id": "T0PLAYGRND",
    "minute_rate_limited": 1795812300,
    "api_app_id": "A0PLAYGRND",
}


def test_that_events_are_held_back_is_answered(desk: Desk) -> None:
    request = BoltRequest(body=deepcopy(LIMITED), mode="socket_mode")
    assert desk.parts.app.dispatch(request).status == 200


def test_that_events_are_held_back_comes_in_over_http() -> None:
    body = json.dumps(LIMITED).encode()
    assert Endpoint().ask(body, **signed(body)) == 200
