"""The bytes of files, from Slack and to it. The bot's token is shown to no other host.

A file's address may lead anywhere: "url_private contains the remote file's external_url, which can point to
any host. Don't send Slack tokens or cookies to it" (docs.slack.dev, "files.remote.info").
"""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import SEEK_END, BytesIO
from pathlib import Path
from time import monotonic
from typing import IO

import httpx

from bot.delivery.errors import Retryable
from bot.delivery.senders.transferred import FileUnavailable, nothing
from bot.no_answer import why
from models.outbox.reasons import Reason
from models.tickets.attachment import SIZE_MAX, AttachmentReason

PIECE = 16 * 1024  # bytes of an upload that are sent at once
# Seconds without a byte. A connection, an encrypted one, a request and its answer take 40 at most between two
# pieces, less than the lease that each piece renews (`bot.delivery.outbox`).
WAIT = httpx.Timeout(15, connect=5)
HOPS_MAX = 5
# Slack's own, and GovSlack's (docs.slack.dev, "GovSlack").
DOMAINS = ("slack.com", "slack-gov.com")
LATER = {408, 425, 429}  # of 400 to 499, those that pass


@dataclass(frozen=True)
class Downloaded:
    """What is behind an address, and the media type that the answer gives it."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Pace:
    """When a transfer must be over, by `monotonic`; what is done for each piece until then."""

    ends_at: float
    keep: Callable[[], None]

    def check(self, what: str) -> None:
        """Raise `Retryable` once it is too late: each piece came in time, and the whole does not."""
        if monotonic() > self.ends_at:
            raise Retryable(Reason.TOO_SLOW, what)
        self.keep()


@dataclass(frozen=True)
class Transfer:
    """Downloads from Slack's hosts, and from the one of `api_url`; uploads to where Slack says."""

    token: str
    api_url: str
    timeout: float = 120
    """Seconds for a whole transfer."""

    def download(self, address: str, keep: Callable[[], None] = nothing) -> Downloaded:
        """What is behind an address; `keep` is called for each piece. Raises `FileUnavailable`, `Retryable`,
        and what `keep` does."""
        pace = Pace(monotonic() + self.timeout, keep)
        # Redirects are followed here: httpx would not ask where to. It reads their addresses none the less;
        # what is none is refused before that.
        with httpx.Client(
            verify=_system_certificates(),
            timeout=WAIT,
            event_hooks={"response": [self._check_redirect]},
        ) as client:
            url = self._checked(address)
            for _hop in range(HOPS_MAX):
                pace.check("download")
                try:
                    answer = self._ask(client, url, pace)
                except httpx.HTTPError as error:
                    raise Retryable(Reason.NO_ANSWER, "download", why(error)) from error
                if isinstance(answer, Downloaded):
                    return answer
                url = self._checked(answer)
        raise FileUnavailable(AttachmentReason.UNREADABLE)

    def upload(self, address: str, content: bytes | Path, keep: Callable[[], None] = nothing) -> None:
        """Send the bytes of a file, or those in it; its address is secret and asks for no token. `keep` is
        called for each piece. Raises `Retryable`, and what `keep` does."""
        pace = Pace(monotonic() + self.timeout, keep)
        try:
            with (
                content.open("rb") if isinstance(content, Path) else BytesIO(content) as file,
                httpx.Client(verify=_system_certificates(), timeout=WAIT) as client,
            ):
                # Else the pieces would be sent "chunked".
                headers = {"Content-Length": str(file.seek(0, SEEK_END))}
                file.seek(0)
                client.post(address, content=_pieces(file, pace), headers=headers).raise_for_status()
        except httpx.HTTPError as error:
            raise Retryable(Reason.NO_ANSWER, "upload", why(error)) from error

    def _ask(self, client: httpx.Client, url: httpx.URL, pace: Pace) -> Downloaded | str:
        """What is there, or the address that is named instead."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Encoding": "identity"}
        with client.stream("GET", url, headers=headers) as answer:
            if answer.has_redirect_location:
                return str(url.join(answer.headers["Location"]))
            if answer.status_code >= 500 or answer.status_code in LATER:
                raise Retryable(Reason.REMOTE_ERROR, "download", str(answer.status_code))
            if answer.status_code != 200:
                raise FileUnavailable(AttachmentReason.UNREADABLE)
            return Downloaded(_read(answer, pace), answer.headers.get("Content-Type", "").partition(";")[0])

    def _check_redirect(self, answer: httpx.Response) -> None:
        """Raise `FileUnavailable` when an answer names an address that is not one of Slack's."""
        if answer.has_redirect_location:
            self._checked(answer.headers["Location"], named_by=answer.url)

    def _checked(self, address: str, *, named_by: httpx.URL | None = None) -> httpx.URL:
        """The address, when it is one of Slack's; `named_by`: what it may be relative to. Raises
        `FileUnavailable`."""
        try:
            url, api = (named_by.join(address) if named_by else httpx.URL(address)), httpx.URL(self.api_url)
        except (httpx.InvalidURL, ValueError):
            raise FileUnavailable(AttachmentReason.UNREADABLE) from None
        if url.userinfo or not (_origin(url) == _origin(api) or _is_slacks(url)):
            raise FileUnavailable(AttachmentReason.EXTERNAL)
        return url


def _read(answer: httpx.Response, pace: Pace) -> bytes:
    content = bytearray()
    for part in answer.iter_bytes():
        content += part
        if len(content) > SIZE_MAX:
            raise FileUnavailable(AttachmentReason.TOO_LARGE)
        pace.check("download")
    return bytes(content)


def _pieces(file: IO[bytes], pace: Pace) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        pace.check("upload")
        yield piece


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port


def _is_slacks(url: httpx.URL) -> bool:
    host = url.raw_host.decode("ascii")
    own = any(host == domain or host.endswith(f".{domain}") for domain in DOMAINS)
    return own and url.scheme == "https" and url.port is None


@cache
def _system_certificates() -> ssl.SSLContext:
    """Those that slack_sdk trusts too; httpx brings others of its own."""
    return ssl.create_default_context()
