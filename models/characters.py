"""Characters that a database cannot store, and invisible ones."""

import re
import unicodedata
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

# Python's JSON reader makes a lone surrogate of "\ud83d"; neither UTF-8 nor any database has one. PostgreSQL
# stores no NUL (postgresql.org, "Character Types").
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_BLANK = {"Cc", "Cf", "Zl", "Zp", "Zs"}  # general categories: controls, formats, all sorts of blanks
# What else is invisible: letters and marks among Unicode's Default_Ignorable_Code_Point (unicode.org,
# "DerivedCoreProperties"), and U+2800, a braille cell without dots.
_INVISIBLE = {
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0xE0000, 0xE1000),
}


# White space, except what typography keeps together: U+00A0, U+2007, U+202F.
_SPACES = re.compile("[\t-\r\x1c- \x85\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")


def one_line(text: str) -> str:
    """`text` on one line, with single spaces between its words; no-break spaces stay."""
    return _SPACES.sub(" ", text).strip(" ")


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in `text`."""
    return all(unicodedata.category(each) in _BLANK or ord(each) in _INVISIBLE for each in text)


def split_words(text: str, length: int) -> tuple[str, str]:
    """`text` in two, between words: at most `length` characters, and the rest with the blanks before it. A
    longer word, for which more than half would be left out, is split."""
    if len(text) <= length:
        return text, ""
    end = next(
        (at for at in range(length, length // 2, -1) if text[at].isspace() and not text[at - 1].isspace()),
        length,
    )
    return text[:end], text[end:]


def fingerprint(text: str) -> str:
    """Tells whether a text is the one that it was: the first half of its SHA-256."""
    return sha256(text.encode(errors="replace")).hexdigest()[:32]


def storable(text: str) -> str:
    """`text` as every database can store it: without NUL, a lone surrogate replaced by U+FFFD."""
    return _NOT_STORABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text)


def storable_json(value: T) -> T:
    """The same of every text in what was JSON, however deep it is; in place."""
    whole = [value]
    todo: list[object] = [whole]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            pairs = [(storable(key), each) for key, each in part.items()]
            part.clear()
            part.update((key, _storable(each)) for key, each in pairs)
            todo += part.values()
        elif isinstance(part, list):
            part[:] = map(_storable, part)
            todo += part
    return whole[0]


def _storable(value: object) -> object:
    return storable(value) if isinstance(value, str) else value
