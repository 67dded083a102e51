"""The SMTP dialogue step by step, so that each refusal is known by its stage (RFC 5321)."""

import re
import smtplib
import ssl
from contextlib import suppress
from urllib.parse import SplitResult, unquote

from bot.delivery.errors import SenderPaused
from bot.delivery.senders.smtp.answers import Answer, Stage
from bot.delivery.senders.smtp.replies import Client, ClientOverTls
from models.outbox.reasons import Reason

_FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)  # doubled in a message (RFC 5321, 4.5.2)
QUIT_TIMEOUT = 5.0
"""The time-out of QUIT: the e-mail has been taken by then, and the sender is needed for others."""


class SmtpPaused(SenderPaused):
    """The mail server refuses the help desk, at `stage`."""

    def __init__(self, stage: Stage, reason: Reason, code: str | None = None) -> None:
        super().__init__(reason, stage, code)
        self.stage = stage


class Refused(Exception):
    """The server refused a command, or the message."""

    def __init__(self, stage: Stage, answer: Answer) -> None:
        super().__init__(f"{stage} refused: {answer.codes}")
        self.stage, self.answer = stage, answer


class Dialogue:
    """One conversation with the server. `stage`: what was asked last. A step raises `Refused`,
    `SmtpPaused`, and what smtplib raises of a line that is cut."""

    def __init__(self, url: SplitResult, timeout: float) -> None:
        self._url, self._timeout = url, timeout
        self._smtp: Client | None = None
        self.stage = Stage.GREETING

    def open(self) -> None:
        """Connect, encrypt and log in, as the URL says."""
        self._smtp = self._connect()
        self._hello()
        if self._url.scheme == "smtp+starttls":
            self._start_tls()
            self._hello()
        if self._url.username:
            self._log_in(unquote(self._url.username), unquote(self._url.password or ""))

    def mail(self, sender: str, *, size: int | None = None) -> None:
        options = [f"size={size}"] if size is not None and self._server.has_extn("size") else []
        self.stage = Stage.MAIL_FROM
        self._expect(2, self._server.mail(sender, options))

    def rcpt(self, recipient: str) -> None:
        self.stage = Stage.RCPT_TO
        self._expect(2, self._server.rcpt(recipient))

    def data(self, content: bytes) -> None:
        """The message, its lines ended by CRLF. Returns once the server has it."""
        self.stage = Stage.DATA
        self._expect(3, self._server.docmd("DATA"))
        self.stage = Stage.END
        ended = content if content.endswith(b"\r\n") else content + b"\r\n"
        self._server.send(_FIRST_DOT.sub(b"..", ended) + b".\r\n")
        self._expect(2, self._server.getreply())

    def quit(self, *, reset: bool = False) -> None:
        """End the session; the answer, if any, is ignored."""
        with suppress(smtplib.SMTPException, OSError):
            self._server.timeout = QUIT_TIMEOUT
            if reset:
                self._server.rset()
            self._server.quit()

    def close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()

    @property
    def _server(self) -> Client:
        assert self._smtp is not None
        return self._smtp

    def _expect(self, first_digit: int, reply: tuple[int, bytes]) -> None:
        code, text = reply
        if code // 100 != first_digit:
            raise Refused(self.stage, Answer(code, text.decode("utf-8", "replace")))

    def _connect(self) -> Client:
        host, port = self._url.hostname or "localhost", self._url.port
        try:
            if self._url.scheme == "smtps":
                context = ssl.create_default_context()
                return ClientOverTls(host, port or 465, timeout=self._timeout, context=context)
            return Client(host, port or 25, timeout=self._timeout)
        except smtplib.SMTPConnectError as error:
            raise Refused(self.stage, _answer(error)) from error

    def _hello(self) -> None:
        self.stage = Stage.EHLO
        code, text = self._server.ehlo()
        self._expect(2, self._server.helo() if code >= 500 else (code, text))

    def _start_tls(self) -> None:
        self.stage = Stage.STARTTLS
        try:
            self._server.starttls(context=ssl.create_default_context())
        except smtplib.SMTPNotSupportedError as error:
            raise SmtpPaused(self.stage, Reason.MAIL_NOT_OFFERED) from error
        except smtplib.SMTPResponseException as error:
            raise Refused(self.stage, _answer(error)) from error

    def _log_in(self, user: str, password: str) -> None:
        self.stage = Stage.AUTH
        try:
            self._server.login(user, password)
        except UnicodeError as error:  # smtplib's limit
            raise SmtpPaused(self.stage, Reason.MAIL_LOGIN_NOT_ASCII) from error
        except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected) as error:
            refusal = self._server.refused or error
            if not isinstance(refusal, smtplib.SMTPResponseException):
                raise
            raise Refused(self.stage, _answer(refusal)) from error
        except smtplib.SMTPException as error:  # no mechanism, or none that smtplib knows
            raise SmtpPaused(self.stage, Reason.MAIL_NOT_OFFERED) from error


def _answer(error: smtplib.SMTPResponseException) -> Answer:
    text = error.smtp_error
    return Answer(error.smtp_code, text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text))
