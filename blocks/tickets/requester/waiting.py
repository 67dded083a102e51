"""The tickets that wait for their requester: solutions to sign off, questions to answer."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.lists import title
from blocks.kit.text import cut, header, plain, quote, rich, text_part
from blocks.tickets.actions import action_buttons, answer_button, detail_button
from models.lifecycle import Action, Status
from models.pages import Waiting, WaitingTicket
from models.tickets.ticket import Ticket

WORDS_MAX = 300
LINES_MAX = 4


def waiting_blocks(_: Translator, waiting: Waiting) -> list[Block]:
    """A ticket each, with the buttons that answer it, and the way to those that are not shown; none when
    nothing waits."""
    if not waiting.tickets:
        return []
    blocks: list[Block] = [header(_("Waiting for you"))]
    for each in waiting.tickets:
        blocks += _ticket(_, each)
    if waiting.more:
        others = _.plural("and {count} other", "and {count} others", waiting.more)
        button = ButtonElement(text=plain(others), action_id=ids.OPEN_MY_TICKETS, value="open")
        blocks.append(ActionsBlock(elements=[button]))
    return blocks


def _ticket(_: Translator, waiting: WaitingTicket) -> list[Block]:
    ticket = waiting.ticket
    if ticket.status is Status.RESOLVED:
        buttons = action_buttons(_, ticket, {Action.APPROVE, Action.REFUSE})
    else:
        buttons = [answer_button(_, ticket, is_primary=True)]
    return [
        rich(title(_, ticket), [text_part(_asked(_, ticket))]),
        *quote(first_lines(waiting.words)),
        ActionsBlock(elements=[*buttons, detail_button(_, ticket)]),
    ]


def _asked(_: Translator, ticket: Ticket) -> str:
    if ticket.status is Status.RESOLVED:
        return labels.asked(_, ticket)
    return _("We are waiting for your reply.")


def first_lines(text: str) -> str:
    """The first lines of a text, with an ellipsis where more follow."""
    text = text.strip()
    lines = text.splitlines()
    shown = "\n".join(lines[:LINES_MAX])
    return cut(shown if len(lines) <= LINES_MAX else shown.rstrip() + " …", WORDS_MAX)
