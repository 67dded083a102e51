"""CommonMark as a tree of blocks and spans, with `~~struck through~~` text.

Raw HTML is text. Tables, which Slack's rich text lacks, are paragraphs.
Source: spec.commonmark.org 0.31; for the strikethrough, github.github.com/gfm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

NESTING_MAX = 100  # markdown-it drops what is nested deeper; `guichet catalogue check` refuses far less


@dataclass(frozen=True)
class Span:
    """Text of one style."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    url: str | None = None
    """What it links to."""
    is_image: bool = False
    """Whether the text describes a picture, and `url` is the picture's."""


@dataclass(frozen=True)
class Paragraph:
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    """1 to 6."""
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class CodeBlock:
    text: str
    """Without the last line break."""


@dataclass(frozen=True)
class Quotation:
    blocks: "tuple[MarkdownBlock, ...]"


@dataclass(frozen=True)
class MarkdownList:
    items: "tuple[tuple[MarkdownBlock, ...], ...]"
    start: int | None = None
    """The first number; `None` for bullets."""


@dataclass(frozen=True)
class ThematicBreak:
    pass


MarkdownBlock = Paragraph | Heading | CodeBlock | Quotation | MarkdownList | ThematicBreak


def parser() -> MarkdownIt:
    """The parser. It takes any address for a link: `javascript:` is a link to refuse, not a text to show."""
    found = MarkdownIt("commonmark", {"maxNesting": NESTING_MAX}).enable("strikethrough")
    found.validateLink = lambda url: True  # type: ignore[method-assign] # as its documents say
    return found


def parse(text: str) -> tuple[MarkdownBlock, ...]:
    """The blocks of a text."""
    return _blocks(SyntaxTreeNode(parser().parse(text)).children)


def is_safe(url: str) -> bool:
    """Whether a link may lead there."""
    return url.lower().startswith(("https://", "mailto:"))


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> tuple[MarkdownBlock, ...]:
    return tuple(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> MarkdownBlock:
    match node.type:
        case "heading":
            return Heading(int(node.tag[1:]), _spans(node))
        case "bullet_list":
            return MarkdownList(tuple(_blocks(item.children) for item in node.children))
        case "ordered_list":
            start = int(node.attrs.get("start", 1))
            return MarkdownList(tuple(_blocks(item.children) for item in node.children), start)
        case "blockquote":
            return Quotation(_blocks(node.children))
        case "fence" | "code_block":
            return CodeBlock(node.content.removesuffix("\n"))
        case "hr":
            return ThematicBreak()
        case "html_block":
            return Paragraph((Span(node.content.strip("\n")),))
    return Paragraph(_spans(node))


def _spans(node: SyntaxTreeNode) -> tuple[Span, ...]:
    """The spans of a paragraph or heading; neighbours of one style are one span."""
    found = [span for inline in node.children for each in inline.children for span in _inline(each, Span(""))]
    return tuple(
        _restyled(style, "".join(span.text for span in spans))
        for style, spans in groupby((span for span in found if span.text), lambda span: _restyled(span, ""))
    )


def _inline(node: SyntaxTreeNode, style: Span) -> Iterator[Span]:
    match node.type:
        case "softbreak":
            yield _restyled(style, " ")
        case "hardbreak":
            yield _restyled(style, "\n")
        case "code_inline":
            yield _with(style, text=node.content, code=True)
        case "image":
            text = "".join(span.text for each in node.children for span in _inline(each, Span("")))
            yield _with(style, text=text or _src(node), url=_src(node), is_image=True)
        case "em" | "strong" | "s" | "link":
            yield from _marked(node, style)
        case _:
            yield _restyled(style, node.content)


def _marked(node: SyntaxTreeNode, style: Span) -> Iterator[Span]:
    inside = {
        "em": _with(style, italic=True),
        "strong": _with(style, bold=True),
        "s": _with(style, strike=True),
        "link": _with(style, url=str(node.attrs.get("href", "")) or None),
    }[node.type]
    found = [span for each in node.children for span in _inline(each, inside)]
    if node.type == "link" and inside.url and not any(span.text for span in found):
        found = [_restyled(inside, inside.url)]
    yield from found


def _src(node: SyntaxTreeNode) -> str:
    return str(node.attrs.get("src", ""))


def _with(style: Span, **values: object) -> Span:
    return Span(**{**vars(style), **values})


def _restyled(style: Span, text: str) -> Span:
    return _with(style, text=text)
