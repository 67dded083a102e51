"""What can be done with a ticket: act on it, read it, find it.

No Slack in here. A use case raises a `HelpDeskError` and never commits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from bot.context.actor import Asker
from bot.notifications import enqueue as notifications
from models.catalogue import Site, Team
from models.errors import TechniciansOnly, TicketNotFound
from models.lifecycle import INTERNAL, INTERNAL_WORDS, Action, Role, Status
from models.person import Person
from models.tickets.attachment import Attachment
from models.tickets.changes import Change
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.event import Event, Line
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Rules:
    """The settings that the use cases obey."""

    reopen_days: int = 10
    description_required: bool = False


def act(
    session: Session,
    asker: Asker,
    ticket_id: int,
    action: Action,
    *,
    said: str | None = None,
    change: Change | None = None,
    surface: str,
    rules: Rules,
    now: datetime,
    resolution: int | None = None,
) -> Ticket:
    """Do `action` to a ticket, write its history and queue what people are told.

    Raises `TicketNotFound` when there is none, and what `Ticket.apply` raises.
    """
    ticket = locked(session, ticket_id)
    event = ticket.apply(
        action,
        actor=session.get_one(Person, asker.id),
        roles=asker.roles(ticket),
        now=now,
        surface=surface,
        said=said,
        change=change,
        reopen_days=rules.reopen_days,
        resolution=resolution,
    )
    session.add(event)
    session.flush()
    notifications.announce(session, ticket, event, now=now)
    return ticket


def locked(session: Session, ticket_id: int) -> Ticket:
    """The ticket, which nobody else changes until the transaction ends. Raises `TicketNotFound`."""
    ticket = session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None:
        raise TicketNotFound
    return ticket


def check(
    session: Session,
    asker: Asker,
    ticket_id: int,
    action: Action,
    *,
    rules: Rules,
    now: datetime,
    resolution: int | None = None,
) -> Ticket:
    """The ticket, when the asker may do `action` to it now; otherwise raises as `act` would."""
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        raise TicketNotFound
    roles = asker.roles(ticket)
    ticket.check(action, roles=roles, now=now, reopen_days=rules.reopen_days, resolution=resolution)
    return ticket


def ticket_for(session: Session, asker: Asker, ticket_id: int) -> Ticket:
    """The ticket, when it is theirs or their team's. Raises `TicketNotFound`."""
    ticket = session.get(Ticket, ticket_id)
    if ticket is None or not asker.roles(ticket):
        raise TicketNotFound
    return ticket


def is_visible(session: Session, asker: Asker, ticket_id: int) -> bool:
    """Whether the ticket is theirs or their team's."""
    ticket = session.get(Ticket, ticket_id)
    return ticket is not None and bool(asker.roles(ticket))


def is_past_reopening(session: Session, asker: Asker, ticket_id: int, rules: Rules, now: datetime) -> bool:
    """Whether the asker's ticket was closed too long ago to be reopened. Raises `TicketNotFound`."""
    ticket = ticket_for(session, asker, ticket_id)
    return ticket.status is Status.CLOSED and not ticket.may_reopen(now, rules.reopen_days)


def history(session: Session, ticket: Ticket, roles: Collection[Role]) -> Sequence[Line]:
    """What happened to it, oldest first: whole for technicians; for the requester without notes, and without
    the words that technicians write for each other."""
    rows = session.execute(
        select(Event, Comment)
        .outerjoin(Comment, Comment.event_id == Event.id)
        .where(Event.ticket_id == ticket.id)
        .order_by(Event.number)
        .options(joinedload(Event.actor))
    ).all()
    team = Role.TECHNICIAN in roles
    return [
        _line(event, comment, team=team) for event, comment in rows if team or event.action not in INTERNAL
    ]


def _line(event: Event, comment: Comment | None, *, team: bool) -> Line:
    if comment is not None:
        deleted = comment.deleted_at is not None
        return Line(event, None if deleted else comment.text, comment.edited_at is not None, deleted)
    return Line(event, event.text if team or event.action not in INTERNAL_WORDS else None)


def event_numbered(session: Session, ticket: Ticket, number: int) -> Event | None:
    """One line of its history."""
    return session.scalars(
        select(Event).where(Event.ticket_id == ticket.id, Event.number == number)
    ).one_or_none()


def last_of(session: Session, ticket: Ticket, action: Action) -> Event:
    """The newest line of its history with this action; there must be one."""
    return session.scalars(
        select(Event)
        .where(Event.ticket_id == ticket.id, Event.action == action)
        .order_by(Event.number.desc())
        .limit(1)
    ).one()


def attachments(session: Session, ticket: Ticket, roles: Collection[Role]) -> Sequence[Attachment]:
    """Its files, in the order they came; those of notes are for technicians."""
    query = select(Attachment).where(Attachment.ticket_id == ticket.id)
    if Role.TECHNICIAN not in roles:
        query = query.where(~Attachment.is_internal)
    return session.scalars(query.order_by(Attachment.id)).all()


def add_files(
    session: Session, ticket: Ticket, files: Sequence[NewFile], comment: Comment | None = None
) -> list[Attachment]:
    """Files that came with a ticket's form, or with a comment; the same one twice is one."""
    new = {file.slack_file_id: file for file in files}
    rows = [
        Attachment(
            ticket=ticket,
            comment=comment,
            is_internal=comment is not None and comment.is_internal,
            slack_file_id=file.slack_file_id,
            name=file.name[:255],
            media_type=file.media_type[:255],
            size=file.size,
        )
        for file in new.values()
    ]
    if rows:
        session.add_all(rows)
        session.flush()
    return rows


@dataclass(frozen=True)
class Page:
    """One page of somebody's tickets, newest first."""

    tickets: Sequence[Ticket] = field(default_factory=tuple)
    has_more: bool = False


def page_of(session: Session, requester_id: int, *, closed: bool, page: int, size: int) -> Page:
    """Page `page` (from 0) of the tickets that this person filed, `size` to a page."""
    in_state = Ticket.status == Status.CLOSED if closed else Ticket.status != Status.CLOSED
    rows = session.scalars(
        select(Ticket)
        .where(Ticket.requester_id == requester_id, in_state)
        .order_by(Ticket.id.desc())
        .offset(max(page, 0) * size)
        .limit(size + 1)
    ).all()
    return Page(rows[:size], len(rows) > size)


def last_page_of(session: Session, requester_id: int, *, closed: bool, size: int) -> int:
    """The number (from 0) of the last page of the same."""
    in_state = Ticket.status == Status.CLOSED if closed else Ticket.status != Status.CLOSED
    count = session.scalar(select(func.count(Ticket.id)).where(Ticket.requester_id == requester_id, in_state))
    return max((count or 0) - 1, 0) // size


def sites(session: Session) -> Sequence[Site]:
    """The sites a form offers."""
    return session.scalars(select(Site).where(~Site.archived).order_by(Site.position)).all()


_DEFAULT_TEAM = select(Team).where(Team.is_default, ~Team.archived)


def default_team(session: Session) -> Team:
    """The team that has what belongs to no service."""
    return session.scalars(_DEFAULT_TEAM).one()


def own_teams(session: Session, asker: Asker) -> Sequence[Team]:
    """The teams that the asker is in. Raises `TechniciansOnly` when there is none."""
    teams = session.scalars(
        select(Team).where(Team.id.in_(asker.teams), ~Team.archived).order_by(Team.position)
    ).all()
    if not teams:
        raise TechniciansOnly
    return teams
