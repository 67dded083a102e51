"""What single characters are good for: those that no database keeps, and those that nobody sees."""

import re
import unicodedata
from typing import Any

# Python's JSON reader makes a lone surrogate of "\ud83d"; neither UTF-8 nor any database has one. PostgreSQL
# keeps no NUL (postgresql.org, "Character Types").
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_NEVER_SEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}  # general categories: controls, formats, all sorts of blanks
# What else draws nothing: letters and marks among Unicode's Default_Ignorable_Code_Point (unicode.org,
# "DerivedCoreProperties"), and U+2800, a braille cell without dots.
_INVISIBLE = {
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0xE0000, 0xE1000),
}


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in `text`."""
    return all(unicodedata.category(each) in _NEVER_SEEN or ord(each) in _INVISIBLE for each in text)


def kept(text: str) -> str:
    """`text` as every database keeps it: without NUL, a lone surrogate replaced by U+FFFD."""
    return _UNKEPT.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text)


def all_kept(value: Any) -> Any:
    """The same of every text in what was JSON, however deep it is; in place."""
    whole = [value]
    todo: list[Any] = [whole]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            _keep_keys(part)
        for key, each in list(part.items() if isinstance(part, dict) else enumerate(part)):
            if isinstance(each, dict | list):
                todo.append(each)
            elif isinstance(each, str) and _UNKEPT.search(each):
                part[key] = kept(each)
    return whole[0]


def _keep_keys(part: dict[str, Any]) -> None:
    if any(_UNKEPT.search(key) for key in part):
        pairs = [(kept(key), each) for key, each in part.items()]
        part.clear()
        part.update(pairs)
