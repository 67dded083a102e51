"""The bytes of files, from Slack and to it. The bot's token is shown to no other host.

A file's address may lead anywhere: "url_private contains the remote file's external_url, which can point to
any host. Don't send Slack tokens or cookies to it" (docs.slack.dev, "files.remote.info").
"""

import ssl
from dataclasses import dataclass
from functools import cache
from time import monotonic

import httpx

from blocks.i18n import N_
from bot.delivery.errors import TryAgain
from models.tickets.attachment import SIZE_MAX

HOPS_MAX = 5
# Slack's own, and GovSlack's (docs.slack.dev, "GovSlack").
DOMAINS = ("slack.com", "slack-gov.com")
LATER = {408, 425, 429}  # of 400 to 499, those that pass

ELSEWHERE = N_("kept elsewhere, not in Slack")
UNREADABLE = N_("Slack did not let the help desk read it")
TOO_LARGE = N_("larger than 10 MB")


@dataclass(frozen=True)
class About:
    """What Slack says of a file; `None` where it is silent."""

    name: str | None = None
    media_type: str | None = None
    permalink: str | None = None


class NotToBeHad(Exception):
    """The file cannot be had, ever; the argument says why, in words for the card."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = About()


@dataclass(frozen=True)
class Downloaded:
    """What is behind an address, and the media type that the answer gives it."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Transfer:
    """Downloads from Slack's hosts, and from the one of `api_url`; uploads to where Slack says."""

    token: str
    api_url: str
    timeout: float = 30
    """Seconds for a whole download."""

    def download(self, address: str) -> Downloaded:
        """What is behind an address. Raises `NotToBeHad`, `TryAgain`."""
        ends_at = monotonic() + self.timeout
        # Redirects are followed here: httpx would not ask where to. It reads their addresses none the less;
        # what is none is refused before that.
        with httpx.Client(
            verify=_system_certificates(),
            timeout=self.timeout / 2,
            event_hooks={"response": [self._check_redirect]},
        ) as client:
            url = self._checked(address)
            for _hop in range(HOPS_MAX):
                try:
                    answer = self._ask(client, url, ends_at)
                except httpx.HTTPError as error:
                    raise TryAgain(f"download: {type(error).__name__}", reached=False) from error
                if isinstance(answer, Downloaded):
                    return answer
                url = self._checked(answer)
        raise NotToBeHad(UNREADABLE)

    def upload(self, address: str, content: bytes) -> None:
        """Send the bytes of a file; its address is secret and asks for no token. Raises `TryAgain`."""
        try:
            with httpx.Client(verify=_system_certificates(), timeout=self.timeout) as client:
                client.post(address, content=content).raise_for_status()
        except httpx.HTTPError as error:
            raise TryAgain(f"upload: {type(error).__name__}", reached=False) from error

    def _ask(self, client: httpx.Client, url: httpx.URL, ends_at: float) -> Downloaded | str:
        """What is there, or the address that is named instead."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Encoding": "identity"}
        with client.stream("GET", url, headers=headers) as answer:
            if answer.has_redirect_location:
                return str(url.join(answer.headers["Location"]))
            if answer.status_code >= 500 or answer.status_code in LATER:
                raise TryAgain(f"download: {answer.status_code}", reached=False)
            if answer.status_code != 200:
                raise NotToBeHad(UNREADABLE)
            return Downloaded(
                _read(answer, ends_at), answer.headers.get("Content-Type", "").partition(";")[0]
            )

    def _check_redirect(self, answer: httpx.Response) -> None:
        """Raise `NotToBeHad` when an answer names an address that is not one of Slack's."""
        if answer.has_redirect_location:
            self._checked(answer.headers["Location"], named_by=answer.url)

    def _checked(self, address: str, *, named_by: httpx.URL | None = None) -> httpx.URL:
        """The address, when it is one of Slack's; `named_by`: what it may be relative to. Raises
        `NotToBeHad`."""
        try:
            url, api = (named_by.join(address) if named_by else httpx.URL(address)), httpx.URL(self.api_url)
        except (httpx.InvalidURL, ValueError):
            raise NotToBeHad(UNREADABLE) from None
        if url.userinfo or not (_origin(url) == _origin(api) or _is_slacks(url)):
            raise NotToBeHad(ELSEWHERE)
        return url


def _read(answer: httpx.Response, ends_at: float) -> bytes:
    content = bytearray()
    for part in answer.iter_bytes():
        content += part
        if len(content) > SIZE_MAX:
            raise NotToBeHad(TOO_LARGE)
        if monotonic() > ends_at:  # each part came in time, and the whole does not
            raise TryAgain("download: too slow", reached=False)
    return bytes(content)


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
