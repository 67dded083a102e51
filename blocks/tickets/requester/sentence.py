"""What a requester's card says in words: where their ticket is, and what it waits for."""

from blocks.i18n import N_, Translator
from models.lifecycle import Action, Ending, HoldReason, Kind, Status
from models.tickets.ticket import Ticket

_RESUMED = {Action.RESUME, Action.WAKE}
_WAITS = {
    HoldReason.SUPPLIER: (
        N_("Your ticket is on hold: we are waiting for a supplier."),
        N_("Your ticket is on hold until {day}: we are waiting for a supplier."),
    ),
    HoldReason.PART: (
        N_("Your ticket is on hold: we are waiting for a part."),
        N_("Your ticket is on hold until {day}: we are waiting for a part."),
    ),
    HoldReason.DATE: (N_("Your ticket is on hold."), N_("Your ticket is on hold until {day}.")),
}


def requester_sentence(_: Translator, ticket: Ticket) -> str:
    """The sentence for the ticket's state."""
    if ticket.parent_id is not None and ticket.status in {Status.NEW, Status.IN_PROGRESS}:
        return _(
            "Your ticket is being handled with No. {number}. When that is solved, we will ask whether "
            "everything works for you.",
            number=ticket.parent_id,
        )
    if ticket.is_outage_child and ticket.status in {Status.NEW, Status.IN_PROGRESS}:
        if ticket.outage and ticket.outage.title != ticket.title:
            return _(
                "Your ticket is part of the known outage “{outage}”: technicians are working on it. When it "
                "is over, we will ask whether everything works for you.",
                outage=ticket.outage.title,
            )
        return _(
            "We are aware of this outage and technicians are working on it. When it is over, we will "
            "ask whether everything works for you."
        )
    match ticket.status:
        case Status.NEW:
            return _new(_, ticket)
        case Status.IN_PROGRESS:
            if _led_here(ticket) in _RESUMED:
                return _("We have resumed work on your ticket.")
            return _("A technician is working on it.")
        case Status.PENDING:
            return _pending(_, ticket)
        case Status.RESOLVED if ticket.kind is Kind.REQUEST:
            return _("We have done what you asked for. Please tell us below whether you have everything.")
        case Status.RESOLVED:
            return _("We have proposed a solution. Please tell us below whether it works.")
        case Status.CLOSED if ticket.duplicate_of_id:
            return _(
                "This ticket is closed. It is a duplicate of No. {number}.",
                number=ticket.duplicate_of_id,
            )
        case Status.CLOSED if ticket.ending is Ending.SILENCE:
            return _("This ticket was closed without a reply from you. If you still need us, reopen it.")
        case Status.CLOSED if ticket.ending is Ending.DECLINED:
            return _("This request was declined. If you still need it, you can raise it again.")
        case Status.CLOSED:
            return _("This ticket is closed.")


def _new(_: Translator, ticket: Ticket) -> str:
    team = ticket.team.name.in_(_.locale)
    match _led_here(ticket):
        case Action.TRANSFER:
            return _("Your ticket was passed to the {team} team, who will pick it up.", team=team)
        case Action.REOPEN | Action.UNDO_CLOSING:
            return _("Your ticket is open again. The {team} team will pick it up.", team=team)
    if ticket.kind is Kind.REQUEST:
        return _("We have received your request. The {team} team will pick it up.", team=team)
    return _("We have received your ticket. The {team} team will pick it up.", team=team)


def _pending(_: Translator, ticket: Ticket) -> str:
    if ticket.awaits_answer:
        return _("We are waiting for your reply. Please write it in this thread.")
    without_day, with_day = _WAITS[ticket.hold_reason or HoldReason.DATE]
    return _(with_day, day=_.day(ticket.waits_until)) if ticket.waits_until else _(without_day)


def _led_here(ticket: Ticket) -> Action | None:
    """The action that led to the present state."""
    return ticket.turning_point.action if ticket.turning_point else None
