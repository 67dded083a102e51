"""The mail server: up to MAIL FROM and RSET (RFC 5321, 4.1.1.2 and 4.1.1.5). Nothing is sent."""

from collections.abc import Iterator, Mapping
from email.utils import parseaddr

from bot.delivery.errors import DeliveryError, NoAnswer
from bot.delivery.senders.smtp.answers import Stage
from bot.delivery.senders.smtp.dialogue import SmtpPaused
from bot.delivery.senders.smtp.mailer import SmtpMailer
from bot.mail_address import ascii_address
from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, warning, well, wrong
from bot.settings import Settings

UNSET = "e-mail: SMTP_URL is not set; e-mails are printed instead of sent"
NO_ANSWER = "check host, port and scheme in SMTP_URL, and that this machine can reach the server"
LATER = "the mail server refuses this for now: run this again, or ask who runs it"
DEFAULT_SENDER = "guichet@localhost"
ADVICE: Mapping[Stage, str] = {
    Stage.GREETING: "the mail server refuses this machine, or the URL has the wrong scheme",
    Stage.EHLO: "the mail server refuses this machine's host name",
    Stage.STARTTLS: "no encrypted connection: check the certificate, or use another scheme",
    Stage.AUTH: "the mail server refuses the user and password, or offers no login",
    Stage.MAIL_FROM: "this user or machine may not send from this address",
}
"""What to check, by the stage at which the server refuses us."""


def check_mail(context: CheckContext) -> Iterator[Finding]:
    """The server of SMTP_URL, and the sender of MAIL_FROM."""
    yield check_server(context.settings)
    if context.settings.smtp_url and parseaddr(context.settings.mail_from)[1] == DEFAULT_SENDER:
        yield warning(
            f"MAIL_FROM: e-mails come from {DEFAULT_SENDER}, which other servers refuse: set MAIL_FROM"
        )


def check_server(settings: Settings) -> Finding:
    """Log in, and ask whether the sender may send."""
    if settings.smtp_url is None:
        return warning(UNSET)
    sender = ascii_address(parseaddr(settings.mail_from)[1])
    try:
        SmtpMailer(settings.smtp_url.get_secret_value(), timeout=5).check(sender)
    except SmtpPaused as error:
        setting = "MAIL_FROM" if error.stage is Stage.MAIL_FROM else "SMTP_URL"
        return wrong(f"{setting}: {error}; {ADVICE[error.stage]}")
    except NoAnswer as error:
        return wrong(f"SMTP_URL: {error}; {NO_ANSWER}")
    except DeliveryError as error:
        return wrong(f"SMTP_URL: {error}; {LATER}")
    return well("e-mail: the mail server lets MAIL_FROM send")
