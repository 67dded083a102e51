"""`guichet doctor` fails until people are told who is responsible for their data, and whom to ask."""

import pytest

from bot.settings import Settings
from tests.support.doctor import said


def test_it_names_who_answers(settings: Settings) -> None:
    assert said(settings, "notice") == [("ok", "notice: dpo@univ.example answers about personal data")]


@pytest.mark.parametrize(
    ("changed", "sign", "text"),
    [
        ({"privacy_controller": None}, "FAIL", "PRIVACY_CONTROLLER is not set"),
        ({"privacy_contact": None}, "FAIL", "PRIVACY_CONTACT is not set"),
        ({"privacy_transfers": ()}, "warn", "PRIVACY_TRANSFERS is not set"),
    ],
)
def test_what_is_missing_is_named(
    settings: Settings, changed: dict[str, object], sign: str, text: str
) -> None:
    [(found, words)] = said(settings, "notice", **changed)
    assert found == sign
    assert words.startswith(text)
