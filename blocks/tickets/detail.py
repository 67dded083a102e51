"""All there is to know of one ticket."""

from collections.abc import Collection, Sequence
from dataclasses import replace

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
from blocks.kit.view_state import Place, dump_view_state
from blocks.queue.state import back_in_queue
from blocks.tickets.actions import action_buttons, menu_buttons, technician_elements
from blocks.tickets.card import answers, facts, file_lines, outcome, summary_line
from blocks.tickets.satisfaction import faces
from models.lifecycle import TRANSITIONS, Action, Role
from models.tickets.attachment import Attachment
from models.tickets.event import Line
from models.tickets.ticket import Ticket

_HISTORY_MAX = 25  # the newest lines: a view has 100 blocks


_HISTORY_BLOCKS = 60


_HISTORY_BYTES = 85_000  # bytes: a view has 250,000


_FILES_MAX = 15


_ANSWERS_BYTES = 85_000  # bytes


def ticket_detail(
    _: Translator,
    ticket: Ticket,
    *,
    lines: Sequence[Line],
    files: Sequence[Attachment],
    actions: Collection[Action],
    roles: Collection[Role],
    follow_up: bool = False,
    place: Place,
) -> View:
    """All there is to know of a ticket, and what its reader may do now.

    `follow_up`: it can no longer be reopened, but a new ticket can continue it."""
    mine = [action for action in actions if Role.REQUESTER in TRANSITIONS[action].roles]
    buttons: list[InteractiveElement] = []
    if Role.TECHNICIAN in roles:
        buttons += technician_elements(_, ticket, actions) + menu_buttons(_, ticket, actions)
        mine = [action for action in mine if action is not Action.CANCEL]  # the menu has it
    if Role.REQUESTER in roles:
        buttons += action_buttons(_, ticket, mine)
    if follow_up:
        buttons.append(
            ButtonElement(
                text=plain(_("File a follow-up ticket")), action_id=ids.CONTINUE, value=str(ticket.id)
            )
        )
    blocks: list[Block] = [summary_line(_, ticket), header(ticket.title), facts(_, ticket)]
    blocks += user_text(ticket.description)
    blocks += answers(_, ticket, limit=_ANSWERS_BYTES, size=size)
    blocks += file_lines(_, files, most=_FILES_MAX)
    if ticket.solution:
        blocks += [note(_("Solution:")), *quote(ticket.solution)]
    if Role.TECHNICIAN in roles:
        blocks += [note(line) for line in outcome(_, ticket)]
    if buttons:
        blocks.append(ActionsBlock(elements=buttons))
    if Role.REQUESTER in roles:
        blocks += faces(_, ticket)
    blocks += [DividerBlock(), *_history(_, lines)]
    if back_to := _parent_list(place):
        back = ButtonElement(text=plain(_("Back")), action_id=back_to, value="back")
        blocks.append(ActionsBlock(elements=[back]))
    return View(
        type="modal",
        callback_id=ids.TICKET_DETAIL,
        title=plain(_("No. {number}", number=ticket.id)),
        close=plain(_("Close")),
        private_metadata=dump_view_state({**place, "ticket": ticket.id}),
        blocks=blocks,
    )


def _parent_list(place: Place) -> str | None:
    """The id of the button that leads back to where a ticket was opened; a message has none."""
    return back_in_queue(place) or (ids.BACK_TO_LIST if place.get("which") else None)


def _history(_: Translator, lines: Sequence[Line]) -> list[Block]:
    """The newest lines that there is room for, oldest first."""
    shown: list[list[Block]] = []
    blocks_left, limit = _HISTORY_BLOCKS, _HISTORY_BYTES
    for line in reversed(lines[-_HISTORY_MAX:]):
        drawn = _line(_, line)
        blocks_left -= len(drawn)
        limit -= size(line.text or "")
        if blocks_left < 0 or limit < 0:
            if not shown:
                shown = [_line(_, replace(line, text=cut(line.text or "", SECTION_MAX)))]
            break
        shown.insert(0, drawn)
    blocks: list[Block] = [header(_("History"))]
    if len(shown) < len(lines):
        blocks.append(note(_("The {count} newest lines:", count=len(shown))))
    return [*blocks, *(block for drawn in shown for block in drawn)]


def _line(_: Translator, line: Line) -> list[Block]:
    at = date_time(line.event.at, _.date_time(line.event.at, "UTC"))
    blocks: list[Block] = [rich([bold(labels.done(_, line.event)), text_part(" · "), at])]
    blocks += quote(line.text or "")
    if line.is_deleted:
        blocks.append(note(_("(deleted by its author)")))
    elif line.is_edited:
        blocks.append(note(_("(edited by its author)")))
    return blocks
