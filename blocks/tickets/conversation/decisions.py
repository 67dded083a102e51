"""The message about a decision, with "Rouvrir" while the ticket is closed."""

from dataclasses import dataclass

from slack_sdk.models.blocks import ActionsBlock, Block

from blocks import ids
from blocks.i18n import N_, Translator
from blocks.kit.text import bold, cut, escape, header, note, quote, rich
from blocks.tickets.actions import action_buttons, detail_button, ticket_button
from models.lifecycle import INTERNAL_WORDS, Action, Ending, Kind, Status
from models.tickets.event import Event
from models.tickets.ticket import Ticket

TITLE_MAX = 150


@dataclass(frozen=True)
class Original:
    """The ticket that another is a duplicate of, as the duplicate's requester may know it."""

    number: int
    status: Status
    title: str | None = None
    """`None` unless it is their own."""

    @property
    def is_open(self) -> bool:
        return self.status not in {Status.RESOLVED, Status.CLOSED}


@dataclass(frozen=True)
class Decision:
    """Somebody else's decision. `original`: of a duplicate; `is_current`: nothing was decided after it."""

    ticket: Ticket
    event: Event
    original: Original | None = None
    is_current: bool = True


def decision_message(_: Translator, decision: Decision) -> list[Block]:
    """The message to the requester."""
    ticket, event = decision.ticket, decision.event
    is_reopened = ticket.state_event > event.number and ticket.status is not Status.CLOSED
    buttons = [detail_button(_, ticket)]
    if ticket.ending is Ending.DECLINED:
        buttons = [ticket_button(_("Raise a follow-up ticket"), ids.CONTINUE, ticket), *buttons]
    elif decision.is_current and ticket.status is Status.CLOSED:
        buttons = [*action_buttons(_, ticket, {Action.REOPEN}), *buttons]
    return [
        note(_("No. {number}", number=ticket.id)),
        header(ticket.title),
        rich([bold(sentence(_, decision))]),
        *_own_title(_, decision.original),
        *quote((event.text or "") if event.action not in INTERNAL_WORDS else ""),
        *([note(_("It has since been reopened."))] if is_reopened else []),
        ActionsBlock(elements=buttons),
    ]


def decision_text(_: Translator, decision: Decision) -> str:
    """Its text, for notifications and screen readers."""
    title = cut(decision.ticket.title, TITLE_MAX)
    return escape(f"{_('No. {number}', number=decision.ticket.id)} · {title} · {sentence(_, decision)}")


def sentence(_: Translator, decision: Decision) -> str:
    """What was decided, by whom."""
    event, name = decision.event, decision.event.actor.name
    is_request = decision.ticket.kind is Kind.REQUEST
    match event.action:
        case Action.CANCEL if is_request:
            return _("{name} has cancelled your request.", name=name)
        case Action.CANCEL:
            return _("{name} has cancelled your ticket.", name=name)
        case Action.RECORD_APPROVAL if is_request:
            return _(
                "Your request is closed. {name} recorded that you confirmed verbally that you have what you "
                "asked for.",
                name=name,
            )
        case Action.RECORD_APPROVAL:
            return _(
                "Your ticket is closed. {name} recorded that you signed off the solution verbally.", name=name
            )
        case Action.DECLINE:
            return _("{name} has declined your request.", name=name)
        case Action.CLOSE if is_request:
            return _("Your request was closed without a reply from you. If you still need us, reopen it.")
        case Action.CLOSE:
            return _("Your ticket was closed without a reply from you. If you still need us, reopen it.")
        case Action.UNDO_CLOSING if is_request:
            return _("{name} has reopened your request: it was closed by mistake.", name=name)
        case Action.UNDO_CLOSING:
            return _("{name} has reopened your ticket: it was closed by mistake.", name=name)
        case Action.ORIGINAL_RESOLVED:
            return _(
                "No. {original} has been resolved. Your No. {number} is a duplicate of it.",
                original=event.details.of,
                number=decision.ticket.id,
            )
    return _duplicate(_, decision)


def _duplicate(_: Translator, decision: Decision) -> str:
    event, original = decision.event, decision.original
    sentence = N_("{name} closed your ticket as a duplicate of No. {number}.")
    if original is not None and original.is_open:
        sentence = N_("{name} closed your ticket as a duplicate of No. {number}, which stays open.")
    return _(sentence, name=event.actor.name, number=event.details.of)


def _own_title(_: Translator, original: Original | None) -> list[Block]:
    if original is None or original.title is None:
        return []
    return [note(f"{_('No. {number}', number=original.number)} · {original.title}")]
