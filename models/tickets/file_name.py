"""The names of files, which may hold any character."""

import unicodedata

SUFFIX_MAX = 10
READ_MAX = 1_000  # characters; ordering many combining marks takes quadratic time
_UNSEEN = {"Zl", "Zp"}  # line and paragraph separators


def visible(name: str) -> str:
    """`name` without control and direction characters: “facture_fdp.exe” must not read as a PDF
    (Unicode Technical Report 36, "Bidirectional Text Spoofing")."""
    normal = unicodedata.normalize("NFC", cut_name(name, READ_MAX))
    return "".join(
        c for c in normal if unicodedata.category(c)[0] != "C" and unicodedata.category(c) not in _UNSEEN
    ).strip()


def cut_name(name: str, length: int, mark: str = "") -> str:
    """`name` in at most `length` characters, cut before its extension; `mark` shows where."""
    if len(name) <= length:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) >= SUFFIX_MAX:
        return name[: length - len(mark)].rstrip() + mark
    end = f"{mark}.{suffix}"
    return stem[: length - len(end)].rstrip() + end
