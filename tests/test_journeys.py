"""Whole journeys, one an ending: what each person sees, the database, and the mailbox."""

from models.lifecycle import Ending, Status
from tests.desk import TRIAGE, Desk


def test_a_ticket_is_filed_taken_resolved_and_approved(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")

    camille.file_ticket("Imprimante en panne")
    assert "Nous avons votre ticket" in camille.reads()[0]
    karim.press("Je prends", TRIAGE)
    karim.press("Résoudre", TRIAGE)
    karim.submit({"Solution": "Toner changé."})
    assert "Toner changé." in camille.reads()[1]
    camille.press("C'est réparé, clore", "@guichet")

    ticket = desk.ticket()
    assert (ticket.status, ticket.ending) == (Status.CLOSED, Ending.APPROVED)
    assert len(camille.messages()) == 2
    assert "le ticket est clos" in camille.reads()[1]
    assert [mail["subject"] for mail in desk.mails()] == ["[n° 1] Imprimante en panne"] * 3
