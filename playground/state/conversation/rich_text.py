"""The `rich_text` block that the Slack client makes of a text."""

import html
import re

from playground.state.conversation.emoji import codepoints
from playground.state.workspace import Json

_SPECIAL = re.compile(
    r"<(?P<kind>[@#!])(?P<id>[^>|]+)(?:\|[^>]*)?>|<(?P<url>[a-z]+:[^>|]+)(?:\|(?P<words>[^>]*))?>"
    r"|:(?P<emoji>[a-z0-9_+-]+):"
)


def rich_text(text: str) -> Json:
    """One section holding `text` (escaped as Slack escapes it), its mentions, links and emoji as elements.

    Characters such as `*` stay text, as in a client with the formatting toolbar.
    """
    elements: list[Json] = []
    end = 0
    for found in _SPECIAL.finditer(text):
        if found["emoji"] and not codepoints(found["emoji"]):
            continue
        elements += _plain(text[end : found.start()])
        elements.append(_element(found))
        end = found.end()
    elements += _plain(text[end:])
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _plain(text: str) -> list[Json]:
    return [{"type": "text", "text": html.unescape(text)}] if text else []


def _element(found: re.Match[str]) -> Json:
    if found["url"]:
        link = {"type": "link", "url": html.unescape(found["url"])}
        return link | ({"text": html.unescape(found["words"])} if found["words"] else {})
    if found["emoji"]:
        return {"type": "emoji", "name": found["emoji"], "unicode": codepoints(found["emoji"])}
    if found["kind"] == "@":
        return {"type": "user", "user_id": found["id"]}
    if found["kind"] == "#":
        return {"type": "channel", "channel_id": found["id"]}
    if found["id"].startswith("subteam^"):
        return {"type": "usergroup", "usergroup_id": found["id"].removeprefix("subteam^")}
    return {"type": "broadcast", "range": found["id"]}
