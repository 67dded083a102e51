"""Filing a ticket: for oneself, or on behalf of somebody; a call that was solved already.

No Slack in here. A use case raises a `HelpDeskError` and never commits.
"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.context.actor import Actor
from bot.context.rules import Rules
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.services.catalogue import own_teams
from bot.services.tickets.actions import act
from bot.services.tickets.allowance import check_tickets
from bot.services.tickets.answers import answers_to
from bot.services.tickets.attachments import add_files, take_kept_files
from bot.services.tickets.my_tickets import ticket_for
from models.catalogue import Service, Site, Team
from models.characters import is_blank
from models.errors import ServiceNotFound
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import TITLE_MAX, Action, Kind, Status
from models.person import Person
from models.tickets.draft import TicketDraft
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket


def open_ticket(
    uow: UnitOfWork, draft: TicketDraft, *, requester: Actor | None = None, outage: Outage | None = None
) -> Ticket:
    """File a ticket for the actor, or on behalf of `requester`; a submission already made finds the ticket
    that it made. A call that was solved already is resolved at once.

    Raises `FieldRefused` naming the field, `ServiceNotFound` when the service has left the catalogue, and
    `LimitReached`.
    """
    return filed(uow, draft, requester=requester, outage=outage).ticket


class Filed(NamedTuple):
    """The ticket that a form makes, or made before."""

    ticket: Ticket
    is_new: bool


def filed(
    uow: UnitOfWork, draft: TicketDraft, *, requester: Actor | None = None, outage: Outage | None = None
) -> Filed:
    """The same, knowing whether the submission was made already."""
    requester = requester or uow.actor
    known = _read(uow.session, requester, draft)
    if known.made is not None:
        return Filed(uow.session.get_one(Ticket, known.made), is_new=False)
    return Filed(_open(uow, draft, known, requester, outage), is_new=True)


def _open(
    uow: UnitOfWork, draft: TicketDraft, known: "_Known", requester: Actor, outage: Outage | None
) -> Ticket:
    actor = uow.actor
    service = _service(uow.session, draft)
    _check(draft, uow.rules, technician=bool(actor.teams))
    check_tickets(uow)
    team = outage.team if outage else service.team if service else known.default_team
    if draft.status is Status.RESOLVED and team.id not in actor.teams:
        team = own_teams(uow.session, actor)[0]  # who solved it answers for it
    if requester.id != actor.id and not actor.teams:
        raise FieldRefused(Field.REQUESTER, FieldReason.NOT_YOURS)
    ticket = _ticket(draft, known, service=service, team=team, now=uow.now)
    ticket.follows_id = None if draft.follows_id is None else _followed(uow, requester, draft.follows_id)
    if requester.id == actor.id:
        ticket.requester.last_site_id = draft.site_id
    else:
        ticket.filed_by_id = actor.id
    if outage:
        ticket.outage_id, ticket.is_outage_child = outage.id, True
    return _file(uow, ticket, draft)


def _file(uow: UnitOfWork, ticket: Ticket, draft: TicketDraft) -> Ticket:
    """Write the new ticket and its first line of history, and say so."""
    event = ticket.record(Action.OPEN, actor=uow.person, now=uow.now, surface=uow.surface, before=None)
    uow.session.add_all([ticket, event])
    uow.session.flush()
    kept = take_kept_files(uow, draft.submission) if draft.has_kept_files else []
    files = add_files(uow, ticket, [*kept, *draft.files])
    solved = draft.status is Status.RESOLVED
    enqueue.announce(uow, ticket, event, files=files, by_mail=not solved)
    if solved:
        act(uow, ticket.id, Action.RESOLVE, text=draft.solution)
    return ticket


def _ticket(
    draft: TicketDraft, known: "_Known", *, service: Service | None, team: Team, now: datetime
) -> Ticket:
    """The new ticket that a checked draft describes."""
    assert draft.impact is not None
    assert draft.urgency is not None
    if known.site is None or known.site.archived:
        raise FieldRefused(Field.SITE, FieldReason.UNKNOWN)
    ticket = Ticket(
        kind=draft.kind,
        title=draft.title.strip(),
        description=draft.description.strip(),
        status=Status.NEW,
        requester=known.requester,
        team=team,
        site=known.site,
        service=service,
        source=draft.source,
        answers=answers_to(service, draft.answers) if service and draft.kind is Kind.REQUEST else [],
        declared_impact=draft.impact,
        declared_urgency=draft.urgency,
        opened_at=now,
        submission=draft.submission,
        event_count=0,
    )
    ticket.set_priority(draft.impact, draft.urgency)
    return ticket


def follow_up(uow: UnitOfWork, ticket_id: int, draft: TicketDraft) -> TicketDraft:
    """A draft that continues a closed ticket of the actor's. Raises `TicketNotFound`, and
    `TransitionRefused` when it is not closed."""
    old = ticket_for(uow, ticket_id)
    if old.status is not Status.CLOSED:
        raise old.refusal(Action.REOPEN)
    return replace(
        draft, follows_id=old.id, title=old.title, impact=old.impact, urgency=old.urgency, site_id=old.site_id
    )


def settable_statuses(*, technician: bool) -> tuple[Status, ...]:
    """The states that somebody may give to a ticket they file: a technician may have solved it already."""
    return (Status.NEW, Status.RESOLVED) if technician else (Status.NEW,)


class _Known(NamedTuple):
    """What is on record of whom and what a draft names."""

    requester: Person
    default_team: Team
    site: Site | None
    made: int | None
    """The ticket that this submission made already."""


# Built once: every submission runs it. One statement, since each is a round trip.
_KNOWN = (
    select(Person, Team, Site, Ticket.id)
    .select_from(Person)
    .join(Team, Team.is_default & ~Team.archived)
    .outerjoin(Site, Site.id == bindparam("site"))
    .outerjoin(Ticket, (Ticket.requester_id == Person.id) & (Ticket.submission == bindparam("submission")))
    .where(Person.id == bindparam("requester"))
)


def _read(session: Session, requester: Actor, draft: TicketDraft) -> _Known:
    named = {"requester": requester.id, "site": draft.site_id, "submission": draft.submission}
    return _Known(*session.execute(_KNOWN, named).one())


def _check(draft: TicketDraft, rules: Rules, *, technician: bool) -> None:
    """Refuse what the form's own rules forbid: a client may send anything."""
    if is_blank(draft.title):
        raise FieldRefused(Field.TITLE, FieldReason.BLANK)
    if len(draft.title.strip()) > TITLE_MAX:
        raise FieldRefused(Field.TITLE, FieldReason.TOO_LONG)
    if draft.status not in settable_statuses(technician=technician):
        raise FieldRefused(Field.STATUS, FieldReason.NOT_YOURS)
    if draft.status is Status.RESOLVED and is_blank(draft.solution):
        raise FieldRefused(Field.SOLUTION, FieldReason.MISSING)
    if draft.status is not Status.RESOLVED and not is_blank(draft.solution):
        raise FieldRefused(Field.STATUS, FieldReason.SOLUTION_OF_AN_OPEN_TICKET)
    chosen = {Field.IMPACT: draft.impact, Field.URGENCY: draft.urgency, Field.SITE: draft.site_id}
    for field, value in chosen.items():
        if value is None:
            raise FieldRefused(field, FieldReason.MISSING)
    if rules.description_required and is_blank(draft.description):
        raise FieldRefused(Field.DESCRIPTION, FieldReason.BLANK)


def _service(session: Session, draft: TicketDraft) -> Service | None:
    if draft.service_id is None:
        return None
    service = session.get(Service, draft.service_id)
    if service is None or service.archived or not _offers(service, draft.kind):
        raise ServiceNotFound
    return service


def _followed(uow: UnitOfWork, requester: Actor, ticket_id: int) -> int:
    """The ticket that this one continues, when it is theirs. Raises `TicketNotFound`."""
    return ticket_for(replace(uow, by=requester), ticket_id).id


def _offers(service: Service, kind: Kind) -> bool:
    return service.offers_request if kind is Kind.REQUEST else service.offers_incident
