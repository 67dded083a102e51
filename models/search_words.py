"""The words of a text, as a search over tickets compares them."""

import re
import unicodedata

WORD_MAX = 64  # characters that are compared: PostgreSQL's index refuses words of more than 2,046 bytes
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
    words = _WORD.findall(plain) + [found.translate(_HYPHENS) for found in _COMPOUND.findall(plain)]
    return [word[:WORD_MAX] for word in words]


def wanted_words(text: str) -> list[str]:
    """The words that somebody looks for, each once: a compound as one word."""
    words = _WORD.findall(_COMPOUND.sub(lambda found: found[0].translate(_HYPHENS), _plain(text)))
    return list(dict.fromkeys(word[:WORD_MAX] for word in words))


def _plain(text: str) -> str:
    return fold(text).translate(_TWO_LETTERS)


def fold(text: str) -> str:
    """`text` without accents, case or repeated blanks: what a search compares."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


# What people write in more than one way: “cœur” and “coeur”, “l’accès” and “l'accès”, “Wi-Fi” and “wifi”.
_ONE_WRITING = str.maketrans({"œ": "oe", "æ": "ae", "’": " ", "'": " ", "-": "", "\u2010": ""})


def one_writing(text: str) -> str:
    """`text` as a search compares it."""
    return fold(text).translate(_ONE_WRITING)
