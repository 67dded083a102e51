"""Headers as every mail program reads them, encoded here.

Python's email package, which would do it when a message is written, loses blanks where it folds, makes two
addresses of a long name with a comma (3.11.7), and leaves a `=?utf-8?q?hello?=` of a text as it is.
"""

import re
import textwrap
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterator
from email.policy import EmailPolicy

from models.characters import one_line

LINE_MAX = 76  # of a line with an encoded word (RFC 2047, 2)
WORD_MAX = 75  # of an encoded word
PLAIN_IN_WORD = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/"
)  # RFC 2047, 5.3
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")  # RFC 5322, 3.2.3


class Encoded(str):
    """A header's value as it goes out: ASCII, its lines folded."""

    __slots__ = ()


class AsEncoded(EmailPolicy):
    """Writes an `Encoded` header as it is; reads it like any other."""

    def header_store_parse(self, name: str, value: object) -> tuple[str, str]:
        if isinstance(value, Encoded):
            return name, str(value)
        return super().header_store_parse(name, value)


POLICY = AsEncoded(refold_source="none", cte_type="7bit")  # 8BITMIME is not asked for


def tidy(value: str) -> str:
    """`value` on one line: blanks as one space, no control characters."""
    visible = "".join(each for each in value if each.isspace() or unicodedata.category(each) != "Cc")
    return one_line(visible.encode("utf-8", "replace").decode("utf-8"))


def text(header: str, value: str) -> Encoded:
    """Free text, such as a subject."""
    value = tidy(value)
    plain = _fold_lines(header, value) if _is_plain(value) else None
    return Encoded(plain if plain is not None else _encode(header, value))


def mailbox(header: str, name: str, address: str) -> Encoded:
    """One address, which is ASCII, with the name of whose it is (RFC 5322, 3.4)."""
    name = " ".join(tidy(name).split())  # mail programs drop no-break spaces at its ends
    if not name:
        return Encoded(address)
    phrase = _phrase(header, name)
    last = f"{header}: {phrase}".rpartition("\r\n")[2]
    blank = " " if len(last) + len(address) + len(" <>") <= LINE_MAX else "\r\n "
    return Encoded(f"{phrase}{blank}<{address}>")


def _phrase(header: str, name: str) -> str:
    plain = None
    if _is_plain(name):
        escaped = re.sub(r'(["\\])', r"\\\1", name)
        plain = _fold_lines(header, name if ATOMS.fullmatch(name) else f'"{escaped}"')
    return plain if plain is not None else _encode(header, name)


def _fold_lines(header: str, value: str) -> str | None:
    """Folded at its blanks; `None` for a word that is longer than a line."""
    lines = textwrap.wrap(f"{header}: {value}", LINE_MAX, break_long_words=False, break_on_hyphens=False)
    if value and (lines[0] == f"{header}:" or max(map(len, lines)) > LINE_MAX):
        return None
    return "\r\n ".join(lines)[len(f"{header}: ") :]


def _is_plain(value: str) -> bool:
    """Whether it needs no encoding: ASCII, and nothing that looks like an encoded word."""
    return value.isascii() and "=?" not in value


def _encode(header: str, value: str) -> str:
    """All of it as encoded words, between which readers drop the fold (RFC 2047, 6.2)."""
    return "\r\n ".join(_encoded_words(value, LINE_MAX - len(f"{header}: ")))


def _encoded_words(value: str, limit: int) -> Iterator[str]:
    """Encoded words of whole characters, the first of at most `limit` characters. They end with a blank where
    there is one: Python's parser of names takes the fold for another blank (3.11.7)."""
    encode: Callable[[str], str] = min((_q_encode, _b_encode), key=lambda each: len(each(value)))
    taken = ""
    for character in value:
        if len(encode(taken + character)) > min(limit, WORD_MAX):
            cut = taken.rfind(" ") + 1 or len(taken)
            yield encode(taken[:cut])
            taken, limit = taken[cut:], WORD_MAX
        taken += character
    yield encode(taken)


def _q_encode(value: str) -> str:
    encoded = "".join(
        chr(byte) if byte in PLAIN_IN_WORD else "_" if byte == ord(" ") else f"={byte:02X}"
        for byte in value.encode()
    )
    return f"=?utf-8?q?{encoded}?="


def _b_encode(value: str) -> str:
    return f"=?utf-8?b?{b64encode(value.encode()).decode('ascii')}?="
