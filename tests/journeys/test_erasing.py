"""Somebody is erased while the help desk works: what all of Slack shows of them, and what happens when they
come back."""

import json
from datetime import timedelta

from sqlalchemy import select

from bot.context.actor import person_by_slack_id
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.services.personal_data.erasing import erase_wholly
from models.lifecycle import Agreement, Status
from models.person import Person as PersonRow
from models.removals.removal import Removal, RemovalState
from playground.state.workspace import BOT_USER_ID
from tests.support.agreement_forms import BADGE, request
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, TRIAGE, Desk, Person

IDENTITIES = "#dnum-identites"


def erase(desk: Desk, person: Person) -> None:
    """Erase somebody; then let everything be drawn anew and deleted."""
    slack_id = person.slack_id
    with desk.sessions() as session:
        row = person_by_slack_id(session, slack_id)
        assert row is not None

    def run(portion):  # type: ignore[no-untyped-def]
        return transact(desk.sessions, lambda session: portion(UnitOfWork(session, desk.now)))

    erase_wholly(run, row.id)
    desk.ahead += timedelta(minutes=10)
    desk.deliver()
    for _turn in range(60):
        desk.ahead += timedelta(seconds=3)
        if not desk.worker.remover.step():
            break


def in_slack(desk: Desk) -> str:
    """All that Guichet shows in Slack now: messages and Homes."""
    workspace = desk.slack.slack.workspace
    said = [
        {"text": each.text, "blocks": each.blocks}
        for channel in workspace.channels.values()
        for each in channel.messages.values()
        if each.user == BOT_USER_ID and not each.deleted
    ]
    return json.dumps(said, ensure_ascii=False)


def test_a_technician_vanishes_from_the_messages_about_the_tickets_of_others(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Quelle imprimante ?"})
    camille.write("Celle du B204", thread_ts=camille.messages()[-1]["ts"])
    desk.deliver()
    assert "Karim" in in_slack(desk)
    erase(desk, karim)
    assert "Karim" not in in_slack(desk)
    assert karim.slack_id not in in_slack(desk)
    assert desk.ticket().assignee is None
    assert "un technicien" in " ".join(camille.reads())
    camille.press(DETAIL, DIRECT)
    assert "Pris par un technicien" in camille.modal_text


def test_who_is_named_in_the_words_of_others_vanishes_from_their_messages(
    desk: Desk, camille: Person, karim: Person
) -> None:
    lea = desk.person("lea")
    camille.file_ticket("Mon souci")
    lea.file_ticket("Badge de Camille Bernard", **{"Description": "Camille Bernard l’a perdu"})
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Vu avec Camille Bernard"})
    karim.press("Note interne", TRIAGE)
    karim.submit({"Note": "Camille Bernard est passée"})
    karim.resolve("Rendu à Camille Bernard")
    lea.visit_home()
    assert "Camille Bernard" in lea.home()
    erase(desk, camille)
    assert "Camille" not in in_slack(desk)
    assert "Vu avec une personne" in " ".join(lea.reads())
    assert "Camille Bernard" not in lea.home()


def test_an_approver_who_is_erased_is_asked_no_more(desk: Desk, camille: Person) -> None:
    aurelie = desk.person("aurelie")
    request(camille, BADGE, "aurelie")
    assert desk.ticket().agreement is Agreement.ASKED
    erase(desk, aurelie)
    assert aurelie.reads() == []
    for trace in ("Aurélie", "Hérouville", aurelie.slack_id):
        assert trace not in in_slack(desk)
    assert desk.undelivered() == []
    assert "une personne" in " ".join(camille.reads())


def test_an_outage_stays_without_the_name_of_who_declared_it(
    desk: Desk, karim: Person, oliver: Person
) -> None:
    karim.command("/panne", "Le VPN est en panne")
    karim.submit({"Titre": "Le VPN est en panne"})
    assert karim.slack_id in in_slack(desk)
    erase(desk, karim)
    assert karim.slack_id not in in_slack(desk)
    assert "Déclarée par : un technicien" in desk.person("lea").reads(TRIAGE)[-1]


def test_who_comes_back_is_somebody_new(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Aiguille")
    assert "Aiguille" in camille.home()
    desk.deliver()
    erase(desk, camille)
    assert in_slack(desk) == "[]"
    assert "Aiguille" not in camille.home_text
    assert "Aiguille" not in camille.home()
    camille.file_ticket("Autre chose")
    assert desk.ticket(2).requester.slack_id == camille.slack_id
    assert desk.ticket(1).requester_id != desk.ticket(2).requester_id
    with desk.sessions() as session:
        assert desk.ticket(2).requester.met_at is not None
        assert session.scalar(select(PersonRow).where(PersonRow.erased_at.is_not(None))) is not None


def test_what_slack_says_of_somebody_erased_makes_no_new_row(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.write("Bonjour, mon écran est noir")
    desk.deliver()
    said = next(each for each in camille.messages() if "noir" in each["text"])
    erase(desk, camille)
    control = desk.slack.control
    control.post("edit", user="camille", channel=DIRECT, ts=said["ts"], text="Mon écran est bleu")
    control.post("person", user="camille", email="autre@univ.example")
    desk.deliver()
    with desk.sessions() as session:
        assert person_by_slack_id(session, camille.slack_id) is None
        listed = session.scalars(select(Removal).where(Removal.ts == said["ts"])).one()
        assert (listed.state, listed.owner) == (RemovalState.OTHERS, camille.slack_id)


def test_an_english_reader_reads_a_technician(desk: Desk, oliver: Person, karim: Person) -> None:
    oliver.file_ticket("Broken printer")
    karim.take()
    karim.resolve()
    erase(desk, karim)
    oliver.press("View details", DIRECT)
    assert "Taken by a technician" in oliver.modal_text
    assert "Resolved by a technician" in oliver.modal_text
    assert "Karim" not in in_slack(desk)


def test_a_technician_vanishes_from_the_request_for_sign_off(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.take()
    karim.resolve("Tambour changé par Karim Benali")
    erase(desk, karim)
    assert "Karim" not in in_slack(desk)
    assert karim.slack_id not in in_slack(desk)
    camille.press(APPROVE, DIRECT)
    desk.deliver()
    assert desk.ticket().status is Status.CLOSED
    assert "Karim" not in in_slack(desk)


def test_a_decision_that_names_them_in_words_is_deleted(desk: Desk, camille: Person, karim: Person) -> None:
    lea = desk.person("lea")
    camille.file_ticket("Mon souci")
    lea.file_ticket("Badge perdu")
    karim.take()
    karim.menu("Annuler…")
    karim.submit({"Pourquoi annuler ce ticket ?": "Camille Bernard l’a retrouvé"})
    assert "Camille Bernard" in " ".join(lea.reads())
    erase(desk, camille)
    assert "Camille" not in in_slack(desk)
