"""What a row of the queue says below its ticket."""

import json

from blocks.i18n import translator
from blocks.queue.beside import beside_blocks
from models.lifecycle import Action, Status
from models.pages import Beside
from tests.support.factories import make_event, make_person, make_team, make_ticket

KARIM = make_person("Karim", id=2)
CARD = ("C1", "1700000000.000100")


def below(*, is_confidential: bool) -> str:
    ticket = make_ticket(team=make_team(is_confidential=is_confidential), status=Status.IN_PROGRESS)
    beside = Beside(make_event(KARIM, Action.REPLY), CARD)
    blocks = beside_blocks(translator("fr-FR"), ticket, beside, "T1")
    return json.dumps([block.to_dict() for block in blocks])


def test_it_says_what_was_last_done_and_links_to_the_card() -> None:
    assert "Karim" in below(is_confidential=False)
    assert "p1700000000000100" in below(is_confidential=False)


def test_of_a_confidential_ticket_it_only_links_to_the_card() -> None:
    assert "Karim" not in below(is_confidential=True)
    assert "p1700000000000100" in below(is_confidential=True)
