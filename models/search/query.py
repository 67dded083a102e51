"""What is looked for: words, each in the ways in which it may be written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from models.words.search_words import (
    CODE_MAX,
    PARTS_MAX,
    STEM,
    Token,
    coupled,
    inclusive_words,
    runs,
    tokens,
)
from models.words.stems import stems


@dataclass(frozen=True)
class Word:
    """A word that begins with `prefix`, or that is one of `whole`."""

    prefix: str | None
    whole: tuple[str, ...] = ()
    """Stems, each behind `STEM`; or the word itself."""


@dataclass(frozen=True)
class AnyOf:
    """One of these."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AllOf:
    """Each of these."""

    parts: tuple["Condition", ...]


Condition = Word | AnyOf | AllOf
_NUMBER_SIGN = re.compile(r"(?<!\w)(?:n ?[°º]|no\.|№|#)\s?(?=\d)", re.IGNORECASE)
_ELIDED = frozenset({"c", "d", "j", "l", "m", "n", "s", "t", "qu", "lorsqu", "jusqu", "puisqu"})
_APOSTROPHES = frozenset("'’‘ʼ")
_LETTERS_MIN, _DIGITS_MIN = 3, 2  # of a part that says something without the others


def query_of(text: str) -> AllOf:
    """The condition that `text` makes; of no parts when it has no word.

    "wi-fi" is looked for as one word, "dupont-durand" also as two, "B 204" as two and also as one.
    """
    found = tokens(_NUMBER_SIGN.sub(" ", text))
    return AllOf(tuple(dict.fromkeys(_group(group) for group in _groups(found))))


def _groups(found: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The words that may be written as one, such as "B 204", and each of the others."""
    start = 0
    for end in range(1, len(found) + 1):
        if end == len(found) or not coupled(found, end):
            yield found[start:end]
            start = end


def _group(group: Sequence[Token]) -> Condition:
    parts = tuple(dict.fromkeys(_run(run) for run in runs(group)))
    if len(parts) == 1:
        return parts[0]
    whole = _whole(group)
    return AnyOf((*whole, AllOf(parts))) if whole else AllOf(parts)


def _run(run: Sequence[Token]) -> Condition:
    """Words without blanks between them."""
    if len(run) == 1:
        return _word(run[0].accented, run[0].word)
    chunks = [_whole(chunk) for chunk in _chunks(run)]
    together: list[Condition] = [each[0] if len(each) == 1 else AnyOf(each) for each in chunks]
    whole = together[0] if len(together) == 1 else AllOf(tuple(together))
    others: list[Condition] = [_word(each, each) for each in inclusive_words(run)]
    said = list(_without_elisions(run))
    others.append(AllOf(tuple(_part(each, len(said)) for each in said)))
    return AnyOf((whole, *others))


def _without_elisions(found: Sequence[Token]) -> Iterator[Token]:
    """Without the "l" of "l’écran"."""
    for token, after in zip_longest(found, found[1:]):
        if token.word not in _ELIDED or after is None or after.gap not in _APOSTROPHES:
            yield token


def _word(accented: str, word: str) -> Condition:
    return Word(word, tuple(STEM + stem for stem in stems(accented)))


def _part(token: Token, parts: int) -> Condition:
    """A part of a compound. A short one is the beginning of too many words."""
    says_something = len(token.word) >= (_DIGITS_MIN if token.has_digit else _LETTERS_MIN)
    return _word(token.accented, token.word) if says_something or parts == 1 else Word(None, (token.word,))


def _whole(group: Sequence[Token]) -> tuple[Condition, ...]:
    """The words as one; none when a text has no word as long."""
    word = "".join(each.word for each in group)
    if len(group) > PARTS_MAX or (len(word) > CODE_MAX and len(group) > 1):
        return ()
    return (_word("".join(each.accented for each in group), word),)


def _chunks(run: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """`run` in parts that a text has as one word."""
    chunk, length = list[Token](), 0
    for token in run:
        if chunk and (length + len(token.word) > CODE_MAX or len(chunk) == PARTS_MAX):
            yield chunk
            chunk, length = [], 0
        chunk.append(token)
        length += len(token.word)
    yield chunk
