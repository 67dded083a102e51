"""Text objects. What a person wrote goes into `plain_text` or `rich_text`, never into mrkdwn, where `*_~`
cannot be escaped.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from blocks.i18n import Translator
from models.characters import split_words
from models.personal_data.shell import is_shell, name_of
from models.words.preformatted import pieces

SECTION_MAX = 3000
OPTION_MAX = 75
BUTTON_MAX = 75
WORDS_MAX, LINES_MAX = 300, 4  # of the first lines of a text
LABEL_MAX = 75  # a button's accessible label (docs.slack.dev, "Button")
HEADER_MAX = 150
HERE = "\N{OBJECT REPLACEMENT CHARACTER}"  # the position of a part in a translated sentence

Parts = RichTextElementParts
Part = Parts.Text | Parts.User | Parts.Date | Parts.Link | Parts.Broadcast | Parts.UserGroup


def escape(text: str) -> str:
    """`text` for mrkdwn and for a message's `text=`: no mention, no link.
    Source: docs.slack.dev, "Formatting message text"."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, length: int) -> str:
    """`text` in at most `length` characters, with an ellipsis where it was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def cut_words(text: str, length: int) -> str:
    """`text` in at most `length` characters, cut between words, with an ellipsis."""
    return text if len(text) <= length else split_words(text, length - 1)[0].rstrip() + "…"


def first_lines(text: str) -> str:
    """The first lines of a text, with an ellipsis where more follow."""
    text = text.strip()
    lines = text.splitlines()
    shown = "\n".join(lines[:LINES_MAX])
    return cut(shown if len(lines) <= LINES_MAX else shown.rstrip() + " …", WORDS_MAX)


def size(text: str) -> int:
    """The bytes that `text` takes in a view: as JSON, where a line break is two."""
    return len(json.dumps(text, ensure_ascii=False).encode())


def plain(text: str) -> PlainTextObject:
    """A text shown as it is: `:tada:` is no emoji."""
    return PlainTextObject(text=text, emoji=False)


def mrkdwn(text: str) -> MarkdownTextObject:
    """A text with Slack's formatting; for our own texts only."""
    return MarkdownTextObject(text=text)


def header(text: str) -> HeaderBlock:
    return HeaderBlock(text=plain(cut(text, HEADER_MAX)))


def note(text: str, *, block_id: str | None = None) -> ContextBlock:
    """A small grey line."""
    return ContextBlock(elements=[plain(text)], block_id=block_id)


def option(text: str, value: str) -> Option:
    return Option(text=plain(cut(text, OPTION_MAX)), value=value)


def bold(text: str) -> Parts.Text:
    return Parts.Text(text=text, style=Parts.TextStyle(bold=True))


def text_part(text: str) -> Parts.Text:
    return Parts.Text(text=text)


def person(_: Translator, slack_id: str) -> Parts.User | Parts.Text:
    """Somebody, as Slack shows them; in words who was erased."""
    if is_shell(slack_id):
        return text_part(name_of(slack_id).in_(_.locale))
    return Parts.User(user_id=slack_id)


def link(url: str, text: str) -> Parts.Link:
    return Parts.Link(url=url, text=text)


def date_time(_: Translator, at: datetime, *, age: bool = False) -> Parts.Date:
    """A date in the reader's time zone, as Slack shows it; with `age` also how long ago it was."""
    shown = "{date_short_pretty}, {time}" + (" ({ago})" if age else "")
    return Parts.Date(timestamp=int(at.timestamp()), format=shown, fallback=_.date_time(at, "UTC"))


def with_age(_: Translator, sentence: str, at: datetime) -> list[Part]:
    """A sentence in which `HERE` is how long ago something was, as Slack words it (docs.slack.dev, "Date
    formatting")."""
    before, _here, after = sentence.partition(HERE)
    age = Parts.Date(timestamp=int(at.timestamp()), format="{ago}", fallback=_.date_time(at, "UTC"))
    return [*([text_part(before)] if before else []), age, *([text_part(after)] if after else [])]


def labelled(_: Translator, label: str, value: Part | str) -> list[Part]:
    """A label in bold, a colon, and the value."""
    return [bold(label), text_part(_(": ")), text_part(value) if isinstance(value, str) else value]


def rich(*lines: Sequence[Part]) -> RichTextBlock:
    """A block of lines, each of parts."""
    parts: list[Part] = []
    for index, line in enumerate(lines):
        if index:
            parts.append(text_part("\n"))
        parts.extend(line)
    return RichTextBlock(elements=[RichTextSectionElement(elements=parts)])


def user_text(text: str) -> list[RichTextBlock]:
    """A person's text, whole, in one block, its code and tables as they were typed; no block for an empty
    text."""
    return _shaped(text, RichTextSectionElement)


def _shaped(text: str, element: type[RichTextSectionElement | RichTextQuoteElement]) -> list[RichTextBlock]:
    elements = [
        (RichTextPreformattedElement if piece.is_preformatted else element)(
            elements=[text_part(part) for part in chunks(piece.text)]
        )
        for piece in pieces(text)
    ]
    return [RichTextBlock(elements=elements)] if elements else []


def length(blocks: Sequence[Block]) -> int:
    """The characters that blocks show, as Slack counts them for a message."""
    return sum(_length(block.to_dict()) for block in blocks)


def _length(value: object) -> int:
    match value:
        case dict():
            return sum(
                len(each) if key == "text" and isinstance(each, str) else _length(each)
                for key, each in value.items()
            )
        case list():
            return sum(map(_length, value))
    return 0


def quote(text: str) -> list[RichTextBlock]:
    """A person's text as a quotation, its code and tables between its parts; no block for an empty text."""
    return _shaped(text, RichTextQuoteElement)


def chunks(text: str, size: int = SECTION_MAX) -> Iterable[str]:
    """`text` in pieces of at most `size` characters; none for an empty text."""
    return (text[start : start + size] for start in range(0, len(text), size))
