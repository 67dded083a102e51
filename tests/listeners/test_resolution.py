"""The requester's answer to a solution: approve, refuse, reopen; cancelling; clicks that come too late."""

from datetime import timedelta

import pytest

from blocks import ids
from models.lifecycle import Action, Ending, Status
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, REFUSE, TRIAGE, Desk, Person

REOPEN, CANCEL, FOLLOW_UP = "Rouvrir", "Annuler ce ticket", "Ouvrir un ticket de suite"
WHY_REFUSE, WHY_REOPEN = "Qu’est-ce qui ne marche toujours pas ?", "Pourquoi rouvrir ce ticket ?"
WHY_CANCEL = "Pourquoi annuler ce ticket ?"
REQUIRED = "Please complete this required field."


@pytest.fixture
def camille(desk: Desk) -> Person:
    """Camille, who has filed a ticket."""
    camille = desk.person("camille")
    camille.have_filed()
    return camille


@pytest.fixture
def resolved(camille: Person, karim: Person) -> Person:
    """Camille, who is asked whether the solution works."""
    karim.resolve("Toner changé.")
    return camille


@pytest.fixture
def closed(resolved: Person) -> Person:
    """Camille, who has approved the solution."""
    resolved.press(APPROVE, DIRECT)
    return resolved


# -- being asked ---------------------------------------------------------------------------------------------


def test_the_request_is_a_message_of_its_own_with_the_solution(resolved: Person) -> None:
    card, request = resolved.messages()
    assert request["text"].endswith(
        "Voici la solution. Est-ce que cela marche chez vous ?\nToner changé.\n"
        "[C’est réparé, clore]\n[Ça ne marche toujours pas]\n[Voir le détail]"
    )
    assert request["notification"].startswith(
        "Le n° 1 est résolu : est-ce que cela marche chez vous ? Imprimante en panne"
    )
    assert "Toner changé." in request["notification"]
    assert "[C’est réparé, clore]" not in card["text"]


def test_a_closed_ticket_is_not_announced_by_another_message(closed: Person) -> None:
    assert len(closed.messages()) == 2


# -- approving -----------------------------------------------------------------------------------------------


def test_the_answered_request_keeps_the_solution_and_loses_its_buttons(closed: Person) -> None:
    request = closed.reads()[1]
    assert request.endswith(
        "La solution était :\nToner changé.\n"
        "Vous avez approuvé cette solution : le ticket est clos.\n"
        "Êtes-vous satisfait·e du traitement de votre demande ?\n"
        "[😀 Satisfait·e]\n[😐 Mitigé·e]\n[🙁 Mécontent·e]\n[Rouvrir]\n[Voir le détail]"
    )


def test_it_is_approved_from_the_detail_too(desk: Desk, resolved: Person) -> None:
    resolved.press(DETAIL, DIRECT)
    resolved.press(APPROVE)
    assert "Solution approuvée par Camille Bernard" in resolved.modal_text
    assert "[C’est réparé, clore]" not in resolved.modal_text
    assert desk.ticket().ending is Ending.APPROVED
    assert "Vous avez approuvé cette solution" in resolved.reads()[1]


def test_a_double_click_approves_once_and_says_so(desk: Desk, closed: Person) -> None:
    closed.press(APPROVE, DIRECT, stale=True)
    [words] = closed.ephemeral_messages()
    assert words.startswith("Trop tard. Solution approuvée par Camille Bernard le ")
    assert [action for action, _said in desk.history()].count(Action.APPROVE) == 1
    assert len(desk.mails()) == 2


@pytest.mark.parametrize(
    ("action_id", "words"),
    [
        (ids.APPROVE, "Seule la personne qui a fait la demande peut approuver une solution."),
        (ids.REFUSE, "Seule la personne qui a fait la demande peut refuser une solution."),
    ],
)
def test_nobody_answers_for_the_requester(desk: Desk, resolved: Person, action_id: str, words: str) -> None:
    for name in ("aurelie", "karim", "marc"):
        somebody = desk.person(name)
        somebody.forge_click(action_id, 1)
        assert somebody.ephemeral_messages() == [words]
        assert not somebody.has_modal
    assert desk.ticket().status is Status.RESOLVED


def test_what_is_not_resolved_cannot_be_approved(desk: Desk, camille: Person) -> None:
    camille.forge_click(ids.APPROVE, 1)
    [words] = camille.ephemeral_messages()
    assert words.startswith("Trop tard. Ouvert par Camille Bernard le ")
    assert words.endswith(" : le ticket est maintenant « nouveau ».")
    assert desk.ticket().status is Status.NEW


# -- refusing ------------------------------------------------------------------------------------------------


def test_refusing_needs_a_reason(desk: Desk, resolved: Person) -> None:
    resolved.press(REFUSE, DIRECT)
    assert resolved.modal["labels"] == ["Qu’est-ce qui ne marche toujours pas ?"]
    assert resolved.submit()["errors"] == {WHY_REFUSE: REQUIRED}
    blank = {"type": "plain_text_input", "value": "  "}
    assert resolved.forge_submission(reason=blank) == {"reason": "Merci de remplir ce champ."}
    assert desk.ticket().status is Status.RESOLVED


def test_a_refusal_goes_back_to_the_technician_with_its_reason(
    desk: Desk, resolved: Person, karim: Person
) -> None:
    resolved.press(REFUSE, DIRECT)
    resolved.submit({WHY_REFUSE: "Toujours gris."})
    ticket = desk.ticket()
    assert ticket.assignee is not None
    assert (ticket.status, ticket.assignee.name) == (Status.IN_PROGRESS, "Karim Benali")
    assert "Ce qui ne marche toujours pas :\nToujours gris." in karim.reads(TRIAGE)[0]
    assert karim.reads_thread() == ["Solution refusée par Camille Bernard · @Karim Benali\nToujours gris."]
    assert "Vous avez refusé cette solution" in resolved.reads()[1]


def test_it_is_refused_from_the_detail_too(desk: Desk, resolved: Person) -> None:
    resolved.press(DETAIL, DIRECT)
    resolved.press(REFUSE)
    resolved.submit({WHY_REFUSE: "Toujours gris."})
    assert resolved.modal["title"] == "n° 1"
    assert "Solution refusée par Camille Bernard" in resolved.modal_text
    assert desk.ticket().status is Status.IN_PROGRESS


def test_a_stale_refusal_opens_no_form(closed: Person) -> None:
    closed.press(REFUSE, DIRECT, stale=True)
    assert not closed.has_modal
    assert closed.ephemeral_messages()[0].startswith("Trop tard. Solution approuvée par Camille Bernard le ")


def test_a_refusal_written_while_the_ticket_was_closed_is_refused_and_kept(
    desk: Desk, resolved: Person
) -> None:
    resolved.press(REFUSE, DIRECT)
    resolved.forge_click(ids.APPROVE, 1)
    errors = resolved.submit({WHY_REFUSE: "Toujours gris."})["errors"]
    assert errors[WHY_REFUSE].startswith("Trop tard. Solution approuvée par Camille Bernard le ")
    assert resolved.modal["values"][WHY_REFUSE] == "Toujours gris."
    assert desk.ticket().ending is Ending.APPROVED


def test_an_answer_to_an_earlier_solution_counts_for_nothing(
    desk: Desk, resolved: Person, karim: Person
) -> None:
    """The first request was answered; its old buttons, on a screen that is behind, are no longer its own."""
    resolved.press(REFUSE, DIRECT)
    resolved.submit({WHY_REFUSE: "Toujours gris."})
    resolved.press(APPROVE, DIRECT, stale=True)
    assert resolved.ephemeral_messages()[0].startswith("Trop tard. Solution refusée par Camille Bernard le ")
    assert desk.ticket().status is Status.IN_PROGRESS


# -- reopening -----------------------------------------------------------------------------------------------


def test_reopening_asks_why(desk: Desk, closed: Person) -> None:
    closed.press(REOPEN, DIRECT)
    assert closed.modal["labels"] == [WHY_REOPEN]
    assert closed.submit()["errors"] == {WHY_REOPEN: REQUIRED}
    assert desk.ticket().status is Status.CLOSED


def test_it_is_reopened_from_the_detail_too(desk: Desk, closed: Person) -> None:
    closed.press(DETAIL, DIRECT)
    closed.press(REOPEN)
    closed.submit({WHY_REOPEN: "Retombée en panne."})
    assert "Rouvert par Camille Bernard" in closed.modal_text
    assert desk.ticket().status is Status.IN_PROGRESS


def test_reopening_sends_no_mail(desk: Desk, closed: Person) -> None:
    closed.press(REOPEN, DIRECT)
    closed.submit({WHY_REOPEN: "Retombée en panne."})
    assert len(desk.mails()) == 2


def test_a_ticket_is_reopened_on_the_last_day(desk: Desk, closed: Person) -> None:
    desk.ahead = timedelta(days=desk.settings.reopen_days) - timedelta(minutes=1)
    closed.press(REOPEN, DIRECT)
    closed.submit({WHY_REOPEN: "Retombée en panne."})
    assert desk.ticket().status is Status.IN_PROGRESS


def test_after_that_a_new_ticket_that_follows_it_is_offered(
    desk: Desk, closed: Person, karim: Person
) -> None:
    desk.ahead = timedelta(days=desk.settings.reopen_days, minutes=1)
    closed.press(REOPEN, DIRECT)
    values = closed.modal["values"]
    assert closed.modal["title"] == "Ticket informatique"
    assert (values["Titre"], values["Site"], values["Impact utilisateur"], values["Urgence utilisateur"]) == (
        "Imprimante en panne",
        "IUT",
        "Moi seul·e",
        "Haute",
    )
    closed.submit({"Description": "Elle est retombée en panne."})
    assert desk.ticket(1).status is Status.CLOSED
    assert desk.ticket(2).follows_id == 1
    assert "Fait suite au : n° 1" in karim.reads(TRIAGE)[1]


def test_the_detail_offers_to_reopen_or_to_follow_up(desk: Desk, closed: Person) -> None:
    closed.press(DETAIL, DIRECT)
    assert "[Rouvrir]" in closed.modal_text
    assert FOLLOW_UP not in closed.modal_text
    closed.close()
    desk.ahead = timedelta(days=desk.settings.reopen_days, minutes=1)
    closed.press(DETAIL, DIRECT)
    assert "[Rouvrir]" not in closed.modal_text
    closed.press(FOLLOW_UP)
    closed.submit()
    assert desk.ticket(2).follows_id == 1


def test_a_reason_written_past_the_last_day_is_refused_in_words(desk: Desk, closed: Person) -> None:
    closed.press(REOPEN, DIRECT)
    desk.ahead = timedelta(days=desk.settings.reopen_days, minutes=1)
    assert closed.submit({WHY_REOPEN: "Retombée en panne."})["errors"] == {
        WHY_REOPEN: "Le n° 1 est clos depuis plus de 10 jours : merci d’ouvrir un nouveau ticket."
    }
    assert closed.modal["values"][WHY_REOPEN] == "Retombée en panne."


@pytest.mark.parametrize("days", [0, 30])
def test_nobody_else_reopens_it_or_follows_it_up(desk: Desk, closed: Person, days: int) -> None:
    desk.ahead = timedelta(days=days)
    for name in ("aurelie", "karim"):
        somebody = desk.person(name)
        somebody.forge_click(ids.REOPEN, 1)
        assert somebody.ephemeral_messages() == ["Ce ticket n’existe pas, ou n’est pas le vôtre."]
        assert not somebody.has_modal
    assert desk.ticket().status is Status.CLOSED


def test_a_ticket_that_nobody_had_is_new_again_when_reopened(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.press(DETAIL, DIRECT)
    camille.press(CANCEL)
    camille.submit({WHY_CANCEL: "Elle remarche."})
    camille.press(REOPEN)
    camille.submit({WHY_REOPEN: "Non, finalement."})
    assert desk.ticket().status is Status.NEW
    assert "[Je prends]" in karim.reads(TRIAGE)[0]
    assert "Votre ticket est rouvert." in camille.reads()[0]


# -- cancelling ----------------------------------------------------------------------------------------------


def test_cancelling_needs_a_reason(desk: Desk, camille: Person) -> None:
    camille.press(DETAIL, DIRECT)
    camille.press(CANCEL)
    assert camille.submit()["errors"] == {WHY_CANCEL: REQUIRED}
    assert desk.ticket().status is Status.NEW


def test_a_resolved_ticket_is_answered_and_not_cancelled(desk: Desk, resolved: Person) -> None:
    resolved.press(DETAIL, DIRECT)
    assert f"[{CANCEL}]" not in resolved.modal_text
    resolved.close()
    resolved.forge_click(ids.CANCEL, 1)
    assert resolved.ephemeral_messages()[0].startswith("Trop tard. Résolu par Karim Benali le ")
    assert desk.ticket().status is Status.RESOLVED


def test_nobody_else_cancels_it(desk: Desk, camille: Person) -> None:
    for name in ("aurelie", "marc"):
        somebody = desk.person(name)
        somebody.forge_click(ids.CANCEL, 1)
        assert somebody.ephemeral_messages() == [
            "Seuls la personne qui a fait la demande et ses techniciens peuvent annuler ce ticket."
        ]
    assert desk.ticket().status is Status.NEW


def test_a_reason_of_somebody_else_is_refused(desk: Desk, camille: Person) -> None:
    camille.press(DETAIL, DIRECT)
    camille.press(CANCEL)
    body = camille.submission()
    body["user"]["id"] = desk.person("aurelie").slack_id
    body["view"]["state"]["values"]["reason"]["reason"]["value"] = "Pour voir."
    assert list(desk.dispatch(body)["errors"]) == ["reason"]
    assert desk.ticket().status is Status.NEW


def test_closing_the_form_changes_nothing(desk: Desk, resolved: Person) -> None:
    resolved.press(REFUSE, DIRECT)
    resolved.close()
    assert desk.ticket().status is Status.RESOLVED
    resolved.press(APPROVE, DIRECT)
    assert desk.ticket().ending is Ending.APPROVED


def test_an_answer_to_an_earlier_solution_is_not_one_to_the_next(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.take()
    karim.resolve("Éteinte et rallumée.")
    camille.press("Ça ne marche toujours pas", DIRECT)
    camille.submit({"Qu'est-ce qui ne marche toujours pas ?": "Rien n’imprime."})
    karim.resolve("Toner changé.")
    first = camille.messages()[1]["ts"]

    place = {"channel": DIRECT, "ts": first}
    desk.slack.control.post("click", user="camille", text="C'est réparé, clore", stale=True, **{"in": place})
    desk.deliver()

    assert desk.ticket().status is Status.RESOLVED
    assert "Trop tard" in camille.ephemeral_messages()[-1]
