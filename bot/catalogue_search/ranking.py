"""How well an entry answers a query: 0 to 1, from all its words and from the phrase that is nearest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from bot.catalogue_search.entries import Entry, EntryKind
from bot.catalogue_search.index import Index, Indexed
from bot.catalogue_search.query import Term, read_query

# A group is rarely what one looks for; an article stands below the service that it belongs to.
KINDS: Mapping[EntryKind, float] = {
    EntryKind.SERVICE: 1.0,
    EntryKind.OUT_OF_SCOPE: 1.0,
    EntryKind.ARTICLE: 0.85,
    EntryKind.GROUP: 0.5,
}
CANDIDATES = 25  # entries whose phrases are compared
# How much the part of the query counts that a phrase has, and the part of the phrase that the query has.
OF_QUERY, OF_PHRASE = 0.75, 0.6
WHOLE = 0.9  # from here on a phrase is the query


@dataclass(frozen=True)
class Match:
    """An entry that was found, how well it answers, and why."""

    entry: Entry
    score: float
    phrase: str
    """The name or keyword that is nearest to the query; "" when none has a word of it."""
    likeness: float
    """How near it is: 0 to 1, when they have the same words."""
    words: Sequence[str]
    """The words of the query that the entry has."""


def rank(index: Index, text: str) -> Sequence[Match]:
    """The entries that have words of a query, the best first. None when it has only words that people say of
    anything ("ne marche plus"), unless they are a whole keyword ("besoin d'aide")."""
    terms = read_query(index, text)
    words = _words(index, terms)
    best = sorted(words, key=lambda place: -words[place] * KINDS[index.entries[place].entry.kind])
    found = [_match(index.entries[place], terms, words[place]) for place in best[:CANDIDATES]]
    if not any(term.forms and not term.is_common for term in terms):
        found = [match for match in found if match.likeness >= WHOLE]
    return sorted(found, key=attrgetter("score"), reverse=True)


def _words(index: Index, terms: Sequence[Term]) -> Mapping[int, float]:
    """By entry, the weight of the terms that it has."""
    words: defaultdict[int, float] = defaultdict(float)
    for term in terms:
        best: defaultdict[int, float] = defaultdict(float)
        for form, likeness in term.forms.items():
            for place, count in index.postings[form].items():
                best[place] = max(best[place], likeness * count)
        for place, count in best.items():
            words[place] += term.weight * count
    return words


def _match(indexed: Indexed, terms: Sequence[Term], words: float) -> Match:
    total = sum(term.weight for term in terms)
    phrase, likeness = _nearest_phrase(indexed, terms, total)
    score = (words / total + likeness) / 2 * KINDS[indexed.entry.kind]
    having = [term.text for term in terms if any(form in indexed.places for form in term.forms)]
    return Match(indexed.entry, round(score, 3), phrase, likeness, having)


def _nearest_phrase(indexed: Indexed, terms: Sequence[Term], total: float) -> tuple[str, float]:
    of_query: defaultdict[int, float] = defaultdict(float)
    of_phrase: defaultdict[int, float] = defaultdict(float)
    for term in terms:
        for number, (likeness, form) in _hits(indexed, term).items():
            of_query[number] += term.weight * likeness
            of_phrase[number] += indexed.phrases[number].words[form] * likeness
    best, nearest = 0.0, ""
    for number, weight in of_query.items():
        phrase = indexed.phrases[number]
        part = min(1.0, of_phrase[number] / phrase.weight)
        likeness = (weight / total) ** OF_QUERY * part**OF_PHRASE
        if likeness > best:
            best, nearest = likeness, phrase.text
    return nearest, best


def _hits(indexed: Indexed, term: Term) -> Mapping[int, tuple[float, str]]:
    """The phrases that have a form of the term, each with the form that is most like it."""
    hits: dict[int, tuple[float, str]] = {}
    for form, likeness in term.forms.items():
        for number in indexed.places.get(form, ()):
            if likeness > hits.get(number, (0.0, ""))[0]:
                hits[number] = (likeness, form)
    return hits
