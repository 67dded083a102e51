"""CommonMark as Slack's rich text.

Each block of the text is a block of Slack's, which leaves a gap between them. An item of Slack's lists is one
section: what else an item holds stands between two lists, of which the second counts on.
Source: docs.slack.dev, "Rich text block".
"""

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import (
    Block,
    DividerBlock,
    RichTextBlock,
    RichTextElement,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from blocks.i18n import Translator
from blocks.kit.text import HEADER_MAX, Part, Parts, header, text_part
from models.markdown.plain_text import plain_text_of
from models.markdown.tree import (
    CodeBlock,
    Heading,
    MarkdownBlock,
    MarkdownList,
    Paragraph,
    Quotation,
    Span,
    ThematicBreak,
    is_safe,
    parse,
)

INDENT_MAX = 8
HEADER_LEVELS = 2  # headings of a lower level are bold lines


def markdown_blocks(_: Translator, text: str) -> list[Block]:
    """A text in CommonMark as blocks of a modal, the Home or a message."""
    return [_block(_, block) for block in parse(text)]


def picture(_: Translator) -> str:
    """How a picture is written where none can be shown, with a field for its description."""
    return _("Picture: {text}", text="{text}")


def _block(_: Translator, block: MarkdownBlock) -> Block:
    if isinstance(block, ThematicBreak):
        return DividerBlock()
    if isinstance(block, Heading) and _is_header(block):
        return header("".join(span.text for span in block.spans))
    return RichTextBlock(elements=list(_elements(_, block)))


def _is_header(heading: Heading) -> bool:
    """Whether it can be a header, which holds some plain text."""
    text = "".join(span.text for span in heading.spans)
    has_link = any(span.url for span in heading.spans)
    return heading.level <= HEADER_LEVELS and 0 < len(text) <= HEADER_MAX and not has_link


def _elements(_: Translator, block: MarkdownBlock, indent: int = 0) -> Iterator[RichTextElement]:
    match block:
        case Paragraph():
            yield _section(_leaves(_, block.spans))
        case Heading():
            yield _section(_leaves(_, block.spans, is_bold=True))
        case CodeBlock():
            yield RichTextPreformattedElement(elements=[text_part(block.text or " ")])
        case Quotation():
            yield RichTextQuoteElement(elements=_quoted(_, block.blocks))
        case MarkdownList():
            yield from _list(_, block, indent)
        case ThematicBreak():  # inside a list
            yield _section([text_part("———")])


def _list(_: Translator, block: MarkdownList, indent: int) -> Iterator[RichTextElement]:
    """The list, in as many parts as what stands between its items makes of it."""
    sections: list[RichTextSectionElement] = []
    done = 0
    for index, item in enumerate(block.items):
        paragraphs, others = _split(item)
        sections.append(_section(_lines(_, paragraphs)))
        if others or index == len(block.items) - 1:
            yield _list_part(block, sections, indent, done)
            done, sections = index + 1, []
        for other in others:
            yield from _elements(_, other, indent + 1)


def _list_part(
    block: MarkdownList, sections: Sequence[RichTextSectionElement], indent: int, done: int
) -> RichTextListElement:
    is_ordered = block.start is not None
    offset = max(0, (block.start or 0) - 1) + done if is_ordered else 0
    return RichTextListElement(
        style="ordered" if is_ordered else "bullet",
        elements=sections,
        indent=min(indent, INDENT_MAX),
        offset=offset or None,
    )


def _split(item: Sequence[MarkdownBlock]) -> tuple[list[Paragraph | Heading], Sequence[MarkdownBlock]]:
    """The paragraphs that an item begins with, and the rest."""
    first: list[Paragraph | Heading] = []
    for block in item:
        if not isinstance(block, Paragraph | Heading):
            break
        first.append(block)
    return first, item[len(first) :]


def _lines(_: Translator, paragraphs: Sequence[Paragraph | Heading]) -> list[Part]:
    parts: list[Part] = []
    for index, paragraph in enumerate(paragraphs):
        parts += [text_part("\n")] if index else []
        parts += _leaves(_, paragraph.spans, is_bold=isinstance(paragraph, Heading))
    return parts


def _quoted(_: Translator, blocks: Sequence[MarkdownBlock]) -> list[Part]:
    """The contents of a quotation, which holds text only: lists and code have their signs."""
    parts: list[Part] = []
    for index, block in enumerate(blocks):
        parts += [text_part("\n")] if index else []
        if isinstance(block, Paragraph | Heading):
            parts += _leaves(_, block.spans, is_bold=isinstance(block, Heading))
        else:
            parts += [text_part(plain_text_of([block], picture(_)) or " ")]
    return parts or [text_part(" ")]


def _section(parts: Sequence[Part]) -> RichTextSectionElement:
    return RichTextSectionElement(elements=parts or [text_part(" ")])


def _leaves(_: Translator, spans: Sequence[Span], *, is_bold: bool = False) -> list[Part]:
    return [_leaf(_, span, is_bold=is_bold) for span in spans]


def _leaf(_: Translator, span: Span, *, is_bold: bool) -> Part:
    style = _style(span, is_bold=is_bold)
    text = _("Picture: {text}", text=span.text) if span.is_image else span.text
    if span.url is None:
        return Parts.Text(text=text, style=style)
    if not is_safe(span.url):
        return Parts.Text(text=f"{text} ({span.url})", style=style)
    return Parts.Link(url=span.url, text=text, style=style)


def _style(span: Span, *, is_bold: bool) -> Parts.TextStyle | None:
    bold = span.bold or is_bold
    if not (bold or span.italic or span.strike or span.code):
        return None  # an empty style is refused
    return Parts.TextStyle(
        bold=bold or None, italic=span.italic or None, strike=span.strike or None, code=span.code or None
    )
