"""The technicians' side as they live it: replies, notes, holds, hand-overs, calls on behalf."""

from datetime import timedelta

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select

from blocks import ids
from bot.delivery import periodic
from models.lifecycle import Action, Ending, HoldReason, Status
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.person import Person as PersonRow
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from tests.support.help_desk import (
    APPROVE,
    DETAIL,
    DIRECT,
    FORM,
    RESOLVE,
    TAKE,
    TRIAGE,
    Desk,
    Json,
    Person,
    file,
)

RESEAU = "#dnum-reseau"
REPLY, NOTE, RESUME = "Répondre", "Note interne", "Reprendre"
WHY = "Pourquoi, pour l’autre équipe"
NOT_YOURS = "Seuls les membres de l’équipe de ce ticket peuvent faire cela."


@pytest.fixture
def camille(desk: Desk) -> Person:
    """Camille, who has filed a ticket."""
    camille = desk.person("camille")
    camille.have_filed(description="Elle fume.")
    return camille


def card_of(person: Person, channel: str = TRIAGE) -> Json:
    """The newest card that has buttons."""
    return person.messages(channel)[-1]


def say(person: Person, text: str, under: str, channel: str = DIRECT, **more: object) -> Json:
    """Write in the thread of the message that has these words."""
    [root] = [message for message in person.messages(channel) if under in message["text"]][-1:]
    sent = person.write(text, channel, thread_ts=root["ts"], **more)
    person.desk.deliver()
    return dict(sent["message"])


# -- two conversations ---------------------------------------------------------------------------------------


def test_a_question_an_answer_with_a_file_a_hold_and_its_wake_up(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.take()
    karim.press(REPLY, TRIAGE)
    assert karim.modal["title"] == "Répondre au demandeur"
    assert "À : Camille Bernard, qui lira ce message." in karim.modal_text
    karim.submit({"Votre réponse": "Quelle imprimante ?", "Et ensuite ?": ["Le ticket attend sa réponse"]})
    assert not karim.has_modal
    assert "En attente (réponse attendue)" in card_of(karim)["text"]
    card, question = camille.reads()
    assert "Nous attendons votre réponse : écrivez-la dans ce fil." in card
    assert question.splitlines() == [
        "n° 1 · Imprimante en panne",
        "Question de Karim Benali",
        "Quelle imprimante ?",
        "Pour répondre, appuyez sur « Répondre » ou écrivez dans le fil de ce message.",
        "[Répondre]",
        f"[{DETAIL}]",
    ]
    assert karim.reads_thread() == ["Question de Karim Benali\nQuelle imprimante ?"]

    say(camille, "Celle du B204 :tada:", "Quelle imprimante ?", files=[file("photo.pdf")])
    assert "En cours" in card_of(karim)["text"]
    assert karim.reads_thread()[1] == (
        "Réponse de Camille Bernard · @Karim Benali\nCelle du B204 🎉\n[Répondre]"
    )
    assert karim.thread_files() == ["photo.pdf"]
    assert "📎 photo.pdf" in card_of(karim)["text"]

    desk.stop_clock()
    karim.menu("Mettre en attente…")
    day = (desk.now + timedelta(days=3)).date()
    karim.submit({"En attente de": "une date", "Jusqu’au": day.isoformat(), "Précisions": "Livraison."})
    assert "En attente" in camille.reads()[0]
    assert desk.ticket().hold_reason is HoldReason.DATE
    for ahead, status in ((timedelta(), Status.PENDING), (timedelta(minutes=5), Status.PENDING)):
        periodic.run_due(desk.sessions, now=desk.now + ahead)
        assert desk.ticket().status is status
    desk.ahead += timedelta(days=4)
    assert "resume_on_date" in periodic.run_due(desk.sessions, now=desk.now)
    desk.deliver()
    assert desk.ticket().status is Status.IN_PROGRESS
    assert "Repris à la date prévue par Karim Benali" in karim.reads_thread()[-1]
    assert "@Karim Benali" in karim.reads_thread()[-1]


def test_messages_in_the_cards_thread_never_reach_the_requester(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.home()
    secret = "Mot-de-passe-XYZ"
    say(karim, f"{secret} essayé hier", "Imprimante", TRIAGE, files=[file(f"{secret}.pdf")])
    karim.press(NOTE, TRIAGE)
    karim.submit({"Note": f"Et encore {secret}"})
    assert any(secret in line for line in karim.reads_thread())
    karim.menu("Requalifier, passer à une équipe…")
    karim.submit({"Équipe": "Réseau et téléphonie", WHY: f"{secret} passé"})
    marc = desk.person("marc")
    marc.take(RESEAU)
    marc.menu("Mettre en attente…", RESEAU)
    marc.submit({"En attente de": "un fournisseur", "Précisions": f"{secret} fournisseur"})
    marc.press(RESUME, RESEAU)
    marc.resolve("Changée.", RESEAU)
    marc.menu("Approuvé de vive voix…", RESEAU)
    marc.submit({"Quand et comment a-t-il été approuvé ?": f"{secret} au téléphone"})
    assert desk.ticket().ending is Ending.APPROVED
    camille.press(DETAIL, DIRECT)
    camille.home()
    for seen in (camille.screen(), desk.mails()):
        assert secret not in str(seen)
    camille.close()
    camille.command("/mes-tickets")
    camille.press("Mes tickets clos")
    camille.press("Ouvrir")
    assert secret not in camille.modal_text
    assert "Historique" in camille.modal_text
    marc.press(DETAIL, RESEAU)
    assert marc.modal_text.count(secret) >= 5


def test_each_reads_the_others_text_whole_and_unchanged(desk: Desk, camille: Person, karim: Person) -> None:
    text = "*gras* _it_ ~x~ `c` <@U1> & <b> :tadaa: " + "é" * 11_000 + " FIN"
    say(camille, text, "Imprimante")
    [first, *rest] = [reply["text"] for reply in card_of(karim)["replies"]]
    read = first.removeprefix("Message de Camille Bernard\n") + "".join(rest)
    assert read == text + "\n[Répondre]"
    assert len(rest) == 1

    karim.press(REPLY, TRIAGE)
    karim.submit({"Votre réponse": text[:2_990] + " fin"})
    said = camille.reads()[-1].splitlines()
    assert said[2] == text[:2_990] + " fin"


def test_edits_and_deletions_follow(desk: Desk, camille: Person, karim: Person) -> None:
    sent = say(camille, "Bureau B204", "Imprimante")
    for text, shown in (("Bureau B206", "Bureau B206\n(modifié par son auteur)"),):
        assert desk.slack.control.post("edit", user="camille", channel=DIRECT, ts=sent["ts"], text=text)["ok"]
        desk.deliver()
        assert karim.reads_thread() == [f"Message de Camille Bernard\n{shown}\n[Répondre]"]
    assert desk.slack.control.post("delete", user="camille", channel=DIRECT, ts=sent["ts"])["ok"]
    desk.deliver()
    assert karim.reads_thread() == ["Message de Camille Bernard\n(supprimé par son auteur)"]
    with desk.sessions() as session:
        assert [comment.text for comment in session.query(Comment)] == [""]
    camille.press(DETAIL, DIRECT)
    assert "(supprimé par son auteur)" in camille.modal_text
    assert "B206" not in str(camille.screen())


def test_a_file_goes_with_the_message_that_is_deleted(desk: Desk, camille: Person, karim: Person) -> None:
    sent = say(camille, "Voici", "Imprimante", files=[file("secret.pdf")])
    assert karim.thread_files() == ["secret.pdf"]
    assert desk.slack.control.post("delete", user="camille", channel=DIRECT, ts=sent["ts"])["ok"]
    desk.deliver()
    assert karim.thread_files() == []
    assert "son auteur l’a supprimé" in card_of(karim)["text"]


def test_a_reply_sent_twice_is_one_reply(desk: Desk, camille: Person, karim: Person) -> None:
    karim.press(REPLY, TRIAGE)
    karim.submit({"Votre réponse": "Bonjour"})
    desk.repeat_last()
    karim.press(NOTE, TRIAGE)
    karim.submit({"Note": "Vu"})
    desk.repeat_last()
    actions = [action for action, _text in desk.history()]
    assert actions == [Action.OPEN, Action.TAKE, Action.REPLY, Action.NOTE]
    assert len(camille.reads()) == 2


def test_a_file_of_the_ticket_can_be_sent_again_with_a_reply(
    desk: Desk, camille: Person, karim: Person
) -> None:
    say(karim, "Regardez", "Imprimante", TRIAGE, files=[file("notice.pdf")])
    karim.press(REPLY, TRIAGE)
    body = karim.submission()
    with desk.sessions() as session:
        [kept] = session.query(Attachment).all()
    files = {"files": {"type": "file_input", "files": [{"id": kept.slack_file_id, "name": "notice.pdf"}]}}
    body["view"]["state"]["values"]["files"] = files
    for block_id, inputs in body["view"]["state"]["values"].items():
        if block_id.startswith("reply:"):
            inputs["reply"]["value"] = "Voici"
    desk.dispatch(body)
    reply = camille.messages()[-1]
    assert [name for line in reply["replies"] for name in line["files"]] == ["notice.pdf"]


def test_the_same_message_twice_is_one_comment(desk: Desk, camille: Person, karim: Person) -> None:
    say(camille, "Alors ?", "Imprimante")
    desk.repeat_last()
    assert karim.reads_thread() == ["Message de Camille Bernard\nAlors ?\n[Répondre]"]
    assert [action for action, _text in desk.history()] == [Action.OPEN, Action.COMMENT]


def test_a_reply_takes_files_and_ready_made_phrases(desk: Desk, camille: Person, karim: Person) -> None:
    karim.press(REPLY, TRIAGE)
    karim.choose("Phrases toutes prêtes", "Une capture d’écran")
    assert "capture d’écran du message d’erreur" in karim.modal_text
    karim.choose("Phrases toutes prêtes", "Redémarrer d’abord")
    karim.submit({"Pièces attachées": [file("guide.pdf")]})
    reply = camille.messages()[-1]
    assert "Réponse de Karim Benali" in reply["text"]
    assert "capture d’écran" in reply["text"]
    assert "redémarrer" in reply["text"]
    assert [name for line in reply["replies"] for name in line["files"]] == ["guide.pdf"]
    assert karim.thread_files() == ["guide.pdf"]


def test_writing_under_a_closed_ticket_says_how_to_reopen_it(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.resolve()
    camille.press(APPROVE, DIRECT)
    say(camille, "Merci !", "Ce ticket est clos.")
    [_words, prompt] = camille.messages()[0]["replies"]
    assert prompt["text"].startswith("Votre message est bien arrivé, mais ce ticket est clos.")
    assert "[Rouvrir]" in prompt["text"]
    assert karim.reads_thread()[-1].startswith("Message de Camille Bernard")
    assert desk.ticket().status is Status.CLOSED


def test_who_leaves_the_channel_can_no_longer_write_notes(desk: Desk, camille: Person, karim: Person) -> None:
    marc = desk.person("marc")
    marc.join(TRIAGE)
    say(marc, "Je regarde", "Imprimante", TRIAGE)
    assert desk.history()[-1][0] is Action.NOTE
    marc.leave(TRIAGE)
    marc.forge_click(ids.WRITE_NOTE, 1, TRIAGE)
    assert marc.ephemeral_messages()[-1] == NOT_YOURS


# -- racing, assigning, handing over -------------------------------------------------------------------------


def test_a_ticket_is_given_to_a_member_of_its_team_only(desk: Desk, camille: Person, karim: Person) -> None:
    karim.menu("Affecter à…")
    answer = karim.submit({"Technicien": "Marc Petit"})
    assert answer["errors"] == {
        "Technicien": "Cette personne n’est pas de l’équipe du ticket : choisissez l’un de ses membres."
    }
    karim.submit({"Technicien": "Léa Martin"})
    assert "En charge : @Léa Martin" in card_of(karim)["text"]
    assert karim.reads_thread() == ["Affecté à Léa Martin par Karim Benali · @Léa Martin"]
    lea = desk.person("lea")
    lea.press(TAKE, TRIAGE, stale=True)
    assert "Affecté à Léa Martin par Karim Benali" in lea.ephemeral_messages()[-1]


def test_a_ticket_that_somebody_took_meanwhile_is_not_given_away(
    desk: Desk, camille: Person, karim: Person
) -> None:
    lea = desk.person("lea")
    lea.menu("Affecter à…")
    karim.take()
    [words] = lea.submit()["errors"].values()
    assert "Pris par Karim Benali" in words
    assert desk.ticket().assignee.name == "Karim Benali"
    lea.close()
    lea.menu("Affecter à…")
    lea.submit()
    assert lea.reads_thread() == ["Affecté à Léa Martin par Léa Martin · @Karim Benali"]


def test_a_requalification_keeps_what_a_colleague_changed_meanwhile(
    desk: Desk, camille: Person, karim: Person
) -> None:
    lea = desk.person("lea")
    karim.menu("Requalifier, passer à une équipe…")
    lea.menu("Requalifier, passer à une équipe…")
    lea.submit({"Urgence": "Critique (activité bloquée)"})
    karim.submit({"Impact": "Plusieurs services"})
    assert (desk.ticket().impact, desk.ticket().urgency) == ("organisation", "critical")


def test_messages_under_a_card_that_moved_away_are_refused_with_a_reason(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.menu("Requalifier, passer à une équipe…")
    karim.submit({"Équipe": "Réseau et téléphonie", WHY: "C’est le switch."})
    say(karim, "Au fait…", "Imprimante", TRIAGE)
    assert karim.ephemeral_messages() == [
        "Une autre équipe a maintenant ce ticket : ce que vous avez écrit ici n’est pas conservé."
    ]
    assert desk.history()[-1][0] is Action.TRANSFER


def test_a_refusal_of_words_that_could_not_be_told_is_told_when_slack_sends_them_again(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.menu("Requalifier, passer à une équipe…")
    karim.submit({"Équipe": "Réseau et téléphonie", WHY: "C’est le switch."})
    with desk.sessions() as session:
        card = session.scalars(
            select(MessageReference).where(MessageReference.kind == DeliveryKind.MOVED)
        ).one()
    desk.fault("chat.postEphemeral", 500, times=2)
    statuses = []
    for retry in range(3):
        said = {"type": "message", "channel_type": "group", "text": "Au fait…", "ts": "1795000000.000100"}
        said |= {"user": karim.slack_id, "channel": card.channel, "thread_ts": card.ts}
        body = {"type": "event_callback", "team_id": "T0PLAYGRND", "event_id": "Ev1", "event": said}
        headers = {"x-slack-retry-num": str(retry)}
        request = BoltRequest(body=body, headers=headers, mode="socket_mode")
        statuses.append(desk.parts.app.dispatch(request).status)
    assert statuses == [503, 503, 200]
    assert len(karim.ephemeral_messages()) == 1


def test_a_hand_over_and_a_departure_are_seen_in_the_home(desk: Desk, camille: Person, karim: Person) -> None:
    assert "Imprimante en panne" in karim.home()
    karim.menu("Requalifier, passer à une équipe…")
    karim.submit({"Équipe": "Réseau et téléphonie", WHY: "C’est le switch."})
    assert "Imprimante en panne" not in karim.home_text
    marc = desk.person("marc")
    assert "Imprimante en panne" in marc.home()
    marc.leave(RESEAU)
    desk.deliver()
    assert "Imprimante en panne" not in marc.home_text


def test_a_hand_over_moves_the_card_and_the_rights(desk: Desk, camille: Person, karim: Person) -> None:
    karim.take()
    karim.menu("Requalifier, passer à une équipe…")
    assert "Déclaré : impact « Moi seul·e », urgence « Haute »." in karim.modal_text
    answer = karim.submit({"Équipe": "Réseau et téléphonie"})
    assert answer["errors"] == {WHY: "Dites à l’autre équipe pourquoi vous lui passez le ticket."}
    karim.submit({"Urgence": "Critique (activité bloquée)", WHY: "C’est le switch."})

    [old] = karim.reads(TRIAGE)
    assert (
        "Passé de l’équipe Assistance de proximité à l’équipe Réseau et téléphonie par Karim Benali\n"
        "C’est le switch." in old
    )
    assert "[" not in old
    marc = desk.person("marc")
    [new] = marc.reads(RESEAU)
    assert "n° 1 · Incident · Nouveau · 🟠 Priorité haute" in new
    assert "Personne ne l’a encore pris." in new
    assert "Déclaré : Moi seul·e · Haute" in new
    assert "C’est le switch." in marc.reads_thread(RESEAU)[-1]
    karim.press(RESOLVE, TRIAGE, stale=True)
    assert karim.ephemeral_messages()[-1] == NOT_YOURS
    karim.press(DETAIL, TRIAGE, stale=True)
    assert karim.ephemeral_messages()[-1] == "Ce ticket n’existe pas, ou n’est pas le vôtre."
    marc.take(RESEAU)
    assert desk.ticket().assignee.name == "Marc Petit"

    marc.menu("Requalifier, passer à une équipe…", RESEAU)
    marc.submit({"Équipe": "Assistance de proximité", WHY: "C’était le câble."})
    assert len(karim.reads(TRIAGE)) == 2
    karim.take()


def test_a_person_removed_from_the_channel_is_refused_at_the_next_click(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.take()
    karim.leave(TRIAGE)
    for action_id, value in ((ids.RESOLVE, "1"), (ids.MORE, "assign.1"), (ids.ANSWER_REQUESTER, "1")):
        karim.forge_click(action_id, value, TRIAGE)
        assert karim.ephemeral_messages()[-1] == NOT_YOURS
    assert desk.ticket().status is Status.IN_PROGRESS


def test_a_duplicate_is_closed_and_its_requester_told_which_goes_on(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket("Imprimante toujours en panne")
    karim.press(DETAIL, TRIAGE)
    karim.press("Signaler un doublon…")
    assert karim.submit({"Numéro du ticket d’origine": "99"})["errors"]
    assert karim.submit({"Numéro du ticket d’origine": "2"})["errors"]
    karim.submit({"Numéro du ticket d’origine": "1"})
    assert desk.ticket(2).ending is Ending.DUPLICATE
    assert "Doublon du n° 1" in card_of(karim)["text"]
    assert "un doublon du n° 1" in camille.reads()[1]
    assert "le n° 1, qui dit la même chose, continue." in desk.mails()[-1]["text"]


# -- on behalf, solved calls, from a message -----------------------------------------------------------------


def test_a_ticket_from_a_message_on_behalf_of_its_author(desk: Desk, karim: Person) -> None:
    camille = desk.person("camille")
    sent = camille.write("Mon écran est noir\nDepuis ce matin", "#general", files=[file("ecran.pdf")])
    message = sent["message"]
    desk.slack.control.post(
        "shortcut", user="karim", callback_id=ids.SHORTCUT_FROM_MESSAGE, channel="#general", ts=message["ts"]
    )
    assert "Déjà joint : ecran.pdf" in karim.modal_text
    karim.submit(FORM)
    ticket = desk.ticket()
    assert (ticket.title, ticket.description) == ("Mon écran est noir", "Mon écran est noir\nDepuis ce matin")
    assert ticket.requester.name == "Camille Bernard"
    assert "Nous avons bien reçu votre ticket" in camille.reads()[0]
    assert [mail["headers"]["To"] for mail in desk.mails()] == [
        "Camille Bernard <camille.bernard@univ.example>"
    ]
    card = card_of(karim)["text"]
    assert "Ouvert pour cette personne par : @Karim Benali" in card
    assert "Le message d’origine" in card
    assert karim.thread_files() == ["ecran.pdf"]
    assert ticket.source.endswith(message["ts"].replace(".", ""))


def test_somebody_who_is_no_technician_files_a_message_for_themselves(desk: Desk) -> None:
    camille, oliver = desk.person("camille"), desk.person("oliver")
    sent = oliver.write("My screen is black", "#general")
    desk.slack.control.post(
        "shortcut",
        user="camille",
        callback_id=ids.SHORTCUT_FROM_MESSAGE,
        channel="#general",
        ts=sent["message"]["ts"],
    )
    assert "Demandeur" not in camille.modal["labels"]
    camille.submit(FORM)
    assert desk.ticket().requester.name == "Camille Bernard"


def test_a_call_already_solved_asks_for_approval_at_once(desk: Desk, karim: Person) -> None:
    camille = desk.person("camille")
    karim.command("/ticket", "Mot de passe oublié")
    form = {
        "Demandeur": "Camille Bernard",
        "Statut": "Résolu",
        "Impact utilisateur": "Moi seul·e",
        "Urgence utilisateur": "Haute",
        "Site": "IUT",
    }
    assert karim.submit(form)["errors"] == {"Solution": "Merci de remplir ce champ."}
    undecided = {**form, "Statut": "Nouveau", "Solution": "Réinitialisé au téléphone."}
    assert "choisissez « Résolu »" in karim.submit(undecided)["errors"]["Statut"]
    karim.submit({**form, "Solution": "Réinitialisé au téléphone."})
    assert "Le n° 1 est ouvert pour Camille Bernard." in karim.modal_text
    _card, request = camille.reads()
    assert "Réinitialisé au téléphone.\n[C’est réparé, clore]" in request
    assert len(desk.mails()) == 1
    camille.press(APPROVE, DIRECT)
    assert desk.ticket().ending is Ending.APPROVED


def test_who_solved_a_call_answers_for_it(desk: Desk) -> None:
    marc = desk.person("marc")
    marc.command("/ticket", "Borne éteinte")
    marc.submit(
        {
            "Demandeur": "Camille Bernard",
            "Statut": "Résolu",
            "Impact utilisateur": "Moi seul·e",
            "Urgence utilisateur": "Haute",
            "Site": "IUT",
            "Solution": "Rallumée.",
        }
    )
    assert desk.ticket().team_id == "reseau"
    with desk.sessions() as session:
        assert session.get_one(PersonRow, desk.ticket().requester_id).last_site_id is None


def test_an_approval_by_word_of_mouth_is_said_so(desk: Desk, camille: Person, karim: Person) -> None:
    karim.resolve()
    karim.menu("Approuvé de vive voix…")
    karim.submit({"Quand et comment a-t-il été approuvé ?": "Au téléphone."})
    assert "☎️ Solution approuvée de vive voix, noté par Karim Benali" in card_of(karim)["text"]
    assert "Karim Benali a noté que vous avez approuvé" in camille.reads()[-1]
    assert "Karim Benali a noté que vous avez approuvé" in desk.mails()[-1]["text"]


# -- satisfaction --------------------------------------------------------------------------------------------


def test_the_requester_says_once_how_satisfied_they_are(desk: Desk, camille: Person, karim: Person) -> None:
    karim.resolve()
    camille.press(APPROVE, DIRECT)
    camille.press("😀 Satisfait·e", DIRECT)
    camille.submit({"Un commentaire ?": "Très rapide."})
    assert "Votre avis : 😀 Satisfait·e" in camille.reads()[-1]
    assert "Avis du demandeur : 😀 Satisfait·e · Très rapide." in card_of(karim)["text"]
    camille.press("🙁 Mécontent·e", DIRECT, stale=True)
    assert camille.ephemeral_messages()[-1] == "Vous nous l’avez déjà dit : merci."
    desk.person("oliver").forge_click(f"{ids.RATE}.bad", "1.bad")
    assert desk.ticket().rating == "good"
