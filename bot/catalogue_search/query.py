"""A query as the index reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.catalogue_search.index import Index
from bot.catalogue_search.words import COMMON_WEIGHT, Word, without_addresses, words_of

WORDS_MAX = 40  # words of a query that are read


@dataclass(frozen=True)
class Term:
    """A word of a query: how much it tells, and the words of the index that it stands for."""

    text: str
    weight: float
    forms: Mapping[str, float]
    is_common: bool
    """Whether it is one that people say of anything."""


def read_query(index: Index, text: str) -> Sequence[Term]:
    """The words of a query that say something, each once."""
    found: dict[tuple[str, ...], Term] = {}
    for word in _as_the_index_writes(index, words_of(without_addresses(text))[:WORDS_MAX]):
        forms = index.vocabulary.forms(word) or index.vocabulary.near(word)
        if word.weight and (forms or not word.text.isdigit()):
            weight = word.weight * index.rarity(list(forms))
            found.setdefault(word.keys, Term(word.text, weight, forms, word.weight <= COMMON_WEIGHT))
    return list(found.values())


def _as_the_index_writes(index: Index, words: Sequence[Word]) -> Iterator[Word]:
    """The words, "wi fi" and "motdepasse" as the entries write them."""
    vocabulary, at = index.vocabulary, 0
    while at < len(words):
        pair = words[at : at + 2]
        joined = "".join(word.text for word in pair)
        # Words without weight are known too: "mot de passe" is not "mot dépassé".
        known = all(not word.weight or vocabulary.forms(word) for word in pair)
        if len(pair) == 2 and vocabulary.has(joined) and not known:
            yield from words_of(joined)
            at += 2
        else:
            yield from vocabulary.split(words[at])
            at += 1
