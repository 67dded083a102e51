"""The detail of a ticket: all of it, with its history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DividerBlock,
    InteractiveElement,
)
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.text import (
    SECTION_MAX,
    bold,
    cut,
    cut_words,
    date_time,
    header,
    note,
    plain,
    quote,
    rich,
    size,
    text_part,
    user_text,
)
from blocks.kit.view_state import dump_view_state
from blocks.tickets.actions import action_buttons, menu_buttons, technician_elements
from blocks.tickets.card import answers, facts, file_lines, outcome, summary_line
from blocks.tickets.satisfaction import faces
from blocks.tickets.state import DetailState
from models.lifecycle import DESCRIPTION_MAX, TRANSITIONS, Action, Role
from models.tickets.attachment import Attachment
from models.tickets.event import Line
from models.tickets.ticket import Ticket

_HISTORY_LINES_MAX = 25  # the newest: a view has 100 blocks
_HISTORY_BLOCKS_MAX = 60
_HISTORY_BYTES_MAX = 85_000  # a view has 250,000
_ANSWERS_BYTES_MAX = 85_000
_FILES_MAX = 15


@dataclass(frozen=True)
class Detail:
    """What a ticket's detail shows, and what its reader may do now.

    `follow_up`: the ticket can no longer be reopened, but a new one can continue it."""

    ticket: Ticket
    lines: Sequence[Line]
    files: Sequence[Attachment]
    actions: Collection[Action]
    roles: Collection[Role]
    follow_up: bool = False


def ticket_detail(_: Translator, detail: Detail, state: DetailState) -> View:
    """A ticket's detail as a modal."""
    ticket = detail.ticket
    return View(
        type="modal",
        callback_id=ids.TICKET_DETAIL,
        title=plain(_("No. {number}", number=ticket.id)),
        close=plain(_("Close")),
        private_metadata=dump_view_state({**state.dump(), "ticket": ticket.id}),
        blocks=[
            *_description(_, detail),
            *_actions(_, detail),
            DividerBlock(),
            *_history(_, detail.lines),
            *_back(_, state),
        ],
    )


def _description(_: Translator, detail: Detail) -> list[Block]:
    """What the ticket is, up to its solution and how it ended."""
    ticket = detail.ticket
    blocks: list[Block] = [summary_line(_, ticket), header(ticket.title), facts(_, ticket)]
    blocks += user_text(cut_words(ticket.description, DESCRIPTION_MAX))
    blocks += answers(_, ticket, limit=_ANSWERS_BYTES_MAX, size=size)
    blocks += file_lines(_, detail.files, most=_FILES_MAX)
    if ticket.solution:
        blocks += [note(_("Solution:")), *quote(ticket.solution)]
    if Role.TECHNICIAN in detail.roles:
        blocks += [note(line) for line in outcome(_, ticket)]
    return blocks


def _actions(_: Translator, detail: Detail) -> list[Block]:
    """The buttons of what the reader may do now, and a requester's rating."""
    buttons = _buttons(_, detail)
    rating = faces(_, detail.ticket) if Role.REQUESTER in detail.roles else []
    return [*([ActionsBlock(elements=buttons)] if buttons else []), *rating]


def _buttons(_: Translator, detail: Detail) -> list[InteractiveElement]:
    ticket, actions = detail.ticket, detail.actions
    of_requester = [action for action in actions if Role.REQUESTER in TRANSITIONS[action].roles]
    buttons: list[InteractiveElement] = []
    if Role.TECHNICIAN in detail.roles:
        buttons += technician_elements(_, ticket, actions) + menu_buttons(_, ticket, actions)
        of_requester = [action for action in of_requester if action is not Action.CANCEL]  # the menu has it
    if Role.REQUESTER in detail.roles:
        buttons += action_buttons(_, ticket, of_requester)
    if detail.follow_up:
        label = plain(_("Raise a follow-up ticket"))
        buttons.append(ButtonElement(text=label, action_id=ids.CONTINUE, value=str(ticket.id)))
    return buttons


def _back(_: Translator, state: DetailState) -> list[Block]:
    if state.back_button is None:
        return []
    back = ButtonElement(text=plain(_("Back")), action_id=state.back_button, value="back")
    return [ActionsBlock(elements=[back])]


def _history(_: Translator, lines: Sequence[Line]) -> list[Block]:
    """The newest lines within the limits, oldest first."""
    shown: list[list[Block]] = []
    blocks_left, bytes_left = _HISTORY_BLOCKS_MAX, _HISTORY_BYTES_MAX
    for line in reversed(lines[-_HISTORY_LINES_MAX:]):
        rendered = _line(_, line)
        blocks_left -= len(rendered)
        bytes_left -= size(line.text or "")
        if blocks_left < 0 or bytes_left < 0:
            if not shown:
                shown = [_line(_, replace(line, text=cut(line.text or "", SECTION_MAX)))]
            break
        shown.insert(0, rendered)
    blocks: list[Block] = [header(_("History"))]
    if len(shown) < len(lines):
        blocks.append(note(_("The {count} latest entries:", count=len(shown))))
    return [*blocks, *(block for rendered in shown for block in rendered)]


def _line(_: Translator, line: Line) -> list[Block]:
    at = date_time(_, line.event.at)
    blocks: list[Block] = [rich([bold(labels.done(_, line.event)), text_part(" · "), at])]
    blocks += quote(line.text or "")
    if line.is_deleted:
        blocks.append(note(_("(deleted by its author)")))
    elif line.is_edited:
        blocks.append(note(_("(edited by its author)")))
    return blocks
