"""Resolving, approving, refusing: the technician's form, the request for approval, the form that asks why."""

from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.kit.inputs import long_text, read_about, text_of, ticket_view
from blocks.kit.text import Part, bold, escape, header, note, person, quote, rich, text_part
from blocks.kit.values import read_enum, read_number
from blocks.kit.view_state import Place, load_view_state
from blocks.tickets.actions import action_buttons, detail_button
from blocks.tickets.card import summary_line
from blocks.tickets.satisfaction import faces
from models.errors import StalePayload
from models.lifecycle import Action, Ending, Status
from models.tickets.event import Event
from models.tickets.ticket import Ticket

WHY = {
    Action.REFUSE: N_("What still does not work?"),
    Action.CANCEL: N_("Why cancel this ticket?"),
    Action.REOPEN: N_("Why reopen this ticket?"),
    Action.RECORD_APPROVAL: N_("When and how did they approve?"),
}

DO = {
    Action.REFUSE: N_("Back to the technician"),
    Action.CANCEL: N_("Cancel this ticket"),
    Action.REOPEN: N_("Reopen"),
    Action.RECORD_APPROVAL: N_("Record the approval"),
}


def resolve_form(_: Translator, ticket: Ticket, *, place: Place | None = None) -> View:
    """The technician's form: what was done, in words that the requester will read."""
    hint = _("The requester reads this, then approves or refuses.")
    return ticket_view(
        _,
        ticket,
        [long_text(ids.SOLUTION, _("Solution"), hint=hint, focus=True)],
        callback_id=ids.RESOLVE_FORM,
        title=_("Resolve"),
        submit=_("Resolve"),
        place=place,
    )


def reason_form(
    _: Translator, ticket: Ticket, action: Action, *, place: Place | None = None, hint: str | None = None
) -> View:
    """The form that asks why, or how: to refuse, cancel, reopen, or record an approval. `place`: where an
    open detail stood; `hint`: who reads it."""
    return ticket_view(
        _,
        ticket,
        [long_text(ids.REASON, _(WHY[action]), hint=hint, focus=True)],
        callback_id=ids.REASON_FORM,
        title=_("No. {number}", number=ticket.id),
        submit=_(DO[action]),
        place=place,
        more={
            "action": action.value,
            "resolution": ticket.resolution if ticket.status is Status.RESOLVED else None,
        },
    )


@dataclass(frozen=True)
class Said:
    """What a resolve or reason form says of which ticket, and the detail to go back to, if any."""

    ticket_id: int
    action: Action
    text: str
    resolution: int | None
    """The resolution that is refused."""
    detail: Place | None


def read_text_form(view: dict[str, Any]) -> Said:
    """The words of a resolve or reason form. Raises `StalePayload`."""
    about, place = read_about(view), load_view_state(view)
    resolves = view["callback_id"] == ids.RESOLVE_FORM
    action = Action.RESOLVE if resolves else read_enum(Action, place.get("action"))
    if not resolves and action not in DO:
        raise StalePayload
    resolution = place.get("resolution")
    return Said(
        ticket_id=about.ticket_id,
        action=action,
        text=text_of(view, ids.SOLUTION if resolves else ids.REASON),
        resolution=None if resolution is None else read_number(resolution),
        detail=about.detail,
    )


def approval_request(_: Translator, ticket: Ticket, resolution: Event) -> list[Block]:
    """The message that asks the requester whether it works, with the solution."""
    return [
        summary_line(_, ticket),
        header(ticket.title),
        rich([bold(_("Here is the solution. Does it work for you?"))]),
        *quote(resolution.text or ""),
        ActionsBlock(
            elements=[*action_buttons(_, ticket, {Action.APPROVE, Action.REFUSE}), detail_button(_, ticket)]
        ),
    ]


def resolution_result(_: Translator, ticket: Ticket, resolution: Event, answer: Event | None) -> list[Block]:
    """The same message in its final state: how it was answered; "Rouvrir" while the ticket stays closed."""
    blocks: list[Block] = [
        note(_("No. {number}", number=ticket.id)),
        header(ticket.title),
        note(_("The solution was:")),
        *quote(resolution.text or ""),
        rich([bold(_answered(_, ticket, answer))]),
        *faces(_, ticket),
    ]
    buttons = [detail_button(_, ticket)]
    if ticket.status is Status.CLOSED and ticket.ending is not Ending.CANCELLED:
        buttons = [*action_buttons(_, ticket, {Action.REOPEN}), *buttons]
    return [*blocks, ActionsBlock(elements=buttons)]


def approval_text(_: Translator, ticket: Ticket) -> str:
    """The request for notifications and screen readers."""
    return escape(
        _("No. {number} is resolved: does it work for you? {title}", number=ticket.id, title=ticket.title)
    )


def thread_note(_: Translator, event: Event, assignee: str | None) -> list[Block]:
    """What was done, for the team: named, quoted, and addressed to who has the ticket, or had it before."""
    line: list[Part] = [bold(labels.done(_, event))]
    for slack_id in dict.fromkeys((assignee, event.details.from_slack_id)):
        if slack_id and (slack_id != event.actor.slack_id or event.action is Action.WAKE):
            line += [text_part(" · "), person(slack_id)]
    return [rich(line), *quote(event.text or "")]


def thread_text(_: Translator, ticket: Ticket, event: Event) -> str:
    """The same for notifications and screen readers."""
    words = labels.done(_, event)
    return escape(_("No. {number}", number=ticket.id) + f" · {words}")


def _answered(_: Translator, ticket: Ticket, answer: Event | None) -> str:
    if answer is not None and answer.action is Action.APPROVE:
        if ticket.status is not Status.CLOSED:
            return _("You approved this solution; the ticket has been reopened since.")
        return _("You approved this solution: the ticket is closed.")
    if answer is not None and answer.action is Action.RECORD_APPROVAL:
        return _("{name} recorded that you approved this solution by word of mouth.", name=answer.actor.name)
    if answer is not None and answer.action is Action.REFUSE:
        return _("You refused this solution: the ticket is back with the technician.")
    return _("This solution no longer stands.")
