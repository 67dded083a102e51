"""The words of a text, as searches compare them."""

import re
import unicodedata

WORD_MAX = 64  # characters that are compared: PostgreSQL's index refuses words of more than 2,046 bytes
TEXT_MAX = 4_000  # characters of a text that can be found; one input of Slack's takes 3,000
_WORD = re.compile(r"[^\W_]+")
# A word with those joined to it by hyphens; linear in the length of the text.
_RUN = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")
_HYPHENS = str.maketrans("", "", "-‐‑")
_TWO_LETTERS = str.maketrans({"œ": "oe", "æ": "ae"})


def search_words(text: str) -> list[str]:
    """The words of `text`, without accents or case: letters and digits only, in their order; and then its
    compounds, such as "Wi-Fi", as one word each.

    Both databases split such words at the blanks between them and nowhere else, so they find the same.
    """
    plain = _plain(text)
    joined = ((run, run.translate(_HYPHENS)) for run in _RUN.findall(plain))
    words = _WORD.findall(plain) + [compound for run, compound in joined if compound != run]
    return [word[:WORD_MAX] for word in words]


def query_words(text: str) -> list[str]:
    """The words of a query, each once: a compound as one word."""
    words = (run.translate(_HYPHENS)[:WORD_MAX] for run in _RUN.findall(_plain(text)))
    return list(dict.fromkeys(words))


def _plain(text: str) -> str:
    return normalise(text).translate(_TWO_LETTERS)


def normalise(text: str) -> str:
    """`text` without accents, case or repeated blanks."""
    # Character by character: ordering many combining marks takes quadratic time.
    decomposed = "".join(unicodedata.normalize("NFKD", each) for each in text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


# Spellings of the same: “cœur” and “coeur”, “l’accès” and “l'accès”, “Wi-Fi” and “wifi”.
_SPELLINGS = str.maketrans({"œ": "oe", "æ": "ae", "’": " ", "'": " ", "-": "", "\u2010": ""})


def normalise_spelling(text: str) -> str:
    """`text` as a search in the catalogue compares it."""
    return normalise(text).translate(_SPELLINGS)
