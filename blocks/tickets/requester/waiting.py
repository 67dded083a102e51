"""The tickets that wait for their requester: solutions to sign off, questions to answer."""

from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.lists import title
from blocks.kit.text import escape, first_lines, header, note, plain, quote, rich, text_part
from blocks.tickets.actions import action_buttons, answer_button, detail_button
from models.lifecycle import Action, Role, Status
from models.pages import Waiting, WaitingTicket
from models.tickets.ticket import Ticket
from models.tickets.transitions import possible


def waiting_blocks(_: Translator, waiting: Waiting) -> list[Block]:
    """A ticket each, with the buttons that answer it, and the way to those that are not shown; none when
    nothing waits."""
    if not waiting.tickets:
        return []
    blocks: list[Block] = [header(_("Waiting for you"))]
    for each in waiting.tickets:
        blocks += _ticket(_, each)
    return [*blocks, *_more(_, waiting)]


def reminder(_: Translator, waiting: Waiting) -> Content:
    """The message that reminds a requester of what waits for them."""
    count = len(waiting.tickets) + waiting.more
    headline = _.plural("One ticket is waiting for you", "{count} tickets are waiting for you", count)
    blocks: list[Block] = [header(headline)]
    for index, each in enumerate(waiting.tickets):
        blocks += [*([DividerBlock()] if index else []), *_ticket(_, each, is_reminder=True)]
    return escape(headline), [*blocks, *_more(_, waiting)]


def _more(_: Translator, waiting: Waiting) -> list[Block]:
    if not waiting.more:
        return []
    others = _.plural("and {count} other", "and {count} others", waiting.more)
    button = ButtonElement(text=plain(others), action_id=ids.OPEN_MY_TICKETS, value="open")
    return [ActionsBlock(elements=[button])]


def _ticket(_: Translator, waiting: WaitingTicket, *, is_reminder: bool = False) -> list[Block]:
    ticket = waiting.ticket
    offered = {Action.POSTPONE}.intersection(possible(ticket, {Role.REQUESTER})) if is_reminder else ()
    if ticket.status is Status.RESOLVED:
        buttons = action_buttons(_, ticket, {Action.APPROVE, Action.REFUSE})
    else:
        buttons = [answer_button(_, ticket, is_primary=True)]
    return [
        rich(title(_, ticket), [text_part(_asked(_, ticket))]),
        *quote("" if ticket.is_confidential else first_lines(waiting.words)),
        *([note(closing(_, waiting.closes_on))] if waiting.closes_on else []),
        ActionsBlock(elements=[*buttons, *action_buttons(_, ticket, offered), detail_button(_, ticket)]),
    ]


def closing(_: Translator, day: date) -> str:
    """When a ticket closes whose requester stays silent."""
    return _("Without a reply from you, we will close it on {day}.", day=_.day(day))


def _asked(_: Translator, ticket: Ticket) -> str:
    if ticket.status is Status.RESOLVED:
        return labels.asked(_, ticket)
    return _("We are waiting for your reply.")
