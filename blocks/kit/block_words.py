"""The words that stand in blocks, as mrkdwn: for messages whose `text` does not say what they show.

Source: docs.slack.dev, "Reference: blocks", "Rich text block".
"""

from collections.abc import Iterator
from typing import Any

from blocks.kit.text import escape
from models.characters import kept

DEPTH_MAX = 40  # of what is read; Slack's own blocks are not ten deep
_PRESSED = {"actions", "input", "button", "workflow_button", "overflow"}  # to act on, not to read


def words_of_blocks(blocks: Any) -> str:
    """What blocks say, each text on a line of its own."""
    return "\n".join(line for line in _lines(blocks, DEPTH_MAX) if line.strip())


def _lines(part: Any, deeper: int) -> Iterator[str]:
    if isinstance(part, list) and deeper:
        for each in part:
            yield from _lines(each, deeper - 1)
    elif isinstance(part, dict) and deeper:
        kind, text = part.get("type"), part.get("text")
        if kind in _PRESSED:
            return
        if kind in {"plain_text", "raw_text", "markdown"}:
            yield escape(str(text or ""))
        elif kind == "mrkdwn":
            yield str(text or "")
        elif kind == "image" and not part.get("title"):
            yield escape(str(part.get("alt_text") or ""))
        elif kind == "rich_text":
            yield from _rich(part.get("elements"), deeper - 1)
        else:
            yield from (line for each in part.values() for line in _lines(each, deeper - 1))


def _rich(elements: Any, deeper: int, mark: str = "") -> Iterator[str]:
    """The lines of a rich text: those of a list have a mark."""
    for element in _dicts(elements) if deeper else ():
        if element.get("type") == "rich_text_list":
            yield from _rich(element.get("elements"), deeper - 1, "• ")
        else:
            yield mark + "".join(map(_leaf, _dicts(element.get("elements"))))


def _leaf(leaf: dict[str, Any]) -> str:
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
        case "emoji":
            return characters(leaf.get("unicode")) or f":{leaf.get('name')}:"
    return escape(str(leaf.get("fallback") or leaf.get("value") or ""))  # a date, a colour


def characters(codes: object) -> str:
    """The characters of an emoji ("1f44b-1f3fc"); "" for a workspace's own, which has none, and for codes of
    no character that can be kept."""
    try:
        drawn = "".join(chr(int(code, 16)) for code in str(codes or "").split("-") if code)
    except (ValueError, OverflowError):
        return ""
    return drawn if kept(drawn) == drawn else ""


def _dicts(parts: Any) -> list[dict[str, Any]]:
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
