"""Slack's mrkdwn to HTML ("Formatting text for app surfaces").

Text arrives with `&`, `<` and `>` escaped, and references between angle brackets: `<@U…>`, `<#C…>`,
`<!date^…>`, links.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup

from playground.page.text.emoji import emoji
from playground.page.text.reader import Reader
from playground.page.text.references import link, reference

_FENCE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_EMOJI = r":(?P<emoji>[a-z0-9_+'-]+(?:::skin-tone-\d)?):"
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<reference>[^<>\n]+)>"
    r"|(?<![\w*])\*(?P<strong>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<em>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<s>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
    r"|(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])"
    r"|" + _EMOJI
)
_ONLY_EMOJI = re.compile(_EMOJI)


def mrkdwn(text: str, reader: Reader) -> Markup:
    """The HTML of a mrkdwn text, as `reader` sees it."""
    pieces = []
    for index, piece in enumerate(_FENCE.split(text)):
        if index % 2:
            pieces.append(Markup("<pre><code>{}</code></pre>").format(unescape(piece)))
        elif piece.strip("\n"):
            pieces.extend(_paragraphs(piece.strip("\n") if len(pieces) else piece, reader))
    return Markup("").join(pieces)


def plain(text: str, *, with_emoji: bool = True) -> Markup:
    """The HTML of a plain_text: only emoji shortcodes are markup, if `with_emoji`."""
    escaped, cursor = Markup(""), 0
    for match in _ONLY_EMOJI.finditer(text) if with_emoji else ():
        escaped += _lines(text[cursor : match.start()]) + emoji(match["emoji"])
        cursor = match.end()
    return escaped + _lines(text[cursor:])


def unescape(text: str) -> str:
    """The text with Slack's three entities decoded."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _paragraphs(text: str, reader: Reader) -> Iterator[Markup]:
    """Quoted lines in a blockquote, other lines unchanged."""
    for is_quote, lines in groupby(text.split("\n"), key=lambda line: line.startswith(("&gt;", ">"))):
        if is_quote:
            kept = [re.sub(r"^(&gt;|>) ?", "", line) for line in lines]
            yield Markup("<blockquote>{}</blockquote>").format(_inline("\n".join(kept), reader))
        else:
            yield _inline("\n".join(lines), reader)


def _inline(text: str, reader: Reader) -> Markup:
    html, cursor = Markup(""), 0
    for match in _INLINE.finditer(text):
        html += _lines(unescape(text[cursor : match.start()])) + _token(match, reader)
        cursor = match.end()
    return html + _lines(unescape(text[cursor:]))


def _token(match: re.Match[str], reader: Reader) -> Markup:
    kind, content = match.lastgroup or "", match[match.lastgroup or 0]
    if kind == "code":
        return Markup("<code>{}</code>").format(unescape(content))
    if kind == "reference":
        return reference(unescape(content), reader)
    if kind == "url":
        return link(unescape(content))
    if kind == "emoji":
        return emoji(content)
    return Markup("<{0}>{1}</{0}>").format(Markup(kind), _inline(content, reader))


def _lines(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))
