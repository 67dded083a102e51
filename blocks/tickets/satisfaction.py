"""How satisfied a requester is: three faces with words, and a comment if they like."""

from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.inputs import About, long_text, read_about, text_of, ticket_view
from blocks.kit.text import note, plain
from blocks.kit.values import read_enum, read_number
from blocks.kit.view_state import Place
from models.lifecycle import Rating
from models.tickets.ticket import Ticket


def faces(_: Translator, ticket: Ticket) -> list[Block]:
    """The question with its three answers, until it has been answered; then the answer."""
    if ticket.rating is not None:
        return [note(_("Your opinion: {rating}", rating=_(labels.RATING[ticket.rating])))]
    if not ticket.may_be_rated:
        return []
    buttons = [
        ButtonElement(
            text=plain(_(words)), action_id=f"{ids.RATE}.{rating.value}", value=f"{ticket.id}.{rating.value}"
        )
        for rating, words in labels.RATING.items()
    ]
    return [note(_("Are you satisfied with how it was dealt with?")), ActionsBlock(elements=buttons)]


def read_face(value: str) -> tuple[int, Rating]:
    """The ticket and the rating of a face's value. Raises `StalePayload`."""
    number, _dot, rating = value.partition(".")
    return read_number(number), read_enum(Rating, rating)


def opinion_form(_: Translator, ticket: Ticket, *, place: Place | None) -> View:
    """Thanks for the rating, which is kept already; a comment if they like."""
    return ticket_view(
        _,
        ticket,
        [
            note(_("Thank you, it is noted.")),
            long_text(ids.OPINION, _("Anything to add?"), optional=True, focus=True),
        ],
        callback_id=ids.SATISFACTION_FORM,
        title=_("Your opinion"),
        submit=_("Send"),
        place=place,
    )


def read_opinion(view: dict[str, Any]) -> tuple[About, str]:
    """Which ticket, and what they add."""
    return read_about(view), text_of(view, ids.OPINION)
