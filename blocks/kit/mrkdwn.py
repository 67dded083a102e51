"""What somebody typed as a Slack message, back as they typed it.

Slack hands text over with `&`, `<`, `>` escaped, and mentions, links and emoji in signs of its own.
Source: docs.slack.dev, "Formatting message text" and "Rich text block".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from blocks.kit.block_words import characters
from blocks.kit.text import escape

# No "<" inside: without a ">" to end it each is then read once, and not by all that stand before it.
_SIGN = re.compile(r"<([@#!])([^<>|]+)(?:\|([^<>]*))?>|<([^<>|]+)(?:\|([^<>]*))?>|:")
_UNNAMED = re.compile(r"<([@#]|!subteam\^)([^<>|]+)\|?>")
_SCHEME = re.compile(r"^[a-z]+:(//)?")
_TONES = range(0x1F3FB, 0x1F400)  # of skin; Slack numbers them 2 to 6


@dataclass(frozen=True)
class Names:
    """What people, groups and channels are called, by Slack's ids; and what to call those not found."""

    people: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    somebody: str = "quelqu’un"
    group: str = "groupe"
    channel: str = "canal privé"


@dataclass(frozen=True)
class Mentioned:
    """Whom a message names by an id alone."""

    people: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


def mentioned_in(text: str) -> Mentioned:
    """Whom a text names by an id alone."""
    found = _UNNAMED.findall(text)
    signs = ("@", "!subteam^", "#")
    return Mentioned(*(frozenset(each for sign, each in found if sign == wanted) for wanted in signs))


def plain_text(message: Mapping[str, Any], names: Names) -> str:
    """The words of a message's text."""
    text, emoji = str(message.get("text") or ""), dict(_emoji(message.get("blocks")))
    typed, at = [], 0
    # In one pass, so that no name or address reads as an emoji.
    while found := _SIGN.search(text, at):
        sign = _emoji_at(text, found.start(), emoji) if found[0] == ":" else found[0]
        words = emoji.get(sign, sign) if found[0] == ":" else _special(found, names)
        typed += [text[at : found.start()], words]
        at = found.start() + len(sign)
    return unescape("".join([*typed, text[at:]]))


def _special(found: re.Match[str], names: Names) -> str:
    sort, target, label, url, words = found.groups()
    if sort == "@":
        return "@" + (label or escape(names.people.get(target) or names.somebody))
    if sort == "#":
        return "#" + (label or escape(names.channels.get(target) or names.channel))
    if sort == "!":
        return label or _called(target, names)
    return (words or url) if _is_its_own_name(words or url, url) else f"{words} ({url})"


def _emoji_at(text: str, start: int, emoji: Mapping[str, str]) -> str:
    """The shortcode that begins at this colon, the longest first (`:wave::skin-tone-3:`); else the colon. It
    is looked up by what stands up to the next colons: a message may hold as many emoji as colons."""
    end = text.find(":", start + 1) + 1
    with_tone = text.find(":", end + 1) + 1 if end and text[end : end + 1] == ":" else 0
    codes = (text[start:with_tone], text[start:end])
    return next((code for code in codes if code in emoji), ":")


def _called(target: str, names: Names) -> str:
    """A group by its handle; "@here" and its like, which Slack sends without a label."""
    word, _sign, group = target.partition("^")
    return "@" + (escape(names.groups.get(group) or names.group) if word == "subteam" else word)


def _is_its_own_name(words: str, url: str) -> bool:
    """Whether Slack made a link of an address that was typed without its scheme."""
    return words in {url, _SCHEME.sub("", url)}


def _emoji(part: Any) -> Iterator[tuple[str, str]]:
    """The emoji of a message's blocks, by shortcode; a workspace's own have no characters and keep theirs."""
    todo = [part]  # however deep they are
    while todo:
        held = todo.pop()
        if isinstance(held, list):
            todo.extend(held)
        elif isinstance(held, dict):
            drawn = characters(held.get("unicode")) if held.get("type") == "emoji" else ""
            if drawn and held.get("name"):
                yield _shortcode(str(held["name"]), drawn), drawn
            todo.extend(held.values())


def _shortcode(name: str, drawn: str) -> str:
    """The emoji as it stands in the text; its name alone does not say the tone of its skin."""
    tones = [str(ord(each) - _TONES.start + 2) for each in drawn if ord(each) in _TONES]
    return f":{name}::skin-tone-{'-'.join(tones)}:" if tones and "::" not in name else f":{name}:"
