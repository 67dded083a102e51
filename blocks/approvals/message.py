"""The message that asks an approver for their agreement to a request, and the same once it is over."""

from slack_sdk.models.blocks import Block

from blocks.i18n import Translator
from blocks.kit.text import escape, header, note, rich, text_part
from models.approvals.approval import Approver
from models.tickets.ticket import Ticket


def approval_text(_: Translator, ticket: Ticket) -> str:
    """For notifications and screen readers."""
    asked = _(
        "{name} asks for your agreement: {title} (No. {number})",
        name=ticket.requester.name,
        title=ticket.title,
        number=ticket.id,
    )
    return escape(asked)


def approval_message(_: Translator, ticket: Ticket, approver: Approver, *, is_last: bool) -> list[Block]:
    """`is_last`: there is no newer message that asks them."""
    return [
        note(_("No. {number}", number=ticket.id)),
        header(ticket.title),
        rich([text_part(approval_text(_, ticket))]),
    ]
