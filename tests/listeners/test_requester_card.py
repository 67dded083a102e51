"""What the requester's card says: what arrived, what the ticket waits for, where it is; and requests."""

from datetime import timedelta

import pytest

from tests.support.help_desk import (
    DELIVERED,
    DETAIL,
    DIRECT,
    INCOMPLETE,
    TRIAGE,
    Desk,
    Person,
    file,
)

WORKSTATIONS = "#dnum-postes"
ABOUT = {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Basse", "Site": "IUT"}
ANSWERS = {
    "Taille": "27 pouces",
    "Un écran reconditionné vous convient-il ?": "Oui",
    "Bureau où installer l’écran": "A112 " + "x" * 150,
}
ENGLISH_ANSWERS = {
    "Size": "27 inches",
    "Would a refurbished display suit you?": "Yes",
    "Office where it is to be set up": "A112",
    "User impact": "Just me",
    "User urgency": "Low",
    "Site": "IUT (University Institute of Technology)",
}


def ask_for_a_screen(camille: Person, **more: object) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    camille.submit({**ANSWERS, **ABOUT, **more})


def card(person: Person) -> str:
    return person.reads()[0]


def test_it_repeats_the_answers_and_the_files_that_arrived(desk: Desk, camille: Person) -> None:
    ask_for_a_screen(camille, **{"Pièces attachées": [file("plan.pdf"), file("bureau.png")]})
    lines = card(camille).splitlines()
    assert lines[2].startswith("Nous avons bien reçu votre demande. L’équipe Postes de travail et achats")
    size, refurbished, office, names = lines[lines.index("Taille : 27 pouces") :][:4]
    assert (size, refurbished) == ("Taille : 27 pouces", "Un écran reconditionné vous convient-il ? Oui")
    assert office.startswith("Bureau où installer l’écran : A112 xx")
    assert office.endswith("…")
    assert names == "📎 plan.pdf, bureau.png"


def test_it_names_files_that_were_added_in_a_form_and_not_those_of_a_technician(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    camille.press(DETAIL, DIRECT)
    camille.press("Ajouter une précision")
    camille.submit({"Pièces attachées": [file("a.pdf")]})
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Voici.", "Pièces attachées": [file("mode-emploi.pdf")]})
    karim.press("Résoudre", TRIAGE)
    karim.submit({"Solution": "Fait."})
    assert "📎 a.pdf\n" in card(camille)
    assert "mode-emploi" not in card(camille)


@pytest.mark.parametrize(
    ("reason", "until", "sentence"),
    [
        ("une pièce", None, "Votre ticket est en attente : nous attendons une pièce."),
        (
            "un fournisseur",
            "2099-12-03",
            "Votre ticket est en attente jusqu’au 3 décembre 2099 : nous attendons un fournisseur.",
        ),
        ("une date", "2099-12-03", "Votre ticket est en attente jusqu’au 3 décembre 2099."),
    ],
)
def test_it_says_what_the_ticket_waits_for_and_when_it_was_resumed(
    camille: Person, karim: Person, reason: str, until: str | None, sentence: str
) -> None:
    camille.file_ticket()
    karim.take()
    karim.menu("Mettre en attente…")
    karim.submit(
        {"En attente de": reason, "Précisions": "Ça traîne.", **({"Jusqu’au": until} if until else {})}
    )
    assert sentence in card(camille)
    assert "Ça traîne" not in card(camille)
    karim.press("Reprendre", TRIAGE)
    assert "Nous avons repris votre ticket." in card(camille)


def test_it_says_which_team_a_ticket_was_passed_to(camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.take()
    karim.menu("Requalifier, passer à une équipe…")
    karim.submit({"Équipe": "Réseau et téléphonie", "Pourquoi, pour l’autre équipe": "C’est le switch."})
    assert "Votre ticket est passé à l’équipe Réseau et téléphonie, qui va s’en occuper." in card(camille)
    assert "switch" not in card(camille)


def test_a_request_is_answered_in_the_words_of_a_request(desk: Desk, camille: Person) -> None:
    marc = desk.person("marc")
    ask_for_a_screen(camille)
    marc.resolve("Écran posé.", WORKSTATIONS)
    assert "Voici ce qui a été fait. Avez-vous tout ce qu’il vous faut ?" in camille.reads()[-1]
    assert "Nous avons fait ce que vous demandiez." in card(camille)
    camille.press(INCOMPLETE, DIRECT)
    assert camille.modal["title"] == "Il manque quelque chose"
    camille.submit({"Que manque-t-il ?": "Le câble."})
    assert "Vous avez signalé un manque : la demande est retournée" in camille.reads()[-1]
    assert "Ce qui manque :\nLe câble." in marc.reads(WORKSTATIONS)[-1]
    marc.resolve("Câble posé.", WORKSTATIONS)
    camille.press(DELIVERED, DIRECT)
    assert "Ce qui a été fait :\nCâble posé." in camille.reads()[-1]
    assert "Vous avez confirmé la livraison : la demande est close." in camille.reads()[-1]
    camille.press("Rouvrir", DIRECT)
    camille.submit({"Pourquoi rouvrir ce ticket ?": "Le câble est trop court."})
    assert "Vous aviez confirmé la livraison. La demande a été rouverte" in camille.reads()[-1]


def test_it_speaks_english(desk: Desk, oliver: Person) -> None:
    oliver.command("/catalogue", "second screen")
    oliver.press("Open the service Second screen")
    oliver.press("Request this service")
    oliver.submit(ENGLISH_ANSWERS)
    assert "We have received your request." in card(oliver)
    assert "Would a refurbished display suit you? Yes" in card(oliver)
    desk.person("marc").resolve("Done.", WORKSTATIONS)
    oliver.press("Something is missing", DIRECT)
    assert oliver.modal["title"] == "Something is missing"
    oliver.submit({"What is missing?": "The cable."})
    assert "You said that something is missing." in oliver.reads()[-1]
    oliver.press("View details", DIRECT, nth=1)
    oliver.press("Cancel this ticket")
    assert oliver.modal["title"] == "Cancel the ticket"
    assert {"Keep the ticket", "Yes, cancel this ticket"} <= {oliver.modal["close"], oliver.modal["submit"]}


def test_thanks_and_decisions_name_a_request_as_one(desk: Desk, camille: Person) -> None:
    marc = desk.person("marc")
    ask_for_a_screen(camille)
    marc.resolve("Câble posé.", WORKSTATIONS)
    camille.write("Merci !")
    desk.ahead += timedelta(seconds=8)
    desk.deliver()
    thanks = camille.reads()[-1].splitlines()[0]
    assert thanks.endswith("attend votre accord : avez-vous tout ce qu’il vous faut ?")
    marc.menu("Approuvé de vive voix…", WORKSTATIONS)
    marc.submit({"Quand et comment a-t-il été approuvé ?": "Au téléphone."})
    assert "Votre demande est close : Marc" in camille.reads()[-1]
    camille.press("Rouvrir", DIRECT)
    camille.submit({"Pourquoi rouvrir ce ticket ?": "Rien reçu."})
    marc.menu("Annuler…", WORKSTATIONS)
    marc.submit({"Pourquoi annuler ce ticket ?": "Plus de stock."})
    assert "a annulé votre demande." in camille.reads()[-1]
