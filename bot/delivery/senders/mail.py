"""E-mail: composed from templates; printed when there is no server (`smtp.py` sends)."""

import sys
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from blocks import labels
from blocks.i18n import translator
from bot.delivery.errors import AddressMalformed
from bot.delivery.rendering.rendered import MailDrawing
from bot.settings import Settings

SUBJECT_MAX = 200


class Mailer(Protocol):
    """Sends one e-mail. Raises the outcomes of `bot.delivery.errors`."""

    def send(self, message: EmailMessage) -> None: ...


class ConsoleMailer:
    """Prints e-mails instead of sending them; what `SMTP_URL` unset means."""

    def send(self, message: EmailMessage) -> None:
        text = message.get_body(("plain",))
        assert text is not None
        headers = "\n".join(f"{name}: {message[name]}" for name in ("To", "Subject"))
        sys.stdout.write(f"--- e-mail not sent (SMTP_URL is not set)\n{headers}\n\n{text.get_content()}---\n")


def compose(drawing: MailDrawing, settings: Settings, *, link: str) -> EmailMessage:
    """The e-mail: text and HTML parts, threaded with the ticket's other mails (RFC 5322, 3.6.4)."""
    words = _words(drawing, settings, link)
    message = EmailMessage()
    message["Subject"] = " ".join(_render(drawing.template, "subject.txt", words).split())[:SUBJECT_MAX]
    message["From"] = settings.mail_from
    message["To"] = _recipient(drawing)
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    root = f"<ticket-{drawing.ticket.id}@{domain}>"
    if drawing.template == "received":
        message["Message-ID"] = root
    else:
        message["Message-ID"] = f"<ticket-{drawing.ticket.id}-{drawing.event.number}@{domain}>"
        message["In-Reply-To"] = message["References"] = root
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834
    if settings.mail_reply_to:
        message["Reply-To"] = settings.mail_reply_to
    message.set_content(_render(drawing.template, "body.txt", words))
    message.add_alternative(_render(drawing.template, "body.html", words), subtype="html")
    # Last: what is said of the content before it has parts goes to the first of them.
    message["Content-Language"] = translator(drawing.locale).locale
    return message


def _recipient(drawing: MailDrawing) -> Address:
    try:
        return Address(" ".join(drawing.name.split()), addr_spec=drawing.to)
    except (ValueError, IndexError, MessageError) as error:  # what the email package raises at odd addresses
        raise AddressMalformed("the address is malformed") from error


def _words(drawing: MailDrawing, settings: Settings, link: str) -> dict[str, object]:
    """What the templates may say."""
    ticket, _ = drawing.ticket, translator(drawing.locale)
    facts = [
        (_("Kind"), _(labels.KIND[ticket.kind])),
        (_("Site"), ticket.site.name.in_(_.locale)),
        (_("Priority"), _(labels.PRIORITY_WORD[ticket.priority])),
    ]
    if ticket.service:
        facts.insert(1, (_("Service"), ticket.service.name.in_(_.locale)))
    return {
        "_": _,
        "ticket": ticket,
        "event": drawing.event,
        "state": _(labels.STATUS[drawing.event.to_status]),
        "facts": facts,
        "link": link,
        "can_reply": settings.mail_reply_to is not None,
    }


def _render(template: str, part: str, words: dict[str, object]) -> str:
    return _environment(part.endswith("html")).get_template(f"{template}/{part}").render(words)


@cache
def _environment(html: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates" / "email"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
