"""Who is told what, and where: one table, and the function that follows it.

The deliveries are written in the ticket's own transaction, so that there is no message without its ticket
and no ticket without its messages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from models.attachment import Attachment
from models.delivery import Delivery, DeliveryKind
from models.event import Event
from models.lifecycle import Action
from models.ticket import Ticket


class Audience(StrEnum):
    REQUESTER = "requester"
    TEAM = "team"


class When(StrEnum):
    """Whether the author of the action is told too."""

    ALWAYS = "always"  # surfaces that follow the ticket, receipts, approval requests
    OTHERS = "others"  # only those who did not act


@dataclass(frozen=True)
class Notice:
    """One line of the policy."""

    to: Audience
    kind: DeliveryKind
    mail: str | None = None
    when: When = When.ALWAYS


_SURFACES = (
    Notice(Audience.REQUESTER, DeliveryKind.CARD),
    Notice(Audience.TEAM, DeliveryKind.TRIAGE_CARD),
    Notice(Audience.REQUESTER, DeliveryKind.HOME),
)
_SETTLED = Notice(Audience.REQUESTER, DeliveryKind.SETTLED)
_THREAD = Notice(Audience.TEAM, DeliveryKind.THREAD, when=When.OTHERS)


def _mail(template: str) -> Notice:
    return Notice(Audience.REQUESTER, DeliveryKind.MAIL, mail=template)


POLICY: Mapping[Action, tuple[Notice, ...]] = {
    Action.OPEN: (*_SURFACES, _mail("received")),
    Action.TAKE: _SURFACES,
    Action.RESOLVE: (*_SURFACES, Notice(Audience.REQUESTER, DeliveryKind.APPROVAL), _mail("resolved")),
    Action.ASK: _SURFACES,
    Action.ANSWER: _SURFACES,
    Action.APPROVE: (*_SURFACES, _SETTLED, _mail("closed")),
    Action.REFUSE: (*_SURFACES, _SETTLED, _THREAD),
    Action.CANCEL: (*_SURFACES, _THREAD, _mail("closed")),
    Action.REOPEN: (*_SURFACES, _SETTLED, _THREAD),
}


def announce(
    session: Session, ticket: Ticket, event: Event, *, now: datetime, files: Sequence[Attachment] = ()
) -> None:
    """Queue what the policy says of this event, and the files that came with it."""
    for notice in POLICY[event.action]:
        if _is_told(notice, ticket, event):
            session.add(_delivery(ticket, event, notice, now))
    for file in files:
        delivery = _delivery(ticket, event, Notice(Audience.TEAM, DeliveryKind.FILE), now)
        delivery.details = {"attachment": file.id}
        delivery.key = f"{delivery.key}:{file.id}"
        session.add(delivery)


def card_with_files(delivery: Delivery, file_id: int, *, now: datetime) -> Delivery:
    """The team's card once more, after what became of a file."""
    return Delivery(
        kind=DeliveryKind.TRIAGE_CARD,
        recipient=delivery.recipient,
        method="chat.update",
        team_id=delivery.team_id,
        ticket_id=delivery.ticket_id,
        event_id=delivery.event_id,
        event_number=delivery.event_number,
        key=f"{delivery.ticket_id}:{delivery.event_number}:{DeliveryKind.TRIAGE_CARD}:{file_id}",
        created_at=now,
        due_at=now,
    )


def _is_told(notice: Notice, ticket: Ticket, event: Event) -> bool:
    if notice.kind is DeliveryKind.HOME and ticket.requester.home_opened_at is None:
        return False
    if notice.when is When.ALWAYS:
        return True
    told = ticket.requester_id if notice.to is Audience.REQUESTER else ticket.assignee_id
    return event.actor_id != told


def _delivery(ticket: Ticket, event: Event, notice: Notice, now: datetime) -> Delivery:
    to_team = notice.to is Audience.TEAM
    place = {
        DeliveryKind.HOME: f"home:{ticket.requester_id}",
        DeliveryKind.MAIL: f"mail:{ticket.requester_id}",
    }.get(notice.kind, f"team:{ticket.team_id}" if to_team else f"dm:{ticket.requester_id}")
    return Delivery(
        kind=notice.kind,
        recipient=place,
        method=_method(notice.kind, event),
        person_id=None if to_team else ticket.requester_id,
        team_id=ticket.team_id if to_team else None,
        ticket_id=ticket.id,
        event_id=event.id,
        event_number=event.number,
        details={"template": notice.mail} if notice.mail else {},
        key=f"{ticket.id}:{event.number}:{notice.kind}",
        created_at=now,
        due_at=now,
    )


def _method(kind: DeliveryKind, event: Event) -> str:
    """The method that the sender will most likely call: what a pause is read by."""
    match kind:
        case DeliveryKind.MAIL:
            return "smtp"
        case DeliveryKind.HOME:
            return "views.publish"
        case DeliveryKind.FILE:
            return "files.completeUploadExternal"
        case DeliveryKind.CARD | DeliveryKind.TRIAGE_CARD:
            return "chat.postMessage" if event.action is Action.OPEN else "chat.update"
        case DeliveryKind.SETTLED:
            return "chat.update"
        case DeliveryKind.APPROVAL | DeliveryKind.THREAD:
            return "chat.postMessage"
