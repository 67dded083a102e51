"""Rich text to HTML: sections, lists, quotes, preformatted text, and their leaves ("rich text block")."""

from collections.abc import Callable
from itertools import groupby

from markupsafe import Markup

from playground.page.text import references
from playground.page.text.emoji import emoji
from playground.page.text.reader import Reader
from playground.state.workspace import Json

_SWATCH = Markup(
    '<svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">'
    '<rect width="8" height="8" fill="{0}"/></svg>{0}'
)
_STYLES = {"code": "code", "strike": "s", "italic": "em", "bold": "strong", "underline": "u"}


def rich_text(block: Json, reader: Reader) -> Markup:
    """The HTML of a rich_text block. Adjacent lists form one tree by their indent."""
    html = Markup("")
    for is_list, group in groupby(block.get("elements", []), lambda e: e.get("type") == "rich_text_list"):
        elements = list(group)
        html += (
            _lists(elements, reader) if is_list else Markup("").join(_element(e, reader) for e in elements)
        )
    return html


def _element(element: Json, reader: Reader) -> Markup:
    kind = element.get("type")
    if kind == "rich_text_preformatted":
        inside = Markup("").join(_leaf(leaf, reader) for leaf in element.get("elements", []))
        return Markup("<pre><code>{}</code></pre>").format(inside)
    tag = "blockquote" if kind == "rich_text_quote" else "div"
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), _leaves(element, reader))


def _lists(lists: list[Json], reader: Reader) -> Markup:
    """A list of larger indent is nested in the last item of the one before."""
    html, open_indents = Markup(""), list[tuple[int, str]]()
    for element in lists:
        indent, tag = int(element.get("indent", 0)), _tag(element)
        while open_indents and open_indents[-1][0] > indent:
            html += Markup(f"</li></{open_indents.pop()[1]}>")
        if open_indents and open_indents[-1][0] == indent and open_indents[-1][1] != tag:
            html += Markup(f"</li></{open_indents.pop()[1]}>")
        if open_indents and open_indents[-1][0] == indent:
            html += Markup("</li>")
        else:
            html += _opening(tag, element)
            open_indents.append((indent, tag))
        items = (_leaves(item, reader) for item in element.get("elements", []))
        html += Markup("<li>") + Markup("</li><li>").join(items)
    for _, tag in reversed(open_indents):
        html += Markup(f"</li></{tag}>")
    return html


def _tag(element: Json) -> str:
    return "ol" if element.get("style") == "ordered" else "ul"


def _opening(tag: str, element: Json) -> Markup:
    start = int(element.get("offset", 0)) + 1
    border = ' class="bordered"' if element.get("border") else ""
    return Markup(f"<{tag}{border}" + (f' start="{start}"' if tag == "ol" and start > 1 else "") + ">")


def _leaves(element: Json, reader: Reader) -> Markup:
    return Markup("").join(_styled(leaf, _leaf(leaf, reader)) for leaf in element.get("elements", []))


def _styled(leaf: Json, html: Markup) -> Markup:
    for style, tag in _STYLES.items():
        if (leaf.get("style") or {}).get(style):
            html = Markup("<{0}>{1}</{0}>").format(Markup(tag), html)
    return html


def _leaf(leaf: Json, reader: Reader) -> Markup:
    draw = _LEAVES.get(str(leaf.get("type")))
    return draw(leaf, reader) if draw else Markup("{}").format(leaf.get("text", ""))


def _text(leaf: Json, reader: Reader) -> Markup:
    return Markup("<br>").join(str(leaf.get("text", "")).split("\n"))


def _date(leaf: Json, reader: Reader) -> Markup:
    target = f"!date^{leaf.get('timestamp', '')}^{leaf.get('format', '')}^{leaf.get('url', '')}"
    return references.date(target.rstrip("^"), str(leaf.get("fallback", "")), reader)


def _color(leaf: Json, reader: Reader) -> Markup:
    return _SWATCH.format(str(leaf.get("value", "")))


_LEAVES: dict[str, Callable[[Json, Reader], Markup]] = {
    "text": _text,
    "link": lambda leaf, _: references.link(str(leaf.get("url", "")), str(leaf.get("text", ""))),
    "emoji": lambda leaf, _: emoji(str(leaf.get("name", ""))),
    "user": lambda leaf, reader: references.mention(str(leaf.get("user_id", "")), reader),
    "usergroup": lambda leaf, reader: references.reference(
        f"!subteam^{leaf.get('usergroup_id', '')}", reader
    ),
    "channel": lambda leaf, reader: references.channel(str(leaf.get("channel_id", "")), reader),
    "broadcast": lambda leaf, reader: references.reference(f"!{leaf.get('range', 'here')}", reader),
    "team": lambda leaf, _: Markup("{}").format(leaf.get("team_id", "")),
    "date": _date,
    "color": _color,
}
