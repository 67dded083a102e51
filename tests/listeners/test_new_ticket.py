"""Filing a ticket through the form, as a requester meets it."""

import json
from uuid import uuid4

import pytest

from blocks import ids
from bot.settings import Settings
from models.catalogue import Site
from models.lifecycle import Impact, Kind, Priority, Status, Urgency
from tests.support.help_desk import DIRECT, FORM, TRIAGE, Desk, Person

STARRED = ["Titre", "Statut", "Impact utilisateur", "Urgence utilisateur", "Site"]
REST = "Le texte est plus long que le formulaire : la suite sera ajoutée au ticket."
REFUSED_BY_SLACK = "Please complete this required field."


# -- what stands on it ---------------------------------------------------------------------------------------


def test_the_form_has_the_fields_of_the_guide_in_its_words(camille: Person) -> None:
    camille.command("/ticket")
    form = camille.modal
    assert form["title"] == "Ticket informatique"
    assert form["submit"] == "Enregistrer et fermer"
    assert form["labels"] == [*STARRED, "Description", "Pièces attachées"]
    assert "« Ajouter une pièce jointe »" in form["text"]


def test_the_five_starred_fields_are_required_and_the_others_are_not(camille: Person) -> None:
    camille.command("/ticket")
    inputs = {block["label"]["text"]: block for block in camille.modal["blocks"] if block["type"] == "input"}
    assert [label for label, block in inputs.items() if not block.get("optional")] == STARRED
    answer = camille.submit()
    assert answer["errors"] == {
        label: REFUSED_BY_SLACK for label in STARRED if label != "Statut"
    }  # which is filled in
    assert camille.desk.count_tickets() == 0


def test_impact_and_urgency_are_offered_in_plain_words_with_a_hint_each(camille: Person) -> None:
    camille.command("/ticket")
    offered = {
        block["block_id"]: [option["text"]["text"] for option in block["element"]["options"]]
        for block in camille.modal["blocks"]
        if block["block_id"] in {ids.STATUS, ids.IMPACT, ids.URGENCY}
    }
    assert offered == {
        ids.STATUS: ["Nouveau"],
        ids.IMPACT: ["Moi seul·e", "Mon service ou une salle", "Plusieurs services"],
        ids.URGENCY: ["Basse", "Moyenne", "Haute", "Critique (activité bloquée)"],
    }
    assert "Qui ne peut pas travailler normalement ?" in camille.modal_text
    assert "Combien de temps cela peut-il attendre ?" in camille.modal_text


def test_the_status_is_filled_in_and_a_new_form_has_no_site(camille: Person) -> None:
    camille.command("/ticket")
    values = camille.modal["values"]
    assert values["Statut"] == "Nouveau"
    assert values["Site"] is None


def test_the_last_site_is_chosen_again(camille: Person) -> None:
    camille.file_ticket(Site="INSPÉ")
    camille.command("/ticket")
    assert camille.modal["values"]["Site"] == "INSPÉ"


def test_the_last_site_is_each_persons_own(desk: Desk, camille: Person) -> None:
    camille.file_ticket(Site="INSPÉ")
    aurelie = desk.person("aurelie")
    aurelie.command("/ticket")
    assert aurelie.modal["values"]["Site"] is None


# -- ways in -------------------------------------------------------------------------------------------------


def test_the_command_puts_its_words_in_the_title(camille: Person) -> None:
    camille.command("/ticket", "Plus de réseau & <plus> rien")
    assert camille.modal["values"]["Titre"] == "Plus de réseau & <plus> rien"


def test_what_exceeds_a_title_goes_to_the_description(camille: Person) -> None:
    words = "Depuis ce matin, " + "x" * 140 + " et la suite"
    camille.command("/ticket", words)
    values = camille.modal["values"]
    assert len(values["Titre"]) == 150
    assert values["Titre"] + values["Description"] == words


def test_a_long_first_line_is_cut_between_words(camille: Person) -> None:
    words = " ".join(["imprimante"] * 20)
    camille.command("/ticket", words)
    values = camille.modal["values"]
    assert values["Titre"] == " ".join(["imprimante"] * 13)
    assert values["Description"] == " ".join(["imprimante"] * 7)


def test_what_a_command_says_beyond_the_form_is_added_to_the_ticket(desk: Desk, camille: Person) -> None:
    words = "Panne\n" + " ".join(["imprimante"] * 500)
    camille.command("/ticket", words)
    assert REST in camille.modal_text
    assert len(camille.modal["values"]["Description"]) <= 3000
    camille.submit(FORM)
    assert desk.ticket().description == words.partition("\n")[2]
    assert desk.undelivered() == []


def test_what_a_message_says_beyond_the_form_is_added_to_the_ticket(
    desk: Desk, camille: Person, karim: Person
) -> None:
    words = "Bonjour,\n" + " ".join(["imprimante"] * 500)
    written = camille.write(words, "#general")["message"]
    place = {"channel": "#general", "ts": written["ts"]}
    desk.slack.control.post("shortcut", user="karim", callback_id=ids.SHORTCUT_FROM_MESSAGE, **place)
    assert REST in karim.modal_text
    assert karim.modal["values"]["Titre"] == " ".join(["imprimante"] * 13) + "…"
    karim.submit(FORM)
    assert desk.ticket().description == words
    assert desk.ticket().source is not None
    [card] = karim.reads(TRIAGE)
    assert "imprimante…\nLa suite est dans le détail." in card
    karim.press("Voir le détail", TRIAGE)
    assert words in karim.modal_text


def test_a_long_form_that_is_sent_again_adds_nothing(desk: Desk, camille: Person) -> None:
    camille.command("/ticket", "Panne\n" + " ".join(["imprimante"] * 500))
    camille.submit(FORM)
    assert desk.repeat_last() == {}
    assert len(desk.history()) == 1


def test_the_app_home_opens_it(camille: Person) -> None:
    camille.home()
    camille.press("Nouveau Ticket Informatique", "home")
    assert camille.modal["title"] == "Ticket informatique"


def test_the_global_shortcut_opens_it(camille: Person) -> None:
    camille.shortcut(ids.SHORTCUT_NEW_TICKET)
    assert camille.modal["title"] == "Ticket informatique"


def test_a_guest_files_a_ticket(desk: Desk) -> None:
    guest = desk.person("invite")
    guest.file_ticket("Pas d’accès au Wi-Fi")
    assert desk.ticket().requester.is_guest
    assert "Nous avons bien reçu votre ticket" in guest.reads()[0]


# -- the priority as one chooses -----------------------------------------------------------------------------


def test_the_priority_follows_what_is_chosen(camille: Person) -> None:
    camille.command("/ticket")
    assert "Priorité : choisissez un impact et une urgence" in camille.modal_text
    camille.choose("Impact utilisateur", "Plusieurs services")
    assert "Priorité : choisissez un impact et une urgence" in camille.modal_text
    camille.choose("Urgence utilisateur", "Critique (activité bloquée)")
    assert "Priorité obtenue : Critique\n" in camille.modal_text
    camille.choose("Urgence utilisateur", "Basse")
    assert "Priorité obtenue : Basse\n" in camille.modal_text


def test_a_refreshed_priority_keeps_what_was_typed(camille: Person) -> None:
    camille.command("/ticket")
    camille.type_in("Titre", "Plus de son")
    camille.type_in("Description", "Depuis hier")
    camille.choose("Site", "IUT")
    camille.choose("Impact utilisateur", "Moi seul·e")
    values = camille.modal["values"]
    assert (values["Titre"], values["Description"], values["Site"]) == ("Plus de son", "Depuis hier", "IUT")


def test_a_priority_that_cannot_be_refreshed_is_nobodys_trouble(desk: Desk, camille: Person) -> None:
    """The server works it out again at submission."""
    camille.command("/ticket", "Plus de son")
    desk.fault("views.update", 500, times=2)
    camille.choose("Impact utilisateur", "Plusieurs services")
    camille.choose("Urgence utilisateur", "Haute")
    assert camille.ephemeral_messages() == []
    camille.submit({"Site": "IUT"})
    assert desk.ticket().priority is Priority.P1


# -- sending it ----------------------------------------------------------------------------------------------


def test_a_filed_ticket_is_what_the_form_said(desk: Desk, camille: Person) -> None:
    camille.file_ticket(
        "Écran noir",
        Description="Depuis hier.\nMême après un redémarrage.",
        **{"Impact utilisateur": "Mon service ou une salle", "Urgence utilisateur": "Haute"},
    )
    ticket = desk.ticket()
    assert (ticket.title, ticket.description) == ("Écran noir", "Depuis hier.\nMême après un redémarrage.")
    assert (ticket.kind, ticket.status, ticket.site_id) == (Kind.INCIDENT, Status.NEW, "iut")
    assert (ticket.declared_impact, ticket.declared_urgency) == (Impact.SERVICE, Urgency.HIGH)
    assert (ticket.impact, ticket.urgency) == (Impact.SERVICE, Urgency.HIGH)
    assert ticket.priority is Priority.P2
    assert ticket.requester.name == "Camille Bernard"
    assert ticket.team_id == "assistance"


def test_the_same_submission_twice_makes_one_ticket(desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    assert desk.repeat_last() == {}
    assert desk.count_tickets() == 1
    assert len(camille.reads()) == 1
    assert len(desk.person("karim").reads(TRIAGE)) == 1
    assert len(desk.mails()) == 1


def test_two_people_with_the_same_submission_have_a_ticket_each(desk: Desk, camille: Person) -> None:
    """A submission's uuid is unique with its requester: nobody is handed another's ticket."""
    camille.file_ticket()
    stolen = desk.received[-1] | {"user": desk.received[-1]["user"] | {"id": desk.person("aurelie").slack_id}}
    assert desk.dispatch(stolen) == {}
    assert desk.ticket(2).requester.name == "Aurélie D'Hérouville"


def test_two_forms_with_the_same_words_make_two_tickets(desk: Desk, camille: Person) -> None:
    for _ in range(2):
        camille.file_ticket()
    assert desk.count_tickets() == 2


# -- what is refused, at its field ---------------------------------------------------------------------------


@pytest.fixture
def filled(camille: Person) -> Person:
    """Somebody with a form that lacks nothing but to be sent."""
    camille.command("/ticket", "Écran noir")
    camille.choose("Site", "IUT")
    camille.choose("Impact utilisateur", "Moi seul·e")
    camille.choose("Urgence utilisateur", "Haute")
    return camille


def chosen(value: str) -> dict[str, object]:
    return {"type": "static_select", "selected_option": {"value": value}}


def test_what_the_client_lets_pass_is_checked_again(filled: Person) -> None:
    """The form as filled in is accepted: what the tests below change is what is refused."""
    assert filled.forge_submission() == {}
    assert filled.desk.count_tickets() == 1


def test_a_status_that_was_not_offered_is_refused(filled: Person) -> None:
    for status in ("resolved", "closed"):
        assert filled.forge_submission(status=chosen(status)) == {
            "status": "Vous ne pouvez pas choisir cette valeur : merci de prendre l’une de celles proposées."
        }
    assert list(filled.forge_submission(status=chosen("no such status"))) == ["status"]
    assert filled.desk.count_tickets() == 0


def test_a_choice_that_was_never_offered_is_refused_at_its_field(filled: Person) -> None:
    for field in ("impact", "urgency", "site"):
        assert list(filled.forge_submission(**{field: chosen("no such choice")})) == [field]
    assert filled.desk.count_tickets() == 0


def test_a_choice_left_out_is_refused_at_its_field(filled: Person) -> None:
    nothing = {"type": "static_select", "selected_option": None}
    for field in ("impact", "urgency", "site"):
        assert filled.forge_submission(**{field: nothing}) == {field: "Merci de remplir ce champ."}
    assert filled.desk.count_tickets() == 0


def test_a_title_of_blanks_is_refused_at_its_field(filled: Person) -> None:
    for title in ("", "   ", "\t\n", "\u00a0\u2003"):
        assert filled.forge_submission(title={"type": "plain_text_input", "value": title}) == {
            "title": "Merci d’écrire quelque chose ici : des espaces seules ne disent rien."
        }
    assert filled.desk.count_tickets() == 0


def test_a_title_over_150_characters_is_refused_at_its_field(filled: Person) -> None:
    long = {"type": "plain_text_input", "value": "x" * 151}
    assert filled.forge_submission(title=long) == {"title": "C’est trop long : merci de raccourcir."}


def test_the_slack_client_itself_refuses_a_title_of_blanks(filled: Person) -> None:
    answer = filled.submit({"Titre": "   "})
    assert answer["errors"] == {"Titre": REFUSED_BY_SLACK}


def test_what_was_typed_survives_a_refusal(desk: Desk, filled: Person) -> None:
    with desk.sessions.begin() as session:
        session.get_one(Site, "iut").archived = True
    answer = filled.submit({"Titre": "Écran *noir*", "Description": "Depuis <hier> & avant"})
    assert answer["errors"] == {"Site": "Ce choix n’est plus proposé : merci de choisir à nouveau."}
    values = filled.modal["values"]
    assert (values["Titre"], values["Description"]) == ("Écran *noir*", "Depuis <hier> & avant")
    assert filled.modal["errors"] == answer["errors"]

    filled.submit({"Site": "INSPÉ"})
    assert not filled.has_modal
    assert desk.ticket().description == "Depuis <hier> & avant"


def test_a_form_that_follows_another_persons_ticket_is_refused(desk: Desk, filled: Person) -> None:
    desk.person("aurelie").file_ticket()
    body = filled.submission()
    body["view"]["private_metadata"] = json.dumps({"submission": str(uuid4()), "follows": 1})
    assert desk.dispatch(body)["errors"] == {"title": "Ce ticket n’existe pas, ou n’est pas le vôtre."}
    assert desk.count_tickets() == 1


# -- the description -----------------------------------------------------------------------------------------


def test_the_description_is_optional_with_a_hint_that_asks_for_it(desk: Desk, camille: Person) -> None:
    camille.command("/ticket")
    assert "Merci de préciser ce que vous faisiez" in camille.modal_text
    camille.close()
    camille.file_ticket()
    assert desk.ticket().description == ""


class TestWhenADescriptionIsRequired:
    """With `DESCRIPTION_REQUIRED=true`."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"description_required": True})

    def test_the_form_wants_one(self, filled: Person) -> None:
        assert filled.submit()["errors"] == {"Description": REFUSED_BY_SLACK}
        filled.submit({"Description": "Depuis hier."})
        assert filled.desk.ticket().description == "Depuis hier."

    def test_one_of_blanks_is_refused_at_its_field(self, filled: Person) -> None:
        blank = {"type": "plain_text_input", "value": " \n "}
        assert list(filled.forge_submission(description=blank)) == ["description"]
        assert filled.desk.count_tickets() == 0


# -- who may file --------------------------------------------------------------------------------------------


def test_a_technician_files_a_ticket_like_anybody(desk: Desk) -> None:
    karim = desk.person("karim")
    karim.file_ticket("Mon propre écran")
    karim.take()
    karim.resolve("Câble remis.")
    assert "Câble remis." in karim.reads(DIRECT)[1]
    karim.press("C'est réparé, clore", DIRECT)
    assert desk.ticket().status is Status.CLOSED
    assert len(desk.mails()) == 2
