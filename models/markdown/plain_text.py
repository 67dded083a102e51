"""CommonMark as plain text: for fields, e-mails, and search."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models.markdown.tree import (
    CodeBlock,
    Heading,
    MarkdownBlock,
    MarkdownList,
    Paragraph,
    Quotation,
    Span,
    parse,
)

BULLET = "•"
RULE = "———"


def plain_text(text: str, picture: str = "{text}") -> str:
    """The text without its signs. `picture`: how a picture is written, with its `{text}`."""
    return plain_text_of(parse(text), picture)


def plain_text_of(blocks: Sequence[MarkdownBlock], picture: str = "{text}") -> str:
    """The same of blocks."""
    return "".join(passage.before + passage.text for passage in _passages(blocks, picture)).lstrip("\n")


class Passage(NamedTuple):
    """A part of a plain text, which may be cut after it."""

    before: str
    """The line breaks that separate it from the passage before."""
    text: str
    is_heading: bool = False


def passages(text: str, picture: str = "{text}") -> Sequence[Passage]:
    """The text without its signs, in parts: its blocks, and the items of its lists, which stay whole."""
    return list(_passages(parse(text), picture))


def _passages(blocks: Sequence[MarkdownBlock], picture: str) -> Iterator[Passage]:
    before = "\n\n"
    for block in blocks:
        is_heading = isinstance(block, Heading)
        for part in _items(block, picture) if isinstance(block, MarkdownList) else [_written(block, picture)]:
            yield Passage(before, part, is_heading)
            before = "\n"
        before = "\n" if is_heading else "\n\n"


def spans_text(spans: Sequence[Span], picture: str = "{text}") -> str:
    """The text of spans; the address of a link follows its text."""
    return "".join(_span(span, picture) for span in spans)


def _span(span: Span, picture: str) -> str:
    if span.url is None:
        return span.text
    text = picture.replace("{text}", span.text) if span.is_image else span.text
    address = span.url.removeprefix("mailto:")
    return text if span.text in (span.url, address) else f"{text} ({address})"


def _written(block: MarkdownBlock, picture: str) -> str:
    match block:
        case Paragraph() | Heading():
            return spans_text(block.spans, picture)
        case CodeBlock():
            return block.text
        case Quotation():
            return _indented(plain_text_of(block.blocks, picture), "> ", "> ")
        case MarkdownList():
            return "\n".join(_items(block, picture))
    return RULE


def _items(block: MarkdownList, picture: str) -> Iterator[str]:
    for index, item in enumerate(block.items):
        mark = BULLET if block.start is None else f"{block.start + index}."
        inside = "\n".join(_written(each, picture) for each in item)
        yield _indented(inside, f"{mark} ", " " * (len(mark) + 1))


def _indented(text: str, first: str, other: str) -> str:
    lines = text.split("\n")
    return "\n".join((first if index == 0 else other) + line for index, line in enumerate(lines))
