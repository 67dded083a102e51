"""Which words the index is asked for."""

from models.search.conditions import without_common, words_of
from models.search.query import AllOf, AnyOf, Condition, Word, query_of

A, B, C = Word("a"), Word("b"), Word("c")


def test_a_common_word_is_left_out_beside_another() -> None:
    assert without_common([A, B, C], {A, C}) == [B]


def test_common_words_alone_stay() -> None:
    assert without_common([A, B], {A, B}) == [A, B]
    assert without_common([AllOf((A, B))], {A, B}) == [AllOf((A, B))]


def test_it_is_left_out_of_each_writing_that_has_others() -> None:
    either: Condition = AnyOf((C, AllOf((A, B))))
    assert without_common([either], {A}) == [AnyOf((C, AllOf((B,))))]
    assert without_common([either, B], {C}) == [B]


def test_the_words_of_a_query_in_all_its_writings() -> None:
    prefixes = [word.prefix for word in words_of(query_of("imprimante B-204").parts)]
    assert prefixes == ["imprimante", "b204", None, "204"]
