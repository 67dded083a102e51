"""The text of a message: of its `text`, its blocks, its attachments and its e-mail files.

A forwarded message, or one of another app, has its text in `attachments` or `blocks` only; an e-mail sent to
Slack is a file. Source: docs.slack.dev, "Reference: Secondary message attachments", "File
object"; recorded messages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from blocks.kit.block_text import block_text
from blocks.kit.mrkdwn import Mentioned, Names, mentioned_in, plain_text
from blocks.kit.text import escape
from blocks.kit.values import Payload, objects
from models.characters import is_blank

# Slack's placeholders for contents that it has no text for (recorded).
_PLACEHOLDERS = {"This content can't be displayed.", "[no preview available]"}

Message = Mapping[str, Any]


@dataclass(frozen=True)
class _Passage:
    """A part of a message's text, as mrkdwn. `source`: of a forwarded one, its author and its address."""

    text: str
    blocks: Any = None
    source: list[str] = field(default_factory=list)


def message_text(message: Message, names: Names) -> str:
    """The text of a message. A forwarded one has its lines marked, and its author and address under them."""
    return "\n\n".join(filter(None, (_shown(passage, names) for passage in _passages(message))))


def mentioned_by(message: Message) -> Mentioned:
    """The people, groups and channels that a message mentions by an id alone."""
    return mentioned_in(" ".join(" ".join([each.text, *each.source]) for each in _passages(message)))


def files_of(message: Message) -> list[Payload]:
    """The files of a message, and of those that were forwarded with it."""
    holders = [message, *(each for each in _attachments(message) if _is_forwarded(each, message))]
    return [file for each in holders for file in objects(each.get("files"))]


def _passages(message: Message) -> Iterator[_Passage]:
    yield _Passage(_own(message), message.get("blocks"))
    for each in _attachments(message):
        if _is_forwarded(each, message):
            yield _forwarded(each)
        elif not _is_preview(each):
            yield _Passage(_attached(each), each.get("blocks"))
    for file in files_of(message):
        if file.get("mode") == "email":
            yield _mailed(file)


def _own(message: Message) -> str:
    """Its `text`, or its blocks: another app's `text` is for notifications."""
    text = _text(message, "text")
    blocks = objects(message.get("blocks"))
    is_composed = "bot_id" in message and any(block.get("type") != "rich_text" for block in blocks)
    return (block_text(blocks) if is_composed or not text else "") or text


def _forwarded(attachment: Message) -> _Passage:
    inside = [_dict(each.get("message")).get("blocks") for each in objects(attachment.get("message_blocks"))]
    text = _text(attachment, "text") or block_text(inside) or _attached(attachment)
    author = _text(attachment, "author_name")
    by = (
        escape(unescape(author))
        if author
        else f"<@{attachment['author_id']}>"
        if attachment.get("author_id")
        else ""
    )
    address = _text(attachment, "from_url")
    return _Passage(text, inside, [*filter(None, [by, f"<{address}>" if address else ""])])


def _mailed(file: Message) -> _Passage:
    texts = _text(file, "subject") or _text(file, "title"), _text(file, "plain_text")
    by = [_text(each, "original") or _text(each, "address") for each in objects(file.get("from"))]
    return _Passage(escape("\n".join(filter(None, texts))), source=[escape(each) for each in by if each])


def _attached(attachment: Message) -> str:
    """An attachment of another app: its blocks, or its fields, the title first."""
    if text := block_text(attachment.get("blocks")):
        return text
    link = _text(attachment, "title_link")
    lines = [_text(attachment, "title"), _text(attachment, "pretext"), f"<{link}>" if link else ""]
    lines.append(_text(attachment, "text"))
    for each in objects(attachment.get("fields")):
        lines.append(": ".join(filter(None, [_text(each, "title"), _text(each, "value")])))
    if not attachment.get("is_share"):
        lines += [_text(attachment, "author_name"), _text(attachment, "footer")]
    return "\n".join(filter(None, lines)) or _text(attachment, "fallback")


def _is_forwarded(attachment: Message, message: Message) -> bool:
    """Whether it is a forwarded message, and not the preview of an address in the text."""
    if attachment.get("is_share"):
        return True
    address = _text(attachment, "from_url")
    return bool(attachment.get("is_msg_unfurl")) and address not in unescape(str(message.get("text") or ""))


def _is_preview(attachment: Message) -> bool:
    """Whether it is the preview of an address, by Slack or by an app."""
    return any(attachment.get(key) for key in ("from_url", "original_url", "app_unfurl_url", "is_app_unfurl"))


def _shown(passage: _Passage, names: Names) -> str:
    text = plain_text({"text": passage.text, "blocks": passage.blocks}, names)
    if not passage.source:
        return text if not is_blank(text) else ""
    source = ", ".join(plain_text({"text": each}, names) for each in passage.source)
    marked = [f"> {line}".rstrip() for line in text.strip().splitlines()]
    return "\n".join([*marked, f"— {source}"])


def _text(part: Message, key: str) -> str:
    value = part.get(key)
    if not isinstance(value, str) or is_blank(value):
        return ""
    return "" if value.replace("’", "'").strip() in _PLACEHOLDERS else value


def _attachments(message: Message) -> list[Payload]:
    return objects(message.get("attachments"))


def _dict(part: Any) -> Payload:
    return part if isinstance(part, dict) else {}
