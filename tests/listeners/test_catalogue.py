"""Browsing the catalogue in Slack, and asking for a service."""

import re

import pytest
from sqlalchemy import func, select

from blocks import ids
from models.base import LocalizedText
from models.catalogue import Group, Service
from models.lifecycle import Kind
from models.search.gap import SearchGap
from tests.support.factories import create_group
from tests.support.help_desk import TRIAGE, Desk, Person

ABOUT = {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Basse", "Site": "IUT"}
SCREEN = {
    "Taille": "27 pouces",
    "Un écran reconditionné vous convient-il ?": "Non",
    "Bureau où installer l’écran": "B204",
}
SEARCH = "Rechercher dans le catalogue"
GONE = (
    "Ce service a quitté le catalogue. "
    "Copiez votre texte, puis choisissez un autre service ou un ticket simple."
)


def items(text: str) -> list[str]:
    """The names on a level, each with its word."""
    return re.findall(r"^(?:📁|🛎️) (.*)$", text, re.MULTILINE)


def way(text: str) -> str:
    """The breadcrumb."""
    found = re.search(r"^Catalogue(?: › .*)?$", text, re.MULTILINE)
    assert found is not None
    return found[0]


# -- the levels ----------------------------------------------------------------------------------------------


def test_the_top_has_the_groups_of_the_file_each_with_its_word_and_description(camille: Person) -> None:
    camille.command("/catalogue")
    assert camille.modal["title"] == "Catalogue de services"
    names = items(camille.modal_text)
    assert names[:2] == ["Groupe · Assistance", "Groupe · Achat"]
    assert len(names) == 9
    assert "Matériel et logiciels aux conditions des marchés publics" in camille.modal_text
    assert "[Retour]" not in camille.modal_text


def test_every_box_has_a_button_with_a_name_of_its_own(camille: Person) -> None:
    camille.command("/catalogue")
    buttons = [block["accessory"] for block in camille.modal["blocks"] if "accessory" in block]
    names = [button["accessibility_label"] for button in buttons]
    assert names[:2] == ["Ouvrir le groupe Assistance", "Ouvrir le groupe Achat"]
    assert len(set(names)) == len(names)


def test_one_descends_to_a_service_and_comes_back(camille: Person) -> None:
    camille.command("/catalogue")
    camille.press("Ouvrir le groupe Enseignement")
    camille.press("Ouvrir le groupe Salles et audiovisuel")
    camille.press("Ouvrir le groupe Captation et diffusion")
    camille.press("Ouvrir le service Plateforme vidéo")
    assert way(camille.modal_text) == (
        "Catalogue › Enseignement › Salles et audiovisuel › Captation et diffusion › Plateforme vidéo"
    )
    seen = []
    for _ in range(4):
        camille.press("Retour")
        seen.append(way(camille.modal_text))
    assert seen == [
        "Catalogue › Enseignement › Salles et audiovisuel › Captation et diffusion",
        "Catalogue › Enseignement › Salles et audiovisuel",
        "Catalogue › Enseignement",
        "Catalogue",
    ]
    assert camille.screen()["modals"] == 1


def test_a_group_holds_groups_and_services_told_apart_by_a_word(camille: Person) -> None:
    camille.command("/catalogue")
    camille.press("Ouvrir le groupe Achat")
    assert items(camille.modal_text) == [
        "Groupe · Matériel",
        "Groupe · Logiciels",
        "Service · Marchés et catalogue de prix",
    ]


def test_a_level_past_slacks_limits_is_read_page_by_page(desk: Desk, camille: Person) -> None:
    with desk.sessions.begin() as session:
        for number in range(120):
            name = LocalizedText(f"Annexe {number:03}", f"Annex {number:03}")
            create_group(
                session,
                f"annexe-{number}",
                parent_id="achat",
                position=1000 + number,
                name=name,
                search_text="",
            )
    camille.command("/catalogue")
    camille.press("Ouvrir le groupe Achat")
    seen = items(camille.modal_text)
    while "[Suivants]" in camille.modal_text:
        camille.press("Suivants")
        seen += items(camille.modal_text)
    assert len(seen) == 123
    assert seen[2:122] == [f"Groupe · Annexe {number:03}" for number in range(120)]
    camille.press("Précédents")
    assert "[Suivants]" in camille.modal_text
    camille.press("Retour")
    assert way(camille.modal_text) == "Catalogue"


# -- searching -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["second écran", "SECOND ECRAN", "écrans", "  ecran   second "])
def test_a_search_ignores_accents_case_and_order(camille: Person, words: str) -> None:
    camille.command("/catalogue", words)
    assert "Service · Second écran" in items(camille.modal_text)
    assert camille.modal["values"][SEARCH] == " ".join(words.split())


def test_a_search_looks_at_all_levels_and_says_where(camille: Person) -> None:
    camille.command("/catalogue", "captation")
    assert "Groupe · Captation et diffusion" in items(camille.modal_text)
    assert "Enseignement › Salles et audiovisuel › Captation et diffusion" in camille.modal_text


def test_a_search_from_within_comes_back_to_where_it_began(camille: Person) -> None:
    camille.command("/catalogue")
    camille.press("Ouvrir le groupe Achat")
    camille.submit({SEARCH: "wifi eduroam"})
    assert camille.has_modal
    assert way(camille.modal_text) == "Catalogue › Recherche"
    camille.press("Retour")
    assert way(camille.modal_text) == "Catalogue › Achat"


def test_enter_in_the_field_searches_too(camille: Person) -> None:
    camille.command("/catalogue")
    camille.type_in(SEARCH, "mot de passe")
    assert way(camille.modal_text) == "Catalogue › Recherche"
    assert "Service · Mot de passe" in items(camille.modal_text)


def test_a_person_who_describes_the_problem_is_led_to_the_service(camille: Person, oliver: Person) -> None:
    camille.command("/catalogue", "Bonjour, mon ordi rame depuis ce matin")
    assert items(camille.modal_text)[0] == "Service · Panne ou lenteur de l’ordinateur"
    oliver.command("/catalogue", "my files are gone, can you get them back?")
    assert items(oliver.modal_text)[0] == "Service · Backup and recovery"


def test_a_search_that_finds_nothing_becomes_a_ticket_with_its_words(camille: Person) -> None:
    camille.command("/catalogue", "<!here> *licorne*")
    assert "Rien dans le catalogue ne correspond à « <!here> *licorne* »." in camille.modal_text
    camille.press("Créer un ticket avec ces mots")
    assert camille.modal["values"]["Titre"] == "<!here> *licorne*"


def test_from_nothing_found_one_browses_on(camille: Person) -> None:
    camille.command("/catalogue", "licorne")
    camille.press("Parcourir le catalogue")
    assert way(camille.modal_text) == "Catalogue"
    assert len(items(camille.modal_text)) == 9


def test_what_is_found_may_still_become_a_ticket(camille: Person) -> None:
    camille.command("/catalogue", "imprimante")
    assert "Ce n’est pas ce que vous cherchez ?" in camille.modal_text
    camille.press("Créer un ticket avec ces mots")
    assert camille.modal["values"]["Titre"] == "imprimante"


def test_what_the_help_desk_does_not_serve_says_who_to_turn_to(camille: Person, oliver: Person) -> None:
    camille.command("/catalogue", "le radiateur fuit")
    assert "« Bâtiments et chauffage » ne relève pas de la DNum" in camille.modal_text
    assert "direction de l’immobilier" in camille.modal_text
    oliver.command("/catalogue", "car park is full")
    assert "The DNum does not look after “Parking and transport”" in oliver.modal_text


def test_a_search_that_found_nothing_is_kept_for_who_writes_the_catalogue(
    desk: Desk, camille: Person, oliver: Person
) -> None:
    for person in (camille, oliver):
        person.command("/catalogue", "licorne 42 camille@univ.example")
        person.command("/catalogue", "imprimante")
    with desk.sessions() as session:
        kept = session.execute(select(SearchGap.words, func.count()).group_by(SearchGap.words)).all()
    assert [tuple(row) for row in kept] == [("licorne", 2)]


def test_the_words_of_a_percent_sign_find_no_everything(camille: Person) -> None:
    camille.command("/catalogue", "%%%")
    assert items(camille.modal_text) == []


# -- a service's page ----------------------------------------------------------------------------------------


def test_a_page_describes_the_service_its_team_and_what_to_have_at_hand(camille: Person) -> None:
    camille.command("/catalogue", "vol perte")
    camille.press("Ouvrir le service Vol ou perte de matériel")
    text = camille.modal_text
    assert "🛎️ Service · Équipe : Identités et sécurité" in text
    assert "Déclarez la perte ou le vol d’un ordinateur" in text
    assert "À avoir sous la main\nLe lieu et l’heure des faits" in text
    assert camille.modal["submit"] is None


@pytest.mark.parametrize(
    ("service", "buttons"),
    [
        ("second-ecran", ["Demander un service"]),
        ("hameconnage", ["Signaler un problème"]),
        ("vpn", ["Demander un service", "Signaler un problème"]),
        ("logiciels-campus", ["Ouvrir sa page"]),
        ("mot-de-passe", ["Signaler un problème", "Ouvrir sa page"]),
    ],
)
def test_a_page_offers_what_the_service_offers(camille: Person, service: str, buttons: list[str]) -> None:
    camille.command("/catalogue")
    camille.forge_click_in_modal(ids.SERVICE, service)
    found = re.findall(r"^\[(.*)\]$", camille.modal_text, re.MULTILINE)
    others = [words for words in found if words not in {"Retour", "Ouvrir"}]
    assert others == buttons


def test_following_a_link_is_answered(camille: Person) -> None:
    camille.command("/catalogue", "logiciels en libre accès")
    camille.press("Ouvrir le service Logiciels en libre accès sur le campus")
    [link] = [
        element
        for block in camille.modal["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert link["url"] == "https://numerique.univ.example/logiciels"
    camille.press("Ouvrir sa page")


# -- asking --------------------------------------------------------------------------------------------------


def test_a_problem_is_reported_with_the_service_filled_in(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "ordinateur")
    camille.press("Ouvrir le service Panne ou lenteur de l’ordinateur")
    camille.press("Signaler un problème")
    form = camille.modal
    assert form["title"] == "Ticket informatique"
    assert form["labels"][:2] == ["Titre", "Statut"]
    name = form["values"]["Titre"]
    assert f"Service : {name}" in form["text"]
    camille.submit(ABOUT)
    ticket = desk.ticket()
    assert (ticket.kind, ticket.service_id, ticket.answers) == (Kind.INCIDENT, "panne-poste", [])


def test_a_service_is_requested_with_its_own_questions(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    form = camille.modal
    assert form["title"] == "Demande de service"
    assert form["labels"] == [
        "Titre",
        *SCREEN,
        "Statut",
        "Impact utilisateur",
        "Urgence utilisateur",
        "Site",
        "Description",
        "Pièces attachées",
    ]
    camille.submit({**SCREEN, **ABOUT})
    ticket = desk.ticket()
    assert (ticket.kind, ticket.service_id, ticket.team_id) == (Kind.REQUEST, "second-ecran", "postes")
    assert [(answer.label.fr, answer.shown.fr) for answer in ticket.answers] == [
        ("Taille", "27 pouces"),
        ("Un écran reconditionné vous convient-il\u202f?", "Non"),
        ("Bureau où installer l’écran", "B204"),
    ]


def test_a_required_question_left_out_is_refused_at_its_field(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    assert set(camille.submit(ABOUT)["errors"]) == set(SCREEN)
    block_id = ids.question("second-ecran", "taille")
    assert camille.forge_submission() == {block_id: "Merci de remplir ce champ."}
    assert desk.count_tickets() == 0


def test_an_answer_that_was_never_offered_is_refused_at_its_field(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    body = camille.submission()
    camille.close()
    block_id = ids.question("second-ecran", "taille")
    values = body["view"]["state"]["values"]
    for block, chosen in (("impact", "person"), ("urgency", "low"), ("site", "iut")):
        values.setdefault(block, {})[block] = {"selected_option": {"value": chosen}}
    values[block_id] = {"answer": {"type": "radio_buttons", "selected_option": {"value": "pouces-99"}}}
    errors = desk.dispatch(body)["errors"]
    assert errors == {block_id: "Ce choix n’est plus proposé : merci de choisir à nouveau."}


def test_what_was_typed_for_another_service_is_not_kept(camille: Person) -> None:
    """Slack keeps what stands in a block of the same id: a question's has its service's in it."""
    camille.command("/catalogue", "logiciel")
    camille.forge_click_in_modal(ids.REQUEST_SERVICE, "licence-logicielle")
    camille.type_in("Logiciel et version", "Mathematica 14")
    camille.forge_click_in_modal(ids.REQUEST_SERVICE, "installation-logiciel")
    assert camille.modal["values"]["Logiciel et version"] is None


def test_a_request_reads_the_same_after_the_catalogue_has_changed(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    camille.submit({**SCREEN, **ABOUT})
    marc = desk.person("marc")
    before = marc.reads("#dnum-postes")[0]
    with desk.sessions.begin() as session:
        service = session.get_one(Service, "second-ecran")
        service.questions, service.archived = [], True
    marc.take("#dnum-postes")
    after = marc.reads("#dnum-postes")[0]
    for words in ("Service : Second écran", "Taille\n27 pouces\n", "Bureau où installer l’écran\nB204\n"):
        assert words in before
        assert words in after


# -- what has left the catalogue -----------------------------------------------------------------------------


def test_a_service_archived_while_its_page_is_open_is_refused_on_top_of_it(
    desk: Desk, camille: Person
) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    desk.archive_service("second-ecran")
    camille.press("Demander un service")
    assert camille.modal_text.splitlines()[0] == GONE
    camille.press("Retour")
    assert "Service · Second écran" not in items(camille.modal_text)


def test_a_service_archived_while_its_form_is_open_is_refused_and_nothing_is_lost(
    desk: Desk, camille: Person
) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    desk.archive_service("second-ecran")
    answer = camille.submit({**SCREEN, **ABOUT, "Description": "Pour le télétravail."})
    assert answer["errors"] == {"Titre": GONE}
    values = camille.modal["values"]
    assert (values["Description"], values["Bureau où installer l’écran"]) == ("Pour le télétravail.", "B204")
    assert desk.count_tickets() == 0


def test_an_offer_that_the_service_does_not_make_is_refused(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue")
    camille.forge_click_in_modal(ids.REQUEST_SERVICE, "hameconnage")
    assert camille.modal_text.splitlines()[0] == GONE


def test_a_service_or_group_that_never_was_is_refused(camille: Person) -> None:
    camille.command("/catalogue")
    for action_id in (ids.SERVICE, ids.GROUP, ids.REPORT_PROBLEM):
        camille.forge_click_in_modal(action_id, "nowhere")
        assert camille.modal_text.splitlines()[0] == GONE


def test_an_empty_catalogue_says_so(desk: Desk, camille: Person) -> None:
    with desk.sessions.begin() as session:
        for model in (Group, Service):
            for row in session.query(model):
                row.archived = True
    camille.command("/catalogue")
    assert "Le catalogue est vide pour le moment." in camille.modal_text


def test_requests_reach_the_team_of_the_service_only(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "second écran")
    camille.press("Ouvrir le service Second écran")
    camille.press("Demander un service")
    camille.submit({**SCREEN, **ABOUT})
    assert len(desk.person("marc").reads("#dnum-postes")) == 1
    assert desk.person("karim").reads(TRIAGE) == []


def test_a_search_whose_words_cannot_be_kept_is_answered_all_the_same(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "imprimante")  # from now on she is known
    with desk.locked_database():
        camille.command("/catalogue", "zzzqx")
        assert "Rien dans le catalogue ne correspond à « zzzqx »." in camille.modal_text
        assert camille.ephemeral_messages() == []
