"""What follows an event: the deliveries that the policy asks for.

They are written in the ticket's own transaction, so that there is no message without its ticket and no
ticket without its messages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import bindparam, select, union

from bot.context.actor import person_by_slack_id
from bot.context.unit_of_work import UnitOfWork
from bot.notifications.policy import POLICY, Audience, Notice, When
from models.base import UtcDateTime
from models.catalogue import Team
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.kinds import RESOLVE_METHOD, DeliveryKind
from models.outbox.message_reference import MessageReference
from models.person import ChannelMember, Person
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.outage import Outage, OutageEvent
from models.tickets.ticket import Ticket

HOME_FRESH = timedelta(hours=1)  # how long after its opening a technician's Home follows the queue


# Drawn from the ticket as it is: several changes in one transaction need one of each.
_LIVING = {DeliveryKind.CARD, DeliveryKind.TRIAGE_CARD, DeliveryKind.HOME, DeliveryKind.OUTAGE}


def announce(
    uow: UnitOfWork,
    ticket: Ticket,
    event: Event,
    *,
    comment: Comment | None = None,
    files: Sequence[Attachment] = (),
    by_mail: bool = True,
    elsewhere: bool = False,
) -> None:
    """Queue what the policy says of this event: the comment that holds its words, the files that came along.

    Without `by_mail`, another event of the same transaction writes the e-mail. `elsewhere`: what was typed
    does not stand in the thread where its readers look.
    """
    elsewhere = elsewhere or (comment is not None and comment.channel is None)
    with uow.session.no_autoflush:  # all of them leave in one INSERT
        for notice in POLICY[event.action]:
            if (notice.mail and not by_mail) or not _is_told(notice, ticket, event, elsewhere=elsewhere):
                continue
            for place in _places(uow, notice, ticket, event):
                if notice.kind is DeliveryKind.COMMENT and comment is not None:
                    _queue_comment(uow, comment, place)
                elif not _is_queued(uow, notice.kind, ticket, place):
                    uow.session.add(_delivery(uow, event, notice.kind, place, mail=notice.mail))
        for file in files:
            for place in _file_recipients(ticket, event, file):
                _queue_file(uow, event, file, place)


def announce_outage(uow: UnitOfWork, outage: Outage, event: OutageEvent) -> None:
    """Queue the outage's card, and the App Home of who acted: at the top of anybody else's it shows when they
    open it."""
    actor = uow.session.get_one(Person, event.actor_id)
    places = [(DeliveryKind.OUTAGE, "chat.update", _Place(f"outage:{outage.id}", None, outage.team_id))]
    if actor.home_opened_at is not None:
        places.append((DeliveryKind.HOME, "views.publish", _Place(f"home:{actor.id}", actor.id, None)))
    for kind, method, place in places:
        uow.session.add(
            Delivery(
                kind=kind,
                recipient=place.recipient,
                method=method,
                person_id=place.person_id,
                team_id=place.team_id,
                outage_id=outage.id,
                key=f"outage:{outage.id}:{event.id}:{kind}",
                created_at=uow.now,
                due_at=uow.now,
            )
        )


def announce_edit(uow: UnitOfWork, comment: Comment) -> None:
    """Queue the comment once more, wherever it was told."""
    told = union(
        select(Delivery.recipient).where(
            Delivery.event_id == comment.event_id, Delivery.kind == DeliveryKind.COMMENT
        ),
        select(MessageReference.recipient).where(
            MessageReference.ticket_id == comment.ticket_id,
            MessageReference.kind == DeliveryKind.COMMENT,
            MessageReference.event_number == comment.event.number,
        ),
    )
    for recipient in uow.session.scalars(told).all():
        sort, _colon, who = recipient.partition(":")
        place = _Place(recipient, int(who), None) if sort == "dm" else _Place(recipient, None, who)
        _queue_comment(uow, comment, place)


def announce_removal(uow: UnitOfWork, comment: Comment, file: Attachment) -> None:
    """Queue the removal of all that there is of a file: what is kept, and its copies.

    One after each delivery that keeps or posts it, which may be at work right now; the first that is sent
    finds what was made so far. A file whose deliveries were forgotten long ago has one too.
    """
    posted = select(Delivery).where(
        Delivery.ticket_id == comment.ticket_id,  # copies that followed it to another team too
        Delivery.kind == DeliveryKind.FILE,
        Delivery.key.endswith(f":{file.id}"),
    )
    of_the_team = _Place(f"team:{comment.ticket.team_id}", None, comment.ticket.team_id)
    makers = {
        each.key: (each.event_id, _Place(each.recipient, each.person_id, each.team_id))
        for each in uow.session.scalars(posted).all()
    } or {_file_key(comment.event, of_the_team, file): (comment.event_id, of_the_team)}
    for key, (event_id, place) in makers.items():
        event = uow.session.get_one(Event, event_id)
        uow.session.add(_removal(uow, event, place, file, key=f"{key}:removed"))
    refresh_card(uow, comment.ticket, comment.event, why=f"file {file.id} deleted")


def announce_erasure(uow: UnitOfWork, file: Attachment) -> None:
    """Queue, once, the removal of what is left of a file that was taken back long ago."""
    assert file.comment is not None
    event, team_id = file.comment.event, file.ticket.team_id
    place = _Place(f"team:{team_id}", None, team_id)
    key = f"{_file_key(event, place, file)}:erased"
    if uow.session.scalar(select(Delivery.id).where(Delivery.key == key)) is None:
        uow.session.add(_removal(uow, event, place, file, key=key))


def _removal(uow: UnitOfWork, event: Event, place: "_Place", file: Attachment, *, key: str) -> Delivery:
    delivery = _delivery(uow, event, DeliveryKind.FILE, place)
    delivery.details = {"attachment": file.id, "remove": None}
    delivery.key, delivery.method = key, "files.delete"
    return delivery


def announce_files(uow: UnitOfWork, ticket: Ticket, event: Event, files: Sequence[Attachment]) -> None:
    """Queue files that came before for a team that has the ticket only now."""
    place = _Place(f"team:{ticket.team_id}", None, ticket.team_id)
    for file in files:
        _queue_file(uow, event, file, place)


def refresh_card(uow: UnitOfWork, ticket: Ticket, event: Event, *, why: str) -> None:
    """Queue the team's card once more for something that is no event of its own; `why` makes it one."""
    if ticket.is_outage_child:
        return
    place = _Place(f"team:{ticket.team_id}", None, ticket.team_id)
    delivery = _delivery(uow, event, DeliveryKind.TRIAGE_CARD, place)
    delivery.key = f"{delivery.key}:{why}"
    delivery.method = "chat.update"
    uow.session.add(delivery)


def refresh_cards(uow: UnitOfWork, file: Attachment, event: Event, *, why: str) -> None:
    """Queue the cards that name a file once more: the requester's too, unless it came with a note."""
    ticket = file.ticket
    refresh_card(uow, ticket, event, why=why)
    if not file.is_internal:
        place = _Place(f"dm:{ticket.requester_id}", ticket.requester_id, None)
        delivery = _delivery(uow, event, DeliveryKind.CARD, place)
        delivery.key = f"{delivery.key}:{why}"
        delivery.method = "chat.update"
        uow.session.add(delivery)


def refresh_home(uow: UnitOfWork, slack_id: str) -> None:
    """Queue somebody's App Home, if they ever opened it, for what is no ticket's event."""
    person = person_by_slack_id(uow.session, slack_id)
    if person is None or person.home_opened_at is None:
        return
    uow.session.add(
        Delivery(
            kind=DeliveryKind.HOME,
            recipient=f"home:{person.id}",
            method="views.publish",
            person_id=person.id,
            key=f"home:{person.id}:{uow.now.timestamp()}",
            created_at=uow.now,
            due_at=uow.now,
        )
    )


def team_note(uow: UnitOfWork, event: Event, *, key: str, details: dict[str, Any]) -> Delivery:
    """A line for the thread of the team's card that is no event of its own; `event`: what it is about."""
    place = _Place(f"team:{event.ticket.team_id}", None, event.ticket.team_id)
    delivery = _delivery(uow, event, DeliveryKind.THREAD, place)
    delivery.details, delivery.key = details, key
    return delivery


@dataclass(frozen=True)
class _Place:
    """A recipient's queue, and whose it is."""

    recipient: str
    person_id: int | None
    team_id: str | None


def _is_told(notice: Notice, ticket: Ticket, event: Event, *, elsewhere: bool) -> bool:
    if notice.to is Audience.OUTAGE:
        return ticket.outage_id is not None
    if notice.to is not Audience.REQUESTER and ticket.is_outage_child:
        return False
    if notice.kind is DeliveryKind.HOME and notice.to is Audience.REQUESTER:
        return ticket.requester.home_opened_at is not None
    if notice.when is When.ALWAYS:
        return True
    if notice.when is When.ELSEWHERE:
        return elsewhere
    if notice.when is When.HOLDER:
        holders = {ticket.assignee.slack_id if ticket.assignee else None, event.details.from_slack_id}
        return bool(holders - {None, event.actor.slack_id})
    told = ticket.requester_id if notice.to is Audience.REQUESTER else ticket.assignee_id
    return event.actor_id != told


def _places(uow: UnitOfWork, notice: Notice, ticket: Ticket, event: Event) -> Iterator[_Place]:
    match notice.to:
        case Audience.REQUESTER:
            queue = {DeliveryKind.HOME: "home", DeliveryKind.MAIL: "mail"}.get(notice.kind, "dm")
            yield _Place(f"{queue}:{ticket.requester_id}", ticket.requester_id, None)
        case Audience.TEAM:
            yield _Place(f"team:{ticket.team_id}", None, ticket.team_id)
        case Audience.FORMER_TEAM if notice.kind is DeliveryKind.HOME:
            yield from _homes(uow, uow.session.get_one(Team, event.details.team), ticket)
        case Audience.FORMER_TEAM:
            team_id = event.details.team
            yield _Place(f"team:{team_id}", None, team_id)
        case Audience.OUTAGE:
            assert ticket.outage is not None
            yield _Place(f"outage:{ticket.outage_id}", None, ticket.outage.team_id)
        case Audience.TECHNICIANS:
            yield from _homes(uow, ticket.team, ticket)


# Built once: every change of every ticket runs it.
_FRESH_HOMES = (
    select(Person.id)
    .join(ChannelMember, ChannelMember.slack_id == Person.slack_id)
    .where(
        ChannelMember.channel == bindparam("channel"),
        Person.home_opened_at > bindparam("since", type_=UtcDateTime),
        Person.id != bindparam("requester"),
    )
    .order_by(Person.id)
)


def _homes(uow: UnitOfWork, team: Team, ticket: Ticket) -> Iterator[_Place]:
    """The Homes of a team's technicians who opened theirs not long ago."""
    known = {"channel": team.channel_id, "since": uow.now - HOME_FRESH, "requester": ticket.requester_id}
    for person_id in uow.session.scalars(_FRESH_HOMES, known).all():
        yield _Place(f"home:{person_id}", person_id, None)


def _is_queued(uow: UnitOfWork, kind: DeliveryKind, ticket: Ticket, place: _Place) -> bool:
    """Whether this transaction has queued the same drawing already."""
    if kind not in _LIVING:
        return False
    number = None if kind in {DeliveryKind.HOME, DeliveryKind.OUTAGE} else ticket.id
    rendered = (kind, place.recipient, number)
    known = rendered in uow.queued
    uow.queued.add(rendered)
    return known


def _queue_comment(uow: UnitOfWork, comment: Comment, place: _Place) -> None:
    """One delivery a part: a message holds only so much."""
    for part in range(comment.parts):
        delivery = _delivery(uow, comment.event, DeliveryKind.COMMENT, place)
        delivery.details = {"comment": comment.id, "part": part}
        delivery.key = f"{delivery.key}:{place.recipient}:{part}:{comment.revision}"
        delivery.method = "chat.update" if comment.revision else "chat.postMessage"
        uow.session.add(delivery)


def _file_recipients(ticket: Ticket, event: Event, file: Attachment) -> Iterator[_Place]:
    """Where a file is posted: for the team always, and for the requester when it answers them. A note's stays
    where it is, and is kept."""
    yield _Place(f"team:{ticket.team_id}", None, ticket.team_id)
    if event.action in {Action.REPLY, Action.ASK} and event.actor_id != ticket.requester_id:
        yield _Place(f"dm:{ticket.requester_id}", ticket.requester_id, None)


def _queue_file(uow: UnitOfWork, event: Event, file: Attachment, place: _Place) -> None:
    delivery = _delivery(uow, event, DeliveryKind.FILE, place)
    delivery.details = {"attachment": file.id}
    delivery.key = _file_key(event, place, file)
    uow.session.add(delivery)


def _file_key(event: Event, place: _Place, file: Attachment) -> str:
    return f"{event.ticket_id}:{event.number}:{DeliveryKind.FILE}:{place.recipient}:{file.id}"


def _delivery(
    uow: UnitOfWork, event: Event, kind: DeliveryKind, place: _Place, *, mail: str | None = None
) -> Delivery:
    ticket = event.ticket
    of_one = kind is DeliveryKind.HOME and place.person_id != ticket.requester_id
    return Delivery(
        kind=kind,
        recipient=place.recipient,
        method=_method(kind, event),
        person_id=place.person_id,
        team_id=place.team_id,
        ticket_id=None if kind is DeliveryKind.OUTAGE else ticket.id,
        outage_id=ticket.outage_id if kind is DeliveryKind.OUTAGE else None,
        event_id=event.id,
        event_number=event.number,
        details={"template": mail, "token": token_hex(8)} if mail else {},
        key=f"{ticket.id}:{event.number}:{kind}" + (f":{place.person_id}" if of_one else ""),
        created_at=uow.now,
        due_at=uow.now,
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
        case DeliveryKind.RESOLUTION_RESULT | DeliveryKind.MOVED | DeliveryKind.OUTAGE:
            return "chat.update"
        case DeliveryKind.APPROVAL | DeliveryKind.THREAD | DeliveryKind.COMMENT:
            return "chat.postMessage"
        case DeliveryKind.CHANNEL:
            return "users.conversations"
        case DeliveryKind.OUTAGE_RESOLUTION:
            return RESOLVE_METHOD
