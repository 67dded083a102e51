"""A technician files a ticket for somebody: the site is the requester's, unless the technician chose one."""

import pytest

from blocks import ids
from models.errors import TechniciansOnly
from models.person import Person as PersonRow
from tests.support.help_desk import ENGLISH_FORM, FORM, TRIAGE, Desk, Person

LABS = "Campus Sciences – Bâtiments B et C (laboratoires)"
LIBRARY = "Campus Centre – Bibliothèque universitaire"
LAW = "Campus Centre – Droit, économie et gestion"
TITLED = {"Titre": "Écran noir"} | {label: value for label, value in FORM.items() if label != "Site"}


@pytest.fixture
def camille(desk: Desk) -> Person:
    """Camille, who has filed a ticket at the laboratories; Karim has filed one at the library."""
    camille = desk.person("camille")
    camille.file_ticket(Site=LABS)
    desk.person("karim").file_ticket(Site=LIBRARY)
    return camille


def opened(karim: Person) -> Person:
    karim.command("/ticket")
    return karim


def site_of(desk: Desk, number: int) -> str:
    return str(desk.ticket(number).site_id)


def test_the_site_follows_the_requester(desk: Desk, camille: Person, karim: Person) -> None:
    opened(karim).choose("Demandeur", "Camille Bernard")
    karim.submit(TITLED | {"Demandeur": "Camille Bernard"})
    assert site_of(desk, 3) == "sciences-laboratoires"
    with desk.sessions() as session:
        row = session.query(PersonRow).filter_by(slack_id=karim.slack_id).one()
        assert row.last_site_id == "centre-bu"


def test_a_site_that_was_chosen_stays(desk: Desk, camille: Person, karim: Person) -> None:
    opened(karim).choose("Site", LAW)
    karim.choose("Demandeur", "Camille Bernard")
    karim.submit(TITLED | {"Demandeur": "Camille Bernard"})
    assert site_of(desk, 3) == "centre-droit"


def test_the_site_follows_again_when_another_is_chosen(desk: Desk, camille: Person, karim: Person) -> None:
    opened(karim).choose("Demandeur", "Camille Bernard")
    karim.choose("Demandeur", "Karim Benali")
    karim.submit(TITLED | {"Demandeur": "Karim Benali"})
    assert site_of(desk, 3) == "centre-bu"


def test_what_was_typed_stays_when_the_site_follows(desk: Desk, camille: Person, karim: Person) -> None:
    karim.command("/ticket", "Écran noir")
    karim.choose("Demandeur", "Camille Bernard")
    karim.submit({key: value for key, value in TITLED.items() if key != "Titre"})
    ticket = desk.ticket(3)
    assert (ticket.title, ticket.site_id) == ("Écran noir", "sciences-laboratoires")
    assert ticket.requester.name == "Camille Bernard"


def test_the_site_follows_in_an_english_form_too(desk: Desk, camille: Person, oliver: Person) -> None:
    oliver.join(TRIAGE)
    oliver.command("/ticket")
    oliver.choose("Requester", "Camille Bernard")
    about = {label: value for label, value in ENGLISH_FORM.items() if label != "Site"}
    oliver.submit(about | {"Title": "Black screen"})
    assert site_of(desk, 3) == "sciences-laboratoires"
    assert "No. 3 has been raised for Camille Bernard." in oliver.modal_text


def test_a_deactivated_account_is_refused_at_the_requester(
    desk: Desk, camille: Person, karim: Person
) -> None:
    opened(karim).choose("Demandeur", "Camille Bernard")
    assert desk.slack.control.post("person", user="camille", deleted=True)["ok"]
    [label] = karim.submit(TITLED, deliver=False)["errors"]
    assert label == "Demandeur"


def test_who_is_no_technician_learns_nobodys_site(desk: Desk, camille: Person, oliver: Person) -> None:
    """Also not by a payload that their form does not send."""
    oliver.command("/ticket")
    body = oliver.submission() | {"type": "block_actions"}
    chosen = {"type": "users_select", "action_id": ids.REQUESTER, "block_id": ids.REQUESTER}
    desk.dispatch(body | {"actions": [chosen | {"selected_user": camille.slack_id}]})
    [alert] = [line for line in oliver.modal_text.splitlines() if line == TechniciansOnly.message]
    assert alert
    assert "laboratories" not in oliver.modal_text
