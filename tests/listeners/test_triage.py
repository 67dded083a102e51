"""The technicians' side: the card in their channel, who may act on it, and who was faster."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from blocks import ids
from models.lifecycle import Action, Ending, Status
from playground.state.workspace import BOT_USER_ID
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, RESOLVE, TAKE, TRIAGE, Desk, Person

NOT_YOURS = "Seuls les membres de l’équipe de ce ticket peuvent faire cela."


@pytest.fixture
def filed(desk: Desk) -> Person:
    """Camille, who has filed a ticket."""
    camille = desk.person("camille")
    camille.have_filed(description="Elle fume.")
    return camille


# -- the card ------------------------------------------------------------------------------------------------


def test_the_card_shows_the_whole_ticket_to_its_team(filed: Person, karim: Person) -> None:
    [card] = karim.reads(TRIAGE)
    lines = card.splitlines()
    assert lines[:2] == ["n° 1 · Incident · Nouveau · Priorité moyenne", "Imprimante en panne"]
    assert lines[lines.index("Elle fume.") + 1 :] == [
        f"[{TAKE}]",
        "[Répondre]",
        f"[{RESOLVE}]",
        "[Note interne]",
        f"[{DETAIL}]",
        "[Affecter à…]",
        "[Mettre en attente…]",
        "[Requalifier, passer à une équipe…]",
        "[Rattacher…]",
        "[Annuler…]",
    ]
    assert lines[2:4] == [
        "Demandeur : @Camille Bernard · Site : IUT",
        "Impact : Moi seul·e · Urgence : Haute",
    ]
    assert lines[4].startswith("Prise en charge avant : ")
    assert " · Échéance : " in lines[4]
    assert lines[5].startswith("Ouvert : ")
    assert lines[5].endswith(" · Personne ne l’a encore pris.")


def test_the_card_goes_to_the_team_of_the_service(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.command("/catalogue", "VPN")
    camille.press("Ouvrir le service Accès distant (VPN)")
    camille.press("Signaler un problème")
    camille.submit({"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"})
    [card] = desk.person("marc").reads("#dnum-reseau")
    assert "Service : Accès distant (VPN)" in card
    assert desk.person("karim").reads(TRIAGE) == []


def test_nobody_else_sees_the_card(desk: Desk, filed: Person) -> None:
    for name in ("camille", "marc", "oliver", "invite"):
        assert TRIAGE not in desk.person(name).screen()["channels"]


def test_the_card_is_edited_in_place(filed: Person, karim: Person) -> None:
    [before] = karim.messages(TRIAGE)
    karim.take()
    karim.resolve()
    filed.press(APPROVE, DIRECT)
    [after] = karim.messages(TRIAGE)
    assert after["ts"] == before["ts"]
    assert "Clos (approuvé)" in after["text"]
    assert f"[{RESOLVE}]" not in after["text"]


def test_the_notification_names_the_ticket(filed: Person, karim: Person) -> None:
    [card] = karim.messages(TRIAGE)
    assert card["notification"].startswith("n° 1 · Nouveau · Imprimante en panne\n")


# -- taking and resolving ------------------------------------------------------------------------------------


def test_who_takes_a_ticket_has_it(desk: Desk, filed: Person, karim: Person) -> None:
    karim.take()
    ticket = desk.ticket()
    assert ticket.assignee is not None
    assert (ticket.status, ticket.assignee.name) == (Status.IN_PROGRESS, "Karim Benali")
    assert ticket.taken_at is not None
    assert "En charge : @Karim Benali" in karim.reads(TRIAGE)[0]
    assert karim.ephemeral_messages() == []


def test_who_resolves_a_ticket_that_nobody_has_gets_it(desk: Desk, filed: Person, karim: Person) -> None:
    karim.resolve("Toner changé.")
    ticket = desk.ticket()
    assert ticket.assignee is not None
    assert (ticket.status, ticket.assignee.name) == (Status.RESOLVED, "Karim Benali")


def test_a_colleague_resolves_without_taking_it_over(desk: Desk, filed: Person, karim: Person) -> None:
    karim.take()
    desk.person("lea").resolve("Toner changé.")
    ticket = desk.ticket()
    assert ticket.assignee is not None
    assert ticket.assignee.name == "Karim Benali"
    filed.press(DETAIL, DIRECT)
    assert "Résolu par Léa Martin" in filed.modal_text


def test_a_resolution_needs_a_solution(desk: Desk, filed: Person, karim: Person) -> None:
    karim.press(RESOLVE, TRIAGE)
    assert karim.modal["labels"] == ["Solution"]
    assert "n° 1 · Imprimante en panne" in karim.modal_text
    assert karim.submit()["errors"] == {"Solution": "Please complete this required field."}
    blank = {"type": "plain_text_input", "value": " \n "}
    assert karim.forge_submission(solution=blank) == {"solution": "Merci de remplir ce champ."}
    assert desk.ticket().status is Status.NEW


def test_a_technician_reads_the_detail_from_the_card(filed: Person, karim: Person) -> None:
    karim.press(DETAIL, TRIAGE)
    assert karim.modal["title"] == "n° 1"
    assert "Elle fume." in karim.modal_text
    assert "Ouvert par Camille Bernard" in karim.modal_text


def test_a_technician_cancels_from_the_detail(desk: Desk, filed: Person, karim: Person) -> None:
    karim.press(DETAIL, TRIAGE)
    karim.press("Annuler…")
    karim.submit({"Pourquoi annuler ce ticket ?": "Ouvert par erreur, vu avec Camille."})
    assert "Annulé par Karim Benali" in karim.modal_text
    assert desk.ticket().ending is Ending.CANCELLED
    assert "Clos (annulé)" in filed.reads()[0]
    assert "Ouvert par erreur, vu avec Camille." in desk.mails()[-1]["text"]


def test_a_technician_neither_approves_nor_reopens_anothers_ticket(filed: Person, karim: Person) -> None:
    karim.resolve()
    karim.press(DETAIL, TRIAGE)
    for words in ("C’est réparé", "Ça ne marche", "Annuler"):
        assert words not in karim.modal_text
    karim.close()
    filed.press(APPROVE, DIRECT)
    karim.press(DETAIL, TRIAGE)
    assert "Rouvrir" not in karim.modal_text


# -- who may act ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["marc", "camille", "oliver", "invite"])
def test_whoever_is_not_in_the_channel_is_told_so(desk: Desk, filed: Person, name: str) -> None:
    somebody = desk.person(name)
    for action_id in (ids.TAKE, ids.RESOLVE):
        somebody.forge_click(action_id, 1)
    words = "Only members of this ticket’s team can do this." if name == "oliver" else NOT_YOURS
    assert somebody.ephemeral_messages() == [words, words]
    assert not somebody.has_modal
    assert desk.ticket().status is Status.NEW
    assert desk.history() == [(Action.OPEN, None)]


def test_somebody_removed_since_the_card_was_shown_may_no_longer_act(
    desk: Desk, filed: Person, karim: Person
) -> None:
    karim.press(DETAIL, TRIAGE)  # their membership has been read
    karim.close()
    karim.leave(TRIAGE)
    for action_id in (ids.TAKE, ids.RESOLVE):
        karim.forge_click(action_id, 1)
    assert karim.ephemeral_messages() == [NOT_YOURS, NOT_YOURS]
    assert desk.ticket().status is Status.NEW


def test_somebody_removed_while_they_write_the_solution_keeps_their_text(
    desk: Desk, filed: Person, karim: Person
) -> None:
    karim.press(RESOLVE, TRIAGE)
    karim.leave(TRIAGE)
    assert karim.submit({"Solution": "Toner changé."})["errors"] == {"Solution": NOT_YOURS}
    assert karim.modal["values"]["Solution"] == "Toner changé."
    assert desk.ticket().status is Status.NEW


def test_a_removal_that_slack_did_not_tell_is_noticed_within_a_minute(
    desk: Desk, filed: Person, karim: Person
) -> None:
    karim.press(DETAIL, TRIAGE)
    karim.close()
    workspace = desk.slack.slack.workspace
    channel = workspace.channel(TRIAGE)
    assert channel is not None
    desk.slack.run(channel.members.discard, karim.slack_id)
    desk.ahead += timedelta(seconds=61)
    karim.forge_click(ids.TAKE, 1)
    assert karim.ephemeral_messages() == [NOT_YOURS]


def test_somebody_who_joins_may_act_at_once(desk: Desk, filed: Person, karim: Person) -> None:
    karim.press(DETAIL, TRIAGE)
    marc = desk.person("marc")
    marc.join(TRIAGE)
    marc.take()
    assert desk.ticket().assignee_id is not None
    assert "En charge : @Marc Petit" in karim.reads(TRIAGE)[0]


def test_a_forged_solution_of_an_outsider_is_refused(desk: Desk, filed: Person, karim: Person) -> None:
    karim.press(RESOLVE, TRIAGE)
    body = karim.submission()
    body["user"]["id"] = desk.person("marc").slack_id
    body["view"]["state"]["values"]["solution"]["solution"]["value"] = "Rien à voir."
    assert desk.dispatch(body)["errors"] == {"solution": NOT_YOURS}


def test_a_ticket_that_does_not_exist_is_not_taken(desk: Desk, filed: Person, karim: Person) -> None:
    karim.forge_click(ids.TAKE, 999)
    assert karim.ephemeral_messages() == ["Ce ticket n’existe pas, ou n’est pas le vôtre."]


def test_membership_that_slack_does_not_tell_in_time_changes_nothing(
    desk: Desk, filed: Person, karim: Person
) -> None:
    desk.fault("conversations.members", 500)
    karim.press(TAKE, TRIAGE)
    assert karim.ephemeral_messages() == [
        "Slack n’a pas répondu à temps. Rien n’a été modifié : merci de réessayer dans un instant."
    ]
    assert desk.ticket().status is Status.NEW
    karim.take()
    assert desk.ticket().status is Status.IN_PROGRESS


# -- strangers and bots --------------------------------------------------------------------------------------

NOT_SERVED = (
    "Le centre d’aide ne sert que les comptes de cet espace de travail. "
    "Demandez à quelqu’un d’ici d’ouvrir le ticket."
)


def test_somebody_of_another_workspace_is_refused_in_a_sentence(desk: Desk) -> None:
    paul = desk.person("paul")
    paul.forge_click(ids.NEW_TICKET, "new", "#general")
    assert paul.ephemeral_messages() == [NOT_SERVED]
    assert not paul.has_modal


def test_a_bot_is_refused_in_a_sentence(desk: Desk) -> None:
    desk.person("camille").command("/ticket")
    command = desk.received[-1] | {"user_id": BOT_USER_ID}
    assert desk.dispatch(command) == {"text": NOT_SERVED, "response_type": "ephemeral"}


# -- who was faster ------------------------------------------------------------------------------------------


def test_the_second_to_take_is_told_who_acted_first(desk: Desk, filed: Person, karim: Person) -> None:
    lea = desk.person("lea")
    karim.take()
    lea.press(TAKE, TRIAGE, stale=True)
    [words] = lea.ephemeral_messages()
    assert words.startswith("Trop tard. Pris par Karim Benali le ")
    assert words.endswith(" : le ticket est maintenant « en cours ».")
    assert "En charge : @Karim Benali" in lea.reads(TRIAGE)[0]
    assert desk.history() == [(Action.OPEN, None), (Action.TAKE, None)]


def test_a_double_click_takes_once_and_says_so(desk: Desk, filed: Person, karim: Person) -> None:
    karim.take()
    karim.press(TAKE, TRIAGE, stale=True)
    assert karim.ephemeral_messages()[0].startswith("Trop tard. Pris par Karim Benali le ")
    assert desk.history() == [(Action.OPEN, None), (Action.TAKE, None)]


def test_of_two_clicks_at_once_one_wins_and_the_other_is_told(desk: Desk, filed: Person) -> None:
    people = [desk.person("karim"), desk.person("lea")]
    for person in people:
        person.press(DETAIL, TRIAGE)
        person.close()
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda person: person.forge_click(ids.TAKE, 1), people))
    assert answers == [{}, {}]
    told = [words for person in people for words in person.ephemeral_messages()]
    assert len(told) == 1
    ticket = desk.ticket()
    assert ticket.assignee is not None
    assert f"Trop tard. Pris par {ticket.assignee.name} le " in told[0]
    assert desk.history() == [(Action.OPEN, None), (Action.TAKE, None)]


def test_a_solution_that_comes_second_is_refused_and_kept_on_the_screen(
    desk: Desk, filed: Person, karim: Person
) -> None:
    lea = desk.person("lea")
    karim.press(RESOLVE, TRIAGE)
    lea.resolve("Toner changé.")
    errors = karim.submit({"Solution": "Câble rebranché."})["errors"]
    assert errors["Solution"].startswith("Trop tard. Résolu par Léa Martin le ")
    assert karim.modal["values"]["Solution"] == "Câble rebranché."
    assert desk.ticket().solution == "Toner changé."
    assert len(filed.reads()) == 2


def test_resolving_what_is_resolved_opens_no_form(desk: Desk, filed: Person, karim: Person) -> None:
    karim.resolve()
    lea = desk.person("lea")
    lea.press(RESOLVE, TRIAGE, stale=True)
    assert not lea.has_modal
    assert lea.ephemeral_messages()[0].startswith("Trop tard. Résolu par Karim Benali le ")


def test_a_technician_is_told_that_a_ticket_was_cancelled(desk: Desk, filed: Person, karim: Person) -> None:
    filed.press(DETAIL, DIRECT)
    filed.press("Annuler ce ticket")
    filed.submit({"Pourquoi annuler ce ticket ?": "Elle remarche."})
    karim.press(TAKE, TRIAGE, stale=True)
    assert karim.ephemeral_messages()[0].startswith("Trop tard. Annulé par Camille Bernard le ")
    assert karim.ephemeral_messages()[0].endswith(" : le ticket est maintenant « clos ».")


# -- the thread ----------------------------------------------------------------------------------------------


def test_the_team_is_told_in_the_thread_only_what_needs_it(desk: Desk, filed: Person, karim: Person) -> None:
    karim.take()
    karim.resolve()
    filed.press(APPROVE, DIRECT)
    assert karim.reads_thread() == []


def test_a_technicians_own_reopening_is_not_told_to_them(desk: Desk, karim: Person) -> None:
    karim.file_ticket("Mon écran")
    karim.resolve("Câble remis.")
    karim.press(APPROVE, DIRECT)
    karim.press("Rouvrir", DIRECT)
    karim.submit({"Pourquoi rouvrir ce ticket ?": "Encore débranché."})
    assert karim.reads_thread() == []
    assert "Encore débranché." in karim.reads(TRIAGE)[0]
