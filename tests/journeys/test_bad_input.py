"""Unusual texts, and a failing database: nothing is lost or triggered, and texts are unchanged."""

import re
import time
from html import unescape
from html.parser import HTMLParser

import pytest

from bot.db.engine import WORKER_TIMEOUT
from models.lifecycle import Status
from tests.support.help_desk import (
    APPROVE,
    DELIVERED,
    DETAIL,
    DIRECT,
    FORM,
    INCOMPLETE,
    REFUSE,
    TRIAGE,
    Desk,
    Person,
    file,
)

CANNOT_SAVE = re.compile(
    r"Le centre d’aide ne peut rien enregistrer pour l’instant\. Rien n’est perdu : laissez cette fenêtre "
    r"ouverte et réessayez dans une minute \(référence [0-9A-F]{8}\)\."
)
WHY_REFUSE, WHY_REOPEN = "Qu’est-ce qui ne marche toujours pas ?", "Pourquoi rouvrir ce ticket ?"
WHY_CANCEL = "Pourquoi annuler ce ticket ?"
FAILURES = ["locked_database", "lost_database", "busy_database"]


# -- a database that fails -----------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", FAILURES)
def test_a_ticket_that_cannot_be_saved_stays_on_the_screen(desk: Desk, camille: Person, failure: str) -> None:
    camille.command("/ticket", "Écran noir")
    text = {"Titre": "Écran *noir*", "Description": "Depuis hier.\nMême rebranché."}
    with getattr(desk, failure)():
        begun = time.monotonic()
        answer = camille.submit({**FORM, **text}, deliver=False)
        assert time.monotonic() - begun < WORKER_TIMEOUT  # a listener's is 0.7 s
        [(label, words)] = answer["errors"].items()
        assert label == "Titre"
        assert CANNOT_SAVE.fullmatch(words)
        values = camille.modal["values"]
        assert {label: values[label] for label in text} == text
        assert values["Site"] == "IUT"
    assert desk.count_tickets() == 0

    camille.submit()
    assert not camille.has_modal
    assert (desk.ticket().title, desk.ticket().description) == (text["Titre"], text["Description"])


def test_a_form_saved_after_all_is_one_ticket(desk: Desk, camille: Person) -> None:
    camille.command("/ticket", "Écran noir")
    with desk.locked_database():
        for _ in range(2):
            assert camille.submit(FORM, deliver=False)["errors"]
    camille.submit()
    assert desk.count_tickets() == 1
    assert len(desk.mails()) == 1


@pytest.mark.parametrize("failure", FAILURES)
def test_a_solution_that_cannot_be_saved_stays_on_the_screen(
    desk: Desk, camille: Person, karim: Person, failure: str
) -> None:
    camille.file_ticket()
    karim.press("Résoudre", TRIAGE)
    with getattr(desk, failure)():
        begun = time.monotonic()
        answer = karim.submit({"Solution": "Toner changé."}, deliver=False)
        assert time.monotonic() - begun < WORKER_TIMEOUT
        assert CANNOT_SAVE.fullmatch(answer["errors"]["Solution"])
        assert karim.modal["values"]["Solution"] == "Toner changé."
    karim.submit()
    assert desk.ticket().solution == "Toner changé."


@pytest.mark.parametrize("failure", FAILURES)
def test_a_click_that_cannot_be_saved_is_answered_in_time(
    desk: Desk, camille: Person, karim: Person, failure: str
) -> None:
    camille.file_ticket()
    karim.resolve()
    with getattr(desk, failure)():
        begun = time.monotonic()
        camille.press(APPROVE, DIRECT, deliver=False)
        assert time.monotonic() - begun < WORKER_TIMEOUT
    assert CANNOT_SAVE.fullmatch(camille.ephemeral_messages()[0])
    assert desk.ticket().status is Status.RESOLVED


def test_a_technician_whose_membership_is_to_be_read_again_is_answered_in_time_too(
    desk: Desk, camille: Person, karim: Person
) -> None:
    """The longest way there is: Slack is asked, its answer cannot be kept."""
    camille.file_ticket()
    with desk.locked_database():
        begun = time.monotonic()
        karim.press("Je prends", TRIAGE, deliver=False)
        assert time.monotonic() - begun < WORKER_TIMEOUT
    assert CANNOT_SAVE.fullmatch(karim.ephemeral_messages()[0])


# -- what people type ----------------------------------------------------------------------------------------

NASTY = {
    "mentions": "<!channel> <!here> <!everyone> <@{karim}> et @karim, <#C0123456789> <!subteam^S012>",
    "marks": "*gras* _italique_ ~barré~ `code` > citation\n• point\n1. un :tada: 🎉 e\u0301 👩\u200d👧 א",
    "code": "<https://a.fr|ici> & <b>gras</b> &amp; {name} %s {{ 7 * 7 }} {% raw %} '; DROP \\ \" \u2028.",
}


@pytest.fixture(params=NASTY)
def nasty(request: pytest.FixtureRequest, karim: Person) -> str:
    """Something that means much to Slack, to HTML, or to a template, and nothing to a reader."""
    return NASTY[request.param].replace("{karim}", karim.slack_id)


def leaves(part: object) -> list[str]:
    """Every text of blocks that Slack shows exactly as it is: plain without emoji, or of rich text."""
    if isinstance(part, list):
        return [text for each in part for text in leaves(each)]
    if not isinstance(part, dict):
        return []
    if part.get("type") == "plain_text":
        return [part["text"]] if part["emoji"] is False else []
    if part.get("type") == "text":
        return [part["text"]]
    return [text for key, each in part.items() if key != "initial_value" for text in leaves(each)]


def marked_up(part: object) -> list[str]:
    """Every mrkdwn text of blocks."""
    if isinstance(part, list):
        return [text for each in part for text in marked_up(each)]
    if not isinstance(part, dict):
        return []
    if part.get("type") == "mrkdwn":
        return [part["text"]]
    return [text for each in part.values() for text in marked_up(each)]


class HtmlReader(HTMLParser):
    """The text of a page, its line breaks as they are written."""

    text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_text_is_shown_unchanged_and_triggers_nothing(
    desk: Desk, camille: Person, karim: Person, nasty: str
) -> None:
    line = " ".join(nasty.split())
    title, description, solution, refusal, reopening, cancelling = (
        f"{word} {line if word == 'Titre' else nasty}"
        for word in ("Titre", "Quoi", "Fait", "Non", "Encore", "Fini")
    )
    camille.home()
    camille.file_ticket("x", Titre=title, Description=description)
    karim.take()
    karim.resolve("Rien.")
    camille.press(REFUSE, DIRECT)
    camille.submit({WHY_REFUSE: refusal})
    assert refusal in leaves(karim.messages(TRIAGE)[0]["blocks"])
    assert refusal in leaves(karim.messages(TRIAGE)[0]["replies"][0]["blocks"])
    karim.resolve(solution)
    assert solution in leaves(camille.messages()[2]["blocks"])
    assert solution in leaves(karim.messages(TRIAGE)[0]["blocks"])
    camille.press(APPROVE, DIRECT)
    assert solution in leaves(camille.messages()[2]["blocks"])
    camille.press("Rouvrir", DIRECT)
    camille.submit({WHY_REOPEN: reopening})
    assert reopening in leaves(karim.messages(TRIAGE)[0]["blocks"])

    for place in (
        camille.messages()[0]["blocks"],
        camille.messages()[2]["blocks"],
        camille.screen()["home"]["blocks"],
        karim.messages(TRIAGE)[0]["blocks"],
    ):
        assert title in leaves(place)
    assert description in leaves(karim.messages(TRIAGE)[0]["blocks"])
    camille.press(DETAIL, DIRECT)
    camille.press("Annuler ce ticket")
    camille.submit({WHY_CANCEL: cancelling})
    for text in (title, description, refusal, solution, reopening, cancelling):
        assert text in leaves(camille.modal["blocks"])

    sent = [
        call["arguments"] for method in ("chat.postMessage", "chat.update") for call in desk.calls(method)
    ]
    for message in sent:
        own = rf"<@(?:{camille.slack_id}|{karim.slack_id})>|<!date\^[^<>]*>"
        assert not re.search(r"<[!@#]", re.sub(own, "", message["text"]))
        assert line not in message["text"] or not re.search(r"[<>]", line)
        assert [text for text in marked_up(message["blocks"]) if line in text] == []
    assert line in unescape(camille.messages()[0]["notification"])


def test_every_text_is_unchanged_in_the_mails(desk: Desk, camille: Person, karim: Person, nasty: str) -> None:
    line = " ".join(nasty.split())
    camille.file_ticket("x", Titre=f"Titre {line}", Description=f"Quoi {nasty}")
    karim.resolve(f"Fait {nasty}")
    camille.press(APPROVE, DIRECT)
    received, resolved = desk.mails()
    for mail, label, text in (
        (received, "Reçu", f"Quoi {nasty}"),
        (resolved, "Solution à vérifier", f"Fait {nasty}"),
    ):
        assert mail["subject"] == f"[n° 1 · {label}] Titre {line}"
        assert text in mail["text"]
        reader = HtmlReader()
        reader.feed(mail["html"])
        assert f"Titre {line}" in reader.text
        assert text in reader.text


def test_answers_and_files_are_shown_unchanged(camille: Person, desk: Desk, nasty: str) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    camille.submit(
        {
            "Taille": "27 pouces",
            "Un écran reconditionné vous convient-il ?": "Non",
            "Bureau où installer l’écran": nasty,
            "Pièces attachées": [file("*photo* :tada:.png")],
            **FORM,
        }
    )
    [card] = desk.person("marc").messages("#dnum-postes")
    assert nasty.strip() in leaves(card["blocks"])
    assert "📎 *photo* :tada:.png" in leaves(card["blocks"])
    camille.press(DETAIL, DIRECT)
    assert nasty.strip() in leaves(camille.modal["blocks"])


def test_a_search_query_is_shown_unchanged(camille: Person, nasty: str) -> None:
    camille.command("/catalogue")
    camille.submit({"Rechercher dans le catalogue": nasty})
    assert camille.modal["values"]["Rechercher dans le catalogue"].split() == nasty.split()


# -- what is long --------------------------------------------------------------------------------------------


def shown_whole(blocks: object, text: str) -> bool:
    return text in "".join(leaves(blocks))


@pytest.mark.parametrize("character", ["x", "<", "🎉"])
def test_a_description_of_3000_characters_is_shown_whole(
    desk: Desk, camille: Person, karim: Person, character: str
) -> None:
    long = character * 2990 + "\nla fin !!"
    assert len(long) == 3000
    camille.file_ticket(Description=long)
    assert desk.ticket().description == long
    assert not shown_whole(karim.messages(TRIAGE)[0]["blocks"], long)  # a card folds it
    for person, place in ((karim, TRIAGE), (camille, DIRECT)):
        person.press(DETAIL, place)
        assert shown_whole(person.modal["blocks"], long)
    assert long in desk.mails()[0]["text"]


def test_one_character_more_is_refused_by_the_form(camille: Person) -> None:
    camille.command("/ticket", "Écran noir")
    assert camille.submit({**FORM, "Description": "x" * 3001})["errors"] == {
        "Description": "Please enter at most 3000 characters."
    }


def test_a_title_of_150_characters_is_shown_whole(desk: Desk, camille: Person, karim: Person) -> None:
    long = "Écran " + "<" * 143 + "!"
    camille.home()
    camille.file_ticket("x", Titre=long)
    karim.resolve()
    for place in (karim.messages(TRIAGE)[0], *camille.messages(), camille.screen()["home"]):
        assert long in leaves(place["blocks"])
    assert {mail["subject"] for mail in desk.mails()} == {
        f"[n° 1 · Reçu] {long}",
        f"[n° 1 · Solution à vérifier] {long}",
    }


def test_the_longest_of_everything_breaks_no_message(desk: Desk, camille: Person, karim: Person) -> None:
    """Ten files, every answer, the description, the refusal and the solution at the maximum length."""
    camille.command("/catalogue", "espace moodle")
    camille.press("Ouvrir le service Espace de cours Moodle")
    camille.press("Demander un service")
    camille.submit(
        {
            "Titre": "T" * 150,
            "Code et intitulé de l’enseignement": "C" * 3000,
            "Opération": "Nouvel espace vide",
            "Autres membres de l’équipe pédagogique": "E" * 3000,
            "Description": "D" * 3000,
            "Pièces attachées": [file(f"{number}{'n' * 200}.pdf") for number in range(10)],
            **FORM,
        }
    )
    marc, team = desk.person("marc"), "#dnum-pedagogie"
    assert len(marc.messages(team)) == 1
    assert "DDD" in marc.reads(team)[0]
    assert len(marc.thread_files(team)) == 10
    marc.resolve("S" * 3000, team)
    assert shown_whole(marc.messages(team)[0]["blocks"], "S" * 3000)
    assert "La suite est dans le détail." in marc.reads(team)[0]
    camille.press(INCOMPLETE, DIRECT)
    camille.submit({"Que manque-t-il ?": "R" * 3000})
    assert shown_whole(marc.messages(team)[0]["blocks"], "R" * 3000)
    assert shown_whole(marc.messages(team)[0]["replies"][-1]["blocks"], "R" * 3000)
    marc.press(DETAIL, team)
    for letter in "CEDSR":
        assert shown_whole(marc.modal["blocks"], letter * 3000)
    marc.close()
    marc.resolve("S" * 3000, team)
    camille.press(DELIVERED, DIRECT)
    assert shown_whole(camille.messages()[-1]["blocks"], "S" * 3000)
    assert desk.undelivered() == []
