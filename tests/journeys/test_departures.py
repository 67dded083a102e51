"""Somebody leaves a team: their open tickets go back into its queue, an hour later, if they are gone."""

from datetime import timedelta

import pytest

from models.lifecycle import Action, Status
from tests.support.help_desk import TRIAGE, Desk, Person

HOUR = timedelta(hours=1, minutes=1)


@pytest.fixture
def marc(desk: Desk) -> Person:
    """Another technician of the team Assistance."""
    marc = desk.person("marc")
    marc.join(TRIAGE)
    return marc


@pytest.fixture
def held(desk: Desk, camille: Person, karim: Person) -> Person:
    """Karim, who has two of Camille's tickets: one in progress, one on hold."""
    desk.stop_clock()
    camille.have_filed("Écran noir")
    karim.take()
    camille.have_filed("Clavier muet")
    karim.take()
    karim.menu("Mettre en attente…")
    karim.submit({"En attente de": "un fournisseur"})
    desk.deliver()
    return karim


def pass_time(desk: Desk, span: timedelta = HOUR) -> None:
    desk.ahead += span
    desk.deliver()


def state(desk: Desk, number: int) -> tuple[Status, str | None]:
    ticket = desk.ticket(number)
    return ticket.status, ticket.assignee.name if ticket.assignee else None


def untouched(desk: Desk) -> bool:
    name = "Karim Benali"
    return (state(desk, 1), state(desk, 2)) == ((Status.IN_PROGRESS, name), (Status.PENDING, name))


def test_the_tickets_of_who_left_are_released_after_an_hour_and_given_back(
    desk: Desk, held: Person, marc: Person
) -> None:
    held.leave(TRIAGE)
    desk.deliver()
    pass_time(desk, timedelta(minutes=50))
    assert untouched(desk)
    pass_time(desk)
    assert state(desk, 1) == (Status.NEW, None)
    assert state(desk, 2) == (Status.PENDING, None)
    summary = marc.messages(TRIAGE)[-1]["text"]
    assert (
        "Karim Benali a quitté l’équipe Assistance de proximité : 2 tickets sont de retour dans la file"
        in summary
    )
    assert "Écran noir" in summary
    assert "Clavier muet" in summary

    marc.press("Tout rendre", TRIAGE)
    assert "n’est pas dans le canal de l’équipe" in marc.ephemeral_messages()[-1]
    assert state(desk, 1) == (Status.NEW, None)

    held.join(TRIAGE)
    marc.press("Tout rendre", TRIAGE)
    desk.deliver()
    assert untouched(desk)
    summary = marc.messages(TRIAGE)[-1]["text"]
    assert "2 tickets rendus à Karim Benali par Marc" in summary
    assert "[Tout rendre]" not in summary
    assert [action for action, _text in desk.history(1)][-2:] == [Action.UNASSIGN, Action.ASSIGN]


def test_who_is_back_within_the_hour_keeps_their_tickets(desk: Desk, held: Person, marc: Person) -> None:
    held.leave(TRIAGE)
    pass_time(desk, timedelta(minutes=30))
    held.join(TRIAGE)
    pass_time(desk)
    assert untouched(desk)


def test_what_somebody_has_since_is_not_given_back(desk: Desk, held: Person, marc: Person) -> None:
    held.leave(TRIAGE)
    pass_time(desk)
    marc.take()
    desk.deliver()
    held.join(TRIAGE)
    marc.press("Tout rendre", TRIAGE)
    desk.deliver()
    assert state(desk, 1) == (Status.IN_PROGRESS, "Marc Petit")
    assert state(desk, 2) == (Status.PENDING, "Karim Benali")


def test_the_button_is_gone_after_a_day(desk: Desk, held: Person, marc: Person) -> None:
    held.leave(TRIAGE)
    pass_time(desk)
    assert "[Tout rendre]" in marc.messages(TRIAGE)[-1]["text"]
    pass_time(desk, timedelta(days=1))
    assert "[Tout rendre]" not in marc.messages(TRIAGE)[-1]["text"]


@pytest.mark.parametrize("fault", [429, 500])
def test_a_reading_that_fails_releases_nothing(desk: Desk, held: Person, marc: Person, fault: int) -> None:
    held.leave(TRIAGE)
    desk.deliver()
    desk.ahead += HOUR
    desk.fault("conversations.members", fault)
    desk.worker.drain()
    assert untouched(desk)


def test_who_reads_english_is_told_in_english_why_nothing_is_given_back(desk: Desk, held: Person) -> None:
    oliver = desk.person("oliver")
    oliver.join(TRIAGE)
    held.leave(TRIAGE)
    pass_time(desk)
    oliver.press("Tout rendre", TRIAGE)  # the message is in the language of the team
    assert "Karim Benali is not in the team’s channel" in oliver.ephemeral_messages()[-1]
    held.join(TRIAGE)
    desk.ahead += timedelta(days=1, minutes=1)
    oliver.press("Tout rendre", TRIAGE, deliver=False)
    assert "This was possible for one day." in oliver.ephemeral_messages()[-1]
    assert state(desk, 1) == (Status.NEW, None)
