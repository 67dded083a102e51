"""E-mail: composed from templates; printed when there is no server (`smtp/mailer.py` sends)."""

import sys
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from blocks import labels
from blocks.i18n import N_, Translator, translator
from blocks.opening_hours import spoken_moment
from blocks.tickets.requester.promise import opening_sentence, promise_sentence
from bot.delivery.errors import AddressMalformed
from bot.delivery.rendering.rendered import RenderedEmail
from bot.delivery.senders import mail_headers
from bot.mail_address import NeedsSmtpUtf8, ascii_address
from bot.settings import Settings
from models.characters import one_line
from models.lifecycle import Action, Kind
from models.outbox.reasons import Reason
from models.words.preformatted import pieces

SUBJECT_MAX = 200
CONFIDENTIAL = "confidential"
"""The template in place of any other: number, state and link."""
_LABELS: Mapping[str, str] = {
    "received": N_("Received"),
    "question": N_("A question for you"),
    "resolved": N_("Please check the solution"),
    "closing": N_("Last reminder"),
    "closed": N_("Closed"),
    "agreement": N_("Your agreement is needed"),
}


class Mailer(Protocol):
    """Sends one e-mail. Raises the errors of `bot.delivery.errors`, and what `before_data` raises, which is
    called right before the server is given the message."""

    def send(self, message: EmailMessage, *, before_data: Callable[[], object] = ...) -> None: ...


class ConsoleMailer:
    """Prints e-mails instead of sending them, when `SMTP_URL` is not set."""

    def send(self, message: EmailMessage, *, before_data: Callable[[], object] = lambda: None) -> None:
        before_data()
        text = message.get_body(("plain",))
        assert text is not None
        headers = "\n".join(f"{name}: {message[name]}" for name in ("To", "Subject"))
        sys.stdout.write(f"--- e-mail not sent (SMTP_URL is not set)\n{headers}\n\n{text.get_content()}---\n")


def compose(rendered: RenderedEmail, settings: Settings, *, link: str) -> EmailMessage:
    """The e-mail: text and HTML parts, threaded with the ticket's other mails."""
    context = _template_context(rendered, settings, link)
    template = CONFIDENTIAL if rendered.is_confidential else rendered.template
    message = EmailMessage(policy=mail_headers.POLICY)
    subject = one_line(_render(template, "subject.txt", context))[:SUBJECT_MAX]
    message["Subject"] = mail_headers.text("Subject", subject)
    message["From"] = _own_address("From", settings.mail_from)
    message["To"] = _recipient(rendered)
    message["Date"] = format_datetime(rendered.at)  # RFC 5322, 3.6
    _thread(message, rendered, parseaddr(settings.mail_from)[1])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834
    if settings.mail_reply_to:
        message["Reply-To"] = _own_address("Reply-To", settings.mail_reply_to)
    message.set_content(_render(template, "body.txt", context))
    message.add_alternative(_render(template, "body.html", context), subtype="html")
    # Last: a header of the content that is set before there are parts moves to the first of them.
    message["Content-Language"] = translator(rendered.locale).locale
    return message


def _thread(message: EmailMessage, rendered: RenderedEmail, sender: str) -> None:
    """Number the e-mail, and refer to the ticket's first (RFC 5322, 3.6.4).

    The first one is the root itself: Outlook and older Thunderbirds thread under a message that they have. A
    first e-mail that never arrived is a root all the same. The step stands in the brackets before the
    subject, which do not belong to what readers compare (RFC 5256, 2.1), and is seen where a list cuts it.
    """
    ticket, number = rendered.ticket, rendered.event.number
    domain = (ticket.mail_root or ascii_address(sender)).rpartition("@")[2].removesuffix(">")
    if rendered.token is not None:
        own = f"<ticket-{ticket.id}-{number}.{rendered.token}@{domain}>"
    elif rendered.template == "received":
        own = f"<ticket-{ticket.id}@{domain}>"
    else:
        own = f"<ticket-{ticket.id}-{number}@{domain}>"
    message["Message-ID"] = mail_headers.Encoded(own)
    # An approver has none of the requester's e-mails.
    if rendered.asked_for is None and ticket.mail_root not in {None, own}:
        message["In-Reply-To"] = message["References"] = mail_headers.Encoded(ticket.mail_root)


def _own_address(header: str, setting: str) -> mail_headers.Encoded:
    """One of the help desk's own addresses, as a setting has it."""
    name, address = parseaddr(setting)
    return mail_headers.mailbox(header, name, ascii_address(address))


def _recipient(rendered: RenderedEmail) -> mail_headers.Encoded:
    try:
        return mail_headers.mailbox("To", rendered.name, ascii_address(rendered.to))
    except NeedsSmtpUtf8 as error:
        raise AddressMalformed(Reason.ADDRESS_NEEDS_SMTPUTF8) from error
    except ValueError as error:
        raise AddressMalformed(Reason.ADDRESS_MALFORMED) from error


def _template_context(rendered: RenderedEmail, settings: Settings, link: str) -> dict[str, object]:
    """The variables of the templates."""
    ticket, _ = rendered.ticket, translator(rendered.locale)
    facts = [
        (_("Type"), _(labels.KIND[ticket.kind])),
        (_("Site"), ticket.site.name.in_(_.locale)),
        (_("Priority"), _(labels.PRIORITY_WORD[ticket.priority])),
    ]
    if ticket.service:
        facts.insert(1, (_("Service"), ticket.service.name.in_(_.locale)))
    if rendered.asked_for:
        facts = [(_("Requester"), rendered.asked_for.by), *facts[1:-1]]
    return {
        "_": _,
        "ticket": ticket,
        "event": rendered.event,
        "label": _label(_, rendered),
        "state": _("Agreement asked") if rendered.asked_for else _(labels.STATUS[rendered.event.to_status]),
        "facts": [*facts, *rendered.answers],
        "files": rendered.files,
        "is_request": ticket.kind is Kind.REQUEST,
        "link": link,
        "can_reply": settings.mail_reply_to is not None,
        "original_is_open": rendered.original_is_open,
        "agreement": rendered.agreement,
        "promise": _promise(_, rendered),
        "reopen_days": settings.reopen_silent_days,
        "closes_on": _.day(rendered.closes_on) if rendered.closes_on else "",
        "asked_for": rendered.asked_for,
        "role": rendered.asked_for.role.in_(_.locale) if rendered.asked_for else "",
        "asked_on": _.day(rendered.asked_for.day) if rendered.asked_for else "",
        **_texts(_, rendered),
    }


def _promise(_: Translator, rendered: RenderedEmail) -> str:
    """When the desk opens, after a ticket was filed outside of its hours, and by when it aims to respond."""
    shown, zone = rendered.promise, rendered.time_zone
    if shown is None:
        return ""
    opening = opening_sentence(_, spoken_moment(_, shown.opens_at, zone)) if shown.opens_at else None
    aimed = promise_sentence(_, rendered.ticket, shown, spoken_moment(_, shown.promise.at, zone))
    return " ".join(filter(None, [opening, aimed]))


def _label(_: Translator, rendered: RenderedEmail) -> str:
    """The step, as the subject has it."""
    if rendered.event.action is Action.CANCEL:
        return _("Cancelled")
    if rendered.event.action is Action.DECLINE:
        return _("Declined")
    if rendered.template == "resolved" and rendered.ticket.kind is Kind.REQUEST:
        return _("Please confirm")
    return _(_LABELS[rendered.template])


def _texts(_: Translator, rendered: RenderedEmail) -> dict[str, object]:
    """What somebody wrote. The text of an approval by word of mouth is the team's."""
    event = rendered.event
    labels_of = {
        Action.CANCEL: _("Reason given:"),
        Action.DECLINE: _("Reason given:"),
        Action.DUPLICATE: _("Message from {name}:", name=event.actor.name),
    }
    label = labels_of.get(event.action)
    return {"text": rendered.text, "reason": rendered.text if label else "", "reason_label": label}


def _render(template: str, part: str, context: dict[str, object]) -> str:
    return _environment(part.endswith("html")).get_template(f"{template}/{part}").render(context)


@cache
def _environment(html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates" / "email"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["pieces"] = pieces
    return environment
