"""What can be done with tickets: open, take, resolve, approve, refuse, cancel, reopen; and find them.

No Slack in here. A use case raises a `HelpDeskError` and never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import notifications
from bot.answers import answers_to
from bot.people import Asker
from models.attachment import Attachment
from models.catalogue import Service, Site, Team
from models.draft import NewFile, TicketDraft
from models.errors import FieldRefused, ServiceNotFound, TicketNotFound
from models.event import Event
from models.lifecycle import Action, Kind, Role, Status
from models.person import Person
from models.ticket import TITLE_MAX, Ticket


@dataclass(frozen=True)
class Rules:
    """The settings that the use cases obey."""

    reopen_days: int = 10
    description_required: bool = False


def open_ticket(
    session: Session, asker: Asker, draft: TicketDraft, *, surface: str, rules: Rules, now: datetime
) -> Ticket:
    """File a ticket for the asker; a submission already made finds the ticket that it made.

    Raises `FieldRefused` naming the field, and `ServiceNotFound` when the service has left the catalogue.
    """
    if ticket := _already_submitted(session, asker, draft.submission):
        return ticket
    _check(draft, rules)
    assert draft.impact is not None
    assert draft.urgency is not None
    service = _service(session, draft)
    ticket = Ticket(
        kind=draft.kind,
        title=draft.title.strip(),
        description=draft.description.strip(),
        status=draft.status,
        requester=session.get_one(Person, asker.id),
        team=service.team if service else default_team(session),
        site=_site(session, draft.site_id),
        service=service,
        follows_id=_followed(session, asker, draft.follows_id),
        answers=answers_to(service, draft.answers) if service and draft.kind is Kind.REQUEST else [],
        declared_impact=draft.impact,
        declared_urgency=draft.urgency,
        opened_at=now,
        submission=draft.submission,
        event_count=0,
    )
    ticket.set_priority(draft.impact, draft.urgency)
    ticket.requester.last_site_id = draft.site_id
    event = ticket.record(Action.OPEN, actor=ticket.requester, now=now, surface=surface, before=None)
    session.add_all([ticket, event])
    session.flush()
    files = [_attachment(ticket, file) for file in draft.files]
    session.add_all(files)
    session.flush()
    notifications.announce(session, ticket, event, now=now, files=files)
    return ticket


def act(
    session: Session,
    asker: Asker,
    ticket_id: int,
    action: Action,
    *,
    said: str | None = None,
    surface: str,
    rules: Rules,
    now: datetime,
    resolution: int | None = None,
) -> Ticket:
    """Do `action` to a ticket, write its history and queue what people are told.

    Raises `TicketNotFound` when there is none, and what `Ticket.apply` raises.
    """
    ticket = session.get(Ticket, ticket_id, with_for_update=True)
    if ticket is None:
        raise TicketNotFound
    event = ticket.apply(
        action,
        actor=session.get_one(Person, asker.id),
        roles=asker.roles(ticket),
        now=now,
        surface=surface,
        said=said,
        reopen_days=rules.reopen_days,
        resolution=resolution,
    )
    session.add(event)
    session.flush()
    notifications.announce(session, ticket, event, now=now)
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


def is_past_reopening(session: Session, asker: Asker, ticket_id: int, rules: Rules, now: datetime) -> bool:
    """Whether the asker's ticket was closed too long ago to be reopened. Raises `TicketNotFound`."""
    ticket = ticket_for(session, asker, ticket_id)
    return ticket.status is Status.CLOSED and not ticket.may_reopen(now, rules.reopen_days)


def follow_up(session: Session, asker: Asker, ticket_id: int, draft: TicketDraft) -> TicketDraft:
    """A draft that continues a closed ticket of the asker's. Raises `TicketNotFound`."""
    old = ticket_for(session, asker, ticket_id)
    return replace(
        draft, follows_id=old.id, title=old.title, impact=old.impact, urgency=old.urgency, site_id=old.site_id
    )


def history(session: Session, ticket: Ticket) -> Sequence[Event]:
    """What happened to it, oldest first."""
    return session.scalars(select(Event).where(Event.ticket_id == ticket.id).order_by(Event.number)).all()


def event_numbered(session: Session, ticket: Ticket, number: int) -> Event | None:
    """One line of its history."""
    return session.scalars(
        select(Event).where(Event.ticket_id == ticket.id, Event.number == number)
    ).one_or_none()


def attachments(session: Session, ticket: Ticket) -> Sequence[Attachment]:
    """Its files, in the order they came."""
    return session.scalars(
        select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.id)
    ).all()


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


def sites(session: Session) -> Sequence[Site]:
    """The sites a form offers."""
    return session.scalars(select(Site).where(~Site.archived).order_by(Site.position)).all()


def default_team(session: Session) -> Team:
    """The team that has what belongs to no service."""
    return session.scalars(select(Team).where(Team.is_default, ~Team.archived)).one()


def settable_statuses(roles: frozenset[Role]) -> tuple[Status, ...]:
    """The states that somebody with these roles may give to a ticket they file."""
    del roles  # a technician's "Résolu" comes with calls logged as already solved
    return (Status.NEW,)


def _already_submitted(session: Session, asker: Asker, submission: str) -> Ticket | None:
    return session.scalars(
        select(Ticket).where(Ticket.requester_id == asker.id, Ticket.submission == submission)
    ).one_or_none()


def _check(draft: TicketDraft, rules: Rules) -> None:
    """Refuse what the form's own rules forbid: a client may send anything."""
    if not draft.title.strip():
        raise FieldRefused("title", "blank")
    if len(draft.title.strip()) > TITLE_MAX:
        raise FieldRefused("title", "too_long")
    if draft.status not in settable_statuses(frozenset({Role.REQUESTER})):
        raise FieldRefused("status", "not_yours")
    for name in ("impact", "urgency", "site_id"):
        if getattr(draft, name) is None:
            raise FieldRefused(name.removesuffix("_id"), "missing")
    if rules.description_required and not draft.description.strip():
        raise FieldRefused("description", "blank")


def _service(session: Session, draft: TicketDraft) -> Service | None:
    if draft.service_id is None:
        return None
    service = session.get(Service, draft.service_id)
    if service is None or service.archived or not _offers(service, draft.kind):
        raise ServiceNotFound
    return service


def _followed(session: Session, asker: Asker, ticket_id: int | None) -> int | None:
    """The ticket that this one continues, when it is theirs."""
    return None if ticket_id is None else ticket_for(session, asker, ticket_id).id


def _offers(service: Service, kind: Kind) -> bool:
    return service.offers_request if kind is Kind.REQUEST else service.offers_incident


def _site(session: Session, site_id: str | None) -> Site:
    site = session.get(Site, site_id) if site_id else None
    if site is None or site.archived:
        raise FieldRefused("site", "unknown")
    return site


def _attachment(ticket: Ticket, file: NewFile) -> Attachment:
    return Attachment(
        ticket=ticket,
        slack_file_id=file.slack_file_id,
        name=file.name[:255],
        media_type=file.media_type[:255],
        size=file.size,
    )
