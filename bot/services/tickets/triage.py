"""What technicians do with a ticket beside taking and resolving it. Imports nothing of Slack."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from bot.catalogue.calendar.stored import calendar_for
from bot.catalogue.service_levels import StoredLevels
from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.notifications.files import announce_files
from bot.notifications.outages import refresh_outage
from bot.services.tickets.actions import act, check
from bot.services.tickets.attachments import attachments
from bot.services.tickets.history import event_numbered, last_of
from bot.services.tickets.technician_forms.meanwhile import NO_FORM, OpenedForm
from bot.services.tickets.technician_forms.taking import begin
from bot.services.tickets.waits.dates import opening_of
from bot.services.tickets.waits.follow import follow
from models.catalogue import Service, Site, Team
from models.characters import is_blank
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action, HoldReason, Impact, Role, Status, Urgency
from models.person import Person
from models.tickets.changes.content import Qualification
from models.tickets.changes.holder import Assignment, Transfer
from models.tickets.changes.links import Detached, Duplicate, FreeOfOutage
from models.tickets.changes.waits import Hold, Woken
from models.tickets.ticket import Ticket
from models.tickets.transitions import Trigger, apply, refusal


def assign(uow: UnitOfWork, ticket_id: int, to: Actor, *, seen: str | None) -> Ticket:
    """Give the ticket to a technician; `seen` is the Slack id of who had it when they were chosen.

    Raises `FieldRefused` when they are not of its team, `TransitionRefused` when `seen` no longer has it."""
    ticket = check(uow, ticket_id, Action.ASSIGN)
    if (ticket.assignee.slack_id if ticket.assignee else None) != seen:
        raise refusal(ticket, Action.ASSIGN)
    if Role.TECHNICIAN not in to.roles(ticket):
        raise FieldRefused(Field.ASSIGNEE, FieldReason.NOT_OF_THE_TEAM)
    change = Assignment(uow.session.get_one(Person, to.id))
    return act(uow, ticket_id, Action.ASSIGN, change=change)


@dataclass(frozen=True)
class NewHold:
    """What a technician says of a hold. `HoldReason.DATE` needs a day."""

    reason: HoldReason | None
    day: date | None = None
    why: str = ""


def hold(uow: UnitOfWork, ticket_id: int, new: NewHold, form: OpenedForm = NO_FORM) -> Ticket:
    """Put the ticket on hold until a day opens: a later one, on which the ticket's team works. Raises
    `FieldRefused`, and what `begin` raises."""
    if new.reason is None:
        raise FieldRefused(Field.HOLD_REASON, FieldReason.MISSING)
    if new.reason is HoldReason.DATE and new.day is None:
        raise FieldRefused(Field.HOLD_UNTIL, FieldReason.MISSING)
    until = _opening(uow, check(uow, ticket_id, Action.HOLD), new.day) if new.day else None
    begin(uow, ticket_id, Action.HOLD, form)
    return act(uow, ticket_id, Action.HOLD, text=new.why, change=Hold(new.reason, until))


def _opening(uow: UnitOfWork, ticket: Ticket, day: date) -> datetime:
    """When the day opens, in the calendar's time zone. Raises `FieldRefused`."""
    calendar = calendar_for(uow.session, ticket)
    opening = opening_of(calendar, day)
    if day < calendar.local(uow.now).date() or (opening is not None and opening <= uow.now):
        raise FieldRefused(Field.HOLD_UNTIL, FieldReason.PAST)
    if opening is None:
        raise FieldRefused(Field.HOLD_UNTIL, FieldReason.NEVER_OPEN)
    local = calendar.local(opening)
    if local.date() != day:
        raise FieldRefused(Field.HOLD_UNTIL, FieldReason.CLOSED_DAY, day=local.date())
    return local


def requalify(uow: UnitOfWork, ticket_id: int, changed: Mapping[str, str | None], why: str) -> Ticket:
    """Requalify the ticket, and hand it over when another team was chosen, which needs a text `why`.

    `changed` has what was chosen: `impact`, `urgency`, `site`, `service`, `team`; the rest stays as it is.
    """
    ticket = check(uow, ticket_id, Action.REQUALIFY)
    team = row_in(uow.session, Team, changed, Field.TEAM, ticket.team)
    if team is not ticket.team and is_blank(why):
        raise FieldRefused(Field.TEXT, FieldReason.WHY_ANOTHER_TEAM)
    wanted = _qualification(uow.session, ticket, changed)
    if not _is_same(ticket, wanted):
        ticket = act(uow, ticket_id, Action.REQUALIFY, change=wanted)
    if team is not ticket.team:  # which frees it, too
        return _transfer(uow, ticket, team, why)
    is_to_be_freed = ticket.is_confidential and ticket.is_outage_child  # no confidential ticket is attached
    return _free(uow, ticket) if is_to_be_freed else ticket


def _free(uow: UnitOfWork, ticket: Ticket) -> Ticket:
    """Give the ticket a card of its own, and its place in the queue."""
    outage = ticket.outage if ticket.parent_id is None else None
    ticket = act(uow, ticket.id, Action.DETACH, change=FreeOfOutage() if outage else Detached())
    if outage is not None:
        refresh_outage(uow, outage, why=f"detached:{ticket.id}:{ticket.event_count}")
    return ticket


def _qualification(session: Session, ticket: Ticket, changed: Mapping[str, str | None]) -> Qualification:
    service = ticket.service
    if Field.SERVICE in changed:
        service = row_in(session, Service, changed, Field.SERVICE, None) if changed[Field.SERVICE] else None
    return Qualification(
        member_in(Impact, changed, Field.IMPACT, ticket.impact),
        member_in(Urgency, changed, Field.URGENCY, ticket.urgency),
        row_in(session, Site, changed, Field.SITE, ticket.site),
        service,
    )


def link_duplicate(uow: UnitOfWork, ticket_id: int, of: int | None, words: str = "") -> Ticket:
    """Close the ticket as a duplicate of another of its requester's; `words` are for them.

    Raises `FieldRefused` when the other is itself, not to be found by who asks, or somebody else's: such a
    ticket is attached to it (`bot.services.children.attaching`)."""
    ticket = check(uow, ticket_id, Action.DUPLICATE)
    if of is None:
        raise FieldRefused(Field.DUPLICATE_OF, FieldReason.MISSING)
    for number in sorted({ticket_id, of}):  # always in one order, against deadlocks
        uow.session.get(Ticket, number, with_for_update=True)
    original = uow.session.get(Ticket, of)
    if original is None or not _may_be_named(uow, original, ticket):
        raise FieldRefused(Field.DUPLICATE_OF, FieldReason.NO_SUCH_TICKET)
    if original.requester_id != ticket.requester_id:
        raise FieldRefused(Field.DUPLICATE_OF, FieldReason.OTHER_REQUESTER)
    if original.id == ticket.id or original.duplicate_of_id is not None:
        raise FieldRefused(Field.DUPLICATE_OF, FieldReason.ITSELF_A_DUPLICATE)
    if original.status is Status.CLOSED:
        raise FieldRefused(Field.DUPLICATE_OF, FieldReason.CLOSED_ALREADY)
    flag_modified(original, "changed_at")  # raises its version: of two that name each other, one is refused
    return act(uow, ticket_id, Action.DUPLICATE, text=words, change=Duplicate(original.id))


def _may_be_named(uow: UnitOfWork, original: Ticket, duplicate: Ticket) -> bool:
    """Whether the actor may learn that there is such a ticket: it is their team's, or it is its requester's
    and not confidential."""
    if Role.TECHNICIAN in uow.actor.roles(original):
        return True
    return original.requester_id == duplicate.requester_id and not original.is_confidential


def resume_on_date(uow: UnitOfWork) -> None:
    """Resume the tickets on hold whose date has come, and those without one that are to be reviewed."""
    due = uow.session.scalars(
        select(Ticket)
        .where(Ticket.wakes_at.is_not(None), Ticket.wakes_at <= uow.now)
        .order_by(Ticket.id)
        .with_for_update()
    )
    for ticket in due.all():
        who = last_of(uow.session, ticket, Action.HOLD).actor
        change = Woken(ticket.hold_reason) if ticket.hold_reason and not ticket.hold_until else None
        by_the_desk = Trigger(who, {Role.DESK}, uow.now, "calendar", StoredLevels(uow.session))
        event = apply(ticket, Action.WAKE, by_the_desk, change=change)
        follow(uow, ticket, event)
        uow.session.add(event)
        uow.session.flush()
        enqueue.announce(uow, ticket, event)


def _transfer(uow: UnitOfWork, ticket: Ticket, to: Team, why: str) -> Ticket:
    files = attachments(uow.session, ticket, {Role.TECHNICIAN})
    ticket = act(uow, ticket.id, Action.TRANSFER, text=why, change=Transfer(to))
    event = event_numbered(uow.session, ticket, ticket.event_count)
    assert event is not None
    announce_files(uow, event, files)
    return ticket


def _is_same(ticket: Ticket, wanted: Qualification) -> bool:
    return (ticket.impact, ticket.urgency, ticket.site, ticket.service) == (
        wanted.impact,
        wanted.urgency,
        wanted.site,
        wanted.service,
    )


Row = TypeVar("Row", Team, Site, Service)
Member = TypeVar("Member", Impact, Urgency)


def row_in(
    session: Session, table: type[Row], changed: Mapping[str, str | None], field: Field, present: Row | None
) -> Row:
    """The row that was chosen in a menu, if it is still offered; the present one when nothing was chosen."""
    if field not in changed and present is not None:
        return present
    row = session.get(table, changed[field]) if changed.get(field) else None
    if row is None or row.archived:
        raise FieldRefused(field, FieldReason.UNKNOWN)
    return row


def member_in(enum: type[Member], changed: Mapping[str, str | None], field: Field, present: Member) -> Member:
    """The same of an enum."""
    if field not in changed:
        return present
    found = next((each for each in enum if each == changed[field]), None)
    if found is None:
        raise FieldRefused(field, FieldReason.MISSING)
    return found
