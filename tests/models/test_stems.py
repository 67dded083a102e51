"""The stems of words: which forms have one in common, which words have none."""

import pytest

from models.words.stems import STEM_MIN, stems


@pytest.mark.parametrize(
    "forms",
    [
        ("imprimante", "imprimantes", "imprimer", "imprimée"),
        ("oublié", "oubliée", "oublie", "oubliee", "oubliees", "oublier"),
        ("cassé", "cassees", "casser"),
        ("réseau", "reseaux", "réseaux"),
        ("journal", "journaux"),
        ("réinitialiser", "reinitialisation"),
        ("printing", "printed", "prints"),
        ("password", "passwords"),
        ("installed", "installing"),
    ],
)
def test_the_forms_of_a_word_have_a_stem_in_common_with_its_first(forms: tuple[str, ...]) -> None:
    assert [form for form in forms if not set(stems(form)) & set(stems(forms[0]))] == []


@pytest.mark.parametrize("word", ["", "a", "pc", "2024", "b204", "wi-fi", "le s", "🖨️", "covid19", "_mot"])
def test_short_words_numbers_and_codes_have_none(word: str) -> None:
    assert stems(word) == ()


@pytest.mark.parametrize("word", ["IMPRIMÉES", "Straße", "ﬁchiers", "être", "les", "Ошибка", "電話が鳴る"])
def test_stems_are_in_lower_case_without_accents_and_never_short(word: str) -> None:
    assert all(stem == stem.casefold() and stem.isalpha() and len(stem) >= STEM_MIN for stem in stems(word))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("panne", "pan"),
        ("écran", "écrire"),
        ("poste", "imposteur"),
        ("logement", "log"),
        ("paiements", "pai"),
    ],
)
def test_other_words_have_none_in_common(one: str, other: str) -> None:
    assert not set(stems(one)) & set(stems(other))
