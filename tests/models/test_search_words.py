"""The words of a text: in any of the writings that read the same; and what a query looks for."""

import pytest

from models.search.query import AllOf, AnyOf, Condition, Word, query_of
from models.words.inclusive_writing import inclusive_forms
from models.words.plain_letters import normalise
from models.words.search_words import CODE_MAX, WORD_MAX, search_terms, search_words

SAME = (
    # codes, whatever separates their parts
    ("00:1A:2B:3C:4D:5E", "00-1A-2B-3C-4D-5E", "001A.2B3C.4D5E", "001A2B3C4D5E", "00 1a 2b 3c 4d 5e"),
    ("AA:BB:CC:DD:EE:FF", "aabb.ccdd.eeff", "aabbccddeeff", "AA-BB-CC-DD-EE-FF"),
    ("Salle B 204", "salle B-204", "salle B204", "salle b.204", "Salle B/204", "salle B_204"),
    ("PC 2023 0042", "PC-2023-0042", "pc20230042", "PC/2023/0042", "PC2023-0042", "PC – 2023 – 0042"),
    ("Amphi 3", "amphi-3", "Amphi3"),
    ("SRV-DATA-03", "srv_data_03", "srvdata03", "SRV DATA 03"),
    ("Inv. n° 2019/117", "inv 2019117", "inv. 2019-117", "Inv. nº 2019 117"),
    (
        "04 77 42 17 00",
        "0477421700",
        "04.77.42.17.00",
        "04-77-42-17-00",
        "04\u00a077\u00a042\u00a017\u00a000",
    ),
    ("+33 4 77 42 17 00", "0477421700", "+33 (0)4 77 42 17 00", "0033 4 77 42 17 00", "04 77 42 17 00"),
    # names and compounds
    ("Dupont-Durand", "dupont‑durand", "Dupont–Durand"),
    ("Wi-Fi", "wifi", "Wi–Fi", "Wi‑Fi", "wi fi", "WI—FI", "Wi\u00adFi", "wi−fi"),
    ("l’écran", "l'ecran", "lʼécran", "l`écran", "l‘ECRAN", "lecran"),
    # letters
    ("Søren", "soren", "SØREN"),
    ("Łódź", "lodz", "ŁÓDŹ"),
    ("Đorđe", "dorde"),
    ("Straße", "strasse", "STRASSE"),
    ("Æsir cœur", "aesir coeur", "ÆSIR CŒUR"),
    ("Þór", "thor"),
    ("Işık", "isik", "IŞIK"),
    ("Guðrún", "gudrun"),
    ("Ħamrun", "hamrun"),
    ("e\u0301cran", "écran", "ecran"),
    ("ﬁchier", "fichier"),
    ("Ｗｉｆｉ", "wifi"),
    # what cannot be seen
    ("impri\u00admante", "imprimante", "impri\u200bmante", "impri\u2060mante", "\ufeffimprimante"),
    # inclusive writing
    ("étudiant·e·s", "étudiant(e)s", "étudiant.e.s", "étudiant-e-s", "étudiant•e•s", "étudiantes"),
    ("étudiant·es", "étudiant/e/s", "étudiantes"),
    ("technicien·ne", "technicien(ne)", "technicienne", "technicien/ne"),
)


def finds(text: str, words: str) -> bool:
    """Whether a text is found by words: what the databases do, in Python."""
    terms = search_terms(text)

    def holds(condition: Condition) -> bool:
        if isinstance(condition, Word):
            return any(each in condition.whole or _begins(each, condition) for each in terms)
        parts = [holds(part) for part in condition.parts]
        return any(parts) if isinstance(condition, AnyOf) else all(parts)

    return holds(query_of(words))


def _begins(term: str, word: Word) -> bool:
    return word.prefix is not None and term.startswith(word.prefix)


@pytest.mark.parametrize("writings", SAME, ids=lambda writings: writings[0])
def test_each_writing_is_found_by_each_other(writings: tuple[str, ...]) -> None:
    missed = [(text, words) for text in writings for words in writings if not finds(text, words)]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("étudiant·e·s", "étudiants"),
        ("étudiant·e·s", "étudiant"),
        ("directeur·rice·s", "directrices"),
        ("directeur/trice", "directrice"),
        ("vendeur·euse", "vendeuse"),
        ("administratif·ive·s", "administratives"),
        ("conseiller(ère)s", "conseillères"),
        ("heureux·se", "heureuse"),
        ("acteur·ice·s", "actrices"),
        ("tous·tes", "toutes"),
        ("étudiant[e]s", "étudiantes"),
        ("câble USB C", "usb-c"),
        ("Amphi A", "amphi-a"),
        ("R & D", "R&D"),
        ("10 h 30", "10h30"),
        ("192.168.1.10", "192-168-1-10"),
        ("Saint-Étienne", "saint etienne"),
        ("Dupont Durand", "dupont-durand"),
        ("Jean-Pierre Martin", "jean pierre"),
        ("Salle B 204, 04 77 42 17 00", "0477421700"),
        ("Salle B 204 04 77 42 17 00", "b204"),
        ("jean.dupont@univ.example", "jean.dupont@univ.example"),
        ("Écran noir", "l’écran"),
        ("les imprimantes", "imprimante"),
        ("mot de passe oublié", "oubliée"),
        ("oubliée", "oublie"),
    ],
)
def test_a_text_is_found_by_other_forms_of_its_words(text: str, words: str) -> None:
    assert finds(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bonjour, il y en a 204", "B-204"),
        ("Avec le wiki des fichiers", "wi-fi"),
        ("Salle B 204", "B 205"),
        ("Imprimante", "primante"),
        ("imprimante", "imprimeur zzz"),
        ("imprim", ".imprim zzz"),
        ("00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5F"),
        ("portable", "porter"),
    ],
)
def test_it_is_not_found_by_what_reads_otherwise(text: str, words: str) -> None:
    assert not finds(text, words)


def test_the_words_of_a_text_its_compounds_and_its_stems() -> None:
    text = "L’écran n’affiche\nplus RIEN_du tout (2 fois)"
    words = ["l", "ecran", "n", "affiche", "plus", "rien", "du", "tout", "2", "fois"]
    compounds = ["lecran", "naffiche", "riendu"]
    assert search_words(text) == [*words, *compounds]
    assert set(search_terms(text)) >= {*words, *compounds, ".ecran", ".affich", ".foi"}


def test_no_word_can_be_taken_for_a_stem() -> None:
    terms = search_terms(".imprim _imprim -imprim imprimante")
    assert [term for term in terms if term.startswith(".")] == [".imprim", ".imprimant"]
    assert "imprim" in terms


@pytest.mark.parametrize("text", ["a-" * 5000, "1 " * 5000, "x" * 5000, "é\u0301" * 5000, "a·b" * 3000])
def test_words_are_never_long_and_have_neither_blanks_nor_slashes(text: str) -> None:
    terms = search_terms(text)
    assert all(len(term) <= max(WORD_MAX, CODE_MAX) and term.lstrip(".").isalnum() for term in terms)


def test_a_query_of_no_words_looks_for_nothing() -> None:
    assert query_of("«?!» … — ' * : ^") == AllOf(())


def test_letters_are_without_case_accents_strokes_and_repeated_blanks() -> None:
    assert normalise("  ÉCRAN\u00a0 Søren\u200b ŁÓDŹ œuf ") == "ecran soren lodz oeuf"


def test_what_is_no_inclusive_writing_has_no_further_forms() -> None:
    for parts in (["jean", "pierre"], ["wi", "fi"], ["b", "204"], ["a", "b", "c", "d"], ["etudiant"]):
        assert inclusive_forms(parts) == []
