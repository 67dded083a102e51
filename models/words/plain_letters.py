"""Letters as searches compare them: without case, accents, strokes or what cannot be seen.

Every function takes linear time: ordering many combining marks, as normalising a whole text does, would not.
"""

import re
import unicodedata
from functools import lru_cache

# Letters of more than one, and those that Unicode names after no other letter.
_LETTERS = {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n", "ə": "e", "ĸ": "k", "ƿ": "w"}
_APOSTROPHES = "ʹʻʼʽˈ`´"  # letters to Unicode, or marks that decompose into a blank
_ACCENTED = re.compile("(.)([\u0300-\u036f]+)", re.DOTALL)
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
_CACHED = 20_000  # characters


def visible(text: str) -> str:
    """`text` in lower case, each letter with at most one accent, without characters that have no shape: soft
    hyphens, zero-width blanks, direction marks."""
    if text.isascii():
        return text.lower().replace("`", "'")
    shown = _ACCENTED.sub(_composed, "".join(map(_visible, text)))
    return "".join(each for each in shown if not unicodedata.combining(each))


def plain(text: str) -> str:
    """What `visible` returned, without accents and strokes."""
    return text if text.isascii() else "".join(map(_plain, text))


def normalise(text: str) -> str:
    """`text` without accents, case or repeated blanks."""
    return " ".join(plain(visible(text)).split())


@lru_cache(_CACHED)
def _visible(letter: str) -> str:
    if letter in _APOSTROPHES:
        return "'"
    if unicodedata.category(letter) == "Cf" or _INVISIBLE.match(letter):
        return ""
    return unicodedata.normalize("NFKC", letter.casefold()).casefold()


def _composed(found: re.Match[str]) -> str:
    letter, first = found[1], found[2][0]
    together = unicodedata.normalize("NFC", letter + first)
    return together if len(together) == 1 else letter


@lru_cache(_CACHED)
def _plain(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter)
    kept = "".join(each for each in decomposed if not unicodedata.combining(each))
    return "".join(map(_base, kept))


def _base(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _LETTERS:
        return _LETTERS[letter]
    return _named_after(unicodedata.name(letter, "")) or letter


def _named_after(name: str) -> str | None:
    """The letter in the name of a variant of it, such as "LATIN SMALL LETTER O WITH STROKE"."""
    script, _, rest = name.partition(" LETTER ")
    words = [word for word in rest.split() if word not in {"DOTLESS", "LONG"}]
    is_variant = script.startswith("LATIN") and words and len(words[0]) == 1 and words[1:2] in ([], ["WITH"])
    return words[0].lower() if is_variant else None
