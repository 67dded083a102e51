"""What technicians do with a ticket beside taking and resolving it. No Slack in here."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.notifications import enqueue as notifications
from bot.services.tickets import actions as tickets
from bot.services.tickets import attachments, history
from models.catalogue import Service, Site, Team
from models.errors import FieldRefused
from models.lifecycle import Action, HoldReason, Impact, Role, Status, Urgency
from models.person import Person
from models.tickets.changes import Assignment, Duplicate, Hold, Qualification, Transfer
from models.tickets.ticket import Ticket

SURFACE = "triage"


def assign(
    session: Session,
    asker: Asker,
    ticket_id: int,
    to: Asker,
    *,
    seen: str | None,
    rules: Rules,
    now: datetime,
) -> Ticket:
    """Give the ticket to a technician; `seen` is the Slack id of who had it when they were chosen.

    Raises `FieldRefused` when they are not of its team, `TransitionRefused` when somebody else was faster."""
    ticket = tickets.check(session, asker, ticket_id, Action.ASSIGN, rules=rules, now=now)
    if (ticket.assignee.slack_id if ticket.assignee else None) != seen:
        raise ticket.refusal(Action.ASSIGN)
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
    session: Session,
    asker: Asker,
    ticket_id: int,
    changed: Mapping[str, str | None],
    why: str,
    *,
    rules: Rules,
    now: datetime,
) -> Ticket:
    """Qualify the ticket anew, and hand it over when another team was chosen, which needs a word `why`.

    `changed` has what was chosen: `impact`, `urgency`, `site`, `service`, `team`; the rest stays as it is.
    """
    ticket = tickets.check(session, asker, ticket_id, Action.REQUALIFY, rules=rules, now=now)
    team = _offered(session, Team, changed, "team", ticket.team)
    if team is not ticket.team and not why.strip():
        raise FieldRefused("text", "why_another_team")
    service = ticket.service
    if "service" in changed:
        service = _offered(session, Service, changed, "service", None) if changed["service"] else None
    qualification = Qualification(
        _word(Impact, changed, "impact", ticket.impact),
        _word(Urgency, changed, "urgency", ticket.urgency),
        _offered(session, Site, changed, "site", ticket.site),
        service,
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
    return ticket if team is ticket.team else _transfer(session, asker, ticket, team, why, rules, now)


def link_duplicate(
    session: Session, asker: Asker, ticket_id: int, of: int | None, *, rules: Rules, now: datetime
) -> Ticket:
    """Close the ticket as a duplicate. Raises `FieldRefused` when the other is itself, or not to be found by
    who asks: it must be of one of their teams or of the same requester."""
    ticket = tickets.check(session, asker, ticket_id, Action.DUPLICATE, rules=rules, now=now)
    if of is None:
        raise FieldRefused("duplicate_of", "missing")
    for number in sorted({ticket_id, of}):  # always in one order, or two of them wait for each other
        session.get(Ticket, number, with_for_update=True)
    original = session.get(Ticket, of)
    visible = original is not None and (
        Role.TECHNICIAN in asker.roles(original) or original.requester_id == ticket.requester_id
    )
    if original is None or not visible:
        raise FieldRefused("duplicate_of", "no_such_ticket")
    if original.id == ticket.id or original.duplicate_of_id is not None:
        raise FieldRefused("duplicate_of", "itself_a_duplicate")
    if original.status is Status.CLOSED:
        raise FieldRefused("duplicate_of", "closed_already")
    flag_modified(original, "changed_at")  # its version moves: of two that name each other, one is refused
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
            actor=history.last_of(session, ticket, Action.HOLD).actor,
            roles={Role.DESK},
            now=now,
            surface="calendar",
        )
        session.add(event)
        session.flush()
        notifications.announce(session, ticket, event, now=now)


def _transfer(
    session: Session, asker: Asker, ticket: Ticket, to: Team, why: str, rules: Rules, now: datetime
) -> Ticket:
    files = attachments.attachments(session, ticket, {Role.TECHNICIAN})
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
    event = history.event_numbered(session, ticket, ticket.event_count)
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
Word = TypeVar("Word", Impact, Urgency)


def _offered(
    session: Session, table: type[Row], changed: Mapping[str, str | None], field: str, standing: Row | None
) -> Row:
    """The row that was chosen in a menu, if it is still offered; what stands when nothing was."""
    if field not in changed and standing is not None:
        return standing
    row = session.get(table, changed[field]) if changed.get(field) else None
    if row is None or row.archived:
        raise FieldRefused(field, "unknown")
    return row


def _word(words: type[Word], changed: Mapping[str, str | None], field: str, standing: Word) -> Word:
    """The same of a word."""
    if field not in changed:
        return standing
    found = next((word for word in words if word == changed[field]), None)
    if found is None:
        raise FieldRefused(field, "missing")
    return found
