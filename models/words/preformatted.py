"""Which parts of a person's text are code or a table: shown in a monospaced font, as they were typed.

Code stands between two "```", as Slack's users write it (slack.com/help, "Format your messages"). A table is
two lines or more, one after the other, with a tab, with blanks that align, or with several "|" in each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

FENCE = "```"
GAP_MIN, BARS_MIN, ROWS_MIN = 3, 2, 2
_GAP = re.compile(rf"\S[ ]{{{GAP_MIN}}}")


@dataclass(frozen=True)
class Piece:
    text: str
    is_preformatted: bool = False


def pieces(text: str) -> list[Piece]:
    """The text, in its order, without the fences; a text without code and table is one piece, as it is. Line
    breaks between two pieces are left out: each stands on lines of its own."""
    *fenced, rest = text.split(FENCE)
    if len(fenced) % 2:  # the last fence has no end: it is text
        rest = f"{fenced.pop()}{FENCE}{rest}"
    found = list[Piece]()
    for index, part in enumerate([*fenced, rest]):
        found += [Piece(part, True)] if index % 2 else _tables(part)
    if not any(piece.is_preformatted for piece in found):
        return [Piece(text)] if text.strip() else []
    return [Piece(piece.text.strip("\n"), piece.is_preformatted) for piece in found if piece.text.strip()]


def _tables(text: str) -> Iterator[Piece]:
    """A text outside of fences: its tables, and what stands between them."""
    plain = list[str]()
    for is_row, group in groupby(text.split("\n"), _is_row):
        lines = list(group)
        if not is_row or len(lines) < ROWS_MIN:
            plain += lines
            continue
        yield Piece("\n".join(plain))
        yield Piece("\n".join(lines), True)
        plain = []
    yield Piece("\n".join(plain))


def _is_row(line: str) -> bool:
    inner = line.strip()
    return "\t" in inner or inner.count("|") >= BARS_MIN or _GAP.search(inner) is not None
