"""What people are told when somebody else decides about their ticket, and what they do then."""

from dataclasses import replace

import pytest

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.delivery.errors import Permanent
from bot.delivery.failures.follow_up import follow_up
from bot.services.tickets.actions import act
from models.lifecycle import Action, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason
from models.tickets.changes.links import Duplicate
from tests.support.help_desk import APPROVE, DIRECT, TRIAGE, Desk, Person
from tests.support.outbox_rows import deliveries, delivery

WHY_CANCEL, WHY_REOPEN = "Pourquoi annuler ce ticket ?", "Pourquoi rouvrir ce ticket ?"


@pytest.fixture
def ticket(desk: Desk, camille: Person, karim: Person) -> None:
    """Camille's, which Karim has."""
    camille.have_filed()
    karim.take()


@pytest.mark.usefixtures("ticket")
def test_a_cancellation_is_told_with_its_reason_and_can_be_undone(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.menu("Annuler…")
    karim.submit({WHY_CANCEL: "Déjà réparée hier."})
    message = camille.reads()[-1]
    assert "Karim Benali a annulé votre ticket." in message
    assert "Déjà réparée hier." in message
    camille.press("Rouvrir", DIRECT)
    camille.submit({WHY_REOPEN: "Encore en panne."})
    assert desk.ticket().status is Status.IN_PROGRESS
    assert "Rouvrir" not in camille.reads()[-1]
    assert "Il a été rouvert depuis." in camille.reads()[-1]
    assert desk.undelivered() == []


@pytest.mark.usefixtures("ticket")
def test_who_cancels_their_own_ticket_is_told_nothing(desk: Desk, camille: Person) -> None:
    before = len(camille.messages()), len(desk.mails())
    camille.press("Voir le détail", DIRECT)
    camille.press("Annuler ce ticket")
    camille.submit({WHY_CANCEL: "Ça remarche."})
    assert desk.ticket().status is Status.CLOSED
    assert (len(camille.messages()), len(desk.mails())) == before


def test_a_duplicate_is_told_which_ticket_goes_on_and_then_that_it_is_resolved(
    desk: Desk, camille: Person, karim: Person
) -> None:
    desk.person("oliver").file_ticket("Badge of the president")
    camille.file_ticket()
    close_as_duplicate(desk, "On y travaille.")
    message = camille.reads()[-1]
    assert "un doublon du n° 1, qui reste ouvert." in message
    assert "On y travaille." in message

    resolve(karim, 1, "Serrure changée.", "Réessayez.")
    told = camille.reads()[-1]
    assert "Le n° 1, dont votre n° 2 est un doublon, est résolu." in told
    assert "Réessayez." in told
    assert "Rouvrir" in told
    assert "Rouvrir" not in camille.reads()[-2], "one message has the button"
    camille.press("Voir le détail", DIRECT)
    assert "Le n° 1 est résolu" in camille.modal_text
    everything = f"{camille.screen()}{[each for each in desk.mails() if 'camille' in str(each['envelope'])]}"
    for secret in ("Serrure", "Badge", "Oliver"):
        assert secret not in everything
    camille.close()
    camille.press("Rouvrir", DIRECT)
    camille.submit({WHY_REOPEN: "Toujours pas."})
    assert desk.ticket(2).status is Status.NEW
    assert "Rouvrir" not in "".join(camille.reads()[1:])


def close_as_duplicate(desk: Desk, words: str = "") -> None:
    """Close ticket 2 as a duplicate of somebody else's, as was done before such tickets were attached."""
    actor = replace(
        desk.parts.directory.actor(desk.person("karim").slack_id), teams=frozenset({"assistance"})
    )
    transact(
        desk.sessions,
        lambda session: act(
            UnitOfWork(session, desk.now, actor), 2, Action.DUPLICATE, text=words, change=Duplicate(1)
        ),
    )
    desk.deliver()


def resolve(karim: Person, number: int, solution: str, words: str) -> None:
    """Resolve a ticket from its card, with words for the requesters of its duplicates."""
    karim.forge_click("ticket.resolve", number, TRIAGE)
    assert "Message au demandeur du doublon (n° 2)" in karim.modal_text
    karim.submit({"Solution": solution, "Message au demandeur du doublon (n° 2)": words})


def test_in_english(desk: Desk, oliver: Person, karim: Person) -> None:
    desk.person("camille").file_ticket()
    oliver.file_ticket("Printer down")
    close_as_duplicate(desk)
    assert "closed your ticket as a duplicate of No. 1, which stays open." in oliver.reads()[-1]
    resolve(karim, 1, "Fait.", "")
    assert "No. 1 has been resolved. Your No. 2 is a duplicate of it." in oliver.reads()[-1]
    oliver.press("Reopen", DIRECT)
    oliver.submit({"Why are you reopening this ticket?": "Not for me."})
    assert "It has since been reopened." in oliver.reads()[-1]


def test_the_form_of_a_ticket_without_duplicates_asks_for_a_solution_only(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.press("Résoudre", TRIAGE)
    assert "doublon" not in karim.modal_text


@pytest.mark.usefixtures("ticket")
def test_an_approval_by_word_of_mouth_is_told_and_can_be_undone(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.resolve()
    karim.menu("Approuvé de vive voix…")
    karim.submit({"Quand et comment a-t-il été approuvé ?": "Au téléphone."})
    assert "Karim Benali a noté que vous avez approuvé la solution de vive voix." in camille.reads()[-1]
    assert "Au téléphone." not in camille.reads()[-1]
    camille.press("Rouvrir", DIRECT)
    camille.submit({WHY_REOPEN: "Je n’ai rien approuvé."})
    assert desk.history()[-1] == (Action.REOPEN, "Je n’ai rien approuvé.")
    assert "Rouvrir" not in "".join(camille.reads())


@pytest.mark.usefixtures("ticket")
def test_a_decision_that_was_undone_before_it_was_told_is_not_told(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.menu("Annuler…")
    karim.submit({WHY_CANCEL: "Erreur."}, deliver=False)
    camille.press("Voir le détail", DIRECT, deliver=False)
    camille.press("Rouvrir", deliver=False)
    camille.submit({WHY_REOPEN: "Non."})
    row = delivery(desk, DeliveryKind.DECISION)
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Reason.TICKET_MOVED_ON)
    assert delivery(desk, DeliveryKind.DECISION_RESULT).reason is Reason.NO_DECISION
    assert len(camille.messages()) == 1


@pytest.mark.usefixtures("ticket")
def test_the_team_learns_that_a_decision_did_not_reach_the_requester(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.menu("Annuler…")
    karim.submit({WHY_CANCEL: "Erreur."}, deliver=False)
    [row] = deliveries(desk, kind=DeliveryKind.DECISION)
    with desk.sessions.begin() as session:
        refused = Permanent(Reason.REFUSED, "chat.postMessage", "invalid_blocks")
        follow_up(session, session.get_one(Delivery, row.id), refused, now=desk.now)
    desk.deliver()
    assert "Le message de cette décision n’est pas parvenu à Camille Bernard" in karim.reads_thread()[-1]


@pytest.mark.usefixtures("ticket")
def test_a_click_on_another_persons_reopen_button_is_refused(desk: Desk, karim: Person) -> None:
    karim.menu("Annuler…")
    karim.submit({WHY_CANCEL: "Erreur."})
    desk.person("oliver").forge_click("ticket.reopen", 1)
    assert not desk.person("oliver").has_modal
    assert desk.ticket().status is Status.CLOSED


# Ratings


@pytest.mark.usefixtures("ticket")
def test_who_has_the_ticket_is_told_that_its_requester_is_dissatisfied_and_why(
    desk: Desk, camille: Person, karim: Person
) -> None:
    karim.resolve()
    camille.press(APPROVE, DIRECT)
    before = len(karim.reads_thread())
    camille.press("🙁 Mécontent·e", DIRECT)
    [line] = karim.reads_thread()[before:]
    assert "Camille Bernard : 🙁 mécontent·e" in line
    assert "@Karim Benali" in line
    camille.submit({"Un commentaire ?": "Trop long."})
    [_line, comment] = karim.reads_thread()[before:]
    assert "Commentaire de Camille Bernard sur son avis" in comment
    assert "Trop long." in comment
    assert "@Karim" not in comment, "it rings once"


@pytest.mark.usefixtures("ticket")
def test_other_ratings_ring_nobody(desk: Desk, camille: Person, karim: Person) -> None:
    karim.resolve()
    camille.press(APPROVE, DIRECT)
    before = len(karim.reads_thread())
    camille.press("😐 Mitigé·e", DIRECT)
    camille.submit({"Un commentaire ?": "Bof."})
    assert len(karim.reads_thread()) == before
