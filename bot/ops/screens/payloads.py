"""Fewer calls for many screens: one payload stands for several of them, and is refused if any would be.

Slack limits how often it judges. What it limits in words are greatest lengths: of screens that differ in
words only, one with the longest of each stands for all.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from bot.ops.screens.screen import Screen, Surface

BLOCKS_MAX = 50
"""Of a message (docs.slack.dev, "Blocks")."""
SIZE_MAX = 13_000
"""Bytes of JSON: Slack takes a message of ours as long as that."""
WORDS = frozenset({"text", "accessibility_label", "initial_value", "private_metadata", "alt_text"})
"""Keys whose values are words."""
NAMES = frozenset({"block_id", "action_id", "value"})
"""Keys whose values are ours, which Slack gives back."""


@dataclass(frozen=True)
class Payload:
    """What is sent to Slack, for these screens."""

    surface: Surface
    content: Any
    screens: Sequence[Screen]


def payloads(screens: Iterable[Screen]) -> Iterator[Payload]:
    """Payloads for all of the screens: each screen is in one of them."""
    alike = defaultdict[str, list[Screen]](list)
    for screen in screens:
        alike[outline(screen)].append(screen)
    merged = [
        Payload(some[0].surface, reduce(longest, (each.content for each in some)), some)
        for some in alike.values()
    ]
    yield from (each for each in merged if each.surface == "view")
    yield from _batches([each for each in merged if each.surface == "message"])


def outline(screen: Screen) -> str:
    """All of a screen but its words, and whether there are any."""
    return json.dumps([screen.surface, _wordless(screen.content)])


def _wordless(content: Any, key: str = "") -> Any:
    if isinstance(content, Mapping):
        return {name: _wordless(content[name], name) for name in sorted(content)}
    if isinstance(content, list | tuple):
        return [_wordless(each, key) for each in content]
    return bool(content) if isinstance(content, str) and key in WORDS | NAMES else content


def longest(one: Any, other: Any) -> Any:
    """Of two with the same outline, the longer of the words of each."""
    if isinstance(one, Mapping):
        return {name: longest(one[name], other[name]) for name in one}
    if isinstance(one, list | tuple):
        return [longest(*pair) for pair in zip(one, other, strict=True)]
    return max(one, other, key=len) if isinstance(one, str) else one


def _batches(messages: Sequence[Payload]) -> Iterator[Payload]:
    """Short messages together, as one message."""
    blocks, screens = list[Any](), list[Screen]()
    for message in messages:
        more = list(message.content["blocks"])
        if screens and (len(blocks) + len(more) > BLOCKS_MAX or _size(blocks) + _size(more) > SIZE_MAX):
            yield Payload("message", {"blocks": blocks}, screens)
            blocks, screens = [], []
        blocks, screens = [*blocks, *more], [*screens, *message.screens]
    if screens:
        yield Payload("message", {"blocks": blocks}, screens)


def _size(blocks: Sequence[Any]) -> int:
    return len(json.dumps(blocks).encode())
