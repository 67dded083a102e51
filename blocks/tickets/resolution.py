"""Resolving, approving, refusing: the technician's form, the request for approval, the form that asks why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.inputs import FormHead, long_text, text_of, ticket_view
from blocks.kit.text import Part, bold, escape, header, note, person, quote, rich, text_part
from blocks.kit.values import Payload, read_enum, read_number
from blocks.kit.view_state import Fields, load_view_state
from blocks.tickets.actions import action_buttons, detail_button
from blocks.tickets.card import summary_line
from blocks.tickets.insertion import NO_OFFERS, Offers, TextField, entered, menus
from blocks.tickets.satisfaction import faces
from blocks.tickets.state import DetailState, FormState, SeenState
from models.errors import StalePayload
from models.lifecycle import Action, Ending, Kind, Status
from models.tickets.event import Event
from models.tickets.ticket import Ticket

NUMBERS_MAX = 10  # of duplicates, in a label
TITLE = {
    Action.REFUSE: N_("Reject the solution"),
    Action.CANCEL: N_("Cancel the ticket"),
    Action.REOPEN: N_("Reopen the ticket"),
    Action.RECORD_APPROVAL: N_("Verbal sign-off"),
    Action.UNDO_CLOSING: N_("Undo the closing"),
}

WHY = {
    Action.REFUSE: N_("What still does not work?"),
    Action.CANCEL: N_("Why are you cancelling this ticket?"),
    Action.REOPEN: N_("Why are you reopening this ticket?"),
    Action.RECORD_APPROVAL: N_("When and how did they sign it off?"),
    Action.UNDO_CLOSING: N_("Why are you undoing it?"),
}

DO = {
    Action.REFUSE: N_("Send back to technician"),
    Action.CANCEL: N_("Yes, cancel this ticket"),
    Action.REOPEN: N_("Reopen"),
    Action.RECORD_APPROVAL: N_("Record sign-off"),
    Action.UNDO_CLOSING: N_("Reopen"),
}

DO_NOT = {Action.CANCEL: N_("Keep the ticket")}


@dataclass(frozen=True)
class ReasonState(FormState):
    """The action that the form asks a reason for, and the resolution that is refused, if one is."""

    action: Action
    resolution: int | None

    @classmethod
    def load(cls, fields: Fields) -> Self:
        """Raises `StalePayload`."""
        form, action = FormState.load(fields), read_enum(Action, fields.get("action"))
        if action not in DO:
            raise StalePayload
        resolution = fields.get("resolution")
        return cls(
            form.ticket_id, form.detail, action, None if resolution is None else read_number(resolution)
        )

    def dump(self) -> Fields:
        return {**super().dump(), "action": self.action.value, "resolution": self.resolution}


@dataclass(frozen=True)
class Solution:
    """A filled resolve form."""

    state: SeenState
    text: str
    words: str = ""
    """For the requesters of its duplicates."""
    to_children: str | None = None
    """The solution for the requesters of the tickets attached to it; `None`: it was not asked for."""


@dataclass(frozen=True)
class Reason:
    """A filled reason form."""

    state: ReasonState
    text: str


def resolve_form(
    _: Translator,
    ticket: Ticket,
    *,
    duplicates: Sequence[int] = (),
    offers: Offers = NO_OFFERS,
    to_children: Sequence[Block] = (),
    detail: DetailState | None = None,
) -> View:
    """The technician's form: the solution, which the requester will read, with menus of ready-made phrases
    and articles; and a message to the requesters of its duplicates. `to_children`: what those of the tickets
    attached to it read."""
    field = solution_field(_)
    return ticket_view(
        _,
        ticket,
        FormHead(ids.RESOLVE_FORM, title=_("Resolve"), submit=_("Resolve")),
        [
            *menus(_, offers),
            long_text(field.block_id, field.label, hint=field.hint, focus=True),
            *to_children,
            *([_to_duplicates(_, duplicates)] if duplicates else []),
        ],
        SeenState(ticket.id, detail, ticket.event_count).dump(),
    )


def solution_field(_: Translator) -> TextField:
    """The input of a solution."""
    hint = _("The requester will see this, then sign it off or reject it.")
    return TextField(ids.SOLUTION, _("Solution"), hint)


def _to_duplicates(_: Translator, numbers: Sequence[int]) -> Block:
    shown = ", ".join(map(str, numbers[:NUMBERS_MAX])) + ("…" if len(numbers) > NUMBERS_MAX else "")
    label = _.plural(
        "Message to the requester of the duplicate (No. {numbers})",
        "Message to the requesters of the duplicates (No. {numbers})",
        len(numbers),
        numbers=shown,
    )
    hint = _("They will be told that this ticket is resolved, but will not see the solution.")
    return long_text(ids.TO_DUPLICATES, label, hint=hint, optional=True)


def read_solution(view: Payload) -> Solution:
    """What the resolve form says. Raises `StalePayload`, `FieldRefused`."""
    words = text_of(view, ids.TO_DUPLICATES)
    has_children = ids.TO_CHILDREN in view["state"]["values"]
    to_children = text_of(view, ids.TO_CHILDREN) if has_children else None
    return Solution(SeenState.load(load_view_state(view)), entered(view, ids.SOLUTION), words, to_children)


def reason_form(
    _: Translator,
    ticket: Ticket,
    action: Action,
    *,
    detail: DetailState | None = None,
    hint: str | None = None,
) -> View:
    """The form that asks why, or how: to refuse, cancel, reopen, or record an approval. `hint`: who reads
    it."""
    resolution = ticket.resolution if ticket.status is Status.RESOLVED else None
    title, why = _(TITLE[action]), _(WHY[action])
    if action is Action.REFUSE and ticket.kind is Kind.REQUEST:
        title, why = _("Something is missing"), _("What is missing?")
    close = _(DO_NOT[action]) if action in DO_NOT else None
    head = FormHead(ids.REASON_FORM, title=title, submit=_(DO[action]), close=close)
    return ticket_view(
        _,
        ticket,
        head,
        [long_text(ids.REASON, why, hint=hint, focus=True)],
        ReasonState(ticket.id, detail, action, resolution).dump(),
    )


def read_reason(view: Payload) -> Reason:
    """What the reason form says. Raises `StalePayload`."""
    return Reason(ReasonState.load(load_view_state(view)), text_of(view, ids.REASON))


def resolution_request(_: Translator, ticket: Ticket, resolution: Event) -> list[Block]:
    """The message that asks the requester whether the solution works."""
    return [
        summary_line(_, ticket),
        header(ticket.title),
        rich([bold(labels.asked(_, ticket))]),
        *quote(resolution.text or ""),
        ActionsBlock(
            elements=[*action_buttons(_, ticket, {Action.APPROVE, Action.REFUSE}), detail_button(_, ticket)]
        ),
    ]


def resolution_result(_: Translator, ticket: Ticket, resolution: Event, answer: Event | None) -> list[Block]:
    """The same message once it is answered, with the answer; "Rouvrir" while the ticket is closed."""
    blocks: list[Block] = [
        note(_("No. {number}", number=ticket.id)),
        header(ticket.title),
        note(_("What we did:") if ticket.kind is Kind.REQUEST else _("The solution was:")),
        *quote(resolution.text or ""),
        rich([bold(_answered(_, ticket, answer))]),
        *faces(_, ticket),
    ]
    buttons = [detail_button(_, ticket)]
    if ticket.status is Status.CLOSED and ticket.ending is not Ending.CANCELLED:
        buttons = [*action_buttons(_, ticket, {Action.REOPEN}), *buttons]
    return [*blocks, ActionsBlock(elements=buttons)]


def resolution_text(_: Translator, ticket: Ticket) -> str:
    """The text of the request, for notifications and screen readers."""
    if ticket.kind is Kind.REQUEST:
        asked = _(
            "No. {number} is done. Do you have everything? {title}", number=ticket.id, title=ticket.title
        )
        return escape(asked)
    return escape(
        _("No. {number} is resolved. Does it work for you? {title}", number=ticket.id, title=ticket.title)
    )


def thread_note(_: Translator, event: Event, assignee: str | None) -> list[Block]:
    """An event for the team, with its text; it mentions the assignee, and the one before."""
    line: list[Part] = [bold(labels.done(_, event))]
    for slack_id in dict.fromkeys((assignee, event.details.from_slack_id)):
        if slack_id and (slack_id != event.actor.slack_id or event.action is Action.WAKE):
            line += [text_part(" · "), person(_, slack_id)]
    return [rich(line), *quote(event.text or "")]


def thread_text(_: Translator, ticket: Ticket, event: Event) -> str:
    """The text of the note, for notifications and screen readers."""
    return escape(_("No. {number}", number=ticket.id) + f" · {labels.done(_, event)}")


def _answered(_: Translator, ticket: Ticket, answer: Event | None) -> str:
    is_reopened = ticket.status is not Status.CLOSED
    match answer.action if answer else None:
        case Action.APPROVE if ticket.kind is Kind.REQUEST:
            return (
                _("You confirmed that you have everything. The request has since been reopened.")
                if is_reopened
                else _("You confirmed that you have everything. The request is closed.")
            )
        case Action.APPROVE:
            return (
                _("You signed off this solution. The ticket has since been reopened.")
                if is_reopened
                else _("You signed off this solution. The ticket is closed.")
            )
        case Action.RECORD_APPROVAL:
            assert answer is not None
            return _("{name} recorded that you signed off this solution verbally.", name=answer.actor.name)
        case Action.CLOSE if is_reopened:
            return _("It was closed without a reply from you. It has since been reopened.")
        case Action.CLOSE:
            return _("Closed without a reply from you.")
        case Action.REFUSE if ticket.kind is Kind.REQUEST:
            return _("You said that something is missing. The request is back with the technician.")
        case Action.REFUSE:
            return _("You rejected this solution. The ticket is back with the technician.")
    return _("This solution no longer applies.")
