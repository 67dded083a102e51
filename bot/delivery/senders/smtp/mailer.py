"""E-mail over SMTP: one message a connection, and the delivery error when the server refuses it."""

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
from bot.no_answer import why
from models.outbox.reasons import Reason


class SmtpMailer:
    """Sends over SMTP: `smtp://`, `smtp+starttls://` or `smtps://`, with a user and password if given."""

    def __init__(self, url: str, *, timeout: float = 20) -> None:
        self._url = urlsplit(url)
        self._timeout = timeout
        self._doubts = Doubts()

    def send(self, message: EmailMessage, *, before_data: Callable[[], object] = lambda: None) -> None:
        """Hand one e-mail to the server. Raises the errors of `bot.delivery.errors`, and what
        `before_data` raises, which is called right before the message is given.

        It has the message once it has answered 250 to it, whatever follows."""
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
            raise _delivery_error(refusal) from refusal
        except ssl.SSLError as error:
            raise _tls_error(dialogue.stage, error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _no_answer(dialogue.stage, error) from error
        finally:
            dialogue.close()

    def _check_doubt(self, refusal: Refused, sender: str, recipient: str) -> None:
        """Raise `SmtpPaused` for a refusal of a recipient that is one of the sender: several refusals, or its
        text, show that."""
        if meaning(refusal.stage, refusal.answer) is not Meaning.DOUBTFUL:
            return
        same_domain = _domain(sender) == _domain(recipient)
        if self._doubts.add(recipient) or (same_domain and refusal.answer.names_sender):
            raise SmtpPaused(refusal.stage, Reason.MAIL_SENDER_REFUSED, refusal.answer.codes) from refusal


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _delivery_error(refusal: Refused) -> DeliveryError:
    stage, answer = refusal.stage, refusal.answer
    match meaning(stage, answer):
        case Meaning.SENDER:
            return SmtpPaused(stage, Reason.MAIL_SENDER_REFUSED, answer.codes)
        case Meaning.MESSAGE:
            error = AddressRefused if stage is Stage.RCPT_TO else Permanent
            return error(Reason.MAIL_REFUSED, stage, answer.codes)
        case Meaning.DOUBTFUL | Meaning.PASSING:
            maybe_sent = stage is Stage.END and not 400 <= answer.code < 600
            return Retryable(Reason.MAIL_DEFERRED, stage, answer.codes, maybe_sent=maybe_sent)


def _tls_error(stage: Stage, error: ssl.SSLError) -> DeliveryError:
    """A connection that is cut is retried; a certificate, or no TLS at all, is for an administrator."""
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
        return _no_answer(stage, error)
    return SmtpPaused(stage, Reason.MAIL_TLS_FAILED, error.reason or why(error))


def _no_answer(stage: Stage, error: Exception) -> NoAnswer:
    return NoAnswer(Reason.MAIL_NO_ANSWER, stage, why(error), maybe_sent=stage is Stage.END)


def _address(message: EmailMessage, header: str) -> str:
    """The address that a header has. Raises `AddressMalformed` for none that SMTP can carry."""
    try:
        (mailbox,) = message[header].addresses
        address = str(mailbox.addr_spec)
    except (AttributeError, ValueError, IndexError, MessageError) as error:
        raise AddressMalformed(Reason.ADDRESS_MALFORMED) from error
    if not re.fullmatch(r"[!-~]+@[!-~]+", address):  # SMTPUTF8 (RFC 6531) is not spoken
        raise AddressMalformed(Reason.ADDRESS_MALFORMED)
    return address
