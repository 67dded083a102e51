"""Whether two titles of one person's tickets speak of the same: one service, and nothing tells them apart."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from bot.catalogue_search.entries import EntryKind
from bot.catalogue_search.index import Index
from bot.catalogue_search.ranking import rank
from bot.catalogue_search.words import listed_words
from models.words.plain_letters import normalise

SURE = 0.2  # a service's score for both titles, at least
ORDINALS = {
    **dict.fromkeys(("premier", "premiere", "first"), "1"),
    **dict.fromkeys(("deuxieme", "second", "seconde"), "2"),
    **dict.fromkeys(("troisieme", "third"), "3"),
    **dict.fromkeys(("quatrieme", "fourth"), "4"),
    **dict.fromkeys(("cinquieme", "fifth"), "5"),
}
FAULT, REQUEST = listed_words("fault_words.txt"), listed_words("request_words.txt")
REMINDER = listed_words("reminder_words.txt")
_NUMBER = re.compile(r"\d+")
_LETTER = re.compile(r"\b[A-H]\b(?!['’])")  # of a building, a room; not "A" at the beginning
_NAME = re.compile(r"(?<=\W)[A-ZÀ-Þ][^\W\d_]+")  # not the first word
_TITLES = frozenset({"mme", "mr", "mrs", "ms", "dr"})


def alike(index: Index, one: str, other: str) -> bool:
    """Whether the same service answers both best, and both are of one room, name and nature."""
    if any(_differ(part(one), part(other)) for part in _PARTS):
        return False
    services = _service(index, one), _service(index, other)
    return services[0] is not None and services[0] == services[1]


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether each says what the other does not: "PC" of "le PC de Marie" is not her name."""
    return bool(one - other) and bool(other - one)


@lru_cache(100)  # a title is compared with each of somebody's open tickets
def _service(index: Index, title: str) -> str | None:
    """The service that answers a title best, if one does."""
    matches = [each for each in rank(index, title) if each.entry.kind in _COMPARED]
    best = matches[0] if matches else None
    return best.entry.id if best and best.entry.kind is EntryKind.SERVICE and best.score >= SURE else None


def _numbers(title: str) -> frozenset[str]:
    """Of rooms, floors, courses: "2e", "deuxième" and "LT2" say 2."""
    plain = normalise(title)
    ordinals = {ORDINALS[word] for word in plain.split() if word in ORDINALS}
    return frozenset({each.lstrip("0") for each in _NUMBER.findall(plain)} | ordinals)


def _letters(title: str) -> frozenset[str]:
    return frozenset(_LETTER.findall(title[1:]))


def _names(title: str) -> frozenset[str]:
    return frozenset(map(normalise, _NAME.findall(title))) - _TITLES


def _nature(title: str) -> frozenset[str]:
    """Whether it reports a fault or asks for something; nothing when it says neither, or both."""
    words = set(re.findall(r"\w+", normalise(title)))
    if words & REMINDER or "ou en est" in normalise(title):
        return frozenset()
    found = {name for name, listed in (("fault", FAULT), ("request", REQUEST)) if words & listed}
    return frozenset(found if len(found) == 1 else ())


_COMPARED = (EntryKind.SERVICE, EntryKind.OUT_OF_SCOPE)
_PARTS: Sequence[Callable[[str], frozenset[str]]] = (_numbers, _letters, _names, _nature)
