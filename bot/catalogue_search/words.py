"""The words of names, keywords and queries, as the search in the catalogue compares them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from models.words.plain_letters import normalise, plain, visible
from models.words.stems import stems

WORD_MAX = 40  # characters
COMMON_WEIGHT = 0.3

# A word may hold signs that are part of its name: C++, C#, R&D, e-mail (whose hyphen splits it).
_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
HYPHENS = "-‐‑–"
# A word with those joined to it by hyphens; linear in the length of the text.
_RUN = re.compile(rf"[^\W_]+(?:[{HYPHENS}][^\W_]+)*")


def listed_words(name: str) -> frozenset[str]:
    lines = files(__package__).joinpath("word_lists", name).read_text("utf-8").splitlines()
    words = " ".join(line for line in lines if not line.startswith("#"))
    return frozenset(normalise(word) for word in words.split())


@dataclass(frozen=True)
class Word:
    """One word of a text."""

    text: str
    """Without accents or case."""
    keys: tuple[str, ...]
    """Its stems, or itself: two words are forms of the same when they share one."""
    weight: float
    """How much it tells of what somebody wants: 0 for "le", `COMMON_WEIGHT` for "marche", else 1."""


def words_of(text: str) -> Sequence[Word]:
    """All words of a text, in their order; those without weight are there for compounds."""
    return [_word(each[:WORD_MAX]) for each in _WORD.findall(visible(text))]


def hyphenated(text: str) -> Sequence[tuple[Word, Sequence[Word]]]:
    """The words with hyphens as one word each, with their parts: "wifi" for "Wi-Fi"."""
    if not any(hyphen in text for hyphen in HYPHENS):
        return ()
    runs = map(words_of, _RUN.findall(visible(text)))
    return [
        (_word("".join(part.text for part in parts)[:WORD_MAX]), parts) for parts in runs if len(parts) > 1
    ]


def without_addresses(text: str) -> str:
    """`text` without e-mail and web addresses."""
    return " ".join(word for word in text.split() if not any(sign in word for sign in ("@", "://", "www.")))


@lru_cache(maxsize=50_000)
def _word(written: str) -> Word:
    text = plain(written)
    keys = tuple(dict.fromkeys((*stems(written), text)))
    return Word(text, keys, _weight(text, keys))


def _weight(text: str, keys: Sequence[str]) -> float:
    if text in EMPTY or (len(text) == 1 and not text.isdigit()):
        return 0.0
    if text in COMMON or text.isdigit():
        return COMMON_WEIGHT
    return COMMON_WEIGHT if any(key in _COMMON_STEMS for key in keys) else 1.0


EMPTY = listed_words("empty_words.txt")
"""Words that say nothing of the subject: articles, pronouns, greetings."""
COMMON = listed_words("common_words.txt")
"""Words that say little: "marche", "besoin", "problem"."""
_COMMON_STEMS = frozenset(stem for word in COMMON for stem in stems(word))
