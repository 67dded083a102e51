"""What the requester of a resolved or closed ticket can still do, below what they wrote."""

from slack_sdk.models.blocks import ActionsBlock, Block

from blocks import labels
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.text import bold, escape, first_lines, note, quote, rich, text_part
from blocks.tickets.actions import action_buttons, answer_button, detail_button
from models.lifecycle import Action, Ending, Kind, Status
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def prompt(_: Translator, ticket: Ticket) -> list[Block]:
    """The message with the buttons: to approve or refuse, or to reopen."""
    actions = {Action.APPROVE, Action.REFUSE} if ticket.status is Status.RESOLVED else {Action.REOPEN}
    buttons = [*action_buttons(_, ticket, actions), detail_button(_, ticket)]
    return [rich([text_part(_sentence(_, ticket))]), ActionsBlock(elements=buttons)]


def again(_: Translator, ticket: Ticket, event: Event, words: str) -> Content:
    """What a technician asks once more, after the requester wrote: the solution or the question."""
    if ticket.status is Status.RESOLVED:
        asked, buttons = labels.asked(_, ticket), action_buttons(_, ticket, {Action.APPROVE, Action.REFUSE})
    else:
        asked, buttons = _("We are waiting for your reply."), [answer_button(_, ticket, is_primary=True)]
    sentence = _("{name} is asking you again.", name=event.actor.name) + f" {asked}"
    text = escape(_("No. {number}", number=ticket.id) + f" · {sentence}")
    return text, [
        note(_("No. {number}", number=ticket.id) + f" · {ticket.title}"),
        rich([bold(sentence)]),
        *quote(first_lines(words)),
        ActionsBlock(elements=[*buttons, detail_button(_, ticket)]),
    ]


def prompt_text(_: Translator, ticket: Ticket) -> str:
    """Its text, for notifications and screen readers."""
    return escape(_("No. {number}", number=ticket.id) + f" · {_sentence(_, ticket)}")


def _sentence(_: Translator, ticket: Ticket) -> str:
    if ticket.ending is Ending.DECLINED:
        return _("We have received your message, but this request was declined. You can file it again.")
    if ticket.status is Status.CLOSED:
        return _("We have received your message, but this ticket is closed. If you still need us, reopen it.")
    if ticket.kind is Kind.REQUEST:
        return _(
            "We have received your message. Your request is still waiting for your sign-off: do you have "
            "everything?"
        )
    return _("We have received your message. This ticket is still waiting for your sign-off: does it work?")
