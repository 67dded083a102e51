"""The text that a person enters, as Slack stores it ("Formatting text for app surfaces")."""

import html
import re

from playground.state.conversation.emoji import with_shortcodes
from playground.state.workspace import Workspace

_REFERENCE = re.compile(
    r"(?P<url>(?i:https?)://[^\s<>|]*[^\s<>|.,;:!?)\]'\"»])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|<(?P<sign>[@#])(?P<id>[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|(?<!\w)(?P<name_sign>[@#])(?P<name>[\w.-]*\w)"
)
_WRITTEN = re.compile(r"<(?P<sign>[@#!]?)(?P<target>[^>|]+)(?:\|(?P<words>[^>]*))?>")
_BROADCASTS = ("here", "channel", "everyone")


def escape(text: str) -> str:
    """The text with Slack's three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_text(workspace: Workspace, text: str) -> str:
    """The text with `@name`, `#name` and addresses as references, emoji as shortcodes, and the rest escaped.

    A reference already written as `<@U…>` or `<#C…>` stays one; an unknown name is plain text.
    """
    text = with_shortcodes(text)
    written, done = "", 0
    for match in _REFERENCE.finditer(text):
        reference = _reference(workspace, match)
        if reference is not None:
            written += escape(text[done : match.start()]) + reference
            done = match.end()
    return written + escape(text[done:])


def editable_text(workspace: Workspace, written: str) -> str:
    """The text that gives `written` when it is entered: the initial text of an edit."""
    return html.unescape(_WRITTEN.sub(lambda match: _editable(workspace, match), written))


def _editable(workspace: Workspace, match: re.Match[str]) -> str:
    sign, target = match["sign"], match["target"]
    if sign == "@" and target in workspace.people:
        return "@" + workspace.people[target].name
    if sign == "#" and target in workspace.channels:
        return "#" + workspace.channels[target].name
    group = workspace.usergroup(target.removeprefix("subteam^"))
    if sign == "!" and group is not None:
        return "@" + group.handle
    if sign:
        return f"@{target}" if sign == "!" else match[0]
    return target.removeprefix("mailto:")


def _reference(workspace: Workspace, match: re.Match[str]) -> str | None:
    if match["url"]:
        return f"<{escape(match['url'])}>"
    if match["mail"]:
        return f"<mailto:{match['mail']}|{match['mail']}>"
    if match["name_sign"] == "@" and match["name"] in _BROADCASTS:
        return f"<!{match['name']}>"
    sign, key = match["sign"] or match["name_sign"], match["id"] or match["name"]
    return _person(workspace, key) if sign == "@" else _channel(workspace, key)


def _person(workspace: Workspace, key: str) -> str | None:
    person, group = workspace.person(key), workspace.usergroup(key)
    if person is None and group is not None:
        return f"<!subteam^{group.id}>"
    return f"<@{person.id}>" if person else None


def _channel(workspace: Workspace, key: str) -> str | None:
    """A reference to a channel; the name of a private one is left out, as the app may not know it."""
    channel = workspace.channel(key)
    return f"<#{channel.id}|{channel.name if channel.kind == 'public' else ''}>" if channel else None
