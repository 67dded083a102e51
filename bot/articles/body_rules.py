"""What the text of an article may hold, so that Slack shows it whole, and a person can read it anywhere."""

import json
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from markdown_it.token import Token

from models.characters import is_blank
from models.markdown.plain_text import plain_text
from models.markdown.tree import parse, parser

# A person reads no more; a `markdown` block holds 12,000 characters (docs.slack.dev, "Markdown block").
BODY = 10_000
# Each block of the text is one of Slack's, of which a modal has 100; the rest is for what surrounds them.
BLOCKS = 60
PASSAGE = 3000  # characters of a paragraph, an item or a code block: a text of Slack's ("Text object")
HEADING = 150  # characters ("Header block")
NESTING = 5  # lists in lists and quotations; Slack indents by 8 at most ("Rich text block")
URL = 3000
# A view takes at most 250 kB (docs.slack.dev, "views.open"); each change of style repeats an address.
VIEW_BYTES, SPAN_BYTES = 180_000, 120

_BARE = re.compile(r"https?://\S+")
_CONTAINERS = ("bullet_list", "ordered_list", "blockquote")

Broken = Iterator[tuple[int, str]]
"""Lines of the body, the first one 0, each with what is wrong there."""


def body_problems(body: str) -> Broken:
    """What is wrong with a body."""
    if is_blank(body) or is_blank(plain_text(body)):
        yield 0, "there is no text below the front matter — write the steps"
        return
    tokens = parser().enable("table").parse(body)
    yield from _sizes(body)
    if sum(map(_weight, tokens)) > VIEW_BYTES:
        yield 0, "too many changes of style for Slack — use less bold, italic, code and links"
    yield from _nesting(tokens)
    for token in tokens:
        yield from _block(token)
        if token.type == "inline":
            yield from _inline(token)


def _sizes(body: str) -> Broken:
    if len(body) > BODY:
        yield 0, f"{len(body)} characters — expected at most {BODY}: make two articles of it"
        return
    count = len(parse(body))
    if count > BLOCKS:
        what = f"{count} paragraphs, lists and headings, more than Slack shows in a window"
        yield 0, f"{what} — expected at most {BLOCKS}: make lists of them, or two articles"


def _nesting(tokens: Sequence[Token]) -> Broken:
    depth = 0
    for token in tokens:
        if token.type.removesuffix("_open").removesuffix("_close") not in _CONTAINERS:
            continue
        depth += token.nesting
        if token.nesting == 1 and depth == NESTING + 1:
            yield (
                _line(token),
                f"lists and quotations inside each other, {depth} deep — expected at most {NESTING}",
            )


def _block(token: Token) -> Broken:
    match token.type:
        case "html_block":
            yield _line(token), HTML
        case "table_open":
            yield _line(token), "Slack shows no table there — write a list"
        case "fence" | "code_block" if len(token.content) > PASSAGE:
            yield (
                _line(token),
                f"a code block of {len(token.content)} characters — expected at most {PASSAGE}",
            )


HTML = "HTML is not shown — write it in Markdown; as an example, put it between backticks: `<b>`"


def _inline(token: Token) -> Broken:
    line, inside = _line(token), 0
    if len(token.content) > PASSAGE:
        yield line, f"a paragraph of {len(token.content)} characters — expected at most {PASSAGE}"
    for child in token.children or ():
        inside += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type in {"softbreak", "hardbreak"}:
            line += 1
        elif child.type == "html_inline":
            yield line, HTML
        elif child.type == "link_open":
            yield from _link(line, str(child.attrs.get("href", "")))
        elif child.type == "image":
            yield from _picture(line, child)
        elif child.type == "text" and not inside:
            for address in _BARE.findall(child.content):
                yield (
                    line,
                    f"“{address}” is not a link — put it between “<” and “>”, or write [text](address)",
                )


def _link(line: int, url: str) -> Broken:
    if len(url) > URL:
        yield line, f"an address of {len(url)} characters — expected at most {URL}"
    elif not _is_address(url):
        yield line, f"the link “{url}” — expected an address that begins with https:// or mailto:"


def _picture(line: int, picture: Token) -> Broken:
    url = str(picture.attrs.get("src", ""))
    if not (_is_address(url) and url.lower().startswith("https:")) or len(url) > URL:
        yield line, f"the picture “{url[:80]}” — expected an address that begins with https://"
    if is_blank(picture.content):
        yield (
            line,
            "the picture has no description — say between “![” and “]” what it shows: only that is seen",
        )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_page = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:  # brackets that hold no IPv6 address
        return False
    return is_page or (parts.scheme == "mailto" and "@" in parts.path.strip("@"))


def _weight(token: Token) -> int:
    """At least as many bytes as a paragraph or a code block takes in a view."""
    weight, url = SPAN_BYTES + (0 if token.children else len(json.dumps(token.content))), 0
    for child in token.children or ():
        if child.type == "link_open":
            url = len(str(child.attrs.get("href", "")))
        elif child.type == "link_close":
            url = 0
        elif child.type == "image":
            weight += len(str(child.attrs.get("src", "")))
        weight += SPAN_BYTES + url + len(json.dumps(child.content))
    return weight


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0
