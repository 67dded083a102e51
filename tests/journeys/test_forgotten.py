"""A ticket whose contents were erased: what people read where it was, and that nothing comes back."""

import pytest
from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.services.personal_data.forgetting import forget_files_and_notes, forget_ticket
from models.lifecycle import Action
from models.removals.removal import Removal, RemovalState
from models.tickets.ticket import Ticket
from tests.support.help_desk import APPROVE, DELIVERED, DETAIL, DIRECT, TRIAGE, Desk, Person, file

NEEDLE = "quetzal"


def closed(desk: Desk, requester: str = "camille", **values: object) -> tuple[Person, Person]:
    """A ticket of theirs that Karim has solved; both people."""
    asks, karim = desk.person(requester), desk.person("karim")
    asks.file_ticket(f"Un {NEEDLE}", **values)
    karim.take()
    karim.write(f"note {NEEDLE}", TRIAGE, thread_ts=karim.messages(TRIAGE)[-1]["ts"])
    karim.resolve(f"Sans {NEEDLE}.")
    asks.press("It works, close" if requester == "oliver" else APPROVE, DIRECT)
    return asks, karim


def forget(desk: Desk) -> None:
    """Erase what the ticket says; the messages in Slack are still there."""
    with desk.sessions.begin() as session:
        forget_ticket(UnitOfWork(session, desk.now), 1)


@pytest.mark.parametrize(
    ("requester", "detail", "said"),
    [
        ("camille", DETAIL, "Le contenu du ticket n° 1 a été effacé le "),
        ("oliver", "View details", "The contents of ticket No. 1 were erased on "),
    ],
)
def test_who_presses_an_old_message_reads_when_it_was_erased(
    desk: Desk, requester: str, detail: str, said: str
) -> None:
    asks, _karim = closed(desk, requester)
    forget(desk)
    asks.press(detail, DIRECT, deliver=False)
    assert said in asks.ephemeral_messages()[-1]
    assert not asks.has_modal


def test_a_technician_finds_it_by_its_number_only(desk: Desk) -> None:
    _camille, karim = closed(desk)
    forget(desk)
    karim.command("/chercher", NEEDLE)
    assert "Aucun ticket" in karim.modal_text
    karim.close()
    karim.command("/chercher", "1")
    assert "n° 1 · Contenu effacé" in karim.modal_text
    assert "Camille" not in karim.modal_text
    assert "—" not in karim.modal_text
    karim.press("Ouvrir")
    assert "Le contenu du ticket n° 1 a été effacé le " in karim.modal_text


def test_it_is_no_longer_among_the_requesters_tickets(desk: Desk) -> None:
    camille, _karim = closed(desk)
    forget(desk)
    camille.command("/mes-tickets")
    camille.press("Mes tickets clos")
    assert "n° 1" not in camille.modal_text
    camille.close()
    camille.visit_home()
    assert NEEDLE not in camille.home_text


def test_the_form_to_reopen_that_was_left_open_changes_nothing(desk: Desk) -> None:
    camille, _karim = closed(desk)
    camille.press(DETAIL, DIRECT)
    camille.press("Rouvrir")
    forget(desk)
    answer = camille.submit({"Pourquoi rouvrir ce ticket ?": f"Encore un {NEEDLE}"})
    assert "Le contenu du ticket n° 1 a été effacé le " in str(answer) + camille.modal_text
    assert NEEDLE not in str(desk.history())
    assert desk.history()[-1][0] is Action.APPROVE


def test_what_is_written_under_its_messages_is_not_kept(desk: Desk) -> None:
    camille, karim = closed(desk)
    places = [(camille, DIRECT), (karim, TRIAGE)]
    forget(desk)
    before = desk.history()
    for person, channel in places:
        person.write(NEEDLE, channel, thread_ts=person.messages(channel)[0]["ts"])
    desk.deliver()
    assert desk.history() == before


def test_files_and_notes_go_first_and_the_detail_says_so(desk: Desk) -> None:
    camille, karim = closed(desk, **{"Pièces attachées": [file(f"{NEEDLE}.pdf")]})
    with desk.sessions.begin() as session:
        forget_files_and_notes(UnitOfWork(session, desk.now), 1)
    desk.deliver()
    assert not any(f"{NEEDLE}.pdf" in text for text in camille.reads())
    camille.press(DETAIL, DIRECT)
    assert "Les éventuels fichiers de ce ticket ont été effacés le " in camille.modal_text
    karim.press("Voir le détail", TRIAGE)
    assert f"note {NEEDLE}" not in karim.modal_text
    assert "Les éventuels fichiers et notes" in karim.modal_text
    with desk.sessions() as session:
        listed = select(Removal.owner).where(Removal.state == RemovalState.OTHERS)
        owners = {*session.scalars(listed)}
        assert session.get_one(Ticket, 1).title == f"Un {NEEDLE}"
    assert owners == {camille.slack_id, karim.slack_id}
    assert DELIVERED  # the messages about the ticket stay
