"""What somebody typed as a Slack message, back as they typed it.

Slack hands text over with `&`, `<`, `>` escaped, and mentions, links and emoji in signs of its own.
Source: docs.slack.dev, "Formatting message text" and "Rich text block".
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from blocks.kit.text import escape

_SPECIAL = r"<([@#!])([^>|]+)(?:\|([^>]*))?>|<([^>|]+)(?:\|([^>]*))?>"
_SCHEME = re.compile(r"^[a-z]+:(//)?")
_TONES = range(0x1F3FB, 0x1F400)  # of skin; Slack numbers them 2 to 6


def as_typed(message: Mapping[str, Any], name_of: Callable[[str], str | None]) -> str:
    """The words of a message; `name_of` knows who a Slack id is."""
    emoji = dict(_emoji(message.get("blocks")))

    def special(found: re.Match[str]) -> str:
        sort, target, label, url, words = found.groups()
        if found[0] in emoji:
            return emoji[found[0]]
        if sort == "@":
            return "@" + (label or escape(name_of(target) or target))
        if sort == "#":
            return "#" + (label or target)
        if sort == "!":
            return label or "@" + target.partition("^")[0]
        return (words or url) if _is_its_own_name(words or url, url) else f"{words} ({url})"

    # In one pass, so that no name or address reads as an emoji; the longest first: `:wave::skin-tone-3:`.
    signs = "|".join([_SPECIAL, *map(re.escape, sorted(emoji, key=len, reverse=True))])
    return unescape(re.sub(signs, special, str(message.get("text") or "")))


def _is_its_own_name(words: str, url: str) -> bool:
    """Whether Slack made a link of an address that was typed without its scheme."""
    return words in {url, _SCHEME.sub("", url)}


def _emoji(part: Any) -> Iterator[tuple[str, str]]:
    """The emoji of a message's blocks, by shortcode; a workspace's own have no characters and keep theirs."""
    if isinstance(part, list):
        for each in part:
            yield from _emoji(each)
    elif isinstance(part, dict):
        if part.get("type") == "emoji" and part.get("unicode"):
            codes = [int(code, 16) for code in part["unicode"].split("-")]
            yield _shortcode(part["name"], codes), "".join(map(chr, codes))
        for each in part.values():
            yield from _emoji(each)


def _shortcode(name: str, codes: Sequence[int]) -> str:
    """The emoji as it stands in the text; its name alone does not say the tone of its skin."""
    tones = [str(code - _TONES.start + 2) for code in codes if code in _TONES]
    return f":{name}::skin-tone-{'-'.join(tones)}:" if tones and "::" not in name else f":{name}:"
