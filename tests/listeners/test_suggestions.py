"""What the form of a new ticket suggests under its title, as a requester meets it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import func, select, text

from blocks import ids
from bot.catalogue_search.index import Index
from bot.catalogue_search.ranking import Match
from bot.services import suggestions
from models.article import Article, ArticleAnswer
from models.base import LocalizedText
from models.lifecycle import Action
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.outage import Outage
from tests.support.factories import make_article, make_match, make_outage
from tests.support.help_desk import DIRECT, FORM, TIMEOUT, TRIAGE, Desk, Person, file

IMPACT, URGENCY = "Impact utilisateur", "Urgence utilisateur"
FOLLOW, READ, ANSWERS = "Je suis concerné·e aussi", "Lire", "Ça répond à ma question"
REQUEST, BACK = "Demander un service", "Retour"
TITLE = "Plus de Wi-Fi dans la salle B204"
GONE = "Ce qui était proposé ici n’existe plus. Votre formulaire contient toujours ce que vous avez écrit"
SAME = "Wi-Fi en panne, salle B204"


@pytest.fixture(autouse=True)
def matching(mocker: MockerFixture) -> None:
    """No title is about a service or an article; two are alike when both have one of these words."""
    mocker.patch.object(suggestions, "confident", return_value=[])
    mocker.patch.object(suggestions, "alike", _alike)
    mocker.patch.object(suggestions, "LOOKUP_MAX", TIMEOUT)


def _alike(_index: Index, one: str, other: str) -> bool:
    return any(word in one and word in other for word in ("Wi-Fi", "Imprimante"))


@pytest.fixture
def article(desk: Desk) -> str:
    """An article about the Wi-Fi; its id."""
    with desk.sessions.begin() as session:
        session.add(
            make_article("essai", title=LocalizedText("Se connecter au Wi-Fi", "Connect to the Wi-Fi"))
        )
    return "essai"


def knows(mocker: MockerFixture, *matches: Match) -> None:
    """From now on, every title is about these."""
    mocker.patch.object(suggestions, "confident", return_value=matches)


def begin(person: Person, title: str = TITLE, **values: object) -> str:
    """Type a title, and choose an impact. Returns the form's text."""
    person.command("/ticket", title)
    person.choose(IMPACT, "Moi seul·e")
    return person.modal_text


def buttons(person: Person) -> Sequence[str]:
    """What a screen reader says of the buttons of the open modal's sections."""
    elements = [block.get("accessory") or {} for block in person.modal["blocks"]]
    return [each["accessibility_label"] for each in elements if "accessibility_label" in each]


def declare(desk: Desk, title: str, **more: object) -> int:
    by = desk.parts.directory.actor(desk.person("karim").slack_id)
    with desk.sessions.begin() as session:
        outage = make_outage(title=title, declared_by_id=by.id, **more)
        session.add(outage)
        session.flush()
        return outage.id


# -- what stands on the form ---------------------------------------------------------------------------------


def test_nothing_is_suggested_before_the_priority_is_asked_for(camille: Person) -> None:
    camille.file_ticket(SAME)
    camille.command("/ticket", TITLE)
    assert "déjà un ticket" not in camille.modal_text
    camille.choose(IMPACT, "Moi seul·e")
    assert (
        "Vous avez déjà un ticket ouvert à ce sujet : n° 1 · Wi-Fi en panne, salle B204" in camille.modal_text
    )
    assert buttons(camille) == ["Ajouter au n° 1 · Wi-Fi en panne, salle B204"]


def test_a_choice_costs_one_call(desk: Desk, camille: Person) -> None:
    camille.file_ticket(SAME)
    camille.command("/ticket", TITLE)
    before = len(desk.slack.control.get("calls")["calls"])
    camille.choose(IMPACT, "Moi seul·e")
    camille.choose(URGENCY, "Haute")
    calls = desk.slack.control.get("calls")["calls"][before:]
    assert [call["method"] for call in calls] == ["views.update", "views.update"]
    assert "Priorité obtenue" in camille.modal_text


def test_the_lines_stand_under_the_title_in_their_order(
    desk: Desk, camille: Person, article: str, mocker: MockerFixture
) -> None:
    camille.file_ticket(SAME)
    declare(desk, "Wi-Fi coupé, salle B204")
    knows(mocker, make_match("article", article))
    begin(camille)
    blocks = [block["block_id"] for block in camille.modal["blocks"]]
    below = blocks.index(ids.TITLE) + 1
    assert blocks[below : below + 4] == [f"{ids.SUGGESTIONS}.{number}" for number in range(4)]
    assert blocks[below + 4] == ids.STATUS
    text = camille.modal_text
    lines = ["Panne connue : Wi-Fi coupé", "déjà un ticket ouvert", "Un article peut vous aider"]
    assert sorted(lines, key=text.index) == lines


def test_the_lines_change_with_the_title(camille: Person) -> None:
    camille.file_ticket(SAME)
    camille.file_ticket("Imprimante bloquée, bureau Dupont")
    assert "n° 1" in begin(camille)
    camille.type_in("Titre", "Imprimante encore bloquée")
    assert "n° 1" in camille.modal_text
    camille.choose(URGENCY, "Haute")
    assert "n° 1" not in camille.modal_text
    assert "n° 2" in camille.modal_text
    camille.type_in("Titre", "Écran noir")
    camille.choose(URGENCY, "Basse")
    assert "déjà un ticket" not in camille.modal_text


def test_what_is_ignored_changes_nothing(desk: Desk, camille: Person) -> None:
    camille.file_ticket(SAME)
    begin(camille)
    assert camille.submit(FORM)["errors"] == {}
    assert desk.ticket(2).title == TITLE
    assert not camille.has_modal


@pytest.mark.parametrize("failure", [RuntimeError("no"), suggestions.LookupTooSlow()])
def test_a_lookup_that_fails_leaves_the_form_as_it_was(
    desk: Desk, camille: Person, mocker: MockerFixture, failure: Exception
) -> None:
    camille.file_ticket(SAME)
    declare(desk, "Messagerie en panne")
    before = begin(camille)
    assert "Panne connue : Messagerie en panne" in before
    mocker.patch.object(suggestions, "confident", side_effect=failure)
    camille.choose(URGENCY, "Haute")
    assert "Priorité obtenue" in camille.modal_text
    assert "Panne connue : Messagerie en panne" in camille.modal_text
    assert "déjà un ticket" not in camille.modal_text
    camille.submit(FORM)
    assert desk.ticket(2).title == TITLE


# -- a known outage ------------------------------------------------------------------------------------------


def test_an_outage_is_named_once_and_followed_from_its_line(desk: Desk, camille: Person) -> None:
    declare(desk, "Wi-Fi coupé, salle B204")
    text = begin(camille)
    assert text.count("Panne connue : Wi-Fi coupé") == 1
    assert text.index("Panne connue") > text.index("Titre")
    camille.press(FOLLOW)
    assert "vous suivez la panne « Wi-Fi coupé, salle B204 »" in camille.modal_text
    assert desk.ticket().outage_id == 1


def test_an_outage_that_is_over_at_the_press_is_told_and_the_form_stays(desk: Desk, camille: Person) -> None:
    number = declare(desk, "Wi-Fi coupé, salle B204")
    begin(camille)
    with desk.sessions.begin() as session:
        session.get_one(Outage, number).resolved_at = desk.now
    camille.press(FOLLOW)
    assert "Cette panne est terminée" in camille.modal_text
    assert camille.modal["values"]["Titre"] == TITLE
    camille.choose(URGENCY, "Haute")
    assert "Panne connue" not in camille.modal_text


def test_following_an_outage_keeps_what_was_described(desk: Desk, camille: Person) -> None:
    declare(desk, "Wi-Fi coupé, salle B204")
    begin(camille, f"{TITLE}\nDepuis ce matin.")
    camille.press(FOLLOW)
    assert "Ce que vous avez écrit est toujours dans le formulaire" in camille.modal_text
    camille.close()
    assert camille.modal["values"]["Description"] == "Depuis ce matin."


def test_a_technician_follows_no_outage_for_somebody_else(desk: Desk, karim: Person, camille: Person) -> None:
    declare(desk, "Wi-Fi coupé, salle B204")
    karim.command("/ticket", TITLE)
    karim.choose("Demandeur", "camille")
    karim.choose(IMPACT, "Moi seul·e")
    assert karim.modal_text.index("Panne connue") > karim.modal_text.index("Titre")
    assert buttons(karim) == []


# -- an own ticket -------------------------------------------------------------------------------------------


def test_adding_to_a_ticket_takes_title_description_and_files_along(desk: Desk, camille: Person) -> None:
    camille.file_ticket(SAME)
    begin(camille, f"{TITLE}\nDepuis ce matin.")
    attach(camille, "capture.png")
    camille.press("Ajouter au n° 1")
    assert camille.modal["title"] == "Ajouter une précision"
    assert camille.modal["submit"] == "Ajouter au n° 1"
    assert "n° 1 · Wi-Fi en panne, salle B204" in camille.modal_text
    assert "Nouveau" in camille.modal_text
    assert camille.modal["values"] == {"Votre message": f"{TITLE}\n\nDepuis ce matin."}
    assert "Déjà joint : capture.png" in camille.modal_text
    camille.submit()
    assert not camille.has_modal
    assert desk.count_tickets() == 1
    assert f"{TITLE}\n\nDepuis ce matin." in camille.reads_thread(DIRECT)[-1]
    assert names(desk) == ["capture.png"]
    assert desk.repeat_last() == {"response_action": "clear"}
    assert names(desk) == ["capture.png"]
    assert [action for action, _ in desk.history()] == [Action.OPEN, Action.COMMENT]


def test_what_the_team_last_said_is_shown_and_answered(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket(SAME)
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "La borne est-elle allumée ?"})
    begin(camille)
    camille.press("Ajouter au n° 1")
    assert "Statut : En cours" in camille.modal_text
    assert "La borne est-elle allumée ?" in camille.modal_text
    camille.submit({"Votre message": "Oui, et le voyant est vert."})
    assert "Oui, et le voyant est vert." in karim.reads_thread(TRIAGE)[-1]


def test_going_back_from_a_ticket_loses_nothing(desk: Desk, camille: Person) -> None:
    camille.file_ticket(SAME)
    begin(camille, f"{TITLE}\nDepuis ce matin.")
    attach(camille, "capture.png")
    camille.press("Ajouter au n° 1")
    camille.close()
    assert camille.modal["values"]["Description"] == "Depuis ce matin."
    camille.submit(FORM)
    assert desk.ticket(2).description == "Depuis ce matin."
    assert names(desk, 2) == ["capture.png"]


def test_a_long_text_is_added_whole(desk: Desk, camille: Person) -> None:
    camille.file_ticket(SAME)
    words = " ".join(["imprimante"] * 500)
    begin(camille, f"{TITLE}\n{words}")
    camille.press("Ajouter au n° 1")
    assert "la suite sera ajoutée aussi" in camille.modal_text
    camille.submit()
    with desk.sessions() as session:
        [text] = session.scalars(select(Comment.text)).all()
    assert text == f"{TITLE}\n\n{words}"


def test_a_ticket_that_was_closed_meanwhile_is_not_added_to(desk: Desk, camille: Person) -> None:
    camille.file_ticket(SAME)
    begin(camille, f"{TITLE}\nDepuis ce matin.")
    camille.press("Ajouter au n° 1")
    cancel(desk)
    [error] = camille.submit()["errors"].values()
    assert error.startswith("Le n° 1 a été clos entre-temps : rien n’y a été ajouté.")
    camille.close()
    camille.press("Ajouter au n° 1")
    assert "Le n° 1 a été clos entre-temps" in camille.modal_text
    assert camille.modal["values"]["Description"] == "Depuis ce matin."
    camille.submit(FORM)
    assert desk.ticket(2).description == "Depuis ce matin."


@pytest.mark.parametrize("number", ["1", "99"])
def test_the_number_of_somebody_elses_ticket_says_nothing(desk: Desk, camille: Person, number: str) -> None:
    desk.person("aurelie").file_ticket("Secret de laboratoire")
    begin(camille)
    camille.forge_click_in_modal(ids.ADD_TO_TICKET, number)
    assert "Ce ticket n’existe pas, ou n’est pas le vôtre" in camille.modal_text
    assert "Secret" not in camille.modal_text
    assert camille.modal["values"]["Titre"] == TITLE


def test_a_forged_addition_is_refused(desk: Desk, camille: Person) -> None:
    camille.file_ticket(SAME)
    desk.person("aurelie").file_ticket("Secret de laboratoire")
    begin(camille)
    camille.press("Ajouter au n° 1")
    body = camille.submission()
    body["view"]["private_metadata"] = body["view"]["private_metadata"].replace('"ticket": 1', '"ticket": 2')
    [error] = desk.dispatch(body)["errors"].values()
    assert error == "Ce ticket n’existe pas, ou n’est pas le vôtre."
    assert len(desk.history(2)) == 1


def test_what_a_message_says_is_offered_to_no_ticket_twice(desk: Desk, camille: Person) -> None:
    camille.file_ticket(SAME)
    desk.stop_clock()
    camille.write(TITLE)
    desk.ahead += timedelta(minutes=1)
    desk.deliver()
    camille.press("Nouveau ticket", DIRECT)
    camille.choose(IMPACT, "Moi seul·e")
    assert "déjà un ticket" not in camille.modal_text


# -- a service -----------------------------------------------------------------------------------------------


def test_a_services_form_is_filled_in_and_one_may_go_back(
    desk: Desk, camille: Person, mocker: MockerFixture
) -> None:
    knows(mocker, make_match("service", "second-ecran"))
    text = begin(camille, f"{TITLE}\nDepuis ce matin.")
    assert "Il y a un formulaire pour cela : Second écran" in text
    assert buttons(camille) == ["Ouvrir · Second écran"]
    attach(camille, "capture.png")
    camille.choose(URGENCY, "Haute")
    camille.choose("Site", "IUT")
    filled = camille.modal["values"]
    camille.press("Ouvrir")
    assert camille.modal["title"] == "Demande de service"
    assert "Il y a un formulaire" not in camille.modal_text
    there = camille.modal["values"]
    assert {label: there[label] for label in filled} == filled
    assert "Taille" in there
    camille.type_in("Titre", "Un second écran")
    camille.press(BACK)
    assert camille.modal["title"] == "Ticket informatique"
    assert camille.modal["values"] == {**filled, "Titre": "Un second écran"}
    assert "Il y a un formulaire pour cela" in camille.modal_text
    camille.press("Ouvrir")
    camille.submit(SECOND_SCREEN)
    ticket = desk.ticket()
    assert (ticket.title, ticket.description, ticket.service_id) == (
        "Un second écran",
        "Depuis ce matin.",
        "second-ecran",
    )
    assert names(desk) == ["capture.png"]
    assert not camille.has_modal


def test_a_services_form_opens_while_nothing_can_be_looked_up(camille: Person, mocker: MockerFixture) -> None:
    knows(mocker, make_match("service", "second-ecran"))
    begin(camille)
    mocker.patch.object(suggestions, "index_at_hand", lambda session: session.execute(text("SELECT nothing")))
    camille.press("Ouvrir")
    assert camille.modal["title"] == "Demande de service"
    assert camille.modal["values"]["Titre"] == TITLE


def test_a_service_without_a_form_has_its_page(camille: Person, mocker: MockerFixture) -> None:
    knows(mocker, make_match("service", "hal"))
    text = begin(camille, "dépôt dans HAL")
    assert "Il y a une page à ce sujet : Dépôt dans HAL" in text
    assert buttons(camille) == ["Ouvrir sa page · Dépôt dans HAL"]
    camille.press("Ouvrir sa page · Dépôt dans HAL")
    assert camille.modal["values"]["Titre"] == "dépôt dans HAL"


def test_a_service_that_is_asked_for_and_reported_has_a_button_for_each(
    camille: Person, mocker: MockerFixture
) -> None:
    knows(mocker, make_match("service", "autre-demande"))
    begin(camille)
    assert "Signaler un problème · Autre demande" in str(camille.modal["blocks"])
    camille.press("Signaler un problème")
    assert camille.modal["title"] == "Ticket informatique"
    assert "Service : " in camille.modal_text


def test_a_long_text_comes_along_to_a_services_form(
    desk: Desk, camille: Person, mocker: MockerFixture
) -> None:
    knows(mocker, make_match("service", "second-ecran"))
    words = " ".join(["imprimante"] * 500)
    begin(camille, f"{TITLE}\n{words}")
    camille.press("Ouvrir")
    assert "la suite sera ajoutée au ticket" in camille.modal_text
    camille.submit({**FORM, **SECOND_SCREEN})
    assert desk.ticket().description == words


def test_a_service_that_left_the_catalogue_is_told_and_the_form_stays(
    desk: Desk, camille: Person, mocker: MockerFixture
) -> None:
    knows(mocker, make_match("service", "second-ecran"))
    begin(camille)
    desk.archive_service("second-ecran")
    camille.press("Ouvrir")
    assert GONE in camille.modal_text
    assert camille.modal["values"]["Titre"] == TITLE


def test_a_technicians_form_stays_one(karim: Person, mocker: MockerFixture) -> None:
    knows(mocker, make_match("service", "second-ecran"))
    begin(karim)
    karim.choose("Demandeur", "camille")
    karim.press("Ouvrir")
    assert "Solution" in karim.modal["labels"]
    assert karim.modal["values"]["Demandeur"] == "Camille Bernard"
    karim.press(BACK)
    assert karim.modal["values"]["Demandeur"] == "Camille Bernard"


# -- an article ----------------------------------------------------------------------------------------------


def test_an_article_is_read_on_top_of_the_form(
    desk: Desk, camille: Person, article: str, mocker: MockerFixture
) -> None:
    knows(mocker, make_match("article", article))
    assert "Un article peut vous aider : Se connecter au Wi-Fi" in begin(camille)
    assert buttons(camille) == ["Lire · Se connecter au Wi-Fi"]
    camille.press(READ)
    assert camille.modal["submit"] == ANSWERS
    camille.close()
    assert camille.modal["values"]["Titre"] == TITLE
    camille.press(READ)
    camille.submit()
    assert not camille.has_modal
    assert answers(desk) == 1
    assert desk.count_tickets() == 0


def test_an_article_that_was_removed_is_told_and_the_form_stays(
    desk: Desk, camille: Person, article: str, mocker: MockerFixture
) -> None:
    knows(mocker, make_match("article", article))
    begin(camille)
    with desk.sessions.begin() as session:
        session.get_one(Article, article).archived = True
    camille.press(READ)
    assert GONE in camille.modal_text
    assert camille.modal["values"]["Titre"] == TITLE


def test_an_article_that_is_removed_while_it_is_read_has_answered(
    desk: Desk, camille: Person, article: str, mocker: MockerFixture
) -> None:
    knows(mocker, make_match("article", article))
    begin(camille)
    camille.press(READ)
    with desk.sessions.begin() as session:
        session.get_one(Article, article).archived = True
    camille.submit()
    assert not camille.has_modal
    assert answers(desk) == 1


# -- in English ----------------------------------------------------------------------------------------------


def test_in_english(desk: Desk, article: str, mocker: MockerFixture) -> None:
    oliver = desk.person("oliver")
    oliver.file_ticket("Wi-Fi down in room B204")
    knows(mocker, make_match("article", article))
    oliver.command("/ticket", "No Wi-Fi in room B204")
    oliver.choose("User impact", "Just me")
    assert "You already have an open ticket about this: No. 1 · Wi-Fi down in room B204" in oliver.modal_text
    assert "An article may help you: Connect to the Wi-Fi" in oliver.modal_text
    oliver.press("Read")
    assert oliver.modal["submit"] == "This answers my question"
    oliver.close()
    oliver.press("Add to No. 1")
    assert "Status: New" in oliver.modal_text
    oliver.submit()
    assert desk.count_tickets() == 1


# -- steps ---


SECOND_SCREEN = {
    "Taille": "27 pouces",
    "Un écran reconditionné vous convient-il ?": "Oui",
    "Bureau où installer l’écran": "A112",
}


def attach(person: Person, name: str) -> None:
    """Put a file into the open form without sending it."""
    answer = person.submit({"Pièces attachées": [file(name)]}, deliver=False)
    assert URGENCY in answer["errors"]  # required, and not chosen yet: Slack sends nothing


def cancel(desk: Desk, number: int = 1) -> None:
    """Let a technician close a ticket."""
    karim = desk.person("karim")
    karim.menu("Annuler…", TRIAGE)
    karim.submit({"Pourquoi annuler ce ticket ?": "Doublon"})


def names(desk: Desk, number: int = 1) -> list[str]:
    """The files of a ticket."""
    with desk.sessions() as session:
        return list(session.scalars(select(Attachment.name).where(Attachment.ticket_id == number)))


def answers(desk: Desk) -> int:
    with desk.sessions() as session:
        return session.scalar(select(func.count(ArticleAnswer.id))) or 0
