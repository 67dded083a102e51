"""Where somebody is found in texts and in JSON, and what takes their place."""

import pytest

from bot.services.personal_data.erasure.rewriting import Rewriting
from models.personal_data.shell import TECHNICIAN

KARIM = Rewriting("U0KARIM", "technician:7", ["Karim Ben Salah", "Karim"], "karim@univ.example", TECHNICIAN)


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("Vu avec <@U0KARIM>.", "Vu avec un technicien."),
        ("Vu avec <@U0KARIM|karim>.", "Vu avec un technicien."),
        ("Vu avec @Karim Ben Salah.", "Vu avec un technicien."),
        ("Vu avec Karim Ben Salah, puis Karim", "Vu avec un technicien, puis Karim"),
        ("Vu avec @Karim", "Vu avec un technicien"),
        ("Karim", "un technicien"),
        ("à karim@univ.example", "à un technicien"),
        ("<@U0KARIMA>, @Karima, nkarim@univ.example", "<@U0KARIMA>, @Karima, nkarim@univ.example"),
        ("U0KARIM", "technician:7"),
    ],
)
def test_they_are_named_no_more_in_a_text(text: str, now: str) -> None:
    assert KARIM.rewritten(text) == now


def test_in_json_a_name_in_two_languages_is_one_in_both() -> None:
    answer = {"id": "who", "value": "U0KARIM", "shown": {"fr": "Karim Ben Salah", "en": "Karim Ben Salah"}}
    assert KARIM.rewritten([answer, {"tickets": [1, None]}]) == [
        {"id": "who", "value": "technician:7", "shown": {"fr": "un technicien", "en": "a technician"}},
        {"tickets": [1, None]},
    ]


def test_a_name_that_is_neutral_already_is_not_looked_for() -> None:
    nobody = Rewriting("U0X", "person:1", [], None, TECHNICIAN)
    assert nobody.rewritten("un technicien, @Karim") == "un technicien, @Karim"
