"""The words of all entries, and which of them a word of a query stands for, typing mistakes included."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.catalogue_search.words import Word

# How much a word counts that is not the query's own.
INFLECTED, BEGINS_SO, ONE_LETTER, TWO_LETTERS = 0.95, 0.7, 0.75, 0.5
# How many letters the query's word has at least, for each.
BEGINNING_MIN, ONE_LETTER_MIN, TWO_LETTERS_MIN = 4, 4, 8
ANY_LETTER_MIN = 5  # of four letters, none is replaced: "test" is not "text"
NEAR_MAX = 12  # words of one length that a mistyped one may stand for
CACHED = 5_000  # unknown words


class Vocabulary:
    """Words by their stems, their beginnings and their spelling. Filled first, then only read."""

    def __init__(self, texts: Sequence[Sequence[Word]], compounds: Sequence[Sequence[Word]]) -> None:
        """`texts`: all of them; `compounds`: those whose neighbours may be written as one word."""
        self._forms: defaultdict[str, set[str]] = defaultdict(set)
        known = {word.text: word for words in texts for word in words if word.weight}
        for word in known.values():
            for key in word.keys:
                self._forms[key].add(word.text)
        self._known = sorted(known)
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for text in self._known:
            self._by_length[len(text)].append(text)
        self._compounds: dict[str, tuple[Word, ...]] = {}
        for words in compounds:
            self._add_compounds(words)
        self._near: dict[str, Mapping[str, float]] = {}

    def _add_compounds(self, words: Sequence[Word]) -> None:
        for size in (2, 3):
            for at in range(len(words) - size + 1):
                part = tuple(words[at : at + size])
                if part[0].weight or part[-1].weight:
                    before = "".join(word.text for word in part[:-1])
                    for last in part[-1].keys:
                        self._compounds.setdefault(before + last, part)

    def split(self, word: Word) -> Sequence[Word]:
        """The words that the entries write for this one: three for "motdepasse"; else itself."""
        if self.forms(word):
            return (word,)
        written = (self._compounds[key] for key in word.keys if key in self._compounds)
        return next(written, (word,))

    def has(self, text: str) -> bool:
        """Whether an entry has this word, in this form."""
        at = bisect_left(self._known, text)
        return at < len(self._known) and self._known[at] == text

    def forms(self, word: Word) -> Mapping[str, float]:
        """The known words that are forms of this one, with how much each counts."""
        forms = {text for key in word.keys for text in self._forms.get(key, ())}
        return {text: 1.0 if text == word.text else INFLECTED for text in forms}

    def near(self, word: Word) -> Mapping[str, float]:
        """The known words that an unknown one may stand for, with how much each counts."""
        found = self._near.get(word.text)
        if found is None:
            found = {**self._beginning_so(word.text), **self._spelled_alike(word.text)}
            if len(self._near) < CACHED:
                self._near[word.text] = found
        return found

    def _beginning_so(self, text: str) -> Mapping[str, float]:
        if len(text) < BEGINNING_MIN:
            return {}
        first = bisect_left(self._known, text)
        return dict.fromkeys(takewhile(lambda known: known.startswith(text), self._known[first:]), BEGINS_SO)

    def _spelled_alike(self, text: str) -> Mapping[str, float]:
        """Letters missing, added, replaced or swapped (RapidFuzz, "OSA")."""
        size = len(text)
        if size < ONE_LETTER_MIN or any(letter.isdigit() for letter in text):
            return {}
        reach = 2 if size >= TWO_LETTERS_MIN else 1
        return {
            known: ONE_LETTER if distance == 1 else TWO_LETTERS
            for length in range(size - reach, size + reach + 1)
            for known, distance, _ in process.extract(
                text,
                self._by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=reach,
                limit=NEAR_MAX,
            )
            if size >= ANY_LETTER_MIN or length != size or sorted(known) == sorted(text)
        }
