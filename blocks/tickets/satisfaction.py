"""How satisfied a requester is: three faces with labels, and an optional comment."""

from dataclasses import dataclass

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.inputs import FormHead, long_text, text_of, ticket_view
from blocks.kit.text import bold, escape, note, quote, rich
from blocks.kit.values import Payload, read_enum, read_number
from blocks.kit.view_state import load_view_state
from blocks.tickets.actions import ticket_button
from blocks.tickets.state import DetailState, FormState
from models.lifecycle import Rating
from models.tickets.ticket import Ticket


def faces(_: Translator, ticket: Ticket) -> list[Block]:
    """The question with its three answers; once it is answered, the answer."""
    if ticket.rating is not None:
        return [note(_("Your rating: {rating}", rating=_(labels.RATING[ticket.rating])))]
    if not ticket.may_be_rated:
        return []
    buttons = [
        ticket_button(_(label), f"{ids.RATE}.{rating}", ticket, value=f"{ticket.id}.{rating}")
        for rating, label in labels.RATING.items()
    ]
    return [note(_("How satisfied are you with the way this was handled?")), ActionsBlock(elements=buttons)]


def read_face(value: str) -> tuple[int, Rating]:
    """The ticket and the rating of a face's value. Raises `StalePayload`."""
    number, _dot, rating = value.partition(".")
    return read_number(number), read_enum(Rating, rating)


def opinion_line(_: Translator, ticket: Ticket) -> Content:
    """What a dissatisfied requester added, for the thread of the team's card: the line before mentions who
    has the ticket."""
    added = _("Comment from {name} on their rating", name=ticket.requester.name)
    text = escape(f"{_('No. {number}', number=ticket.id)} · {added}")
    return text, [rich([bold(added)]), *quote(ticket.rating_comment or "")]


def opinion_form(_: Translator, ticket: Ticket, *, detail: DetailState | None) -> View:
    """Thanks for the rating, which is saved already, and asks for an optional comment."""
    return ticket_view(
        _,
        ticket,
        FormHead(ids.SATISFACTION_FORM, title=_("Your feedback"), submit=_("Send")),
        [
            note(_("Thank you for your feedback.")),
            long_text(ids.OPINION, _("Anything to add?"), optional=True, focus=True),
        ],
        FormState(ticket.id, detail).dump(),
    )


@dataclass(frozen=True)
class Opinion:
    """A filled opinion form."""

    state: FormState
    text: str


def read_opinion(view: Payload) -> Opinion:
    """What the opinion form says. Raises `StalePayload`."""
    return Opinion(FormState.load(load_view_state(view)), text_of(view, ids.OPINION))
