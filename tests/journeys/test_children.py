"""Tickets that belong together, on everybody's screen, in both languages."""

import pytest

from blocks import ids
from models.lifecycle import Ending, Status
from tests.support.help_desk import APPROVE, DETAIL, RESOLVE, TRIAGE, Desk, Json, Person, file

ATTACH, OTHERS = "Rattacher…", "Ce que lira 1 autre personne"
PARENT = "n°\xa01 · Panne du bâtiment A"


def attach(karim: Person, to: str) -> None:
    """Attach the newest ticket of the channel to the one that these words find."""
    karim.menu(ATTACH)
    karim.submit({"Rattacher à": to})
    assert not karim.modal["text"].startswith("Erreur")
    karim.submit()


def press_on(card: Json, who: Person, text: str) -> None:
    """Press a button of this card, which may not be the newest."""
    who._do("click", text=text, **{"in": {"channel": TRIAGE, "ts": card["ts"]}})


@pytest.fixture
def two(desk: Desk, karim: Person) -> tuple[Person, Person]:
    """Camille's ticket, and Oliver's that is attached to it."""
    camille, oliver = desk.person("camille"), desk.person("oliver")
    camille.have_filed("Panne du bâtiment A")
    oliver.have_filed("No network in my office")
    attach(karim, PARENT)
    return camille, oliver


def test_a_ticket_is_attached_by_its_words_after_it_was_asked(desk: Desk, karim: Person) -> None:
    desk.person("camille").file_ticket("Panne du bâtiment A")
    desk.person("oliver").file_ticket("No network in my office")
    karim.menu(ATTACH)
    karim.submit({"Rattacher à": PARENT})
    shown = karim.modal_text
    assert "n° 1 · Panne du bâtiment A · @Camille Bernard · Nouveau" in shown
    assert desk.ticket(2).parent_id is None
    karim.submit()
    assert not karim.has_modal
    assert desk.ticket(2).parent_id == 1


def test_the_parent_lists_its_children_and_their_requester_reads_the_number_only(
    desk: Desk, karim: Person, two: tuple[Person, Person]
) -> None:
    camille, oliver = two
    parent, child = (message["text"] for message in karim.messages(TRIAGE)[-2:])
    assert "1 ticket rattaché" in parent
    assert "n° 2 · @Oliver Smith · No network in my office · Nouveau" in parent
    assert "Rattaché au n° 1 par Karim Benali" in child
    assert "No network" not in "".join(camille.reads())
    words = "".join(oliver.reads())
    assert "Your ticket is being handled with No. 1." in words
    assert not {"Panne", "bâtiment", "Camille"} & set(words.split())


def test_each_answers_for_themselves_and_a_refusal_frees_the_ticket(
    desk: Desk, karim: Person, two: tuple[Person, Person]
) -> None:
    camille, oliver = two
    [card] = [each for each in karim.messages(TRIAGE) if "1 ticket rattaché" in each["text"]]
    press_on(card, karim, RESOLVE)
    errors = karim.submit({"Solution": "Câble changé, baie 12."})["errors"]
    assert errors
    karim.submit({"Solution": "Câble changé, baie 12.", OTHERS: "The network is back."})
    assert "The network is back." in oliver.reads()[-1]
    assert "baie 12" not in "".join(oliver.reads())
    assert "The network is back." not in "".join(camille.reads())
    camille.press(APPROVE, "@guichet")
    oliver.press("It still does not work", "@guichet")
    oliver.submit({"What still does not work?": "No light on the socket."})
    first, second = desk.ticket(1), desk.ticket(2)
    assert (first.ending, second.status, second.parent_id) == (Ending.APPROVED, Status.IN_PROGRESS, None)
    assert "No light on the socket." in karim.messages(TRIAGE)[-1]["text"]


def test_one_that_its_requester_approved_stays_in_the_list_and_can_no_longer_be_detached(
    desk: Desk, karim: Person, two: tuple[Person, Person]
) -> None:
    _camille, oliver = two
    [card] = [each for each in karim.messages(TRIAGE) if "1 ticket rattaché" in each["text"]]
    press_on(card, karim, RESOLVE)
    karim.submit({"Solution": "Câble changé, baie 12.", OTHERS: "The network is back."})
    oliver.press("It works, close", "@guichet")
    [card] = [each for each in karim.messages(TRIAGE) if "1 ticket rattaché" in each["text"]]
    assert "n° 2 · @Oliver Smith · No network in my office · Clos" in card["text"]
    press_on(card, karim, DETAIL)
    assert "1 ticket rattaché" in karim.modal_text
    assert "Détacher" not in karim.modal_text


def test_the_detail_of_an_attached_ticket_leads_to_what_it_is_behind(
    desk: Desk, karim: Person, two: tuple[Person, Person]
) -> None:
    _camille, oliver = two
    [child] = [
        each
        for each in karim.messages(TRIAGE)
        if "No network" in each["text"] and "[Je" not in each["text"] and "1 ticket" not in each["text"]
    ]
    press_on(child, karim, DETAIL)
    assert "🔗 Rattaché au n° 1" in karim.modal_text
    karim.press(f"{DETAIL} · n° 1")
    assert karim.modal_text.startswith("n° 1")
    oliver.press("View details", "@guichet")
    assert "🔗" not in oliver.modal_text


def test_the_second_text_is_for_as_many_people_as_read_it(desk: Desk, karim: Person) -> None:
    camille, oliver = desk.person("camille"), desk.person("oliver")
    camille.file_ticket("Panne du bâtiment A")
    for title in ("No network", "Still no network"):
        oliver.file_ticket(title)
        attach(karim, PARENT)
    [card] = [each for each in karim.messages(TRIAGE) if "2 tickets rattachés" in each["text"]]
    press_on(card, karim, RESOLVE)
    assert OTHERS in karim.modal["labels"]


def test_a_file_sent_to_its_requester_is_kept_under_the_card_that_says_what_it_is_behind(
    desk: Desk, karim: Person, two: tuple[Person, Person]
) -> None:
    karim.forge_click(ids.ANSWER_REQUESTER, 2, TRIAGE)
    karim.submit({"Votre réponse": "Voici le plan.", "Pièces attachées": [file("plan.pdf")]})
    assert desk.undelivered() == []
    assert karim.thread_files() == ["plan.pdf"]


def test_it_is_detached_from_the_list_of_its_parent(
    desk: Desk, karim: Person, two: tuple[Person, Person]
) -> None:
    [card] = [each for each in karim.messages(TRIAGE) if "1 ticket rattaché" in each["text"]]
    press_on(card, karim, DETAIL)
    karim.press("Détacher")
    assert "1 ticket rattaché" not in karim.modal_text
    assert desk.ticket(2).parent_id is None
    cards = [each["text"] for each in karim.messages(TRIAGE)]
    assert not any("1 ticket rattaché" in each for each in cards)
    assert "[Je prends]" in cards[-1]


def test_somebody_elses_ticket_is_no_duplicate_and_a_cancellation_can_be_undone(
    desk: Desk, karim: Person
) -> None:
    camille = desk.person("camille")
    desk.person("oliver").file_ticket("Printer down")
    camille.file_ticket()
    karim.press(DETAIL, TRIAGE)
    karim.press("Signaler un doublon…")
    errors = karim.submit({"Numéro du ticket d’origine": "1"})["errors"]
    assert "Rattacher…" in str(errors)
    karim.close()
    karim.menu("Annuler…")
    karim.submit({"Pourquoi annuler ce ticket\u202f?": "Erreur."})
    karim.menu("Annuler la clôture…")
    karim.submit({"Pourquoi l’annulez-vous\u202f?": "C’était l’autre ticket."})
    assert desk.ticket(2).status is Status.NEW
    assert "Karim Benali a rouvert votre ticket : il avait été clos par erreur." in "".join(camille.reads())


def test_an_english_technician_attaches_resolves_detaches_and_undoes_a_closing(
    desk: Desk, karim: Person
) -> None:
    # The cards of the channel are in its team's language; what opens is in the technician's.
    camille, oliver = desk.person("camille"), desk.person("oliver")
    oliver.join(TRIAGE)
    for requester, title in ((camille, "Panne"), (karim, "Lenteur"), (camille, "Écran")):
        requester.file_ticket(title)
        if title != "Panne":
            oliver.menu(ATTACH)
            oliver.submit({"Attach to": "No. 1 · Panne"})
            assert "When you resolve No. 1, you write what this requester will read." in oliver.modal_text
            oliver.submit()
    [card] = [each for each in oliver.messages(TRIAGE) if "2 tickets rattachés" in each["text"]]
    press_on(card, oliver, DETAIL)
    oliver.press("Detach", nth=2)
    assert "1 attached ticket" in oliver.modal_text
    oliver.close()
    press_on(card, oliver, RESOLVE)
    oliver.submit({"Solution": "New switch.", "What the 1 other person will read": "It works again."})
    assert (desk.ticket(2).status, desk.ticket(3).status) == (Status.RESOLVED, Status.NEW)
    assert "It works again." in "".join(karim.reads())
    oliver.menu("Annuler…")
    oliver.submit({"Why are you cancelling this ticket?": "Twice."})
    oliver.menu("Annuler la clôture…")
    oliver.submit({"Why are you undoing it?": "The wrong one."})
    assert desk.ticket(3).status is Status.NEW
