"""What a mail server's answers mean: what it refuses, and whether to retry.

Codes: RFC 5321 (4.2.3), RFC 4954 (6), RFC 3463, IANA's "SMTP Enhanced Status Codes". Those of Exchange
Online: learn.microsoft.com, "Email nondelivery reports and SMTP errors in Exchange Online"; those of Gmail:
support.google.com, "Gmail SMTP errors and codes". `docs/operating.md` has them as a table.
"""

import re
import threading
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto


class Stage(StrEnum):
    """The command, or the part of the session, as administrators read it."""

    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL_FROM = "MAIL FROM"
    RCPT_TO = "RCPT TO"
    DATA = "DATA"
    END = "end of DATA"


class Meaning(Enum):
    """What an answer refuses."""

    PASSING = auto()  # nothing for good: it is tried again
    SENDER = auto()  # the help desk: no e-mail is taken until an administrator changes that
    MESSAGE = auto()  # this e-mail, or its recipient
    DOUBTFUL = auto()  # the recipient's domain, or the help desk: it is tried again, and counted


# At the start of any line: not all servers repeat it on each (RFC 2034, 4).
_ENHANCED = re.compile(r"^[ \t]*([245])\.(\d{1,3}\.\d{1,3})\b", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """A reply. `code`: -1 for none. `text`: the server's own, which may name people, and is not logged."""

    code: int
    text: str = field(repr=False)

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 2034) without its class: "7.60" of "550 5.7.60 …"."""
        found = _ENHANCED.findall(self.text)
        return next((subject for digit, subject in found if int(digit) == self.code // 100), None)

    @property
    def codes(self) -> str:
        """What may be shown and logged of it."""
        code = str(self.code) if self.code >= 0 else "an answer without a code"
        return f"{code} {self.code // 100}.{self.enhanced}" if self.enhanced else code

    @property
    def names_sender(self) -> bool:
        """Whether its text is about the sender, not the recipient: relaying, client, sender."""
        return _ABOUT_SENDER.search(self.text_without_addresses) is not None

    @property
    def text_without_addresses(self) -> str:
        """Its text without addresses: `relay@univ.example` is a person."""
        return " ".join(word for word in self.text.split() if "@" not in word)


# Authentication is required, too weak, refused, or needs TLS (RFC 4954, 6).
_UNAUTHENTICATED = {530, 534, 535, 538}
_ABOUT_THE_SENDER = {
    "1.7",  # bad sender's mailbox address (RFC 3463); Postfix says so at RCPT
    "1.8",  # bad sender's system address; Exchange: bad outbound sender
    "1.90",  # Exchange: the daily limit of recipients is reached
    "2.252",  # Exchange: SendAsDenied
    "4.5",  # Gmail: daily sending quota exceeded
    *(f"7.{number}" for number in range(20, 28)),  # DKIM, SPF, reverse DNS (RFC 7372), null MX (RFC 7505)
    "7.57",  # Exchange: not authenticated to send mail
    "7.60",  # Exchange: no permission to send as this sender
    "7.64",  # Exchange: TenantAttribution
    *("7.501", "7.502", "7.503"),  # Exchange: the account or its domain is banned
    *("7.705", "7.708", "7.750"),  # Exchange: too much is sent, the machine or the domain is not known
}
_SENDAS = re.compile(r"SendAsDenied", re.IGNORECASE)
_QUOTA = re.compile(
    r"(sending|daily|hourly|outgoing|outbound|sender)\b.{0,40}\b(quota|limit)|rate limit", re.I | re.S
)
_USER_QUOTA = re.compile(r"user\b.{0,40}\b(quota|limit)", re.I | re.S)
_MAILBOX_CODES = {550, 551, 553, 556}
_TOO_LARGE = "3.4"  # "message too big for system", whatever the code (RFC 3463)
_SIZE = {None, "2.3"}  # RFC 1870 has no enhanced code
_OF_RECIPIENT = ("1.", "2.", "4.")  # the address, the mailbox, the way to it (RFC 3463, 3)
_MAILBOX_FULL = 552
"""At RCPT it is to be taken for 452 (RFC 5321, 4.5.3.1.10)."""
# Without an enhanced code, the text shows whether it is about the mailbox.
_ABOUT_SENDER = re.compile(
    r"\brelay|authenti|\bsender\b|\bhelo\b|client host|black ?list|block ?list|\bspf\b", re.I
)


def meaning(stage: Stage, answer: Answer) -> Meaning:
    """What is refused by an answer that ends the session."""
    if not 500 <= answer.code < 600:
        return Meaning.PASSING
    if stage is Stage.RCPT_TO:
        return _at_rcpt(answer)
    if stage in {Stage.DATA, Stage.END}:
        return Meaning.SENDER if _is_about_sender(answer) else Meaning.MESSAGE
    too_large = answer.enhanced == _TOO_LARGE or (answer.code == 552 and answer.enhanced in _SIZE)
    return Meaning.MESSAGE if stage is Stage.MAIL_FROM and too_large else Meaning.SENDER


def _at_rcpt(answer: Answer) -> Meaning:
    if answer.code in _UNAUTHENTICATED or answer.enhanced in _ABOUT_THE_SENDER:
        return Meaning.SENDER
    if answer.enhanced:
        return Meaning.MESSAGE if answer.enhanced.startswith(_OF_RECIPIENT) else Meaning.DOUBTFUL
    if answer.code == _MAILBOX_FULL:
        return Meaning.PASSING
    plain = answer.code in _MAILBOX_CODES and not answer.names_sender
    return Meaning.MESSAGE if plain else Meaning.DOUBTFUL


def _is_about_sender(answer: Answer) -> bool:
    """Whether the refusal of a message is one of every message of this sender."""
    if (
        answer.code in _UNAUTHENTICATED
        or answer.enhanced in _ABOUT_THE_SENDER
        or _SENDAS.search(answer.text_without_addresses)
    ):
        return True
    of_recipient = answer.enhanced is not None and answer.enhanced.startswith(("1.", "2.", "3."))
    if of_recipient:
        return False
    # "552 user quota exceeded" is about a mailbox.
    of_user = answer.code != _MAILBOX_FULL and _USER_QUOTA.search(answer.text_without_addresses) is not None
    return of_user or _QUOTA.search(answer.text_without_addresses) is not None


class Doubts:
    """The doubtful refusals since an e-mail was last accepted. Thread-safe."""

    DOMAINS, RECIPIENTS = 2, 3

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused = set[str]()

    def add(self, recipient: str) -> bool:
        """Count a refusal. True once two domains, or three recipients of one, were refused."""
        with self._lock:
            self._refused.add(recipient.lower())
            domains = {each.rpartition("@")[2] for each in self._refused}
            return len(domains) >= self.DOMAINS or len(self._refused) >= self.RECIPIENTS

    def clear(self) -> None:
        """An e-mail was accepted."""
        with self._lock:
            self._refused.clear()
