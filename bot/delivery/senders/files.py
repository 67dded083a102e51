"""Files in Slack: fetched from it, uploaded to it, removed. `bot/storage` stores them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from slack_sdk import WebClient

from blocks.kit.values import Payload, objects
from bot.delivery.errors import Permanent
from bot.delivery.failures.slack_errors import fail
from bot.delivery.senders.transferred import About, FileUnavailable, nothing
from bot.slack.client import UNANSWERED, error_code
from models.tickets.attachment import SIZE_MAX, AttachmentReason
from models.tickets.file_name import cut_name, visible

if TYPE_CHECKING:
    from bot.delivery.senders.transfer import Transfer

NAME_MAX = 120
GONE = {"file_not_found", "file_deleted"}
PAGE = (b"<!doctype html", b"<html")


@dataclass(frozen=True)
class Fetched:
    """A file, and what Slack says of it."""

    about: About
    content: bytes


class Place(Protocol):
    """Where a file is shared."""

    @property
    def channel(self) -> str | None: ...

    @property
    def thread_ts(self) -> str | None: ...


class CopyState(Enum):
    """What Slack says of a copy that was announced."""

    UNKNOWN = auto()  # no such file: its upload was not completed
    COMPLETE = auto()  # Slack has the file, and has not posted its message yet
    SHARED = auto()  # its message is posted


def safe_name(name: str) -> str:
    """`name` without what a file system forbids: no path, no control character."""
    tidy = re.sub(r'[\\/:*?"<>|]+', "_", visible(name)).strip(" .")
    return cut_name(tidy, NAME_MAX) or "file"


class SlackFiles:
    """Slack's files, with the bot's token."""

    def __init__(self, client: WebClient, *, timeout: float = 120) -> None:
        self._client, self._timeout = client, timeout

    @cached_property
    def _transfer(self) -> "Transfer":
        from bot.delivery.senders.transfer import Transfer

        return Transfer(str(self._client.token), self._client.base_url, self._timeout)

    def fetch(self, file_id: str, *, owner: str | None = None, keep: Callable[[], None] = nothing) -> Fetched:
        """A file; `owner`: the Slack id of whose it must be; `keep` is called for each piece of it. Raises
        `FileUnavailable`, `Retryable`, and what a refused call means."""
        file = self._info(file_id)
        _check_access(file, owner)
        about = _about(file)
        try:
            return Fetched(about, self._content(file, keep))
        except FileUnavailable as refusal:
            refusal.about = about
            raise

    def announce(self, name: str, size: int) -> tuple[str, str]:
        """Get Slack's id for a copy that will be uploaded, and the address to upload it to."""
        try:
            answer = self._client.files_getUploadURLExternal(filename=safe_name(name), length=size)
        except UNANSWERED as error:
            fail("files.getUploadURLExternal", error)
        return str(answer["file_id"]), str(answer["upload_url"])

    def upload(self, address: str, content: bytes | Path, *, keep: Callable[[], None] = nothing) -> None:
        """Send the bytes of a copy, or those of a file, to the address that was announced; `keep` is
        called for each piece."""
        self._transfer.upload(address, content, keep)

    def open(self, slack_id: str) -> str:
        """The channel of the direct message with a person."""
        try:
            return str(self._client.conversations_open(users=slack_id)["channel"]["id"])
        except UNANSWERED as error:
            fail("conversations.open", error)

    def complete(self, copy: str, place: Place, name: str, *, comment: str | None = None) -> str | None:
        """Share a copy in its thread, below a `comment`, once its bytes have come (docs.slack.dev, "Working
        with files"). Returns where Slack shows it; "" when Slack does not say.

        `None` when Slack has no upload to complete: the bytes never came, or it is complete already.
        """
        try:
            answer = self._client.files_completeUploadExternal(
                files=[{"id": copy, "title": safe_name(name)}],
                channel_id=place.channel,
                thread_ts=place.thread_ts,
                initial_comment=comment,
            )
        except UNANSWERED as error:
            if error_code(error) != "file_not_found":
                fail("files.completeUploadExternal", error)
            return None
        return next((_link(file) for file in objects(answer.get("files"))), None) or ""

    def permalink(self, copy: str) -> str | None:
        """Where Slack shows a copy; `None` while it does not say."""
        try:
            return _link(self._client.files_info(file=copy).get("file") or {})
        except UNANSWERED:
            return None

    def look(self, copy: str, place: Place) -> CopyState:
        """The state of a copy. Slack scans and shares a file after it has answered its completion
        (slackapi/bolt-js#2115): a complete one may not be in a message yet."""
        try:
            file = self._client.files_info(file=copy).get("file")
        except UNANSWERED as error:
            if error_code(error) in GONE:
                return CopyState.UNKNOWN
            fail("files.info", error)
        if isinstance(file, dict) and _is_shared(file):
            return CopyState.SHARED
        return CopyState.SHARED if self.message_of(copy, place) else CopyState.COMPLETE

    def message_of(self, copy: str, place: Place) -> str | None:
        """The `ts` of the message in the thread, or in the conversation, that has it: `files.info` may be
        older than the message, and has none in a direct message."""
        arguments: Payload = {"channel": place.channel, "limit": 200}
        method = "conversations.history"
        if place.thread_ts:
            method, arguments["ts"] = "conversations.replies", place.thread_ts
        while True:
            try:
                page = self._client.api_call(method, params=arguments)
            except UNANSWERED as error:
                fail(method, error)
            messages: list[Payload] = page.get("messages", [])
            for message in messages:
                if any(file.get("id") == copy for file in message.get("files", ())):
                    return str(message["ts"])
            arguments["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not arguments["cursor"]:
                return None

    def remove(self, file_id: str) -> None:
        """Delete a file of ours; one that is gone already is no failure."""
        try:
            self._client.files_delete(file=file_id)
        except UNANSWERED as error:
            if error_code(error) not in GONE:
                fail("files.delete", error)

    def _info(self, file_id: str) -> Payload:
        try:
            file = self._client.files_info(file=file_id).get("file")
        except UNANSWERED as error:
            if error_code(error) == "file_deleted":
                raise FileUnavailable(AttachmentReason.DELETED) from error
            if error_code(error) == "file_not_found":  # Slack says so of what the app may not see, too
                raise FileUnavailable(AttachmentReason.NOT_SHARED) from error
            try:
                fail("files.info", error)
            except Permanent:
                raise FileUnavailable(AttachmentReason.UNREADABLE) from error
        return file if isinstance(file, dict) else {}

    def _content(self, file: Payload, keep: Callable[[], None]) -> bytes:
        if file.get("mode") == "external" or file.get("is_external"):
            raise FileUnavailable(AttachmentReason.EXTERNAL)
        size = file.get("size")
        if isinstance(size, int) and size > SIZE_MAX:
            raise FileUnavailable(AttachmentReason.TOO_LARGE)
        address = file.get("url_private_download") or file.get("url_private")
        if not isinstance(address, str):
            raise FileUnavailable(AttachmentReason.UNREADABLE)
        if size == 0:
            # Slack would not take it either: "files.getUploadURLExternal" needs a length.
            raise FileUnavailable(AttachmentReason.EMPTY)
        downloaded = self._transfer.download(address, keep)
        content = downloaded.content
        # Without the right to read a file Slack answers 200 with its sign-in page.
        is_page = downloaded.media_type == "text/html" or content.lstrip()[:14].lower().startswith(PAGE)
        if is_page and len(content) != size:
            raise FileUnavailable(AttachmentReason.UNREADABLE)
        if not content:
            raise FileUnavailable(AttachmentReason.EMPTY)
        return content


def _check_access(file: Payload, owner: str | None) -> None:
    """Raise `FileUnavailable` for a file that the app may not read, or that is not `owner`'s (docs.slack.dev,
    "File object")."""
    if file.get("mode") == "tombstone":
        raise FileUnavailable(AttachmentReason.DELETED)
    if file.get("mode") == "hidden_by_limit":
        raise FileUnavailable(AttachmentReason.HIDDEN_BY_LIMIT)
    if (file.get("file_access") or "visible") != "visible":
        raise FileUnavailable(AttachmentReason.NOT_SHARED)
    if owner is not None and file.get("user") != owner:
        raise FileUnavailable(AttachmentReason.NOT_OWNED)


def _is_shared(file: Payload) -> bool:
    """Whether a file object names a conversation that has it (docs.slack.dev, "File object")."""
    return any(file.get(kind) for kind in ("channels", "groups", "ims")) or any(
        (file.get("shares") or {}).values()
    )


def _about(file: Payload) -> About:
    def text(key: str) -> str | None:
        value = file.get(key)
        return value if isinstance(value, str) and value else None

    return About(text("name") or text("title"), text("mimetype"), _link(file))


def _link(file: Payload) -> str | None:
    """Where Slack shows a file."""
    link = file.get("permalink")
    return link if isinstance(link, str) and link.startswith(("https://", "http://")) else None
