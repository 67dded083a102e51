"""A known outage from end to end: declared, followed with a click, resolved for all its followers at once."""

from datetime import timedelta

import pytest

from blocks import ids
from bot.delivery.periodic import run_due
from bot.observability.health import not_sending_reasons
from bot.slack.client import worker_client
from models.lifecycle import Action, Status
from models.tickets.outage import Outage
from playground.state.workspace import BOT_TOKEN
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, REFUSE, TRIAGE, Desk, Person
from tests.support.outbox_rows import bot_leaves, forgive

NETWORK = "#dnum-reseau"
DECLARE, FOLLOW, AMEND, END = (
    "Déclarer une panne",
    "Je suis concerné·e aussi",
    "Modifier",
    "Résoudre la panne",
)
FOLLOW_IN_ENGLISH = "I am affected too"
TITLE = "Messagerie indisponible"
FOLLOWERS = ("camille", "aurelie", "marc", "invite", "oliver")


@pytest.fixture
def declared(karim: Person) -> Person:
    """Karim, who has declared an outage of the IUT."""
    karim.command("/panne", TITLE)
    karim.submit({"Sites": ["IUT"]})
    return karim


def outage_row(desk: Desk) -> Outage:
    """The outage as the database has it."""
    with desk.sessions() as session:
        return session.get_one(Outage, 1)


def follow(desk: Desk, name: str) -> Person:
    """Somebody follows the outage from their Home."""
    person = desk.person(name)
    person.home()
    person.press(FOLLOW_IN_ENGLISH if name == "oliver" else FOLLOW, "home")
    person.close()
    return person


# Declaring


def test_a_technician_declares_an_outage_from_their_home(desk: Desk, karim: Person) -> None:
    karim.home()
    karim.press(DECLARE, "home")
    end = int((desk.now + timedelta(hours=2)).timestamp())
    karim.submit({"Titre": TITLE, "Sites": ["IUT"], "Fin prévue": end})
    [card] = karim.reads(TRIAGE)
    lines = card.splitlines()
    assert lines[:4] == ["Panne connue", TITLE, "Déclarée par : @Karim Benali", "Sites : IUT"]
    assert lines[4].startswith("Depuis : ")
    assert " · Fin prévue : " in lines[4]
    assert lines[5:] == [
        "Personne ne s’est encore dit concerné.",
        f"[{END}]",
        "[Prévenir]",
        f"[{AMEND}]",
        "[Voir l’historique]",
    ]
    assert f"Panne connue : {TITLE}" in karim.home_text


def test_services_concerned_are_named(karim: Person) -> None:
    karim.command("/panne", TITLE)
    karim.submit({"Services": ["Accès distant (VPN)"]})
    [card] = karim.reads(TRIAGE)
    assert "Sites : tous\nServices : Accès distant (VPN)" in card


def test_who_is_in_no_team_declares_nothing(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.command("/panne", TITLE)
    assert not camille.has_modal
    [words] = camille.ephemeral_messages()
    assert words.startswith("Cette commande est réservée aux techniciens") or "techniciens" in words
    assert DECLARE not in camille.home()
    camille.forge_click(ids.DECLARE_OUTAGE, "new")
    assert not camille.has_modal


def test_who_left_the_team_meanwhile_declares_nothing(desk: Desk, karim: Person) -> None:
    karim.command("/panne", TITLE)
    for channel in [name for name in karim.screen()["channels"] if name.startswith("#dnum-")]:
        karim.leave(channel)
    errors = karim.submit()["errors"]
    assert "techniciens" in errors["Titre"]


def test_a_past_end_is_refused_at_its_field(desk: Desk, karim: Person) -> None:
    karim.command("/panne", TITLE)
    past = int((desk.now - timedelta(hours=1)).timestamp())
    assert "passée" in karim.submit({"Fin prévue": past})["errors"]["Fin prévue"]


# Amending


def test_an_amendment_edits_the_one_card(desk: Desk, declared: Person) -> None:
    [before] = declared.messages(TRIAGE)
    declared.press(AMEND, TRIAGE)
    assert TITLE in str(declared.modal)
    declared.submit({"Titre": "Messagerie lente", "Sites": []})
    [after] = declared.messages(TRIAGE)
    assert after["ts"] == before["ts"]
    assert "Messagerie lente" in after["text"]
    assert "Sites : tous" in after["text"]


def test_a_card_that_was_deleted_is_posted_anew_and_edited_there(desk: Desk, declared: Person) -> None:
    client = worker_client(BOT_TOKEN, desk.settings.slack_api_url)
    client.chat_delete(channel=outage_row(desk).channel, ts=outage_row(desk).ts)
    follow(desk, "camille")
    forgive(desk, "message_not_found")
    [anew] = declared.messages(TRIAGE)
    assert "1 personne concernée" in anew["text"]
    follow(desk, "aurelie")
    [edited] = declared.messages(TRIAGE)
    assert edited["ts"] == anew["ts"] == outage_row(desk).ts
    assert "2 personnes concernées" in edited["text"]


def test_another_team_touches_nothing(desk: Desk, declared: Person) -> None:
    lea = desk.person("lea")
    lea.leave(TRIAGE)
    lea.forge_click(ids.RESOLVE_OUTAGE, 1, TRIAGE)
    assert not lea.has_modal
    assert lea.ephemeral_messages() == [
        "Seuls les membres de l’équipe qui a déclaré cette panne peuvent faire cela."
    ]


# Following


def test_one_click_on_the_home_follows_the_outage(desk: Desk, declared: Person) -> None:
    camille = desk.person("camille")
    home = camille.home()
    assert f"Panne connue : {TITLE}" in home
    assert "Sites : IUT" in home
    camille.press(FOLLOW, "home")
    assert f"vous suivez la panne « {TITLE} » (n° 1)" in camille.modal_text
    assert "Vous suivez cette panne (n° 1)." in camille.home_text
    assert FOLLOW not in camille.home_text
    [card] = camille.reads(DIRECT)
    assert "Cette panne est connue et des techniciens y travaillent." in card
    assert ["1 personne concernée" in text for text in declared.reads(TRIAGE)] == [True]
    [mail] = desk.mails()
    assert mail["headers"]["To"] == "Camille Bernard <camille.bernard@univ.example>"


def test_the_ticket_form_follows_instead_of_filing(desk: Desk, declared: Person) -> None:
    camille = desk.person("camille")
    camille.command("/ticket", "Plus de courriel")
    assert f"Panne connue : {TITLE}" in camille.modal_text
    camille.press(FOLLOW)
    assert f"vous suivez la panne « {TITLE} » (n° 1)" in camille.modal_text
    assert camille.modal["labels"] == []
    assert (desk.count_tickets(), desk.ticket().title) == (1, TITLE)


def test_a_form_filled_all_the_same_is_a_ticket_of_its_own(desk: Desk, declared: Person) -> None:
    camille = desk.person("camille")
    camille.file_ticket("Imprimante en panne")
    assert not desk.ticket().is_outage_child
    assert len(declared.reads(TRIAGE)) == 2


def test_a_double_click_follows_once(desk: Desk, declared: Person) -> None:
    camille = desk.person("camille")
    camille.home()
    for _click in range(2):
        camille.press(FOLLOW, "home", deliver=False)  # the Home is not drawn again yet
        assert "(n° 1)" in camille.modal_text
        camille.close()
    desk.deliver()
    assert desk.count_tickets() == 1
    assert len(camille.reads(DIRECT)) == 1
    assert "1 personne concernée" in declared.reads(TRIAGE)[0]


def test_an_outage_that_is_over_meanwhile_is_said_so_where_one_clicked(desk: Desk, declared: Person) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    camille.home()
    aurelie.command("/ticket", "Plus de courriel")
    declared.press(END, TRIAGE)
    declared.submit({"Solution": "Redémarrée."})
    camille.press(FOLLOW, "home")
    aurelie.press(FOLLOW)
    for person in (camille, aurelie):
        assert "Cette panne est terminée." in person.modal_text
    assert "Titre" in aurelie.modal["labels"]
    assert desk.count_tickets() == 0
    assert FOLLOW not in camille.home()


def test_the_detail_names_the_outage(desk: Desk, declared: Person) -> None:
    camille = follow(desk, "camille")
    camille.press(DETAIL, DIRECT)
    assert f"Panne : {TITLE}" in camille.modal_text


def test_a_british_follower_reads_english(desk: Desk, declared: Person) -> None:
    oliver = desk.person("oliver")
    assert f"Known outage: {TITLE}" in oliver.home()
    oliver.press(FOLLOW_IN_ENGLISH, "home")
    assert f"You are now following the outage “{TITLE}” (No. 1)" in oliver.modal_text
    assert "We are aware of this outage and technicians are working on it." in oliver.reads(DIRECT)[0]


def test_the_home_shows_three_outages_and_how_many_more(desk: Desk, karim: Person) -> None:
    for number in range(5):
        karim.command("/panne", f"Panne {number}")
        karim.submit()
    home = desk.person("camille").home()
    assert [f"Panne connue : Panne {number}" in home for number in range(5)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert "2 autres pannes sont connues." in home


# Resolving


def test_resolving_asks_all_followers_without_a_flood_in_the_channel(desk: Desk, declared: Person) -> None:
    people = [follow(desk, name) for name in FOLLOWERS]
    declared.press(END, TRIAGE)
    assert "5 personnes suivent cette panne" in str(declared.modal)
    declared.submit({"Solution": "Serveur redémarré."})
    assert "La solution est en cours d’envoi à 5 personnes." in declared.modal_text

    for person in people:
        _receipt, request = person.reads(DIRECT)
        assert "Serveur redémarré." in request
    assert len([mail for mail in desk.mails() if "Serveur redémarré." in mail["text"]]) == 5
    [card] = declared.messages(TRIAGE)
    assert card["replies"] == []
    assert card["text"].startswith(f"Panne terminée\n{TITLE}")
    assert "5 personnes concernées · 0 a approuvé · 0 a refusé" in card["text"]
    assert "Résolue par : @Karim Benali" in card["text"]
    assert f"[{END}]" not in card["text"]
    assert {desk.ticket(number).status for number in range(1, 6)} == {Status.RESOLVED}
    assert desk.undelivered() == []


def test_answers_are_counted_and_a_refusal_gets_a_card_of_its_own(desk: Desk, declared: Person) -> None:
    camille, aurelie, marc = (follow(desk, name) for name in FOLLOWERS[:3])
    declared.press(END, TRIAGE)
    declared.submit({"Solution": "Serveur redémarré."})
    camille.press(APPROVE, DIRECT)
    marc.press(APPROVE, DIRECT)
    aurelie.press(REFUSE, DIRECT)
    aurelie.submit({"Qu’est-ce qui ne marche toujours pas ?": "Toujours rien."})

    outage, card = declared.messages(TRIAGE)
    assert "3 personnes concernées · 2 ont approuvé · 1 a refusé" in outage["text"]
    assert "n° 2 · Incident · En cours" in card["text"]
    assert "Toujours rien." in card["text"]
    assert f"Panne : {TITLE}" in card["text"]
    assert desk.ticket(2).status is Status.IN_PROGRESS
    assert [action for action, _text in desk.history(2)] == [Action.OPEN, Action.RESOLVE, Action.REFUSE]
    assert desk.undelivered() == []


def test_who_writes_gets_a_card_of_their_own_and_is_asked_all_the_same(desk: Desk, declared: Person) -> None:
    camille = follow(desk, "camille")
    [receipt] = camille.messages(DIRECT)
    camille.write("Et mon agenda ?", thread_ts=receipt["ts"])
    desk.deliver()
    _outage, card = declared.messages(TRIAGE)
    assert "n° 1 · Incident · Nouveau" in card["text"]
    assert "Et mon agenda ?" in card["replies"][0]["text"]
    declared.press(END, TRIAGE)
    declared.submit({"Solution": "Redémarrée."})
    assert "Redémarrée." in camille.reads(DIRECT)[-1]
    assert len(declared.messages(TRIAGE)) == 2


def test_an_outage_that_no_channel_shows_is_named_until_it_is_shown(desk: Desk, karim: Person) -> None:
    karim.command("/panne", TITLE)
    bot_leaves(desk, TRIAGE)
    karim.submit({"Équipe": "Assistance de proximité"} if "Équipe" in karim.modal["labels"] else {})
    forgive(desk, "channel_not_found")
    assert not_sending_reasons(desk.sessions, now=desk.now) == ["outage 1 is in no channel"]
    desk.slack.control.post("invite", user="guichet", channel=TRIAGE)
    desk.deliver()
    assert len(karim.reads(TRIAGE)) == 1
    assert not_sending_reasons(desk.sessions, now=desk.now) == []


def test_the_second_to_resolve_hears_who_was_faster(desk: Desk, declared: Person) -> None:
    lea = desk.person("lea")
    lea.press(END, TRIAGE)
    declared.press(END, TRIAGE)
    declared.submit({"Solution": "Redémarrée."})
    errors = lea.submit({"Solution": "Moi aussi."})["errors"]
    assert errors["Solution"].startswith("Trop tard : Karim Benali a résolu cette panne le ")


def test_a_resolution_needs_words(declared: Person) -> None:
    declared.press(END, TRIAGE)
    blank = {"type": "plain_text_input", "value": " \n "}
    assert declared.forge_submission(solution=blank) == {"solution": "Merci de remplir ce champ."}


def test_an_outage_whose_channel_is_out_of_reach_stands_in_the_default_teams(desk: Desk) -> None:
    marc, karim = desk.person("marc"), desk.person("karim")
    marc.command("/panne", TITLE)
    bot_leaves(desk, NETWORK)
    marc.submit({"Équipe": "Réseau et téléphonie"})
    forgive(desk, "channel_not_found")
    [card] = karim.messages(TRIAGE)
    assert card["text"].startswith("⚠️ Pour Réseau et téléphonie, dont le canal")
    karim.press(END, TRIAGE)
    karim.submit({"Solution": "Redémarrée."})
    [resolved] = karim.messages(TRIAGE)
    assert (resolved["ts"], "Panne terminée" in resolved["text"]) == (card["ts"], True)
    forgive(desk, "channel_not_found")  # asked who is in it


# Telling how it goes


def test_followers_are_told_how_it_goes_and_the_author_is_reminded(desk: Desk, declared: Person) -> None:
    camille = follow(desk, "camille")
    declared.press("Prévenir", TRIAGE)
    declared.submit({"Où on en est": "Le serveur redémarre.", "Prochaines nouvelles": "Dans une heure"})
    declared.close()
    desk.deliver()
    told = camille.reads()[-1]
    assert "Le serveur redémarre." in told
    assert "Prochaines nouvelles" in told
    assert "Le serveur redémarre." in declared.reads(TRIAGE)[-1]
    desk.stop_clock(desk.now + timedelta(minutes=61))
    run_due(desk.sessions, now=desk.now)
    desk.stop_clock(desk.now + timedelta(minutes=2))
    run_due(desk.sessions, now=desk.now)
    desk.deliver()
    assert "Il est temps de donner des nouvelles" in declared.reads()[-1]
    declared.press("15 min de plus", DIRECT)
    desk.deliver()
    assert "Un rappel vous sera envoyé" in declared.reads()[-1]


def test_what_the_team_writes_under_the_card_is_in_the_outages_history(desk: Desk, declared: Person) -> None:
    declared.write("Vu avec l’hébergeur.", TRIAGE, thread_ts=declared.messages(TRIAGE)[-1]["ts"])
    declared.press("Voir l’historique", TRIAGE)
    assert "Vu avec l’hébergeur." in declared.modal_text
    assert "Note de Karim" in declared.modal_text


def test_a_note_follows_its_message(desk: Desk, declared: Person) -> None:
    declared.write("Vu avec l’hébergeur.", TRIAGE, thread_ts=declared.messages(TRIAGE)[-1]["ts"])
    [note] = declared.messages(TRIAGE)[-1]["replies"]
    declared._do("edit", channel=TRIAGE, ts=note["ts"], text="Vu avec Renater.")
    declared.press("Voir l’historique", TRIAGE)
    assert "Vu avec Renater." in declared.modal_text
    assert "hébergeur" not in declared.modal_text
    declared.close()
    declared._do("delete", channel=TRIAGE, ts=note["ts"])
    declared.press("Voir l’historique", TRIAGE)
    assert "Renater" not in declared.modal_text
    assert "Ce message a été supprimé." in declared.modal_text


def test_after_the_end_the_card_says_what_happened(desk: Desk, declared: Person) -> None:
    declared.press(END, TRIAGE)
    declared.submit({"Solution": "Redémarrée."})
    declared.press("Bilan", TRIAGE)
    declared.submit({"Ce qui s’est passé": "Un disque plein.", "Pourquoi": "Pas de surveillance."})
    card = declared.reads(TRIAGE)[-1]
    assert "Un disque plein." in card
    assert "Pas de surveillance." in card


def test_declaring_proposes_the_tickets_of_the_last_day(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Plus de courriel")
    karim.command("/panne", TITLE)
    karim.submit({})
    assert "Tickets à rattacher" in karim.modal_text
    karim.submit({"Tickets à rattacher": ["n° 1 · Plus de courriel"]})
    assert desk.ticket().is_outage_child
    assert f"Rattaché à la panne « {TITLE} »" in "\n".join(karim.reads(TRIAGE)).replace("\u00a0", " ")
    assert TITLE in camille.reads()[-1]
