"""The words of a text, as searches compare them: letters and digits, whatever stands between them.

Both databases split such words at the blanks between them and nowhere else, so they find the same.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.words.inclusive_writing import MARKS, inclusive_forms
from models.words.plain_letters import normalise as normalise
from models.words.plain_letters import plain, visible
from models.words.stems import stems

WORD_MAX = 64  # characters that are compared: PostgreSQL's index refuses words of more than 2,046 bytes
TEXT_MAX = 4_000  # characters of a text that can be found; one input of Slack's takes 3,000
CODE_MAX = 40  # characters of a code, whatever separates its parts: a MAC address has 12
PARTS_MAX = 12
PART_MAX = 6  # characters of a part after a blank
STEM = "."
"""Before a stem; no word has it. The index of SQLite takes it for a letter, and LIKE for itself."""
_WORD = re.compile(r"[^\W_]+")
_TIGHT = re.compile(r"(?:[^\w\s]|_){1,2}")  # “Wi-Fi”, “jean.dupont”, “étudiant(e)s”
_LOOSE = re.compile(r"[^\S\n]{1,2}(?:[-‐‑‒–—:./·] )?")  # “B 204”, “B - 204”
_HEX = re.compile(r"[0-9a-f]{2}(?:[0-9a-f]{2})?")
# “+33 (0)4 77 42 17 00” is 04 77 42 17 00.
_ABROAD = re.compile(r"(?<!\w)(?:\+|00)33[\s.-]?(?:\(0\))?[\s.-]?(?=[1-9](?:[\s.-]?[0-9]{2}){4}(?![0-9]))")
# Beside a number they belong to no code.
_FUNCTION = """
a ai as au aux ce ces d de des du elle en es est et il ils j je l la le les m ma me mes mon n ne ni nos on ou
par pas plus pour qu que qui s sa se ses si son sur ta te tu un une y
an and are at be but by for from has he i in is it my no not of off or our the this to us was we with you
"""
_FUNCTION_WORDS = frozenset(_FUNCTION.split())


@dataclass(frozen=True)
class Token:
    """A word of a text, and what it has before it."""

    accented: str
    """In lower case."""
    word: str
    """Without accents."""
    gap: str
    """All between it and the word before."""

    @property
    def is_tight(self) -> bool:
        """Whether it belongs to the word before: a separator and no blank is between them."""
        return _TIGHT.fullmatch(self.gap) is not None

    @property
    def is_loose(self) -> bool:
        """Whether a blank is between them, perhaps with one separator."""
        return _LOOSE.fullmatch(self.gap) is not None

    @property
    def has_digit(self) -> bool:
        return any(each.isdigit() for each in self.word)


def tokens(text: str) -> list[Token]:
    """The words of `text`, in their order."""
    shown, end, found = _ABROAD.sub(" 0", visible(text)), 0, []
    for match in _WORD.finditer(shown):
        accented = match[0][:WORD_MAX]
        word = "".join(_WORD.findall(plain(accented)))[:WORD_MAX]
        found.append(Token(accented, word, shown[end : match.start()]))
        end = match.end()
    return [each for each in found if each.word]


def are_coupled(one: Token, other: Token, after: Token | None) -> bool:
    """Whether `other`, which follows, continues a code or a compound that `one` begins: they are read as one
    word too. “B” and “204”, “77” and “42”, “wi” and “fi”, “srv” and “data” before “03”; not “le” and “12”."""
    if other.is_tight:
        return True
    if not other.is_loose or one.word in _FUNCTION_WORDS or other.word in _FUNCTION_WORDS:
        return False
    if other.has_digit:
        return len(other.word) <= PART_MAX
    if one.has_digit and len(other.word) <= 2:
        return True
    if len(one.word) == len(other.word) and _HEX.fullmatch(one.word) and _HEX.fullmatch(other.word):
        return True
    is_before_digits = after is not None and after.has_digit and (after.is_tight or after.is_loose)
    longest = 4 if is_before_digits else 3
    return 2 <= len(one.word) <= longest and 2 <= len(other.word) <= longest


def search_words(text: str) -> list[str]:
    """The words of `text`, without accents or case, each once; and its codes and compounds as one word each.

    Such a word begins at each part, so that one of its beginnings is any group of parts that is looked for.
    """
    found = tokens(text)
    words = [each.word for each in found]
    return list(dict.fromkeys([*words, *_joined(found), *_inclusive(found)]))


def search_terms(text: str) -> list[str]:
    """The words of `text`, their distinct stems, each behind `STEM`, and the rest of `search_words`."""
    found = tokens(text)
    inclusive = _inclusive(found)
    words = [*(each.word for each in found), *inclusive]
    inflected = [*(each.accented for each in found), *_compounds(found), *inclusive]
    marked = (STEM + stem for word in dict.fromkeys(inflected) for stem in stems(word))
    return list(dict.fromkeys([*words, *marked, *_joined(found)]))


def coupled(found: Sequence[Token], place: int) -> bool:
    """Whether the word at this place continues the one before, as `are_coupled`."""
    after = found[place + 1] if place + 1 < len(found) else None
    return are_coupled(found[place - 1], found[place], after)


def runs(found: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """`found` in parts: the words of each are separated by no blank."""
    start = 0
    for end in range(1, len(found) + 1):
        if end == len(found) or not found[end].is_tight:
            yield found[start:end]
            start = end


def inclusive_words(run: Sequence[Token]) -> list[str]:
    """The words that a run stands for, if it is inclusive writing."""
    if not 2 <= len(run) <= 3 or not all(set(each.gap) <= MARKS for each in run[1:]):
        return []
    return inclusive_forms([each.word for each in run])


def _joined(found: Sequence[Token]) -> Iterator[str]:
    for start in range(len(found)):
        joined, end = found[start].word, start + 1
        while (
            end < len(found)
            and end - start < PARTS_MAX
            and len(joined) + len(found[end].word) <= CODE_MAX
            and coupled(found, end)
        ):
            joined += found[end].word
            end += 1
        if end > start + 1:
            yield joined


def _compounds(found: Sequence[Token]) -> Iterator[str]:
    """Those of letters only, which may have stems."""
    return ("".join(each.accented for each in run) for run in runs(found) if len(run) > 1)


def _inclusive(found: Sequence[Token]) -> list[str]:
    return [word for run in runs(found) for word in inclusive_words(run)]


# Spellings of the same: “cœur” and “coeur”, “l’accès” and “l'accès”, “Wi-Fi” and “wifi”.
_SPELLINGS = str.maketrans({"’": " ", "'": " ", "-": "", "\u2010": ""})


def normalise_spelling(text: str) -> str:
    """`text` as a search in the catalogue compares it."""
    return normalise(text).translate(_SPELLINGS)
