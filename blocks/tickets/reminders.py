"""What reminds technicians: a line in a ticket's thread, and the list of tickets that nobody has taken."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.blocks.block_elements import RichTextElementParts as Parts

from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.lists import due_parts, ticket_row, ticket_state
from blocks.kit.text import Part, bold, date_time, labelled, note, person, rich, text_part
from models.tickets.clocks.clock import REACHED
from models.tickets.ticket import Ticket

HERE = "here"


def assignee_reminder(_: Translator, ticket: Ticket, percent: int) -> Content:
    """Mentions who has the ticket. `percent`: how much of its target is over."""
    sentence = _over(_, ticket, percent)
    assert ticket.assignee is not None
    mention: list[Part] = [
        text_part("⏰ "),
        person(_, ticket.assignee.slack_id),
        text_part(f" · {sentence} "),
    ]
    return sentence, [rich([*mention, *due_parts(_, ticket)])]


def _over(_: Translator, ticket: Ticket, percent: int) -> str:
    if percent >= REACHED:
        return _("No. {number} is overdue.", number=ticket.id)
    return _("No. {number} is due soon.", number=ticket.id)


def untaken_list(
    _: Translator, tickets: Sequence[Ticket], *, whom: str | None, is_more: bool = False
) -> Content:
    """The tickets, the new ones first. `whom`: `here` or the id of a user group, which is mentioned;
    `is_more`: there are more in the queue."""
    count = len(tickets) + is_more
    headline = _.plural("Nobody has taken this ticket yet", "Nobody has taken these tickets yet", count)
    first: list[Part] = [text_part("⏳ "), bold(headline)]
    if whom is not None:
        first += [text_part(" · "), _mention(whom)]
    blocks: list[Block] = [rich(first)]
    for ticket in tickets:
        blocks += [DividerBlock(), *ticket_row(_, ticket, ticket_state(_, ticket), _when(_, ticket))]
    if is_more:
        blocks += [DividerBlock(), note(_("There are more in the queue: type /my-queue."))]
    return headline, blocks


def _mention(whom: str) -> Part:
    return Parts.Broadcast(range=HERE) if whom == HERE else Parts.UserGroup(usergroup_id=whom)


def _when(_: Translator, ticket: Ticket) -> list[Part]:
    """By when it is to be taken, or else to be resolved; and that it is late."""
    if ticket.responded_at is None and ticket.taken_due_at is not None:
        by = labelled(_, _("To be taken by"), date_time(_, ticket.taken_due_at))
        return _late(_, ticket.taken_reminded) + by
    return _late(_, ticket.due_reminded) + due_parts(_, ticket)


def _late(_: Translator, percent: int) -> list[Part]:
    return [text_part(f"⚠️ {_('Overdue')} · ")] if percent >= REACHED else []
