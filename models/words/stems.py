"""The stems of a word: what its inflected forms have in common, in French and in English.

Source: snowballstem.org, "French stemming algorithm" and "English (Porter2) stemming algorithm".
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found] # PyStemmer has no stubs

from models.words.plain_letters import plain

STEM_MIN = 3  # letters: shorter ones are the stems of unrelated words
_OF_THE_SHORTEST = 6  # letters of a word with such a stem, at most: "logement" is no form of "log"
_WORD_MAX = 40  # letters: what is longer is no word of either language
_CACHED = 50_000  # words; a text in one language has fewer
_FRENCH = Stemmer.Stemmer("french")
_ENGLISH = Stemmer.Stemmer("english")
# "oubliée", typed without accents; the French algorithm knows the ending by its accent.
_FEMININE_PARTICIPLE = re.compile(r"(?<=[a-z]{2})ee(s?)$")


@lru_cache(maxsize=_CACHED)
def stems(word: str) -> tuple[str, ...]:
    """The distinct stems of `word` in both languages, in lower case and without accents.

    Two words are forms of the same when they have a stem in common: "imprimée" and "imprimer", "printers" and
    "printer". Accents may be missing from either. A number, a code or anything else than letters has none,
    and stems of fewer letters than `STEM_MIN` are left out.
    """
    accented = unicodedata.normalize("NFC", word.casefold())
    if not STEM_MIN <= len(accented) <= _WORD_MAX or not accented.isalpha():
        return ()
    unaccented = plain(accented)
    found = (
        _FRENCH.stemWord(accented),
        _FRENCH.stemWord(_FEMININE_PARTICIPLE.sub(r"e\1", unaccented)),
        _ENGLISH.stemWord(unaccented),
    )
    distinct = dict.fromkeys(plain(each.casefold()) for each in found)
    least = STEM_MIN if len(unaccented) <= _OF_THE_SHORTEST else STEM_MIN + 1
    return tuple(each for each in distinct if len(each) >= least)
