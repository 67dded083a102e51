"""Attachments: fetched from Slack once, posted in the triage card's thread. `bot/storage` keeps them."""

import re
import unicodedata
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from slack_sdk import WebClient

from blocks.i18n import N_
from bot.delivery.errors import TryAgain
from bot.delivery.failures import fail
from bot.delivery.rendering.rendered import FileDrawing
from bot.slack.client import UNANSWERED, error_code
from models.tickets.attachment import DELETED

SIZE_MAX = 10 * 1024 * 1024  # bytes; what a form accepts (docs.slack.dev, "File input")
NAME_MAX = 120
PAGE = (b"<!doctype html", b"<html")
REFUSED = {401, 403, 404, 410}


class NotToBeHad(Exception):
    """The file cannot be had, ever; the argument says why, in words for the card."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def safe_name(name: str) -> str:
    """`name` without what a file system or a reader could stumble over: no path, no control character."""
    visible = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    tidy = re.sub(r'[\\/:*?"<>|]+', "_", visible).strip(" .")
    stem, dot, suffix = tidy.rpartition(".")
    if len(tidy) <= NAME_MAX:
        return tidy or "file"
    return (
        f"{stem[: NAME_MAX - len(suffix) - 1]}{dot}{suffix}" if dot and len(suffix) < 10 else tidy[:NAME_MAX]
    )


class SlackFiles:
    """Slack's files, with the bot's token."""

    def __init__(self, client: WebClient, *, timeout: float = 30) -> None:
        self._client = client
        self._timeout = timeout

    def fetch(self, file_id: str) -> bytes:
        """The content of a file. Raises `NotToBeHad`, `TryAgain`, and what a refused call means."""
        try:
            file = self._client.files_info(file=file_id)["file"]
        except UNANSWERED as error:
            if error_code(error) == "file_deleted":
                raise NotToBeHad(DELETED) from error
            if error_code(error) == "file_not_found":  # Slack says so of what the app may not see, too
                raise NotToBeHad(N_("deleted, or not shared with the help desk")) from error
            fail("files.info", error)
        if file.get("size", 0) > SIZE_MAX:
            raise NotToBeHad(N_("larger than 10 MB"))
        content, media_type = self._download(file["url_private_download"])
        # Without the right to read a file Slack answers 200 with its sign-in page.
        is_page = media_type == "text/html" or content.lstrip()[:14].lower().startswith(PAGE)
        if is_page and len(content) != file.get("size"):
            raise NotToBeHad(N_("Slack did not let the help desk read it"))
        return content

    def remove(self, file_id: str) -> None:
        """Take back a file of ours; one that is gone already is no failure."""
        try:
            self._client.files_delete(file=file_id)
        except UNANSWERED as error:
            if error_code(error) not in {"file_not_found", "file_deleted"}:
                fail("files.delete", error)

    def post(self, drawing: FileDrawing, content: bytes) -> str:
        """Upload a kept file and share it in a thread. Returns Slack's id of the copy."""
        try:
            answer = self._client.files_upload_v2(
                content=content,
                filename=safe_name(drawing.name),
                channel=drawing.channel,
                thread_ts=drawing.thread_ts,
            )
        except UNANSWERED as error:
            fail("files.completeUploadExternal", error)
        return str(answer["files"][0]["id"])

    def _download(self, url: str) -> tuple[bytes, str]:
        """What is behind an address, and the media type that the answer gives it."""
        request = Request(url, headers={"Authorization": f"Bearer {self._client.token}"})
        try:
            with urlopen(request, timeout=self._timeout) as answer:
                media_type = answer.headers.get_content_type()
                content = answer.read(SIZE_MAX + 1)
        except HTTPError as error:
            error.close()
            if error.code in REFUSED:
                raise NotToBeHad(N_("Slack did not let the help desk read it")) from error
            raise TryAgain(f"download: {error.code}", reached=False) from error
        except (OSError, HTTPException) as error:
            raise TryAgain(f"download: {type(error).__name__}", reached=False) from error
        if len(content) > SIZE_MAX:
            raise NotToBeHad(N_("larger than 10 MB"))
        return content, media_type
