"""Known outages as their team has them: declared, amended, resolved for all who follow them.

No Slack in here. A use case raises a `HelpDeskError` and never commits.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.context.actor import Asker
from bot.notifications import enqueue as notifications
from bot.services.catalogue import own_teams
from models.catalogue import Service, Site
from models.errors import (
    FieldRefused,
    OutageNotFound,
    OutageResolved,
    OutageTeamOnly,
)
from models.lifecycle import TITLE_MAX, TRANSITIONS, Action, Role
from models.person import Person
from models.tickets.outage import Outage, OutageAction, OutageDraft, OutageEvent
from models.tickets.ticket import Ticket

SURFACE = "outage"


def declare(session: Session, asker: Asker, draft: OutageDraft, *, now: datetime) -> Outage:
    """Declare an outage; a submission already made finds the one that it made.

    Raises `TechniciansOnly` when the asker is in no team, and `FieldRefused` naming the field.
    """
    teams = {team.id: team for team in own_teams(session, asker)}
    known = select(Outage).where(Outage.submission == draft.submission)
    if outage := session.scalars(known).one_or_none():
        return outage
    chosen = draft.team_id or next(iter(teams))
    if chosen not in teams:
        raise FieldRefused("team", "not_yours")
    outage = Outage(
        team_id=chosen, declared_by_id=asker.id, declared_at=now, submission=draft.submission, site_ids=[]
    )
    outage.service_ids = []
    _check(session, outage, draft, now)
    _write(outage, draft)
    session.add(outage)
    _record(session, outage, asker, OutageAction.DECLARE, now)
    return outage


def amend(session: Session, asker: Asker, outage_id: int, draft: OutageDraft, *, now: datetime) -> Outage:
    """Say more exactly what is down, where, until when. What did not change leaves no trace.

    Raises `OutageNotFound`, `OutageTeamOnly`, `OutageResolved`, and `FieldRefused` naming the field.
    """
    outage = _theirs(session, asker, outage_id)
    _check(session, outage, draft, now)
    before = _said(outage)
    _write(outage, draft)
    after = _said(outage)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        _record(session, outage, asker, OutageAction.AMEND, now, changed)
    return outage


def resolve(session: Session, asker: Asker, outage_id: int, solution: str, *, now: datetime) -> Outage:
    """End the outage, and propose its solution to everybody who follows it.

    So it is for those whose ticket stands alone since they wrote. What was handed to another team is that
    team's to resolve. Raises as `amend` does.
    """
    outage = _theirs(session, asker, outage_id)
    words = solution.strip()
    if not words:
        raise FieldRefused("text", "missing")
    outage.solution, outage.resolved_by_id, outage.resolved_at = words, asker.id, now
    # Written first: SQLite locks here, so that nobody begins to follow it once its followers are read.
    _record(session, outage, asker, OutageAction.RESOLVE, now)
    _resolve_followers(session, outage, asker, words, now)
    return outage


def editable(session: Session, asker: Asker, outage_id: int) -> Outage:
    """The outage, when the asker may amend or resolve it now; raises as `amend` does."""
    return _theirs(session, asker, outage_id)


def _theirs(session: Session, asker: Asker, outage_id: int) -> Outage:
    """The outage, which nobody else changes until the transaction ends."""
    # Leaves foreign keys alone: a follower's change may hold its ticket while it points to the outage.
    outage = session.get(Outage, outage_id, with_for_update={"key_share": True})
    if outage is None:
        raise OutageNotFound
    if outage.team_id not in asker.teams:
        raise OutageTeamOnly
    if outage.resolved_at is not None:
        assert outage.resolved_by is not None
        raise OutageResolved(outage.resolved_by.name, outage.resolved_at)
    return outage


def _resolve_followers(session: Session, outage: Outage, asker: Asker, solution: str, now: datetime) -> None:
    """Each ticket gets its own line of history and its own messages, as if it were resolved alone."""
    tickets = session.scalars(
        select(Ticket)
        .where(
            Ticket.outage_id == outage.id,
            Ticket.team_id == outage.team_id,
            Ticket.status.in_(TRANSITIONS[Action.RESOLVE].sources),
        )
        .order_by(Ticket.id)
        .options(joinedload(Ticket.requester), joinedload(Ticket.assignee))
        .with_for_update(of=Ticket)
    ).all()
    actor = session.get_one(Person, asker.id)
    events = [
        ticket.apply(
            Action.RESOLVE, actor=actor, roles={Role.TECHNICIAN}, now=now, surface=SURFACE, said=solution
        )
        for ticket in tickets
    ]
    session.add_all(events)
    session.flush()
    for ticket, event in zip(tickets, events, strict=True):
        notifications.announce(session, ticket, event, now=now)


def _check(session: Session, outage: Outage, draft: OutageDraft, now: datetime) -> None:
    """Refuse what the form's own rules forbid: a client may send anything."""
    title = draft.title.strip()
    if not title:
        raise FieldRefused("title", "blank")
    if len(title) > TITLE_MAX:
        raise FieldRefused("title", "too_long")
    if not _are_offered(session, Site, draft.site_ids, outage.site_ids):
        raise FieldRefused("sites", "unknown")
    if not _are_offered(session, Service, draft.service_ids, outage.service_ids):
        raise FieldRefused("services", "unknown")
    if draft.expected_end is not None and draft.expected_end <= now:
        raise FieldRefused("expected_end", "past")


def _are_offered(
    session: Session, table: type[Site] | type[Service], wanted: Sequence[str], kept: Sequence[str]
) -> bool:
    """Whether all of these are in the catalogue, or have been chosen before."""
    live = session.scalars(select(table.id).where(table.id.in_(wanted), ~table.archived))
    return set(wanted) <= {*live, *kept}


def _write(outage: Outage, draft: OutageDraft) -> None:
    outage.title, outage.expected_end = draft.title.strip(), draft.expected_end
    outage.site_ids, outage.service_ids = list(draft.site_ids), list(draft.service_ids)


def _said(outage: Outage) -> dict[str, Any]:
    """What can be amended, as its history keeps it."""
    return {
        "title": outage.title,
        "sites": outage.site_ids,
        "services": outage.service_ids,
        "expected_end": outage.expected_end.isoformat() if outage.expected_end else None,
    }


def _record(
    session: Session,
    outage: Outage,
    asker: Asker,
    action: OutageAction,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """The next line of its history, and what follows from it."""
    session.flush()
    event = OutageEvent(outage_id=outage.id, at=now, actor_id=asker.id, action=action, details=details or {})
    session.add(event)
    session.flush()
    notifications.announce_outage(session, outage, event, now=now)
