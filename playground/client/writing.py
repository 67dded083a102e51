"""What a person types, as Slack stores it ("Formatting text for app surfaces")."""

import re

from playground.workspace import Workspace

_REFERENCE = re.compile(r"<([@#])([A-Z0-9]+)(?:\|[^>]*)?>|(?<!\w)([@#])([\w.-]*\w)")


def escape(text: str) -> str:
    """The three characters that Slack gives a meaning to, made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_text(workspace: Workspace, typed: str) -> str:
    """The text with `@name` and `#name` turned into references and the rest escaped.

    A reference already written as `<@U…>` or `<#C…>` stays one; a name nobody has is plain text.
    """
    written, done = "", 0
    for match in _REFERENCE.finditer(typed):
        sign, key = match[1] or match[3], match[2] or match[4]
        reference = _person(workspace, key) if sign == "@" else _channel(workspace, key)
        if reference is not None:
            written += escape(typed[done : match.start()]) + reference
            done = match.end()
    return written + escape(typed[done:])


def _person(workspace: Workspace, key: str) -> str | None:
    person = workspace.person(key)
    return f"<@{person.id}>" if person else None


def _channel(workspace: Workspace, key: str) -> str | None:
    """A reference to a channel; the name of a private one is left out, as it may be secret to the app."""
    channel = workspace.channel(key)
    return f"<#{channel.id}|{channel.name if channel.kind == 'public' else ''}>" if channel else None
