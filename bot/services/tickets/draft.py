"""A ticket form before it is filed: what may be set in it, what it must say, what it is filled in with."""

from dataclasses import replace
from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.context.actor import person_by_slack_id
from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import begin_writing
from bot.services.catalogue import is_offered
from bot.services.tickets.my_tickets import is_visible, ticket_for
from models.catalogue import Site
from models.characters import is_blank, split_words
from models.errors import MadeFromMessage
from models.fields import INPUT_MAX, Field, FieldReason, FieldRefused
from models.lifecycle import TITLE_MAX, Action, Ending, Status
from models.tickets.draft import TicketDraft
from models.tickets.ticket import Ticket
from models.tickets.transitions import refusal

SOURCE_INDEXED = 500  # characters: `ix_ticket_source`
_LOCKS = 0x6D6573  # the first half of PostgreSQL's advisory locks: "mes" in ASCII


def settable_statuses(*, technician: bool) -> tuple[Status, ...]:
    """The states that somebody may give to a ticket they file: a technician may have solved it already."""
    return (Status.NEW, Status.RESOLVED) if technician else (Status.NEW,)


def made_from(session: Session, source: str) -> int | None:
    """The number of the newest ticket that was made from the message with this address."""
    is_indexed = func.length(Ticket.source) <= SOURCE_INDEXED
    query = select(Ticket.id).where(Ticket.source == source, is_indexed).order_by(Ticket.id.desc())
    return session.scalar(query.limit(1))


def check_same_message(uow: UnitOfWork, draft: TicketDraft) -> None:
    """Raise `MadeFromMessage` when a technician's form does not know the newest ticket that was made from
    its message."""
    if draft.source is None or not uow.actor.teams:
        return
    _lock_message(uow.session, draft.source)
    number = made_from(uow.session, draft.source)
    if number is not None and number != draft.made_before:
        raise MadeFromMessage(number, may_open=is_visible(uow, number))


def _lock_message(session: Session, source: str) -> None:
    """Until the transaction ends nobody else files from the message; on SQLite, nobody else writes."""
    begin_writing(session)
    if session.get_bind().dialect.name == "postgresql":
        half = crc32(source.encode()) - 2**31  # int4
        session.execute(select(func.pg_advisory_xact_lock(_LOCKS, half)))


def usual_site(session: Session, slack_id: str) -> str | None:
    """The id of a person's site: where they last filed a ticket, else where their newest one is; `None` when
    they are not known, or it is no longer offered."""
    person = person_by_slack_id(session, slack_id)
    if person is None:
        return None
    newest = (
        select(Ticket.site_id).where(Ticket.requester_id == person.id).order_by(Ticket.id.desc()).limit(1)
    )
    site_id = person.last_site_id or session.scalar(newest)
    site = session.get(Site, site_id) if site_id else None
    return site.id if site is not None and not site.archived else None


def follow_up(uow: UnitOfWork, ticket_id: int, draft: TicketDraft) -> TicketDraft:
    """A draft that continues a closed ticket of the actor's; of a declined request it asks for the same. One
    that continues a confidential ticket is confidential too, or has none of its words.

    Raises `TicketNotFound`, and `TransitionRefused` when it is not closed."""
    old = ticket_for(uow, ticket_id)
    if old.status is not Status.CLOSED:
        raise refusal(old, Action.REOPEN)
    draft = replace(
        draft, follows_id=old.id, title=old.title, impact=old.impact, urgency=old.urgency, site_id=old.site_id
    )
    service = old.service if old.service and is_offered(old.service, old.kind) else None
    if old.is_confidential:
        if service is None or not (service.is_confidential or service.team.is_confidential):
            return replace(draft, title="")
        draft = replace(draft, kind=old.kind, service_id=service.id)
    if old.ending is not Ending.DECLINED:
        return draft
    return replace(
        draft,
        kind=old.kind,
        service_id=service.id if service else None,
        description=split_words(old.description, INPUT_MAX)[0],
    )


def check_draft(draft: TicketDraft, settings: UseCaseSettings, *, is_technician: bool) -> None:
    """Raise `FieldRefused` for what the form's own rules forbid: a client may send anything."""
    check_title(draft.title)
    _check_status(draft, is_technician=is_technician)
    chosen = {Field.IMPACT: draft.impact, Field.URGENCY: draft.urgency, Field.SITE: draft.site_id}
    for field, value in chosen.items():
        if value is None:
            raise FieldRefused(field, FieldReason.MISSING)
    if settings.description_required and not draft.is_short and is_blank(draft.description):
        raise FieldRefused(Field.DESCRIPTION, FieldReason.BLANK)


def check_title(title: str) -> None:
    """Raise `FieldRefused` for a title that a ticket cannot have."""
    if is_blank(title):
        raise FieldRefused(Field.TITLE, FieldReason.BLANK)
    if len(title.strip()) > TITLE_MAX:
        raise FieldRefused(Field.TITLE, FieldReason.TOO_LONG)


def _check_status(draft: TicketDraft, *, is_technician: bool) -> None:
    """The status, and the solution that goes with `RESOLVED`, and with nothing else."""
    if draft.status not in settable_statuses(technician=is_technician):
        raise FieldRefused(Field.STATUS, FieldReason.NOT_YOURS)
    if draft.status is Status.RESOLVED and is_blank(draft.solution):
        raise FieldRefused(Field.SOLUTION, FieldReason.MISSING)
    if draft.status is not Status.RESOLVED and not is_blank(draft.solution):
        raise FieldRefused(Field.STATUS, FieldReason.SOLUTION_OF_AN_OPEN_TICKET)
