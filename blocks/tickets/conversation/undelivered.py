"""A line for the team: what did not reach a requester, why, and another way to reach them."""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from blocks.i18n import N_, Translator
from blocks.kit.block_text import Content
from blocks.kit.text import Part, bold, cut, escape, person, quote, rich, text_part
from models.characters import one_line
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Undelivered
from models.tickets.ticket import Ticket

QUOTE_MAX = 200  # characters, to recognise the comment, which the thread has whole


@dataclass(frozen=True)
class Lost:
    """What did not reach a requester."""

    kind: DeliveryKind
    why: Undelivered
    name: str
    """The requester's."""
    author: str
    """Who wrote it, or acted."""
    text: str = ""
    has_files: bool = False
    is_edit: bool = False
    """They still have the text before the edit."""
    file: str = ""


_WHAT: Mapping[DeliveryKind, str] = {
    DeliveryKind.CARD: N_("{name} is not receiving messages about this ticket in Slack"),
    DeliveryKind.MAIL: N_("{name} did not receive the email about this ticket"),
    DeliveryKind.RESOLUTION: N_("{name} did not receive the request for sign-off in Slack"),
    DeliveryKind.DECISION: N_("{name} did not receive the message about this decision in Slack"),
    DeliveryKind.FILE: N_("{name} did not receive {file} from {author} in Slack"),
    DeliveryKind.COMMENT: N_("{name} did not receive this message from {author} in Slack"),
}
_WITH_FILES = N_("{name} did not receive this message from {author} or its files in Slack")
_EDIT = N_("{name} cannot see {author}’s edit to this message in Slack")

_WHY: Mapping[Undelivered, str] = {
    Undelivered.ACCOUNT_CLOSED: N_("the account is deactivated"),
    Undelivered.NO_ACCOUNT: N_("this account no longer exists in Slack"),
    Undelivered.NOT_VISIBLE: N_("the help desk cannot see this account in Slack"),
    Undelivered.AN_APP: N_("the account belongs to an app"),
    Undelivered.MESSAGES_OFF: N_("a Slack administrator has turned off the help desk’s messages"),
    Undelivered.NOT_ALLOWED: N_("the help desk is not allowed to message them in Slack"),
    Undelivered.TOO_LONG: N_("it is too long for Slack"),
    Undelivered.STORAGE_FULL: N_("the Slack workspace’s storage is full"),
    Undelivered.REFUSED: N_("Slack rejected it"),
    Undelivered.ADDRESS_MALFORMED: N_("the address in their Slack profile is not valid"),
    Undelivered.ADDRESS_REFUSED: N_("the mail server rejected the address in their Slack profile"),
    Undelivered.MAIL_REFUSED: N_("the mail server rejected it"),
    Undelivered.MAILS_EXHAUSTED: N_("six have been sent about it, and the rest is in Slack only"),
    Undelivered.TOO_LATE: N_("sending failed for too long"),
}


def undelivered_note(_: Translator, lost: Lost, assignee: str | None) -> list[Block]:
    """The line, with the beginning of the text; it mentions the assignee."""
    line: list[Part] = [bold(_what(_, lost)), text_part(" " + _advice(_, lost))]
    if assignee:
        line += [text_part(" · "), person(_, assignee)]
    return [rich(line), *quote(cut(one_line(lost.text), QUOTE_MAX))]


def unheard(_: Translator, ticket: Ticket, why: Undelivered) -> Content:
    """A line for the team: a reminder did not arrive, so the ticket stays open."""
    sentence = _(
        "{name} could not be reminded in Slack ({why}). This ticket will not be closed without a reply.",
        name=ticket.requester.name,
        why=_(_WHY[why]),
    )
    advice = _("Please email or call them.")
    line: list[Part] = [bold(sentence), text_part(f" {advice}")]
    if ticket.assignee:
        line += [text_part(" · "), person(_, ticket.assignee.slack_id)]
    return escape(_("No. {number}", number=ticket.id) + f" · {sentence} {advice}"), [rich(line)]


def undelivered_text(_: Translator, ticket: Ticket, lost: Lost) -> str:
    """The text of the line, for notifications and screen readers."""
    return escape(_("No. {number}", number=ticket.id) + f" · {_what(_, lost)} {_advice(_, lost)}")


def _what(_: Translator, lost: Lost) -> str:
    what = _WHAT[lost.kind]
    if lost.is_edit:
        what = _EDIT
    elif lost.has_files:
        what = _WITH_FILES
    sentence = _(what, name=lost.name, author=lost.author, file=lost.file)
    return _("{what}: {why}.", what=sentence, why=_(_WHY[lost.why]))


def _advice(_: Translator, lost: Lost) -> str:
    """Another way to reach the requester."""
    if lost.kind is DeliveryKind.RESOLUTION:
        return _("Please call them, then choose “Record verbal sign-off…” from the card’s menu.")
    if lost.why is Undelivered.ACCOUNT_CLOSED:
        return _("We cannot email them either. Please call them, or ask their department.")
    if lost.kind is DeliveryKind.MAIL:
        return _("Please reply to them in Slack, or call them.")
    return _("Please email or call them.")
