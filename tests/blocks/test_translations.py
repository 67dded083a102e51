"""The French catalogue: complete, with nothing more than the code says, and as French is printed."""

import re
import tomllib
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from blocks.i18n import translator
from tests.conftest import ROOT

PO = ROOT / "blocks" / "locale" / "fr" / "LC_MESSAGES" / "guichet.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "plural": (1, 2)}


@cache
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, abort_invalid=True)


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


@cache
def in_the_code() -> frozenset[str | tuple[str, ...]]:
    """Every message that the code and the mails mark, as `make messages` finds them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = [(each["pattern"], each["method"]) for each in project["tool"]["babel"]["mappings"]]
    return frozenset(
        message
        for room in ("bot", "blocks", "models")
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / room), mappings, keywords=KEYWORDS
        )
    )


def forms(message: Message) -> list[tuple[str, str]]:
    """Each form with its translation; French has two, as English."""
    ids, strings = [
        (each,) if isinstance(each, str) else tuple(each) for each in (message.id, message.string)
    ]
    return list(zip(ids, strings, strict=True))


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(
    ("name", "reply"),
    [("Karim", "Réponse de Karim"), ("Oliver", "Réponse d’Oliver"), ("Élodie", "Réponse d’Élodie")],
)
def test_de_loses_its_vowel_before_another(name: str, reply: str) -> None:
    assert translator("fr-FR")("Reply from {name}", name=name) == reply


def test_everything_that_is_said_is_translated_and_nothing_else() -> None:
    translated = {tuple(each) if isinstance(each, list) else each for each in (m.id for m in messages())}
    assert translated == in_the_code()
    assert len(translated) > 100


def test_nothing_is_obsolete_or_only_guessed() -> None:
    assert catalogue().obsolete == {}
    assert [message.id for message in messages() if message.fuzzy] == []


def test_every_message_has_words_in_every_form() -> None:
    assert [each for message in messages() for each in forms(message) if not each[1].strip()] == []


def test_a_translation_fills_the_same_fields() -> None:
    for message in messages():
        for original, translation in forms(message):
            assert fields(translation) == fields(original), original


def test_every_field_has_a_name() -> None:
    names = {name for message in messages() for original, _ in forms(message) for name in fields(original)}
    assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("a colon has a space before it that does not break", r"(?<!\u00a0):"),
        ("?, ! and ; have a thin one", r"(?<!\u202f)[?!;]"),
        ("quotes are « » with spaces inside that do not break", r"«(?!\u00a0)|(?<!\u00a0)»|[“”\"]"),
        ("a number stays with its n°", r"n° "),
        ("an apostrophe is curved", r"'"),
        ("an ellipsis is one character", r"\.\.\."),
        ("no blank doubles or hangs", r"[ \u00a0\u202f]{2}|\s$|^ "),
    ],
)
def test_french_is_printed_as_french(rule: str, wrong: str) -> None:
    for message in messages():
        for original, translation in forms(message):
            if original.strip() == original:
                assert not re.search(wrong, translation), (rule, translation)


def test_what_is_compiled_is_what_is_written() -> None:
    _ = translator("fr-FR")
    for message in messages():
        if isinstance(message.id, str):
            assert _(message.id) == message.string
    assert _.plural("{count} result for “{words}”", "{count} results for “{words}”", 2, words="x").startswith(
        "2 résultats"
    )


def test_english_is_what_the_code_says() -> None:
    _ = translator("en-GB")
    assert all(_(message.id) == message.id for message in messages() if isinstance(message.id, str))


@pytest.mark.parametrize(
    ("locale", "language"), [("fr-FR", "fr"), ("en-GB", "en"), ("en-US", "en"), ("de-DE", "fr")]
)
def test_french_is_the_fallback(locale: str, language: str) -> None:
    assert translator(locale).locale == language


def test_templates_leave_plurals_to_code() -> None:
    """They are not found in templates, and would stay English."""
    templates = [path for path in (ROOT / "bot").rglob("*") if path.suffix in {".html", ".txt", ".j2"}]
    assert len(templates) > 10
    assert [path.name for path in templates if ".plural(" in path.read_text(encoding="utf-8")] == []
