"""The mail server of the workspace: it accepts everything that no fault refuses, and sends nothing."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, AnyStr

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from playground.faults import Fault, Faults
from playground.state.workspace import Json

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's own log names every address
ACCEPTED = "250 OK"
WITHOUT_SMTPUTF8 = "no_smtputf8"
TRY_LATER = "451 Requested action aborted: local error in processing"


@dataclass(frozen=True)
class Submission:
    """What the server asks of senders: STARTTLS with this certificate, then this user and password.

    Mail servers ask for both on port 587 (RFC 6409, RFC 8314).
    """

    tls: ssl.SSLContext
    user: str
    password: str = field(repr=False)

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
    ) -> AuthResult:
        """Called by aiosmtpd with a user and password."""
        expected = LoginPassword(self.user.encode(), self.password.encode())
        return AuthResult(success=given == expected, handled=False)


@dataclass(frozen=True)
class Mail:
    """One received e-mail: the envelope and the message."""

    sender: str
    recipients: list[str]
    content: bytes
    at: float  # seconds since 1970, Slack's time
    message: EmailMessage = field(repr=False)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str | None:
        return self._body("plain")

    @property
    def html(self) -> str | None:
        return self._body("html")

    def _body(self, kind: str) -> str | None:
        part = self.message.get_body(preferencelist=(kind,))
        return None if part is None else str(part.get_content())

    def to_json(self) -> Json:
        """As `GET /_control/mail` shows it. Headers are in order; of a repeated one, the last is kept."""
        return {
            "envelope": {"from": self.sender, "to": self.recipients},
            "headers": {name: str(value) for name, value in self.message.items()},
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "raw": self.content.decode("utf-8", "replace"),
            "at": self.at,
        }


def submission(certificate: Path | None, login: str | None) -> Submission | None:
    """The `Submission` of a PEM file with certificate and key, and `user:password`; None without either.

    Raises `ValueError` when one is missing, `OSError` for a file that has no certificate and key."""
    if certificate is None and login is None:
        return None
    user, colon, password = (login or "").partition(":")
    if certificate is None or not colon:
        raise ValueError("mail with a login needs both a certificate and USER:PASSWORD")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    return Submission(tls, user, password)


class Mailbox:
    """Every e-mail received, oldest first, and the SMTP server that receives them."""

    def __init__(self, faults: Faults, now: Callable[[], float], changed: Callable[[], None]) -> None:
        self.mails: list[Mail] = []
        self._faults = faults
        self._now = now
        self._changed = changed
        self._server: asyncio.Server | None = None

    async def start(self, listener: socket.socket, submission: Submission | None = None) -> None:
        """Accept mail on this listening socket, from anybody or as `submission` says."""
        loop = asyncio.get_running_loop()
        options: dict[str, Any] = {"hostname": "playground", "enable_SMTPUTF8": True, "loop": loop}
        if submission is not None:
            options |= {
                "tls_context": submission.tls,
                "require_starttls": True,
                "auth_required": True,
                "authenticator": submission.authenticate,
                # aiosmtpd asks for "User Name"; Alertmanager and others know "Username:" only.
                "auth_exclude_mechanism": ["LOGIN"],
            }
        self._server = await loop.create_server(lambda: _Server(self, **options), sock=listener)

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    def clear(self) -> None:
        """Remove every e-mail."""
        self.mails.clear()

    def refusal(self, stage: str, server: SMTP) -> str | None:
        """The answer that a fault gives at this stage of the dialogue, if any."""
        fault = self._faults.take("smtp", stage)
        return None if fault is None else _fail(fault, server)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Called by aiosmtpd with what it would answer to EHLO."""
        session.host_name = hostname
        refusal = self.refusal("ehlo", server)
        if refusal == WITHOUT_SMTPUTF8:
            return [line for line in responses if "SMTPUTF8" not in line]
        return responses if refusal is None else [refusal]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Called by aiosmtpd with the sender."""
        refusal = self.refusal("mail", server)
        if refusal is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return refusal or ACCEPTED

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Called by aiosmtpd with each recipient."""
        refusal = self.refusal("rcpt", server)
        if refusal is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return refusal or ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd with a complete message; returns the reply to DATA."""
        fault = self._faults.take("smtp")
        if fault is None or fault.when == "after":
            self._receive(envelope)
        return ACCEPTED if fault is None else _fail(fault, server)

    def _receive(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)  # the policy's class
        self.mails.append(Mail(envelope.mail_from or "", envelope.rcpt_tos, content, self._now(), message))
        self._changed()


class _Server(SMTP):
    """aiosmtpd's server, whose greeting may be a refusal."""

    async def push(self, status: AnyStr) -> None:
        mailbox: Mailbox = self.event_handler
        if isinstance(status, str) and status.startswith(f"220 {self.hostname} "):
            await super().push(mailbox.refusal("greeting", self) or str(status))
        else:
            await super().push(status)


def _fail(fault: Fault, server: SMTP) -> str:
    """The reply of a fault; `reset` aborts the connection first."""
    if fault.status == "reset" and isinstance(server.transport, asyncio.Transport):
        server.transport.abort()
    reply = str(fault.status)
    if reply == WITHOUT_SMTPUTF8:
        return reply
    return TRY_LATER if reply in ("451", "reset") else reply if " " in reply else f"{reply} Refused"
