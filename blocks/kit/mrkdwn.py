"""The plain text of a Slack message, as its author typed it.

Slack sends it with `&`, `<`, `>` escaped, and mentions, links and emoji in a syntax of its own.
Source: docs.slack.dev, "Formatting message text" and "Rich text block".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from blocks.kit.block_text import characters
from blocks.kit.text import escape

# No "<" inside: in linear time, also when no ">" follows.
_SIGN = re.compile(r"<([@#!])([^<>|]+)(?:\|([^<>]*))?>|<([^<>|]+)(?:\|([^<>]*))?>|:")
_UNNAMED = re.compile(r"<([@#]|!subteam\^)([^<>|]+)\|?>")
_SCHEME = re.compile(r"^[a-z]+:(//)?")
_TONES = range(0x1F3FB, 0x1F400)  # of skin; Slack numbers them 2 to 6


@dataclass(frozen=True)
class Names:
    """The names of people, groups and channels by Slack's ids; and what to call those not found."""

    people: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    somebody: str = "quelqu’un"
    group: str = "groupe"
    channel: str = "canal privé"


@dataclass(frozen=True)
class Mentioned:
    """The people, groups and channels that a message mentions by an id alone."""

    people: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


def mentioned_in(text: str) -> Mentioned:
    """The people, groups and channels that a text mentions by an id alone."""
    found = _UNNAMED.findall(text)
    signs = ("@", "!subteam^", "#")
    return Mentioned(*(frozenset(each for sign, each in found if sign == wanted) for wanted in signs))


def plain_text(message: Mapping[str, Any], names: Names) -> str:
    """A message's `text` without Slack's syntax."""
    text, emoji = str(message.get("text") or ""), dict(_emoji(message.get("blocks")))
    parts, at = [], 0
    # In one pass, so that no name or address reads as an emoji.
    while found := _SIGN.search(text, at):
        sign = _emoji_at(text, found.start(), emoji) if found[0] == ":" else found[0]
        plain = emoji.get(sign, sign) if found[0] == ":" else _special(found, names)
        parts += [text[at : found.start()], plain]
        at = found.start() + len(sign)
    return unescape("".join([*parts, text[at:]]))


def _special(found: re.Match[str], names: Names) -> str:
    sort, target, label, url, url_label = found.groups()
    if sort == "@":
        return "@" + (label or escape(names.people.get(target) or names.somebody))
    if sort == "#":
        return "#" + (label or escape(names.channels.get(target) or names.channel))
    if sort == "!":
        return label or _called(target, names)
    return (url_label or url) if _is_bare(url_label or url, url) else f"{url_label} ({url})"


def _emoji_at(text: str, start: int, emoji: Mapping[str, str]) -> str:
    """The shortcode that begins at this colon, the longest first (`:wave::skin-tone-3:`); else the colon.
    Looks no further than the next colons, for linear time."""
    end = text.find(":", start + 1) + 1
    with_tone = text.find(":", end + 1) + 1 if end and text[end : end + 1] == ":" else 0
    codes = (text[start:with_tone], text[start:end])
    return next((code for code in codes if code in emoji), ":")


def _called(target: str, names: Names) -> str:
    """A group by its handle; "@here", "@channel", "@everyone", which Slack sends without a label."""
    word, _sign, group = target.partition("^")
    return "@" + (escape(names.groups.get(group) or names.group) if word == "subteam" else word)


def _is_bare(label: str, url: str) -> bool:
    """Whether the label is the address, perhaps typed without its scheme."""
    return label in {url, _SCHEME.sub("", url)}


def _emoji(part: Any) -> Iterator[tuple[str, str]]:
    """The emoji of a message's blocks, by shortcode; custom ones, which have no characters, are left out."""
    todo = [part]  # however deep they are
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo.extend(value)
        elif isinstance(value, dict):
            emoji = characters(value.get("unicode")) if value.get("type") == "emoji" else ""
            if emoji and value.get("name"):
                yield _shortcode(str(value["name"]), emoji), emoji
            todo.extend(value.values())


def _shortcode(name: str, emoji: str) -> str:
    """The emoji as the text has it: with the tone of its skin, which its name lacks."""
    tones = [str(ord(each) - _TONES.start + 2) for each in emoji if ord(each) in _TONES]
    return f":{name}::skin-tone-{'-'.join(tones)}:" if tones and "::" not in name else f":{name}:"
