"""Parts of lists: a ticket's row, and the buttons between pages."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, SectionBlock

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.text import (
    HERE,
    LABEL_MAX,
    Part,
    bold,
    cut,
    date_time,
    labelled,
    plain,
    rich,
    text_part,
    with_age,
)
from models.tickets.ticket import Ticket

PREVIOUS_NEXT = (N_("Previous"), N_("Next"))
NEWER_OLDER = (N_("Newer"), N_("Older"))


def ticket_summary(_: Translator, ticket: Ticket) -> list[str]:
    """Number, kind, state and priority."""
    return [_("No. {number}", number=ticket.id), *ticket_state(_, ticket)]


def ticket_state(_: Translator, ticket: Ticket, *, state: str | None = None) -> list[str]:
    """Kind, state and priority. `state`: a text in place of the state's label."""
    return [_(labels.KIND[ticket.kind]), state or labels.state(_, ticket), labels.priority(_, ticket)]


def ticket_row(
    _: Translator, ticket: Ticket, facts: Sequence[str], said: Sequence[Part] | None = None
) -> list[Block]:
    """Number and title in bold, and `said` of it or how old it is; then its facts, with a button that opens
    it."""
    opens = _("Open No. {number}", number=ticket.id)
    open_button = ButtonElement(
        text=plain(_("Open")),
        action_id=ids.DETAIL,
        value=str(ticket.id),
        accessibility_label=cut(f"{opens} · {labels.title(_, ticket)}", LABEL_MAX),
    )
    return [
        rich(title(_, ticket), said or raised(_, ticket)),
        SectionBlock(text=plain(" · ".join(facts)), accessory=open_button),
    ]


def raised(_: Translator, ticket: Ticket) -> list[Part]:
    """How long ago it was raised."""
    return with_age(_, _("Raised {ago}", ago=HERE), ticket.opened_at)


def due_parts(_: Translator, ticket: Ticket) -> list[Part]:
    """By when it is to be resolved; nothing while it waits, or once it is resolved."""
    return labelled(_, _("Due"), date_time(_, ticket.due_at)) if ticket.is_worked_on else []


def last_text(_: Translator, ticket: Ticket) -> list[list[Part]]:
    """That the requester wrote last, or chased the ticket, and how long ago; nothing once the team has
    answered."""
    lines: list[list[Part]] = []
    if ticket.is_confidential:
        return lines
    if ticket.requester_wrote_at is not None:
        sentence = _("{name} replied {ago}", name=ticket.requester.name, ago=HERE)
        lines.append([text_part("💬 "), *with_age(_, sentence, ticket.requester_wrote_at)])
    if ticket.chased_at is not None:
        sentence = _("{name} chased this {ago}", name=ticket.requester.name, ago=HERE)
        lines.append([text_part("🔔 "), *with_age(_, sentence, ticket.chased_at)])
    return lines


def title(_: Translator, ticket: Ticket) -> list[Part]:
    """Number and title in bold."""
    return [bold(_("No. {number}", number=ticket.id) + " · "), bold(labels.title(_, ticket))]


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
