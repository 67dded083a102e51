"""Agreements before the work: what each person sees, in both languages."""

from models.lifecycle import Agreement, Ending, Status
from tests.support.agreements import BADGE, ENGLISH_BADGE, request
from tests.support.help_desk import DIRECT, RESOLVE, Desk

IDENTITIES = "#dnum-identites"

AUTHORISE, DECLINE, ASK = "Donner mon accord", "Ne pas donner mon accord", "Il me manque une information"


def test_a_request_is_agreed_to_and_then_worked_on(desk: Desk) -> None:
    camille, aurelie, karim = desk.person("camille"), desk.person("aurelie"), desk.person("karim")
    request(camille, BADGE, "aurelie")
    [card] = camille.reads()
    assert "En attente de l’accord d’Aurélie D'Hérouville (Responsable des locaux)." in card
    [asked] = aurelie.reads()
    assert "Camille Bernard a besoin de votre accord pour cette demande." in asked
    assert "B204" in asked
    print(asked)
    print(card)
    print(karim.reads(IDENTITIES))
    assert f"[{RESOLVE}]" not in karim.reads(IDENTITIES)[0]

    aurelie.press(AUTHORISE, DIRECT)
    [agreed] = aurelie.reads()
    assert "Vous avez donné votre accord." in agreed
    assert f"[{AUTHORISE}]" not in agreed
    assert desk.ticket().agreement is Agreement.GIVEN
    assert f"[{RESOLVE}]" in karim.reads(IDENTITIES)[0]
    karim.resolve("Badge remis.", IDENTITIES)
    assert desk.ticket().status is Status.RESOLVED


def test_a_request_is_declined_for_good(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    request(camille, BADGE, "aurelie")
    aurelie.press(DECLINE, DIRECT)
    aurelie.submit({"Pourquoi ne donnez-vous pas votre accord ?": "Le local est en travaux."})
    ticket = desk.ticket()
    assert (ticket.status, ticket.ending) == (Status.CLOSED, Ending.DECLINED)
    print(aurelie.reads()[0])
    print("\n".join(camille.reads()))
    assert "Le local est en travaux." in camille.reads()[-1]
    assert "[Rouvrir]" not in camille.reads()[-1]
    print(desk.mails()[-1]["text"])


def test_an_approver_needs_more_information_and_is_asked_again(desk: Desk) -> None:
    camille, aurelie = desk.person("camille"), desk.person("aurelie")
    request(camille, BADGE, "aurelie")
    aurelie.press(ASK, DIRECT)
    aurelie.submit({"Que vous manque-t-il ?": "Jusqu'à quelle date ?"})
    print("\n---\n".join(camille.reads()))
    camille.press("Compléter la demande", DIRECT)
    print(camille.modal_text)
    camille.submit({"Votre message": "Jusqu'en juin.", "Portes ou zones à ouvrir": "B204 et B205"})
    print("\n---\n".join(aurelie.reads()))
    print("\n---\n".join(camille.reads()))
    assert "B204 → B204 et B205" in aurelie.reads()[-1]
    aurelie.press(AUTHORISE, DIRECT)
    assert desk.ticket().agreement is Agreement.GIVEN


def test_the_same_in_english(desk: Desk) -> None:
    oliver, aurelie = desk.person("oliver"), desk.person("aurelie")
    request(oliver, ENGLISH_BADGE, "aurelie", "Badge for B204")
    print("\n---\n".join(oliver.reads()))
    assert (
        "Waiting for the agreement of Aurélie D'Hérouville (Person in charge of the premises)."
        in oliver.reads()[0]
    )
