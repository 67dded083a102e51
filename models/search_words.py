"""The words of a text, as a search over tickets compares them."""

import re

from models.catalogue import fold

_WORD = re.compile(r"[^\W_]+")
_TWO_LETTERS = str.maketrans({"œ": "oe", "æ": "ae"})


_COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)+")
_HYPHENS = str.maketrans("", "", "-‐‑")


def search_words(text: str) -> list[str]:
    """The words of `text`, without accents or case: letters and digits only, in their order; and then its
    compounds, such as "Wi-Fi", as one word each.

    Both databases split such words at the blanks between them and nowhere else, so they find the same.
    """
    plain = _plain(text)
    return _WORD.findall(plain) + [found.translate(_HYPHENS) for found in _COMPOUND.findall(plain)]


def wanted_words(text: str) -> list[str]:
    """The words that somebody looks for: a compound as one word."""
    return _WORD.findall(_COMPOUND.sub(lambda found: found[0].translate(_HYPHENS), _plain(text)))


def _plain(text: str) -> str:
    return fold(text).translate(_TWO_LETTERS)
