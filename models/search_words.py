"""The words of a text, as a search over tickets compares them."""

import re

from models.catalogue import fold

_WORD = re.compile(r"[^\W_]+")
_TWO_LETTERS = str.maketrans({"œ": "oe", "æ": "ae"})


def search_words(text: str) -> list[str]:
    """The words of `text`, without accents or case: letters and digits only, in their order.

    Both databases split such words at the blanks between them and nowhere else, so they find the same.
    """
    return _WORD.findall(fold(text).translate(_TWO_LETTERS))
