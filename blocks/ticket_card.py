"""The living cards: the requester's in their direct message, the team's in its triage channel."""

from collections.abc import Collection, Sequence
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ContextBlock

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.text import (
    Part,
    bold,
    cut,
    escape,
    header,
    moment,
    note,
    person,
    plain,
    quoted,
    rich,
    said,
    typed,
)
from models.attachment import Attachment, AttachmentState
from models.base import Words
from models.lifecycle import Action, Status
from models.ticket import Ticket

# A message has room for about 12,000 characters (past that: `msg_blocks_too_long`). What a card says beside
# the description, the answers and the solution fits in 2,000.
CARD_ROOM = 8_000
NAME_ROOM = 80


def requester_card(_: Translator, ticket: Ticket) -> list[Block]:
    """The receipt in the requester's direct message; it follows the ticket for life."""
    lines = [_taken_line(_, ticket)] if ticket.assignee else []
    return [
        summary_line(_, ticket),
        header(ticket.title),
        rich([said(_requester_sentence(_, ticket))], *lines),
        ActionsBlock(elements=[detail_button(_, ticket)]),
    ]


def triage_card(
    _: Translator,
    ticket: Ticket,
    *,
    files: Sequence[Attachment],
    refusal: str | None = None,
    notice: str | None = None,
) -> list[Block]:
    """The whole ticket at a glance, with what can be done now.

    `refusal` is why its last solution was refused; `notice` stands above all."""
    blocks: list[Block] = [note(f"⚠️ {notice}")] if notice else []
    blocks += [summary_line(_, ticket), header(ticket.title), facts(_, ticket)]
    blocks += typed(ticket.description)
    said_since = ticket.solution or refusal or ""
    blocks += answers(_, ticket, room=CARD_ROOM - len(ticket.description) - len(said_since))
    blocks += [file_line(_, file) for file in files]
    if refusal and ticket.status is not Status.CLOSED:
        blocks += [note(_("What still does not work:")), *quoted(refusal)]
    if ticket.solution:
        blocks += [note(_("Solution:")), *quoted(ticket.solution)]
    buttons = [_take_button(_, ticket)] if ticket.status is Status.NEW else []
    if ticket.status in {Status.NEW, Status.IN_PROGRESS, Status.PENDING}:
        buttons.append(_button(_("Resolve"), ids.RESOLVE, ticket))
    return [*blocks, ActionsBlock(elements=[*buttons, detail_button(_, ticket)])]


def summary_line(_: Translator, ticket: Ticket) -> ContextBlock:
    """Number, kind, state and priority."""
    parts = [
        _("No. {number}", number=ticket.id),
        _(labels.KIND[ticket.kind]),
        labels.state(_, ticket),
        labels.priority(_, ticket),
    ]
    return note(" · ".join(parts))


def facts(_: Translator, ticket: Ticket) -> Block:
    """Who, where, what, since when, and who has it."""

    def line(label: str, value: Part | str) -> list[Part]:
        return [bold(label), said(_(": ")), said(value) if isinstance(value, str) else value]

    filed = moment(ticket.opened_at, _.moment(ticket.opened_at, "UTC"))
    impact, urgency = _(labels.IMPACT[ticket.impact]), _(labels.URGENCY[ticket.urgency])
    between = [said(" · ")]
    in_charge = _taken_line(_, ticket) if ticket.assignee else [said(_("Nobody has it yet."))]
    lines = [
        line(_("Requester"), person(ticket.requester.slack_id))
        + between
        + line(_("Site"), ticket.site.name.in_(_.locale)),
        line(_("Impact"), impact) + between + line(_("Urgency"), urgency),
        line(_("Filed"), filed) + between + in_charge,
    ]
    if ticket.service:
        lines.insert(0, line(_("Service"), ticket.service.name.in_(_.locale)))
    if ticket.follows_id:
        lines.append(line(_("Follows"), _("No. {number}", number=ticket.follows_id)))
    return rich(*lines)


def answers(_: Translator, ticket: Ticket, *, room: int) -> list[Block]:
    """The service's questions, as they were asked, with their answers, in at most `room` characters."""
    lines: list[list[Part]] = []
    for answer in ticket.answers:
        label = Words(**answer["label"]).in_(_.locale)
        value = _answer(_, answer)
        room -= len(label) + len(value)
        if room < 0:
            return [rich(*lines), note(_("There is more: see the details."))]
        given = person(value) if answer["type"] == "person" and answer["value"] else said(value)
        lines += [[bold(label)], [given]]
    return [rich(*lines)] if lines else []


def file_line(_: Translator, file: Attachment) -> ContextBlock:
    """A file's name, and why it is not there when it could not be had."""
    name = cut(file.name, NAME_ROOM)
    if file.state is AttachmentState.FAILED:
        reason = _(file.reason) if file.reason else ""
        return note("⚠️ " + _("{name}: could not be fetched ({reason})", name=name, reason=reason))
    return note(f"📎 {name}")


def detail_button(_: Translator, ticket: Ticket) -> ButtonElement:
    """Opens the ticket's detail."""
    return _button(_("See the details"), ids.DETAIL, ticket)


def action_buttons(_: Translator, ticket: Ticket, actions: Collection[Action]) -> list[ButtonElement]:
    """The buttons of the requester's actions that are open now; an answer names the resolution it answers."""
    offered = {
        Action.APPROVE: _answer_button(_("It works, close"), ids.APPROVE, ticket, style="primary"),
        Action.REFUSE: _answer_button(_("It still does not work"), ids.REFUSE, ticket),
        Action.CANCEL: _button(_("Cancel this ticket"), ids.CANCEL, ticket),
        Action.REOPEN: _button(_("Reopen"), ids.REOPEN, ticket),
    }
    return [button for action, button in offered.items() if action in actions]


def card_text(_: Translator, ticket: Ticket) -> str:
    """A card for notifications and screen readers."""
    words = _("No. {number}", number=ticket.id) + f" · {labels.state(_, ticket)} · {cut(ticket.title, 150)}"
    return escape(words)


def _taken_line(_: Translator, ticket: Ticket) -> list[Part]:
    assert ticket.assignee is not None
    return [bold(_("In charge")), said(_(": ")), person(ticket.assignee.slack_id)]


def _answer(_: Translator, answer: dict[str, Any]) -> str:
    if answer["value"] in (None, "", []):
        return _("(no answer)")
    return str(answer["value"]) if answer["type"] == "person" else Words(**answer["shown"]).in_(_.locale)


def _requester_sentence(_: Translator, ticket: Ticket) -> str:
    match ticket.status:
        case Status.NEW:
            return _("We have your ticket. A technician will take it.")
        case Status.IN_PROGRESS:
            return _("A technician is working on it.")
        case Status.PENDING:
            return _("It is waiting for something.")
        case Status.RESOLVED:
            return _("A solution is proposed: your approval is asked for below.")
        case Status.CLOSED:
            return _("This ticket is closed.")


def _take_button(_: Translator, ticket: Ticket) -> ButtonElement:
    return _button(_("I'll take it"), ids.TAKE, ticket, style="primary")


def _answer_button(text: str, action_id: str, ticket: Ticket, style: str | None = None) -> ButtonElement:
    value = f"{ticket.id}.{ticket.resolution}"
    return ButtonElement(text=plain(text), action_id=action_id, value=value, style=style)


def read_button(value: str) -> tuple[int, int | None]:
    """The ticket's number in a button's value, and the resolution that an answer is to."""
    number, _dot, resolution = value.partition(".")
    return int(number), int(resolution) if resolution else None


def _button(text: str, action_id: str, ticket: Ticket, style: str | None = None) -> ButtonElement:
    return ButtonElement(text=plain(text), action_id=action_id, value=str(ticket.id), style=style)
