"""Invisible characters, and characters that databases cannot store."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.characters import is_blank, storable, storable_json

UNSEEN = "\u200b\u2800\u3164\u00ad\ufeff\u2060\u115f\uffa0\u034f\ufe0f\u202e\u00a0\u3000\u2028\x00\t\n "
HELD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize("character", UNSEEN, ids=lambda each: f"U+{ord(each):04X}")
def test_a_character_that_draws_nothing_is_a_blank(character: str) -> None:
    assert is_blank(character * 3)
    assert not is_blank(f"{character}é")


def test_an_empty_text_is_blank() -> None:
    assert is_blank("")


@pytest.mark.parametrize("text", ["0", ".", "é", "e\u0301", "👩\u200d👧", "א", "\ufffd", "⚠\ufe0f"])
def test_a_text_with_something_to_see_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("avant\x00après", "avantaprès"),
        ("avant \ud83d après", "avant \ufffd après"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        ("😀", "😀"),
        (json.loads(r'"\ud83d\ude00 \ud83d"'), "😀 \ufffd"),
    ],
)
def test_what_no_database_keeps_is_left_out_or_replaced(text: str, written: str) -> None:
    assert storable(text) == written


@given(HELD)
def test_whatever_is_held_can_be_written_and_is_the_same_without_such_characters(value: Any) -> None:
    before = json.dumps(value)
    after = storable_json(value)
    json.dumps(after, ensure_ascii=False).encode()
    assert "\\u0000" not in json.dumps(after)
    if "\\u0000" not in before and "\\ud" not in before:
        assert json.dumps(after) == before


def test_names_and_texts_are_cleaned_however_deep_they_are() -> None:
    value: Any = {"a\x00": ["\ud83d"]}
    for _ in range(5_000):
        value = [value]
    value = storable_json(value)
    while isinstance(value, list):
        [value] = value
    assert value == {"a": ["\ufffd"]}
