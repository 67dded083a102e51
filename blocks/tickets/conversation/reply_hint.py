"""An offer to a technician: send the note that they have just written to the requester."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.text import BUTTON_MAX, cut, plain, rich, text_part
from blocks.kit.values import read_number
from blocks.tickets.actions import ticket_button
from models.errors import StalePayload
from models.tickets.comment import Comment


def reply_hint(_: Translator, note: Comment) -> list[Block]:
    """The message that only the note's author sees."""
    ticket = note.ticket
    send = cut(_("Send it to {name}", name=ticket.requester.name), BUTTON_MAX)
    return [
        rich([text_part(reply_hint_text(_, note))]),
        ActionsBlock(
            elements=[
                ticket_button(send, ids.SEND_NOTE, ticket, value=f"{ticket.id}.{note.id}"),
                ButtonElement(
                    text=plain(_("Do not suggest this again")), action_id=ids.DECLINE_HINT, value="decline"
                ),
            ]
        ),
    ]


def reply_hint_text(_: Translator, note: Comment) -> str:
    return _("Saved for the team only: {name} will not see it.", name=note.ticket.requester.name)


def read_note_value(value: str) -> tuple[int, int]:
    """The ticket's number and the note's id in a button's value. Raises `StalePayload`."""
    number, dot, note = value.partition(".")
    if not dot:
        raise StalePayload
    return read_number(number), read_number(note)
