"""Resolving, approving, refusing: the technician's form, the request for approval, the form that asks why."""

from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import N_, Translator
from blocks.place import Place, read_place, write_place
from blocks.text import Part, bold, escape, header, note, person, plain, quoted, rich, said
from blocks.ticket_card import action_buttons, detail_button, summary_line
from blocks.ticket_form import TYPED_MAX
from models.event import Event
from models.lifecycle import Action, Ending, Status
from models.ticket import Ticket

WHY = {
    Action.REFUSE: N_("What still does not work?"),
    Action.CANCEL: N_("Why cancel this ticket?"),
    Action.REOPEN: N_("Why reopen this ticket?"),
}

DO = {
    Action.REFUSE: N_("Back to the technician"),
    Action.CANCEL: N_("Cancel this ticket"),
    Action.REOPEN: N_("Reopen"),
}


def resolve_form(_: Translator, ticket: Ticket) -> View:
    """The technician's form: what was done, in words that the requester will read."""
    return _text_form(
        _,
        callback_id=ids.RESOLVE_FORM,
        title=_("Resolve"),
        submit=_("Resolve"),
        label=_("Solution"),
        hint=_("The requester reads this, then approves or refuses."),
        block_id=ids.SOLUTION,
        ticket=ticket,
        place={"ticket": ticket.id},
    )


def reason_form(_: Translator, ticket: Ticket, action: Action, *, place: Place | None = None) -> View:
    """The form that asks why: to refuse, cancel or reopen. `place`: where an open detail stood."""
    return _text_form(
        _,
        callback_id=ids.REASON_FORM,
        title=_("No. {number}", number=ticket.id),
        submit=_(DO[action]),
        label=_(WHY[action]),
        hint=None,
        block_id=ids.REASON,
        ticket=ticket,
        place={
            "ticket": ticket.id,
            "action": action.value,
            "resolution": ticket.resolution if action is Action.REFUSE else None,
            "detail": place,
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
    """The words of a resolve or reason form."""
    place = read_place(view)
    block_id = ids.SOLUTION if view["callback_id"] == ids.RESOLVE_FORM else ids.REASON
    return Said(
        ticket_id=int(place.get("ticket", 0)),
        action=Action.RESOLVE if block_id == ids.SOLUTION else Action(place["action"]),
        text=view["state"]["values"][block_id][block_id].get("value") or "",
        resolution=place.get("resolution"),
        detail=place.get("detail"),
    )


def approval_request(_: Translator, ticket: Ticket, resolution: Event) -> list[Block]:
    """The message that asks the requester whether it works, with the solution."""
    return [
        summary_line(_, ticket),
        header(ticket.title),
        rich([bold(_("Here is the solution. Does it work for you?"))]),
        *quoted(resolution.text or ""),
        ActionsBlock(
            elements=[*action_buttons(_, ticket, {Action.APPROVE, Action.REFUSE}), detail_button(_, ticket)]
        ),
    ]


def settled_approval(_: Translator, ticket: Ticket, resolution: Event, answer: Event | None) -> list[Block]:
    """The same message in its final state: how it was answered; "Rouvrir" while the ticket stays closed."""
    blocks: list[Block] = [
        note(_("No. {number}", number=ticket.id)),
        header(ticket.title),
        note(_("The solution was:")),
        *quoted(resolution.text or ""),
        rich([bold(_answered(_, ticket, answer))]),
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
    """What the requester said, for the team: named, quoted, and addressed to who has the ticket."""
    line: list[Part] = [bold(labels.done(_, event))]
    if assignee:
        line += [said(" · "), person(assignee)]
    return [rich(line), *quoted(event.text or "")]


def thread_text(_: Translator, ticket: Ticket, event: Event) -> str:
    """The same for notifications and screen readers."""
    words = labels.done(_, event)
    return escape(_("No. {number}", number=ticket.id) + f" · {words}")


def _answered(_: Translator, ticket: Ticket, answer: Event | None) -> str:
    if answer is not None and answer.action is Action.APPROVE:
        if ticket.status is not Status.CLOSED:
            return _("You approved this solution; the ticket has been reopened since.")
        return _("You approved this solution: the ticket is closed.")
    if answer is not None and answer.action is Action.REFUSE:
        return _("You refused this solution: the ticket is back with the technician.")
    return _("This solution no longer stands.")


def _text_form(
    _: Translator,
    *,
    callback_id: str,
    title: str,
    submit: str,
    label: str,
    hint: str | None,
    block_id: str,
    ticket: Ticket,
    place: dict[str, Any],
) -> View:
    return View(
        type="modal",
        callback_id=callback_id,
        title=plain(title),
        submit=plain(submit),
        close=plain(_("Close")),
        private_metadata=write_place(place),
        blocks=[
            note(_("No. {number}", number=ticket.id) + f" · {ticket.title}"),
            InputBlock(
                block_id=block_id,
                label=plain(label),
                hint=plain(hint) if hint else None,
                element=PlainTextInputElement(
                    action_id=block_id, multiline=True, max_length=TYPED_MAX, focus_on_load=True
                ),
            ),
        ],
    )
