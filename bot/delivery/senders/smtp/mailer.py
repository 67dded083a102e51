"""E-mail over SMTP: one message a connection, and what follows when the server does not take it."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.errors import MessageError
from email.message import EmailMessage
from urllib.parse import urlsplit

from bot.delivery.errors import (
    AddressMalformed,
    AddressRefused,
    DeliveryError,
    NoAnswer,
    Permanent,
    Retryable,
)
from bot.delivery.senders.smtp.answers import Doubts, Meaning, Stage, meaning
from bot.delivery.senders.smtp.dialogue import Dialogue, Refused, SmtpPaused

MALFORMED = "the address is malformed"


class SmtpMailer:
    """Sends over SMTP: `smtp://`, `smtp+starttls://` or `smtps://`, with a user and password if given."""

    def __init__(self, url: str, *, timeout: float = 20) -> None:
        self._url = urlsplit(url)
        self._timeout = timeout
        self._doubts = Doubts()

    def send(self, message: EmailMessage, *, before_data: Callable[[], object] = lambda: None) -> None:
        """Hand one e-mail to the server. Raises the outcomes of `bot.delivery.errors`, and what
        `before_data` raises, which is called right before the message is given.

        Once it has answered 250 to the message it has it, whatever follows."""
        sender, recipient = _address(message, "From"), _address(message, "To")
        content = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        with self._dialogue() as dialogue:
            dialogue.open()
            dialogue.mail(sender, size=len(content))
            try:
                dialogue.rcpt(recipient)
            except Refused as refusal:
                self._check_doubt(refusal, sender, recipient)
                raise
            before_data()
            dialogue.data(content)
            self._doubts.clear()
            dialogue.quit()

    def check(self, sender: str) -> None:
        """Connect, log in, and ask whether `sender` may send; nothing is sent. Raises what `send` raises."""
        with self._dialogue() as dialogue:
            dialogue.open()
            dialogue.mail(sender)
            dialogue.quit(reset=True)

    @contextmanager
    def _dialogue(self) -> Iterator[Dialogue]:
        dialogue = Dialogue(self._url, self._timeout)
        try:
            yield dialogue
        except Refused as refusal:
            raise _outcome(refusal) from refusal
        except ssl.SSLError as error:
            raise _tls_outcome(dialogue.stage, error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NoAnswer(
                f"smtp: {dialogue.stage} failed: {type(error).__name__}", reached=dialogue.stage is Stage.END
            ) from error
        finally:
            dialogue.close()

    def _check_doubt(self, refusal: Refused, sender: str, recipient: str) -> None:
        """Raise that we are refused, once a refusal that may be of the recipient is seen to be of us."""
        if meaning(refusal.stage, refusal.answer) is not Meaning.DOUBTFUL:
            return
        at_home = _domain(sender) == _domain(recipient)
        if self._doubts.add(recipient) or (at_home and refusal.answer.names_us):
            raise SmtpPaused(refusal.stage, f"refused: {refusal.answer.codes}") from refusal


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _outcome(refusal: Refused) -> DeliveryError:
    stage, answer = refusal.stage, refusal.answer
    match meaning(stage, answer):
        case Meaning.SENDER:
            return SmtpPaused(stage, f"refused: {answer.codes}")
        case Meaning.MESSAGE:
            of_recipient = stage is Stage.RCPT_TO
            return (AddressRefused if of_recipient else Permanent)(f"smtp: {refusal}")
        case Meaning.DOUBTFUL | Meaning.PASSING:
            understood = 400 <= answer.code < 600
            return Retryable(f"smtp: {refusal}", reached=stage is Stage.END and not understood)


def _tls_outcome(stage: Stage, error: ssl.SSLError) -> DeliveryError:
    """A line that is cut passes; a certificate, or no TLS at all, somebody has to mend."""
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
        return NoAnswer(f"smtp: {stage} failed: {type(error).__name__}", reached=stage is Stage.END)
    return SmtpPaused(stage, f"failed: TLS {error.reason or type(error).__name__}")


def _address(message: EmailMessage, header: str) -> str:
    """The address that a header has. Raises `AddressMalformed` for none that SMTP can carry."""
    try:
        (mailbox,) = message[header].addresses
        address = str(mailbox.addr_spec)
    except (AttributeError, ValueError, IndexError, MessageError) as error:
        raise AddressMalformed(MALFORMED) from error
    if not re.fullmatch(r"[!-~]+@[!-~]+", address):  # SMTPUTF8 (RFC 6531) is not spoken
        raise AddressMalformed(MALFORMED)
    return address
