"""The index in memory over the catalogue and the articles. Built once, then only read, by any thread."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.catalogue_search.entries import Entry, EntryKind, Field
from bot.catalogue_search.vocabulary import Vocabulary
from bot.catalogue_search.words import Word, hyphenated, words_of

# How much a word counts, by where it stands.
WEIGHTS: Mapping[Field, float] = {
    Field.NAME: 3.0,
    Field.KEYWORD: 1.5,
    Field.DESCRIPTION: 0.7,
    Field.QUESTION: 0.3,
    Field.BODY: 0.3,
    Field.GROUP: 0.3,
}
PHRASES = (Field.NAME, Field.KEYWORD)  # compared as a whole, too
SATURATION = 1.2  # as `k1` of BM25: a word that an entry has often counts little more than once


@dataclass(frozen=True)
class Phrase:
    """A name or a keyword: each of its words with its weight."""

    text: str
    words: Mapping[str, float]
    weight: float
    """Of all its words."""


@dataclass(frozen=True)
class Indexed:
    """An entry, and where its phrases have each word."""

    entry: Entry
    phrases: Sequence[Phrase]
    places: Mapping[str, Sequence[int]]


class Index:
    """Which entries have a word, and how much it tells."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        read = [[_Text(field, text) for field, text in entry.texts] for entry in entries]
        self.vocabulary = Vocabulary(
            [text.all_words for texts in read for text in texts],
            [text.words for texts in read for text in texts if text.field in PHRASES],
        )
        self.postings: defaultdict[str, dict[int, float]] = defaultdict(dict)
        """For each word the entries that have it, by their place, with how much it counts there: 0 to 1."""
        for place, texts in enumerate(read):
            for word, frequency in _frequencies(texts).items():
                self.postings[word][place] = frequency / (frequency + SATURATION)
        services = {place for place, entry in enumerate(entries) if entry.kind is EntryKind.SERVICE}
        self._services = len(services)
        self._having = {word: len(services & places.keys()) for word, places in self.postings.items()}
        self.entries = [
            self._indexed(entry, [text for text in texts if text.field in PHRASES])
            for entry, texts in zip(entries, read, strict=True)
        ]

    def rarity(self, forms: Sequence[str]) -> float:
        """How much a word tells that is known in these forms: the more, the fewer services have it (the
        "inverse document frequency" of BM25). A word that none has tells as much as the rarest."""
        having = max((self._having.get(form, 0) for form in forms), default=0) or 1
        return math.log(1 + (max(self._services, 1) - having + 0.5) / (having + 0.5))

    def _indexed(self, entry: Entry, texts: Sequence["_Text"]) -> Indexed:
        phrases, places = [], defaultdict[str, list[int]](list)
        for number, text in enumerate(texts):
            weights = {word.text: self._weight(word) for word in text.words if word.weight}
            whole = sum(weights.values())
            for compound, parts in text.compounds:  # stands for its parts
                weights[compound.text] = sum(self._weight(part) for part in parts)
            phrases.append(Phrase(text.text, weights, whole))
            for word in weights:
                places[word].append(number)
        return Indexed(entry, phrases, places)

    def _weight(self, word: Word) -> float:
        return word.weight * self.rarity([word.text])


class _Text:
    """A text of an entry, and its words."""

    def __init__(self, field: Field, text: str) -> None:
        self.field, self.text = field, text
        self.words = words_of(text)
        self.compounds = [
            (compound, parts) for compound, parts in hyphenated(text) if any(part.weight for part in parts)
        ]

    @property
    def all_words(self) -> Sequence[Word]:
        return [*self.words, *(compound for compound, _ in self.compounds)]


def _frequencies(texts: Sequence[_Text]) -> Mapping[str, float]:
    found = defaultdict[str, float](float)
    for text in texts:
        for word in text.all_words:
            if word.weight:
                found[word.text] += WEIGHTS[text.field]
    return found
