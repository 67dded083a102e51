"""What arrived with a ticket, as its requester's card repeats it."""

from blocks.i18n import translator
from blocks.tickets.requester.receipt import receipt
from models.catalogue import QuestionType
from models.tickets.answer import Answer
from tests.support.factories import both, make_ticket


def test_an_answer_is_on_one_line_with_its_no_break_spaces() -> None:
    shown = both("Prix\u00a0: 30\u00a0€\n  avec le câble")
    answer = Answer("prix", QuestionType.TEXT, both("Modèle"), str(shown.fr), shown)
    [block] = receipt(translator("fr-FR"), make_ticket(answers=[answer]), [])
    parts = block.to_dict()["elements"][0]["elements"]
    assert "".join(part["text"] for part in parts) == "Modèle\u00a0: Prix\u00a0: 30\u00a0€ avec le câble"
