"""The text of blocks, as mrkdwn: for messages whose `text` is not what they show.

Source: docs.slack.dev, "Reference: blocks", "Rich text block".
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from blocks.kit.text import escape
from blocks.kit.values import Payload, objects
from models.characters import storable

Content = tuple[str, Sequence[Block]]
"""What a message says: a headline, with which its `text` begins, and its blocks."""

DEPTH_MAX = 40  # nested objects and arrays that are read; Slack's own blocks are not ten deep
TEXT_MAX = 4_000  # more is refused in an edit (docs.slack.dev, "chat.update")
_INTERACTIVE = {"actions", "input", "button", "workflow_button", "overflow"}


def block_text(blocks: Any) -> str:
    """Each text of the blocks, on a line of its own; labels of buttons and inputs are left out."""
    return "\n".join(line for line in _lines(blocks, DEPTH_MAX) if line.strip())


def full_text(headline: str, blocks: Sequence[Payload]) -> str:
    """A message's `text`, which screen readers and mobile notifications read instead of its blocks: the
    headline, then each text of the blocks that the headline does not hold; at most `TEXT_MAX` characters."""
    lines = [line for line in block_text(list(blocks)).splitlines() if line.strip() and line not in headline]
    number, _dot, rest = headline.partition(" · ")
    if rest and (whole := next((line for line in lines if line.startswith(rest)), None)):
        headline = f"{number} · {whole}"
        lines.remove(whole)
    text = "\n".join([headline, *lines])
    # No entity, mention or date is cut within.
    return (
        text if len(text) <= TEXT_MAX else re.sub(r"&[^;\s]{0,10}$|<[^<>]*$", "", text[: TEXT_MAX - 1]) + "…"
    )


def _lines(part: Any, levels: int) -> Iterator[str]:
    if isinstance(part, list) and levels:
        for each in part:
            yield from _lines(each, levels - 1)
    elif isinstance(part, dict) and levels:
        kind, text = part.get("type"), part.get("text")
        if kind in _INTERACTIVE:
            return
        if kind in {"plain_text", "raw_text", "markdown"}:
            yield escape(str(text or ""))
        elif kind == "mrkdwn":
            yield str(text or "")
        elif kind == "image" and not part.get("title"):
            yield escape(str(part.get("alt_text") or ""))
        elif kind == "rich_text":
            yield from _rich(part.get("elements"), levels - 1)
        else:
            yield from (line for each in part.values() for line in _lines(each, levels - 1))


def _rich(elements: Any, levels: int, bullet: str = "") -> Iterator[str]:
    """The lines of a rich text: those of a list have a bullet."""
    for element in objects(elements) if levels else ():
        if element.get("type") == "rich_text_list":
            yield from _rich(element.get("elements"), levels - 1, "• ")
        else:
            yield bullet + "".join(map(_leaf, objects(element.get("elements"))))


def _leaf(leaf: Payload) -> str:
    match leaf.get("type"):
        case "text":
            return escape(str(leaf.get("text") or ""))
        case "link":
            label = leaf.get("text")
            return f"<{leaf.get('url')}|{escape(str(label))}>" if label else f"<{leaf.get('url')}>"
        case "user":
            return f"<@{leaf.get('user_id')}>"
        case "usergroup":
            return f"<!subteam^{leaf.get('usergroup_id')}>"
        case "channel":
            return f"<#{leaf.get('channel_id')}>"
        case "broadcast":
            return f"<!{leaf.get('range')}>"
        case "date":
            shown, fallback = leaf.get("format"), escape(str(leaf.get("fallback") or ""))
            return f"<!date^{leaf.get('timestamp')}^{shown}|{fallback}>" if shown else fallback
        case "emoji":
            return characters(leaf.get("unicode")) or f":{leaf.get('name')}:"
    return escape(str(leaf.get("fallback") or leaf.get("value") or ""))  # a colour


def characters(codes: object) -> str:
    """The characters of an emoji ("1f44b-1f3fc"); "" for a custom emoji, which has none, and for codes of
    characters that cannot be stored."""
    try:
        text = "".join(chr(int(code, 16)) for code in str(codes or "").split("-") if code)
    except (ValueError, OverflowError):
        return ""
    return text if storable(text) == text else ""
