"""The detail of a ticket: all of it, with its history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DividerBlock,
    InteractiveElement,
)
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.text import (
    cut_words,
    header,
    link,
    note,
    plain,
    quote,
    rich,
    size,
    text_part,
    user_text,
)
from blocks.kit.view_state import dump_view_state
from blocks.outages.updates import review_lines
from blocks.tickets.actions import (
    action_buttons,
    answer_button,
    complete_button,
    follow_up_button,
    menu_buttons,
    technician_elements,
)
from blocks.tickets.card import answers, facts, outcome, summary_line
from blocks.tickets.children.listing import parent_row
from blocks.tickets.detail.files import detail_files
from blocks.tickets.detail.history import history_blocks
from blocks.tickets.satisfaction import faces
from blocks.tickets.state import DetailState
from models.lifecycle import DESCRIPTION_MAX, TRANSITIONS, Action, Role, Status
from models.tickets.attachment import Attachment
from models.tickets.event import Line
from models.tickets.ticket import Ticket

_ANSWERS_BYTES_MAX = 85_000


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
    copies: Mapping[int, str] = field(default_factory=dict)
    """By a file's id, where Slack shows a copy in a conversation of the reader's."""
    agreement: Sequence[Block] = ()
    """Whom the ticket waits for, or who agreed; for its team."""
    children: Sequence[Block] = ()
    """The tickets attached to it; for its team."""
    conversation: str | None = None
    """Where the ticket is discussed in Slack: the thread of the reader's card, or of the team's."""


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
            *history_blocks(_, detail.lines),
            *_back(_, state),
        ],
    )


def _description(_: Translator, detail: Detail) -> list[Block]:
    """What the ticket is, up to its solution and how it ended."""
    ticket = detail.ticket
    is_for_team = Role.TECHNICIAN in detail.roles
    fields = facts(_, ticket, names_team=True, is_for_team=is_for_team)
    blocks: list[Block] = [summary_line(_, ticket), header(ticket.title), *detail.agreement, fields]
    if is_for_team:
        blocks += parent_row(_, ticket)
    blocks += user_text(cut_words(ticket.description, DESCRIPTION_MAX))
    blocks += answers(_, ticket, limit=_ANSWERS_BYTES_MAX, size=size)
    blocks += detail_files(_, detail.files, detail.copies)
    if ticket.files_forgotten_at:
        blocks.append(note(_erased(_, ticket.files_forgotten_at, is_for_team=is_for_team)))
    if ticket.solution:
        blocks += [note(_("Solution:")), *quote(ticket.solution)]
    if ticket.outage:
        blocks += review_lines(_, ticket.outage)
    if is_for_team:
        blocks += [note(line) for line in outcome(_, ticket)]
    blocks += detail.children
    if detail.conversation:
        blocks.append(rich([text_part("💬 "), link(detail.conversation, _("View the conversation"))]))
    return blocks


def _erased(_: Translator, at: datetime, *, is_for_team: bool) -> str:
    """Who does not read notes is not told whether there were some."""
    if is_for_team:
        return _("Any files and notes of this ticket were erased on {day}.", day=_.day(at))
    return _("Any files of this ticket were erased on {day}.", day=_.day(at))


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
        buttons += _of_requester(_, ticket, of_requester)
        if Action.COMPLETE in actions and ticket.service and ticket.answers:
            buttons.append(complete_button(_, ticket))
    if detail.follow_up:
        buttons.append(follow_up_button(_, ticket))
    return buttons


def _of_requester(_: Translator, ticket: Ticket, actions: Collection[Action]) -> list[InteractiveElement]:
    """The requester's: their reply first while we wait for it, else what decides on a solution."""
    awaited = ticket.awaits_answer
    answer = answer_button(_, ticket, is_primary=awaited)
    decisions = action_buttons(_, ticket, actions)
    return [answer, *decisions] if awaited or ticket.status is not Status.RESOLVED else [*decisions, answer]


def _back(_: Translator, state: DetailState) -> list[Block]:
    if state.back_button is None:
        return []
    back = ButtonElement(text=plain(_("Back")), action_id=state.back_button, value="back")
    return [ActionsBlock(elements=[back])]
