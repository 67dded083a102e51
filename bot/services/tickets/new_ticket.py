"""Filing a ticket: for oneself, or on behalf of somebody; a call that was solved already.

Imports nothing of Slack. A use case raises a `HelpDeskError` and never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.context.actor import Actor, person_by_slack_id
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.services.approvals.begin import begin_approval, check_approvers, steps_needed
from bot.services.approvals.by_hand import check_approver, check_recorder, recorded
from bot.services.catalogue import offered_service, own_teams
from bot.services.tickets.actions import act, trigger
from bot.services.tickets.allowance import check_tickets
from bot.services.tickets.answers import answers_to
from bot.services.tickets.attachments import add_files, with_kept
from bot.services.tickets.comments import replies
from bot.services.tickets.draft import check_draft, check_same_message
from bot.services.tickets.my_tickets import ticket_for
from models.approval_rule import ApprovalStep
from models.catalogue import Service, Site, Team
from models.characters import is_blank, split_words
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import DESCRIPTION_MAX, Action, Agreement, Kind, Status
from models.person import Person
from models.tickets.draft import TicketDraft
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket
from models.tickets.transitions import open_new


def open_ticket(
    uow: UnitOfWork, draft: TicketDraft, *, requester: Actor | None = None, outage: Outage | None = None
) -> Ticket:
    """File a ticket for the actor, or on behalf of `requester`; a submission already made finds the ticket
    that it made. A call that was solved already is resolved at once.

    Raises `FieldRefused`, `ServiceNotFound` when the service has left the catalogue, and `LimitReached`.
    """
    return open_or_find(uow, draft, requester=requester, outage=outage).ticket


class Filed(NamedTuple):
    """The ticket of a form."""

    ticket: Ticket
    is_new: bool
    """False when the same submission made it before."""


@dataclass(frozen=True)
class _NewTicket:
    """What is to be filed: for whom, and behind which outage."""

    draft: TicketDraft
    requester: Actor
    outage: Outage | None


def open_or_find(
    uow: UnitOfWork, draft: TicketDraft, *, requester: Actor | None = None, outage: Outage | None = None
) -> Filed:
    """As `open_ticket`, telling whether the ticket is new."""
    new = _NewTicket(draft, requester or uow.actor, outage)
    known = _read(uow.session, new)
    if known.made is not None:
        return Filed(uow.session.get_one(Ticket, known.made), is_new=False)
    return Filed(_open(uow, new, known), is_new=True)


def _open(uow: UnitOfWork, new: _NewTicket, known: "_Known") -> Ticket:
    actor, draft, requester = uow.actor, new.draft, new.requester
    service = offered_service(uow.session, draft.service_id, draft.kind) if draft.service_id else None
    check_draft(draft, uow.settings, is_technician=bool(actor.teams))
    check_tickets(uow)
    check_same_message(uow, draft)
    draft = with_kept(uow, draft)
    team = _team(uow, new, service, known)
    if requester.id != actor.id and not actor.teams:
        raise FieldRefused(Field.REQUESTER, FieldReason.NOT_YOURS)
    ticket = _ticket(uow, draft, known, service)
    ticket.team = team
    if requester.id != actor.id:
        ticket.filed_by_id = actor.id
    _check_agreement(uow, ticket, draft)
    if draft.follows_id is not None:
        ticket.follows_id = ticket_for(replace(uow, by=requester), draft.follows_id).id
    if requester.id == actor.id:
        ticket.requester.last_site_id = draft.site_id
    if new.outage:
        ticket.outage_id, ticket.is_outage_child = new.outage.id, True
    return _write(uow, ticket, draft)


def _team(uow: UnitOfWork, new: _NewTicket, service: Service | None, known: "_Known") -> Team:
    """The team that gets the ticket: the outage's, the service's or the default one. A call that was solved
    already stays with a team of who solved it; of a confidential service it is refused to others."""
    team = new.outage.team if new.outage else service.team if service else known.default_team
    if new.draft.status is Status.RESOLVED and team.id not in uow.actor.teams:
        if uow.actor.teams and (team.is_confidential or (service is not None and service.is_confidential)):
            field = Field.SERVICE if new.draft.is_short else Field.STATUS
            raise FieldRefused(field, FieldReason.CONFIDENTIAL_TEAM)
        return own_teams(uow.session, uow.actor)[0]
    return team


def _ticket(uow: UnitOfWork, draft: TicketDraft, known: "_Known", service: Service | None) -> Ticket:
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
        site=known.site,
        service=service,
        source=draft.source,
        answers=answers_to(service, draft.answers, today=_today(uow))
        if service and draft.kind is Kind.REQUEST and not draft.is_short
        else [],
        declared_impact=draft.impact,
        declared_urgency=draft.urgency,
        opened_at=uow.now,
        submission=draft.submission,
        event_count=0,
    )
    ticket.set_priority(draft.impact, draft.urgency)
    return ticket


def _check_agreement(uow: UnitOfWork, ticket: Ticket, draft: TicketDraft) -> None:
    """Note that the ticket needs an agreement, if its service asks for one."""
    if not (steps := steps_needed(ticket)):
        return
    check_approvers(uow, ticket, steps)
    if draft.status is Status.RESOLVED:
        _check_given(uow, ticket, draft, steps)
    elif ticket.service is not None:
        ticket.is_kept_from_team = ticket.service.approval_before_team
    ticket.agreement = Agreement.ASKED


def _check_given(uow: UnitOfWork, ticket: Ticket, draft: TicketDraft, steps: Sequence[ApprovalStep]) -> None:
    """Raise `FieldRefused` unless a call that was solved already says who agreed to it, and where."""
    if len(steps) > 1:
        raise FieldRefused(Field.STATUS, FieldReason.NEEDS_AGREEMENTS)
    approver = person_by_slack_id(uow.session, draft.approver) if draft.approver else None
    if approver is None and is_blank(draft.agreed_where):
        raise FieldRefused(Field.STATUS, FieldReason.NEEDS_AGREEMENT)
    if approver is None:
        raise FieldRefused(Field.APPROVER, FieldReason.MISSING)
    if is_blank(draft.agreed_where):
        raise FieldRefused(Field.AGREED_WHERE, FieldReason.MISSING)
    check_recorder(uow, ticket)
    check_approver(uow, ticket, approver, own_is_recorded=steps[0].own_is_recorded)


def _today(uow: UnitOfWork) -> date:
    return uow.now.astimezone(ZoneInfo(uow.actor.time_zone)).date()


def _write(uow: UnitOfWork, ticket: Ticket, draft: TicketDraft) -> Ticket:
    """Write the new ticket, its first event and its files, and queue the messages that follow."""
    event = open_new(ticket, trigger(uow, ticket))
    uow.session.add_all([ticket, event])
    uow.session.flush()
    files = add_files(uow, ticket, draft.files)
    is_solved = draft.status is Status.RESOLVED
    own_agreements = begin_approval(uow, ticket, is_given=is_solved)
    enqueue.announce(uow, ticket, event, files=files, by_mail=not is_solved)
    for each in own_agreements:
        enqueue.announce(uow, ticket, each)
    _add_rest(uow, ticket, draft)
    if is_solved:
        _record_agreement(uow, ticket, draft)
        act(uow, ticket.id, Action.RESOLVE, text=draft.solution)
    return ticket


def _record_agreement(uow: UnitOfWork, ticket: Ticket, draft: TicketDraft) -> None:
    approver = person_by_slack_id(uow.session, draft.approver or "")
    if ticket.agreement is Agreement.ASKED and approver is not None:
        change = recorded(uow, ticket, approver, draft.agreed_where)
        act(uow, ticket.id, Action.RECORD_AGREEMENT, text=draft.agreed_where, change=change)


def _add_rest(uow: UnitOfWork, ticket: Ticket, draft: TicketDraft) -> None:
    """Make a comment of what is more than a description can show. Who may write none gets a longer one."""
    description, rest = split_words(ticket.description, DESCRIPTION_MAX)
    if rest and replies.add(uow, ticket.id, rest.strip(), files=(), submission=draft.submission):
        ticket.description = description


class _Known(NamedTuple):
    """What the database has of a form."""

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


def _read(session: Session, new: _NewTicket) -> _Known:
    draft = new.draft
    named = {"requester": new.requester.id, "site": draft.site_id, "submission": draft.submission}
    return _Known(*session.execute(_KNOWN, named).one())
