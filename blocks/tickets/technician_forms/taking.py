"""The box of a form that takes a ticket which nobody has taken."""

from slack_sdk.models.blocks import Block, CheckboxesElement

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import field, texts_of
from blocks.kit.text import option
from blocks.kit.values import Payload
from models.lifecycle import Status
from models.tickets.ticket import Ticket

_TAKES = "takes"


def take_field(_: Translator, ticket: Ticket) -> list[Block]:
    """The box, ticked; none on a ticket that somebody has."""
    if ticket.status is not Status.NEW or ticket.assignee is not None:
        return []
    take = option(_("Take this ticket"), _TAKES)
    element = CheckboxesElement(options=[take], initial_options=[take])
    hint = _("Otherwise it stays unassigned.")
    return [field(ids.TAKES, _("Assignment"), element, hint=hint, optional=True)]


def takes(view: Payload) -> bool:
    """Whether the box is ticked."""
    return _TAKES in texts_of(view, ids.TAKES)
