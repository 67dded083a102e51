"""Agreements before the work: what each person sees, in both languages."""

import json

import pytest

from blocks import ids
from models.lifecycle import Agreement, Ending, Status
from tests.support.agreement_forms import APPLICATION, BADGE, COMPUTER, ENGLISH_BADGE, open_form, request
from tests.support.help_desk import DIRECT, RESOLVE, Desk, file

IDENTITIES = "#dnum-identites"
AUTHORISE, DECLINE, ASK = "Donner mon accord", "Ne pas donner mon accord", "Il me manque une information"
COMPLETE = "Compléter la demande"


def test_a_request_is_agreed_to_and_then_worked_on(desk: Desk) -> None:
    camille, aurelie, karim = desk.person("camille"), desk.person("aurelie"), desk.person("karim")
    request(camille, BADGE, "aurelie")
    [card] = camille.reads()
    assert "En attente de l’accord d’Aurélie D'Hérouville (Responsable des locaux)." in card
    assert "[Relancer]" not in card
    assert "En attente de l’accord d’Aurélie D'Hérouville" in desk.mails()[0]["text"]
    assert "En attente de l’accord d’Aurélie D&#39;Hérouville" in desk.mails()[0]["html"]
    [asked] = aurelie.reads()
    for words in (
        "Camille Bernard a besoin de votre accord pour cette demande.",
        "Service : Badge et contrôle d’accès",
        "Votre accord est demandé en tant que : Responsable des locaux",
        "Portes ou zones à ouvrir : B204",
        f"[{AUTHORISE}]\n[{DECLINE}]\n[{ASK}]",
    ):
        assert words in asked
    [triage] = karim.reads(IDENTITIES)
    assert "Nouveau (accord attendu)" in triage
    assert f"[{RESOLVE}]" not in triage
    assert "Prise en charge avant" not in triage

    aurelie.press(AUTHORISE, DIRECT)
    [agreed] = aurelie.reads()
    assert "✅ Vous avez donné votre accord." in agreed
    assert "Portes ou zones à ouvrir : B204" in agreed
    assert f"[{AUTHORISE}]" not in agreed
    assert desk.ticket().agreement is Agreement.GIVEN
    assert "Nous avons bien reçu votre demande. L’équipe" in camille.reads()[0]
    line = karim.reads_thread(IDENTITIES)[-1]
    assert "Accord donné par Aurélie D'Hérouville (Responsable des locaux)" in line
    karim.resolve("Badge remis.", IDENTITIES)
    assert desk.ticket().status is Status.RESOLVED


def test_a_request_is_declined_for_good(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    request(camille, BADGE, "aurelie")
    aurelie.press(DECLINE, DIRECT)
    assert "Camille Bernard lira votre réponse. La demande sera close." in aurelie.modal_text
    aurelie.submit({"Pourquoi ne donnez-vous pas votre accord ?": "Le local est en travaux."})
    ticket = desk.ticket()
    assert (ticket.status, ticket.ending) == (Status.CLOSED, Ending.DECLINED)
    assert "❌ Vous n’avez pas donné votre accord." in aurelie.reads()[0]
    card, told = camille.reads()
    assert "Clos (non accordée)" in card
    assert "Aurélie D'Hérouville n’a pas donné son accord à votre demande.\nLe local est en travaux." in told
    assert "[Rouvrir]" not in card + told
    mail = desk.mails()[-1]
    assert mail["subject"] == "[n° 1 · Non accordée] Badge pour B204"
    assert "Aurélie D'Hérouville n’a pas donné son accord à votre demande." in mail["text"]
    assert "Le local est en travaux." in mail["text"]


def test_an_approver_needs_more_information_and_is_asked_again(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    request(camille, BADGE, "aurelie")
    aurelie.press(ASK, DIRECT)
    aurelie.submit({"Que vous manque-t-il ?": "Jusqu'à quelle date ?"})
    assert "❓ Vous avez demandé une information." in aurelie.reads()[0]
    assert f"[{AUTHORISE}]" not in aurelie.reads()[0]
    assert "Une information est demandée par Aurélie D'Hérouville avant l’accord" in camille.reads()[-1]
    assert "Jusqu'à quelle date ?" in camille.reads()[-1]
    assert f"[{COMPLETE}]" in camille.reads()[-1]

    assert "À compléter" in camille.home()
    camille.press(COMPLETE, DIRECT)
    assert "Aurélie D'Hérouville demande :\nJusqu'à quelle date ?" in camille.modal_text
    camille.submit({"Votre message": "Jusqu'en juin.", "Pièces attachées": [file("plan.pdf")]})
    first, second = aurelie.reads()
    assert "Voyez plus bas le message plus récent sur cette demande." in first
    assert "Camille Bernard a complété cette demande. Donnez-vous votre accord ?" in second
    assert "Jusqu'en juin." in second
    assert "📎 plan.pdf" in second
    assert aurelie.thread_files(DIRECT) == ["plan.pdf"]  # under the newest
    assert f"[{COMPLETE}]" not in camille.reads()[-1]
    aurelie.press(AUTHORISE, DIRECT)
    assert desk.ticket().agreement is Agreement.GIVEN


def test_other_answers_ask_again_whoever_has_agreed(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    request(camille, BADGE, "aurelie")
    aurelie.press(AUTHORISE, DIRECT)
    camille.press("Voir le détail", DIRECT)
    camille.press(COMPLETE)
    assert "Si vous changez une réponse, l’accord sera demandé de nouveau." in camille.modal_text
    camille.submit({"Portes ou zones à ouvrir": "B204 et B205"})
    assert desk.ticket().agreement is Agreement.ASKED
    first, second = aurelie.reads()
    assert "✅ Vous avez donné votre accord." in first
    assert "Portes ou zones à ouvrir : B204 → B204 et B205" in second
    aurelie.press(AUTHORISE, DIRECT)
    assert desk.ticket().agreement is Agreement.GIVEN


def test_in_the_home_the_next_request_follows_a_decision(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    aurelie.visit_home()
    assert "Accords à donner" not in aurelie.home_text
    for title in ("Badge un", "Badge deux"):
        request(camille, BADGE, "aurelie", title)
    assert aurelie.home_text.index("Accords à donner") < aurelie.home_text.index("Badge un")
    aurelie.press(AUTHORISE, "home", nth=1)
    assert "Badge un" not in aurelie.home_text
    assert "Badge deux" in aurelie.home_text
    aurelie.press(AUTHORISE, "home")
    assert "Accords à donner" not in aurelie.home_text


def test_more_requests_than_the_home_shows_are_counted(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    for number in range(1, 8):
        request(camille, BADGE, "aurelie", f"Badge {number}")
    assert "Badge 5" in aurelie.home()
    assert "Badge 6" not in aurelie.home_text
    aurelie.press("et 2 autres", "home")
    assert "Puis 6 autres demandes." in aurelie.modal_text


@pytest.mark.parametrize("command", ["/mes-accords", "/my-approvals"])
def test_a_command_opens_what_waits_one_after_the_other(desk: Desk, command: str) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    for title in ("Badge un", "Badge deux"):
        request(camille, BADGE, "aurelie", title)
    aurelie.command(command)
    assert "Badge un" in aurelie.modal_text
    assert "Puis une autre demande." in aurelie.modal_text
    aurelie.press(AUTHORISE)
    assert "✅ Vous avez donné votre accord au n° 1." in aurelie.modal_text
    assert "Badge deux" in aurelie.modal_text
    aurelie.press(DECLINE)
    aurelie.submit({"Pourquoi ne donnez-vous pas votre accord ?": "Non."})
    assert "Aucune demande n’attend votre accord." in aurelie.modal_text


def test_nobody_authorises_their_own_request_unless_the_catalogue_says_so(desk: Desk) -> None:
    camille = desk.person("camille")
    request(camille, BADGE, "camille")
    assert desk.ticket().agreement is Agreement.GIVEN  # `self: recorded`
    errors = request(desk.person("karim"), APPLICATION, "karim")["errors"]
    own = "Personne ne donne son accord à sa propre demande. Choisissez quelqu’un d’autre."
    assert errors == {"Responsable hiérarchique": own}


def test_the_same_in_english(desk: Desk) -> None:
    oliver, camille = desk.person("oliver"), desk.person("camille")
    request(oliver, ENGLISH_BADGE, "camille", "Badge for B204")
    waits = "Waiting for the agreement of Camille Bernard (Person in charge of the premises)."
    assert waits in oliver.reads()[0]
    request(camille, BADGE, "oliver")
    asked = oliver.reads()[-1]
    assert "Camille Bernard needs your agreement to this request." in asked
    assert "[Authorise]\n[Decline]\n[I need more information]" in asked
    oliver.press("I need more information", DIRECT)
    oliver.submit({"What do you need to know?": "Until when?"})
    assert "You asked for more information. You will be asked again." in oliver.reads()[-1]


POSTES = "#dnum-postes"


def test_above_a_limit_the_manager_is_asked_after_the_budget_holder(desk: Desk) -> None:
    camille, oliver, aurelie = desk.person("camille"), desk.person("oliver"), desk.person("aurelie")
    open_form(camille, COMPUTER)
    assert "Avant de commencer, nous demanderons l’accord de :" in camille.modal_text
    assert "• votre responsable, si « Montant estimé, en euros » dépasse 800" in camille.modal_text
    assert "Au-delà de 800 €, l’accord de votre responsable est demandé aussi." in camille.modal_text
    camille.close()
    request(camille, COMPUTER, "oliver", "Portable", **{"Montant estimé, en euros": "750"})
    oliver.press("Authorise", DIRECT)
    assert desk.ticket(1).agreement is Agreement.GIVEN
    assert aurelie.messages() == []

    request(camille, COMPUTER, "oliver", "Station", **{"Montant estimé, en euros": "801"})
    oliver.press("Authorise", DIRECT)
    assert "En attente de l’accord d’Aurélie D'Hérouville (votre responsable)." in camille.reads()[-1]
    [asked] = aurelie.reads()
    assert "Montant estimé, en euros : 801" in asked
    aurelie.press(AUTHORISE, DIRECT)
    assert desk.ticket(2).agreement is Agreement.GIVEN
    open_form(camille, COMPUTER)  # now she is known
    assert "• votre responsable : @Aurélie D'Hérouville, si" in camille.modal_text


def test_without_a_known_manager_the_requester_chooses(desk: Desk) -> None:
    aurelie, camille, oliver = desk.person("aurelie"), desk.person("camille"), desk.person("oliver")
    request(aurelie, COMPUTER, "camille", "Station", **{"Montant estimé, en euros": "900"})
    camille.press(AUTHORISE, DIRECT)
    told = aurelie.reads()[-1]
    assert "Nous n’avons trouvé personne à qui demander l’accord (votre responsable)" in told
    aurelie.press("Choisir quelqu’un", DIRECT)
    errors = aurelie.submit({"À qui demandez-vous l’accord ? (votre responsable)": "aurelie"})["errors"]
    assert list(errors.values()) == [
        "Personne ne donne son accord à sa propre demande. Choisissez quelqu’un d’autre."
    ]
    aurelie.submit({"À qui demandez-vous l’accord ? (votre responsable)": "oliver"})
    assert "[Choisir quelqu’un]" not in "".join(aurelie.reads())
    oliver.press("Authorise", DIRECT)
    assert desk.ticket().agreement is Agreement.GIVEN


@pytest.mark.parametrize(
    ("approver", "error"),
    [
        ("invite", "Une personne invitée ne peut pas donner d’accord. Choisissez quelqu’un d’autre."),
        (
            "paul",
            "Le centre d’aide ne sert que les personnes de cet espace de travail : "
            "choisissez quelqu’un d’autre.",
        ),
    ],
)
def test_who_may_not_decide_is_refused_at_the_question(desk: Desk, approver: str, error: str) -> None:
    errors = request(desk.person("camille"), BADGE, approver)["errors"]
    assert errors == {"Responsable des locaux": error}
    assert desk.count_tickets() == 0


def test_a_form_that_was_opened_before_the_request_changed_says_so_and_keeps_its_words(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    request(camille, BADGE, "aurelie")
    aurelie.press(DECLINE, DIRECT)
    camille.press("Voir le détail", DIRECT)
    camille.press(COMPLETE)
    camille.submit({"Portes ou zones à ouvrir": "B204 et B205"})
    label = "Pourquoi ne donnez-vous pas votre accord ?"
    errors = aurelie.submit({label: "Le local est en travaux."})["errors"]
    assert errors == {label: "La demande a changé : l’accord est demandé de nouveau."}
    assert "Le local est en travaux." in aurelie.modal_text
    assert desk.ticket().agreement is Agreement.ASKED


def test_an_approver_reads_which_attachments_could_not_be_fetched(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    desk.fault("files.info", "", error="file_deleted")
    request(camille, BADGE, "aurelie", **{"Pièces attachées": [file("plan.pdf"), file("devis.pdf")]})
    [asked] = aurelie.reads()
    assert "⚠️ plan.pdf : pièce impossible à récupérer (son auteur l’a supprimée)" in asked
    assert "📎 devis.pdf" in asked
    assert aurelie.thread_files(DIRECT) == ["devis.pdf"]


def test_who_needs_more_information_may_decline_without_it(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    request(camille, BADGE, "aurelie")
    aurelie.press(ASK, DIRECT)
    number = aurelie.submission()["view"]["private_metadata"]
    aurelie.submit({"Que vous manque-t-il ?": "Jusqu'à quelle date ?"})
    aurelie.forge_click(ids.DECLINE, json.loads(number)["approval"])
    aurelie.submit({"Pourquoi ne donnez-vous pas votre accord ?": "Le local est en travaux."})
    assert desk.ticket().ending is Ending.DECLINED


def test_an_answer_in_the_thread_completes_the_request(desk: Desk) -> None:
    camille, aurelie, karim = desk.person("camille"), desk.person("aurelie"), desk.person("karim")
    request(camille, BADGE, "aurelie")
    aurelie.press(ASK, DIRECT)
    aurelie.submit({"Que vous manque-t-il ?": "Jusqu'à quelle date ?"})
    asked = camille.messages()[-1]
    assert "écrivez dans le fil de ce message" in asked["text"]
    camille.write("Jusqu'en juin.", DIRECT, thread_ts=asked["ts"], files=[file("plan.pdf")])
    desk.deliver()
    again = aurelie.reads()[-1]
    assert "Camille Bernard a complété cette demande." in again
    assert "Jusqu'en juin." in again
    assert "📎 plan.pdf" in again
    lines = karim.reads_thread(IDENTITIES)
    assert len([line for line in lines if "Jusqu'en juin." in line]) == 1
    camille.write("Merci !", DIRECT, thread_ts=asked["ts"])
    desk.deliver()
    assert "Merci !" not in "".join(aurelie.reads())
