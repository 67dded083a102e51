"""A forgotten ticket that others name: their messages say nothing of it any more."""

import pytest

from tests.journeys.test_children import PARENT, attach
from tests.journeys.test_erasing import erase, in_slack
from tests.support.help_desk import Desk, Person


@pytest.fixture
def oliver(desk: Desk, camille: Person, karim: Person) -> Person:
    """His ticket is attached to Camille's."""
    oliver = desk.person("oliver")
    camille.have_filed("Panne du bâtiment A")
    oliver.have_filed("No network in my office")
    attach(karim, PARENT)
    return oliver


def left(desk: Desk, person: Person) -> list[str]:
    traces = ("No network", "Oliver", "Smith", person.slack_id)
    return [each for each in traces if each in in_slack(desk)]


def test_a_parents_card_names_no_child_of_somebody_erased(desk: Desk, oliver: Person) -> None:
    erase(desk, oliver)
    assert left(desk, oliver) == []


def test_nor_one_that_was_closed_before(desk: Desk, karim: Person, oliver: Person) -> None:
    oliver.command("/mes-tickets")
    oliver.press("Open")
    oliver.press("Cancel this ticket")
    oliver.submit({"Why are you cancelling this ticket?": "It works"})
    erase(desk, oliver)
    assert left(desk, oliver) == []


def test_a_childs_messages_say_nothing_of_a_parent_of_somebody_erased(
    desk: Desk, camille: Person, karim: Person, oliver: Person
) -> None:
    erase(desk, camille)
    assert [each for each in ("Panne", "Camille", "Bernard") if each in in_slack(desk)] == []
