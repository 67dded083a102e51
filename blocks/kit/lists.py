"""Parts of lists: a ticket's row, and the buttons between pages."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ContextBlock, SectionBlock

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.text import Part, ago, bold, escape, mrkdwn, plain
from models.tickets.ticket import Ticket

PREVIOUS_NEXT = (N_("Previous"), N_("Next"))
_AGO = "\N{OBJECT REPLACEMENT CHARACTER}"  # the position of an age in a sentence
NEWER_OLDER = (N_("Newer"), N_("Older"))


def ticket_summary(_: Translator, ticket: Ticket, *, state: str | None = None) -> list[str]:
    """Number, kind, state and priority. `state`: a text in place of the state's label."""
    return [
        _("No. {number}", number=ticket.id),
        _(labels.KIND[ticket.kind]),
        state or labels.state(_, ticket),
        labels.priority(_, ticket),
    ]


def ticket_row(_: Translator, ticket: Ticket, summary: Sequence[str]) -> list[Block]:
    """The summary with the ticket's age, then its title with a button that opens it."""
    open_button = ButtonElement(
        text=plain(_("Open")),
        action_id=ids.DETAIL,
        value=str(ticket.id),
        accessibility_label=_("Open No. {number}", number=ticket.id),
    )
    return [
        ContextBlock(elements=[mrkdwn(escape(" · ".join(summary)) + f" · {_age(_, ticket.opened_at)}")]),
        SectionBlock(text=plain(ticket.title), accessory=open_button),
    ]


def last_text(_: Translator, ticket: Ticket) -> list[list[Part]]:
    """That the requester wrote last, and how long ago; nothing once the team has answered."""
    if ticket.requester_wrote_at is None:
        return []
    sentence = _("{name} replied {ago}", name=ticket.requester.name, ago=_AGO)
    before, _ago, after = sentence.partition(_AGO)
    parts: list[Part] = [bold(f"💬 {before}"), ago(_, ticket.requester_wrote_at)]
    return [[*parts, *([bold(after)] if after else [])]]


def _age(_: Translator, at: datetime) -> str:
    """How long ago, as Slack words it (docs.slack.dev, "Date formatting")."""
    return f"<!date^{int(at.timestamp())}^{{ago}}|{_.date_time(at, 'UTC')}>"


def paging(
    _: Translator,
    action_id: str,
    page: int,
    has_more: bool,
    *,
    labels: tuple[str, str] = PREVIOUS_NEXT,
    prefix: str = "",
) -> list[Block]:
    """The buttons to the pages before and after this one (from 0). A button's value is `prefix` and the
    page."""
    before, after = labels
    buttons = [(before, page - 1)] if page > 0 else []
    if has_more:
        buttons.append((after, page + 1))
    elements = [
        ButtonElement(text=plain(_(label)), action_id=f"{action_id}.{number}", value=f"{prefix}{number}")
        for label, number in buttons
    ]
    return [ActionsBlock(elements=elements)] if elements else []
