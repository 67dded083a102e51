"""Articles in Slack: read in the catalogue, put into replies and solutions."""

from sqlalchemy import func, select

from models.article import Article, ArticleAnswer
from models.base import LocalizedText
from tests.support.help_desk import DIRECT, ENGLISH_FORM, RESOLVE, TRIAGE, Desk, Person

WIFI = "Se connecter au Wi-Fi eduroam"
HELPED = "Ça répond à ma question"
MENU = "Insérer un article"


def open_wifi(person: Person) -> None:
    person.command("/catalogue", "eduroam")
    person.press("Ouvrir le service Wi-Fi eduroam")
    person.press(f"Ouvrir l’article {WIFI}")


def answers(desk: Desk) -> int:
    with desk.sessions() as session:
        return session.scalar(select(func.count()).select_from(ArticleAnswer)) or 0


def change(desk: Desk, **values: object) -> None:
    with desk.sessions.begin() as session:
        article = session.get_one(Article, "wifi")
        for name, value in values.items():
            setattr(article, name, value)


# -- in the catalogue ----------------------------------------------------------------------------------------


def test_a_services_page_leads_to_its_article_and_back(camille: Person) -> None:
    open_wifi(camille)
    assert camille.modal["title"] == "Article"
    assert f"Catalogue › {WIFI}" in camille.modal_text
    assert "identifiant complet, avec @univ.example" in camille.modal_text
    camille.press("Retour")
    assert "🛎️ Service · Équipe : Réseau et téléphonie" in camille.modal_text


def test_an_article_leads_to_its_service(camille: Person) -> None:
    open_wifi(camille)
    camille.press("Wi-Fi eduroam")
    assert "🛎️ Service · Équipe : Réseau et téléphonie" in camille.modal_text
    camille.press("Retour")
    assert camille.modal["title"] == "Article"


def test_an_article_that_answered_is_counted_and_thanks(desk: Desk, camille: Person) -> None:
    open_wifi(camille)
    camille.submit()
    assert answers(desk) == 1
    assert "Merci, tant mieux si cela vous a aidé" in camille.modal_text
    assert desk.count_tickets() == 0


def test_an_article_is_read_in_the_readers_language(oliver: Person) -> None:
    oliver.command("/catalogue", "eduroam")
    oliver.press("Open the service eduroam Wi-Fi")
    oliver.press("Open the article Connecting to eduroam Wi-Fi")
    assert "Turn Wi-Fi off, wait 10 seconds" in oliver.modal_text
    assert oliver.modal["submit"] == "This answers my question"


def test_an_article_that_is_gone_says_so(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "eduroam")
    camille.press("Ouvrir le service Wi-Fi eduroam")
    change(desk, archived=True)
    camille.press(f"Ouvrir l’article {WIFI}")
    assert "Cet article n’existe plus" in camille.modal_text


def test_an_article_that_answered_counts_even_when_it_is_gone(desk: Desk, camille: Person) -> None:
    open_wifi(camille)
    change(desk, archived=True)
    camille.submit()
    assert answers(desk) == 1
    assert "Merci, tant mieux si cela vous a aidé" in camille.modal_text


# -- in a reply and in a solution ----------------------------------------------------------------------------


def test_an_article_goes_after_what_was_typed_and_reaches_the_requester(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.press("Répondre", TRIAGE)
    karim.type_in("Votre réponse", "Bonjour,\n")
    karim.choose(MENU, WIFI)
    karim.submit()
    reply = camille.reads()[-1]
    assert "Bonjour,\n\neduroam est le Wi-Fi de l’université." in reply
    assert "1. Coupez le Wi-Fi, attendez 10 secondes, puis rallumez-le.\n2. Avez-vous changé" in reply
    assert "2. Ouvrez https://numerique.univ.example/eduroam et téléchargez" in reply
    assert "\n\nLa première fois\n1. Connectez-vous" in reply
    assert "**" not in reply


def test_it_is_in_the_requesters_language(desk: Desk, oliver: Person, karim: Person) -> None:
    oliver.file_ticket(**ENGLISH_FORM)
    karim.press("Répondre", TRIAGE)
    karim.choose(MENU, WIFI)
    karim.submit()
    assert "1. Turn Wi-Fi off, wait 10 seconds" in oliver.reads()[-1]


def test_a_solution_takes_an_article_and_its_email_has_the_steps(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.press(RESOLVE, TRIAGE)
    karim.type_in("Solution", "Voici la marche à suivre.")
    karim.choose(MENU, WIFI)
    karim.submit()
    asked = camille.reads(DIRECT)[-1]
    assert "Voici la marche à suivre.\n\neduroam est le Wi-Fi" in asked
    mail = next(each for each in desk.mails() if "Coupez le Wi-Fi" in each["text"])
    assert "1. Coupez le Wi-Fi, attendez 10 secondes, puis rallumez-le.\n" in mail["text"].replace("> ", "")
    assert "1. Coupez le Wi-Fi, attendez 10 secondes, puis rallumez-le.\n2. Avez-vous" in mail["html"]


def test_the_articles_of_the_tickets_service_come_first(desk: Desk, camille: Person) -> None:
    camille.command("/catalogue", "eduroam")
    camille.press("Ouvrir le service Wi-Fi eduroam")
    camille.press("Signaler un problème")
    camille.submit({"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Basse", "Site": "IUT"})
    marc = Person(desk, "marc")
    marc.press("Répondre", "#dnum-reseau")
    (menus,) = (block for block in marc.modal["blocks"] if block["block_id"] == "reply.phrase:0")
    groups = menus["elements"][-1]["option_groups"]
    assert [group["label"]["text"] for group in groups] == ["Pour ce service", "Articles"]
    assert [option["text"]["text"] for option in groups[0]["options"]] == [WIFI]


def test_without_articles_there_is_no_menu(desk: Desk, camille: Person, karim: Person) -> None:
    with desk.sessions.begin() as session:
        for article in session.scalars(select(Article)):
            article.archived = True
    camille.file_ticket()
    karim.press(RESOLVE, TRIAGE)
    assert MENU not in karim.modal_text


def test_an_article_without_room_is_refused_and_the_text_stays(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.press("Répondre", TRIAGE)
    typed = "x" * 2980
    karim.type_in("Votre réponse", typed)
    karim.choose(MENU, WIFI)
    assert "Il n’y a plus assez de place pour cet article." in karim.modal_text
    karim.submit()
    assert typed in camille.reads()[-1]


def test_a_long_article_is_cut_between_two_steps(desk: Desk, camille: Person, karim: Person) -> None:
    steps = "\n".join(f"{number}. " + "mot " * 100 for number in range(1, 20))
    change(desk, body=LocalizedText(steps, steps))
    camille.file_ticket()
    karim.press("Répondre", TRIAGE)
    karim.choose(MENU, WIFI)
    karim.submit()
    reply = camille.reads()[-1]
    assert f"mot\n\nLa suite est dans l’article « {WIFI} » du catalogue (/catalogue)." in reply
    assert "7. mot" in reply
    assert "8. mot" not in reply


def test_an_article_that_is_gone_is_not_inserted(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.press("Répondre", TRIAGE)
    karim.type_in("Votre réponse", "Bonjour")
    change(desk, archived=True)
    karim.choose(MENU, WIFI)
    assert "Cet article n’existe plus. Choisissez-en un autre" in karim.modal_text
    karim.submit()
    assert "Bonjour" in camille.reads()[-1]
