"""What technicians do with a ticket beside taking and resolving it. No Slack in here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import notifications, tickets
from bot.people import Asker
from bot.tickets import Rules
from models.catalogue import Service, Site, Team
from models.changes import Assignment, Duplicate, Hold, Qualification, Transfer
from models.errors import FieldRefused
from models.lifecycle import Action, HoldReason, Impact, Role, Urgency
from models.person import Person
from models.ticket import Ticket

SURFACE = "triage"


@dataclass(frozen=True)
class Qualified:
    """A requalification as the form has it. `why` is needed when the team changes."""

    impact: Impact | None
    urgency: Urgency | None
    site_id: str | None
    service_id: str | None
    team_id: str | None
    why: str = ""


def assign(
    session: Session, asker: Asker, ticket_id: int, to: Asker, *, rules: Rules, now: datetime
) -> Ticket:
    """Give the ticket to a technician. Raises `FieldRefused` when they are not of its team."""
    ticket = tickets.check(session, asker, ticket_id, Action.ASSIGN, rules=rules, now=now)
    if Role.TECHNICIAN not in to.roles(ticket):
        raise FieldRefused("assignee", "not_of_the_team")
    change = Assignment(session.get_one(Person, to.id))
    return tickets.act(
        session, asker, ticket_id, Action.ASSIGN, change=change, surface=SURFACE, rules=rules, now=now
    )


def hold(
    session: Session,
    asker: Asker,
    ticket_id: int,
    reason: HoldReason | None,
    until: datetime | None,
    why: str,
    *,
    rules: Rules,
    now: datetime,
) -> Ticket:
    """Put the ticket on hold; a date is needed when it is what the ticket waits for, and must be to come."""
    if reason is None:
        raise FieldRefused("hold_reason", "missing")
    if reason is HoldReason.DATE and until is None:
        raise FieldRefused("hold_until", "missing")
    if until is not None and until <= now:
        raise FieldRefused("hold_until", "past")
    change = Hold(reason, until)
    return tickets.act(
        session, asker, ticket_id, Action.HOLD, said=why, change=change, surface=SURFACE, rules=rules, now=now
    )


def requalify(
    session: Session, asker: Asker, ticket_id: int, form: Qualified, *, rules: Rules, now: datetime
) -> Ticket:
    """Qualify the ticket, and hand it over when another team was chosen. What did not change is not told."""
    ticket = tickets.check(session, asker, ticket_id, Action.REQUALIFY, rules=rules, now=now)
    if form.impact is None or form.urgency is None:
        raise FieldRefused("impact" if form.impact is None else "urgency", "missing")
    team = _offered(session, Team, form.team_id, ticket.team, "team")
    if team is not ticket.team and not form.why.strip():
        raise FieldRefused("text", "why_another_team")
    qualification = Qualification(
        form.impact,
        form.urgency,
        _offered(session, Site, form.site_id, ticket.site, "site"),
        _offered(session, Service, form.service_id, ticket.service, "service") if form.service_id else None,
    )
    if not _says_the_same(ticket, qualification):
        ticket = tickets.act(
            session,
            asker,
            ticket_id,
            Action.REQUALIFY,
            change=qualification,
            surface=SURFACE,
            rules=rules,
            now=now,
        )
    return ticket if team is ticket.team else _transfer(session, asker, ticket, team, form.why, rules, now)


def link_duplicate(
    session: Session, asker: Asker, ticket_id: int, of: int | None, *, rules: Rules, now: datetime
) -> Ticket:
    """Close the ticket as a duplicate. Raises `FieldRefused` when the other is itself, or not to be found by
    who asks: it must be of one of their teams or of the same requester."""
    ticket = tickets.check(session, asker, ticket_id, Action.DUPLICATE, rules=rules, now=now)
    if of is None:
        raise FieldRefused("duplicate_of", "missing")
    original = session.get(Ticket, of)
    visible = original is not None and (
        Role.TECHNICIAN in asker.roles(original) or original.requester_id == ticket.requester_id
    )
    if original is None or not visible:
        raise FieldRefused("duplicate_of", "no_such_ticket")
    if original.id == ticket.id or original.duplicate_of_id is not None:
        raise FieldRefused("duplicate_of", "itself_a_duplicate")
    return tickets.act(
        session,
        asker,
        ticket_id,
        Action.DUPLICATE,
        change=Duplicate(original.id),
        surface=SURFACE,
        rules=rules,
        now=now,
    )


def wake_held(session: Session, now: datetime) -> None:
    """Take the tickets up again whose date has come."""
    due = session.scalars(
        select(Ticket)
        .where(Ticket.hold_until.is_not(None), Ticket.hold_until <= now)
        .order_by(Ticket.id)
        .with_for_update()
    )
    for ticket in due.all():
        event = ticket.apply(
            Action.WAKE,
            actor=tickets.last_of(session, ticket, Action.HOLD).actor,
            roles={Role.DESK},
            now=now,
            surface="calendar",
        )
        session.add(event)
        session.flush()
        notifications.announce(session, ticket, event, now=now)


def teams(session: Session) -> Sequence[Team]:
    """The teams that a ticket can be handed to."""
    return session.scalars(select(Team).where(~Team.archived).order_by(Team.position)).all()


def _transfer(
    session: Session, asker: Asker, ticket: Ticket, to: Team, why: str, rules: Rules, now: datetime
) -> Ticket:
    files = tickets.attachments(session, ticket, {Role.TECHNICIAN})
    ticket = tickets.act(
        session,
        asker,
        ticket.id,
        Action.TRANSFER,
        said=why,
        change=Transfer(to),
        surface=SURFACE,
        rules=rules,
        now=now,
    )
    event = tickets.event_numbered(session, ticket, ticket.event_count)
    assert event is not None
    notifications.announce_files(session, ticket, event, files, now=now)
    return ticket


def _says_the_same(ticket: Ticket, wanted: Qualification) -> bool:
    return (ticket.impact, ticket.urgency, ticket.site, ticket.service) == (
        wanted.impact,
        wanted.urgency,
        wanted.site,
        wanted.service,
    )


Row = TypeVar("Row", Team, Site, Service)


def _offered(session: Session, table: type[Row], row_id: str | None, now_is: Row | None, field: str) -> Row:
    """What was chosen in a menu: what it is now, or something that is still offered."""
    row = session.get(table, row_id) if row_id else None
    if row is None or (row.archived and row is not now_is):
        raise FieldRefused(field, "unknown")
    return row
