"""The tickets attached to one, on its card and in its detail."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, SectionBlock

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.text import LABEL_MAX, Part, bold, cut, note, person, plain, rich, text_part
from models.lifecycle import TRANSITIONS, Action
from models.pages import Children
from models.tickets.ticket import Ticket

TITLE_MAX = 100


def children_lines(_: Translator, children: Children) -> list[Block]:
    """Number, requester and title of each, on the card of the ticket that they are attached to; of one that
    has become confidential or was forgotten since, the number and the state."""
    if not children.count:
        return []
    lines = [_line(_, children, each) for each in children.shown]
    return [rich([bold(_heading(_, children))], *lines), *_more(_, children)]


def children_rows(_: Translator, children: Children) -> list[Block]:
    """The same in its detail, each with a button that opens it, and one that detaches it while it is open."""
    if not children.count:
        return []
    blocks: list[Block] = [rich([bold(_heading(_, children))])]
    for each in children.shown:
        blocks += [rich(_line(_, children, each)), ActionsBlock(elements=_buttons(_, each))]
    return [*blocks, *_more(_, children)]


def parent_row(_: Translator, ticket: Ticket) -> list[Block]:
    """In the detail of an attached ticket: what it is behind, with a button that opens that."""
    if ticket.parent_id is None:
        return []
    name = _("No. {number}", number=ticket.parent_id)
    button = ButtonElement(
        text=plain(_("View details")),
        action_id=ids.DETAIL,
        value=str(ticket.parent_id),
        accessibility_label=f"{_('View details')} · {name}",
    )
    text = _("Attached to No. {number}", number=ticket.parent_id)
    return [SectionBlock(text=plain(f"🔗 {text}"), accessory=button)]


def _heading(_: Translator, children: Children) -> str:
    return _.plural("{count} attached ticket", "{count} attached tickets", children.count)


def _line(_: Translator, children: Children, ticket: Ticket) -> list[Part]:
    line: list[Part] = [text_part(_("No. {number}", number=ticket.id) + " · ")]
    if not ticket.is_confidential and ticket.forgotten_at is None:
        line += [person(_, ticket.requester.slack_id), text_part(" · ")]
    title = cut(labels.title(_, ticket), TITLE_MAX)
    line.append(text_part(f"{title} · {labels.state(_, ticket)}"))
    if count := children.files.get(ticket.id, 0):
        line.append(text_part(f" · 📎 {count}"))
    return line


def _more(_: Translator, children: Children) -> list[Block]:
    more = children.count - len(children.shown)
    return [note(_.plural("and {count} more", "and {count} more", more))] if more > 0 else []


def _buttons(_: Translator, ticket: Ticket) -> list[ButtonElement]:
    name = _("No. {number}", number=ticket.id)
    buttons = [(_("View details"), ids.DETAIL)]
    if ticket.status in TRANSITIONS[Action.DETACH].sources:
        buttons.append((_("Detach"), ids.DETACH))
    return [
        ButtonElement(
            text=plain(text),
            action_id=action_id,
            value=str(ticket.id),
            accessibility_label=cut(f"{text} · {name} · {labels.title(_, ticket)}", LABEL_MAX),
        )
        for text, action_id in buttons
    ]
