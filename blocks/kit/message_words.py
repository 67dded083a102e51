"""All the words of a message, wherever they stand: in its text, its blocks, or what hangs under it.

A message that was forwarded, or what another app says, has its words in `attachments` or in `blocks` only;
an e-mail sent to Slack is a file. Source: docs.slack.dev, "Reference: Secondary message attachments", "File
object"; recorded messages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from blocks.kit.block_words import words_of_blocks
from blocks.kit.mrkdwn import Mentioned, Names, mentioned_in, plain_text
from blocks.kit.text import escape
from models.characters import is_blank

# What Slack writes where it has nothing better to say (recorded).
_SAY_NOTHING = {"This content can't be displayed.", "[no preview available]"}

Message = Mapping[str, Any]


@dataclass(frozen=True)
class _Passage:
    """Some words of a message, as mrkdwn. `source`: who said them, and where, when they were forwarded."""

    words: str
    blocks: Any = None
    source: list[str] = field(default_factory=list)


def words_of(message: Message, names: Names) -> str:
    """What a message says. What was forwarded is set off: each line marked, then whose it is and where it
    stands, which needs no language."""
    return "\n\n".join(filter(None, (_shown(passage, names) for passage in _passages(message))))


def mentioned_by(message: Message) -> Mentioned:
    """Whom a message names by an id alone."""
    return mentioned_in(" ".join(" ".join([each.words, *each.source]) for each in _passages(message)))


def files_of(message: Message) -> list[dict[str, Any]]:
    """The files of a message, and of those that were forwarded with it."""
    held = [message, *(each for each in _attachments(message) if _is_forwarded(each, message))]
    return [file for each in held for file in _dicts(each.get("files"))]


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
    """Its text; its blocks, when they say what the text does not: another app's text is for notifications."""
    text = _text(message, "text")
    blocks = _dicts(message.get("blocks"))
    laid_out = "bot_id" in message and any(block.get("type") != "rich_text" for block in blocks)
    return (words_of_blocks(blocks) if laid_out or not text else "") or text


def _forwarded(attachment: Message) -> _Passage:
    inside = [_dict(each.get("message")).get("blocks") for each in _dicts(attachment.get("message_blocks"))]
    words = _text(attachment, "text") or words_of_blocks(inside) or _attached(attachment)
    author = _text(attachment, "author_name")
    by = (
        escape(unescape(author))
        if author
        else f"<@{attachment['author_id']}>"
        if attachment.get("author_id")
        else ""
    )
    address = _text(attachment, "from_url")
    return _Passage(words, inside, [*filter(None, [by, f"<{address}>" if address else ""])])


def _mailed(file: Message) -> _Passage:
    words = _text(file, "subject") or _text(file, "title"), _text(file, "plain_text")
    by = [_text(each, "original") or _text(each, "address") for each in _dicts(file.get("from"))]
    return _Passage(escape("\n".join(filter(None, words))), source=[escape(each) for each in by if each])


def _attached(attachment: Message) -> str:
    """What another app hangs under its message: the title first, since it says what it is about."""
    if words := words_of_blocks(attachment.get("blocks")):
        return words
    link = _text(attachment, "title_link")
    lines = [_text(attachment, "title"), _text(attachment, "pretext"), f"<{link}>" if link else ""]
    lines.append(_text(attachment, "text"))
    for each in _dicts(attachment.get("fields")):
        lines.append(": ".join(filter(None, [_text(each, "title"), _text(each, "value")])))
    if not attachment.get("is_share"):
        lines += [_text(attachment, "author_name"), _text(attachment, "footer")]
    return "\n".join(filter(None, lines)) or _text(attachment, "fallback")


def _is_forwarded(attachment: Message, message: Message) -> bool:
    """Whether it is another message that was passed on; one whose address was typed is but shown there."""
    if attachment.get("is_share"):
        return True
    address = _text(attachment, "from_url")
    return bool(attachment.get("is_msg_unfurl")) and address not in unescape(str(message.get("text") or ""))


def _is_preview(attachment: Message) -> bool:
    """Whether Slack or an app shows what an address leads to: not the author's words."""
    return any(attachment.get(key) for key in ("from_url", "original_url", "app_unfurl_url", "is_app_unfurl"))


def _shown(passage: _Passage, names: Names) -> str:
    words = plain_text({"text": passage.words, "blocks": passage.blocks}, names)
    if not passage.source:
        return words if not is_blank(words) else ""
    source = ", ".join(plain_text({"text": each}, names) for each in passage.source)
    quoted = [f"> {line}".rstrip() for line in words.strip().splitlines()]
    return "\n".join([*quoted, f"— {source}"])


def _text(part: Message, key: str) -> str:
    value = part.get(key)
    text_part = isinstance(value, str) and value.replace("’", "'").strip() not in _SAY_NOTHING
    return str(value) if text_part and not is_blank(str(value)) else ""


def _attachments(message: Message) -> list[dict[str, Any]]:
    return _dicts(message.get("attachments"))


def _dicts(parts: Any) -> list[dict[str, Any]]:
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _dict(part: Any) -> dict[str, Any]:
    return part if isinstance(part, dict) else {}
