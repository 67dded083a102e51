"""Known outages as their team has them: declared, amended, resolved for all who follow them.

Imports nothing of Slack. A use case raises a `HelpDeskError` and never commits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.outages import announce_outage
from bot.services.announcements import choosing
from bot.services.catalogue import own_teams
from bot.services.outages import resolution
from models.catalogue import Service, Site
from models.characters import is_blank
from models.details import OutageDetails
from models.errors import (
    OutageNotFound,
    OutageResolved,
    OutageTeamOnly,
    SentAlready,
)
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import TITLE_MAX
from models.tickets.outage import Outage, OutageAction, OutageDraft, OutageEvent


def declare(uow: UnitOfWork, draft: OutageDraft) -> Outage:
    """Declare an outage; a submission already made finds the one that it made, and amends it by the values
    that it never had.

    Raises `TechniciansOnly` when the actor is in no team, `FieldRefused` naming the field, and what `amend`
    raises.
    """
    teams = {team.id: team for team in own_teams(uow.session, uow.actor)}
    known = select(Outage).where(Outage.submission == draft.submission)
    if outage := uow.session.scalars(known).one_or_none():
        return _declare_again(uow, outage, draft)
    chosen = draft.team_id or next(iter(teams))
    if chosen not in teams:
        raise FieldRefused(Field.TEAM, FieldReason.NOT_YOURS)
    outage = Outage(
        team_id=chosen,
        declared_by_id=uow.actor.id,
        declared_at=uow.now,
        submission=draft.submission,
        site_ids=[],
        service_ids=[],
    )
    _check(uow, outage, draft)
    _write(outage, draft)
    uow.session.add(outage)
    if draft.announce:
        uow.session.flush()
        choosing.begin(uow, outage)
    record(uow, outage, OutageAction.DECLARE)
    return outage


def _declare_again(uow: UnitOfWork, outage: Outage, draft: OutageDraft) -> Outage:
    """Amend an outage by those values of its form that it never had: a colleague may have amended the others
    since. Raises `SentAlready` for another team."""
    if draft.team_id not in {None, outage.team_id}:
        raise SentAlready
    now, wanted = _fields(outage), _fields(draft)
    known = {field: [value] for field, value in now._asdict().items()}
    amendments = select(OutageEvent.details).where(OutageEvent.outage_id == outage.id)
    for details in uow.session.scalars(amendments):
        for field, values in known.items():
            values.extend(getattr(details, field) or ())
    new = {field: value for field, value in wanted._asdict().items() if value not in known[field]}
    if not new:
        return outage
    merged = now._replace(**new)
    return amend(
        uow,
        outage.id,
        replace(
            draft,
            title=merged.title,
            site_ids=merged.sites,
            service_ids=merged.services,
            expected_end=merged.expected_end,
        ),
    )


def amend(uow: UnitOfWork, outage_id: int, draft: OutageDraft) -> Outage:
    """Change what is down, where, until when. Without a change there is no event.

    Raises `OutageNotFound`, `OutageTeamOnly`, `OutageResolved`, and `FieldRefused` naming the field.
    """
    outage = editable(uow, outage_id)
    _check(uow, outage, draft)
    choosing.check(uow.session, outage, draft)
    before = _fields(outage)
    _write(outage, draft)
    after = _fields(outage)
    if before != after:
        if choosing.places_of(uow.session, outage):
            choosing.begin(uow, outage)
        record(uow, outage, OutageAction.AMEND, OutageDetails.between(before, after))
    return outage


def resolve(uow: UnitOfWork, outage_id: int, solution: str) -> int:
    """End the outage: nobody can follow it any more, and the worker resolves the tickets of its followers in
    portions (`bot.services.outages.resolution`). Returns how many they are. Raises as `amend` does.
    """
    outage = editable(uow, outage_id)
    text = solution.strip()
    if is_blank(text):
        raise FieldRefused(Field.TEXT, FieldReason.MISSING)
    outage.solution, outage.resolved_by_id, outage.resolved_at = text, uow.actor.id, uow.now
    outage.next_update_at = outage.remind_update_at = None
    # First: SQLite locks here, so that nobody follows it once its followers are counted.
    record(uow, outage, OutageAction.RESOLVE)
    return resolution.begin(uow, outage)


def editable(uow: UnitOfWork, outage_id: int) -> Outage:
    """The outage, when the actor may amend or resolve it now; nobody else changes it until the transaction
    ends. Raises `OutageNotFound`, `OutageTeamOnly`, `OutageResolved`."""
    outage = of_team(uow, outage_id)
    if outage.resolved_at is not None:
        assert outage.resolved_by is not None
        raise OutageResolved(outage.resolved_by.name, outage.resolved_at)
    return outage


def of_team(uow: UnitOfWork, outage_id: int) -> Outage:
    """The same, also once it is over. Raises `OutageNotFound`, `OutageTeamOnly`."""
    # Leaves foreign keys alone: a follower's change may hold its ticket while it points to the outage.
    outage = uow.session.get(Outage, outage_id, with_for_update={"key_share": True})
    if outage is None:
        raise OutageNotFound
    if outage.team_id not in uow.actor.teams:
        raise OutageTeamOnly
    return outage


def _check(uow: UnitOfWork, outage: Outage, draft: OutageDraft) -> None:
    """Raise `FieldRefused` for what the form's own rules forbid: a client may send anything."""
    title = draft.title.strip()
    if is_blank(title):
        raise FieldRefused(Field.TITLE, FieldReason.BLANK)
    if len(title) > TITLE_MAX:
        raise FieldRefused(Field.TITLE, FieldReason.TOO_LONG)
    if not _are_offered(uow.session, Site, draft.site_ids, outage.site_ids):
        raise FieldRefused(Field.SITES, FieldReason.UNKNOWN)
    if not _are_offered(uow.session, Service, draft.service_ids, outage.service_ids):
        raise FieldRefused(Field.SERVICES, FieldReason.UNKNOWN)
    if draft.expected_end is not None and draft.expected_end <= uow.now:
        raise FieldRefused(Field.EXPECTED_END, FieldReason.PAST)


def _are_offered(
    session: Session, table: type[Site] | type[Service], wanted: Sequence[str], kept: Sequence[str]
) -> bool:
    """Whether all of these are in the catalogue, or have been chosen before."""
    live = select(table.id).where(table.id.in_(wanted), ~table.archived)
    if table is Service:  # everybody reads of an outage
        live = live.where(~Service.has_confidential_tickets)
    return set(wanted) <= {*session.scalars(live), *kept}


def _write(outage: Outage, draft: OutageDraft) -> None:
    outage.title, outage.expected_end = draft.title.strip(), draft.expected_end
    outage.site_ids, outage.service_ids = list(draft.site_ids), list(draft.service_ids)


class _Fields(NamedTuple):
    """What an amendment changes, named as in `OutageDetails`."""

    title: str
    sites: list[str]
    services: list[str]
    expected_end: datetime | None


def _fields(of: Outage | OutageDraft) -> _Fields:
    return _Fields(of.title.strip(), list(of.site_ids), list(of.service_ids), of.expected_end)


def record(
    uow: UnitOfWork,
    outage: Outage,
    action: OutageAction,
    details: OutageDetails | None = None,
    *,
    text: str | None = None,
) -> OutageEvent:
    """Add the next event of its history, and queue its card."""
    uow.session.flush()
    event = OutageEvent(
        outage_id=outage.id,
        at=uow.now,
        actor_id=uow.actor.id,
        action=action,
        details=details or OutageDetails(),
        text=text,
    )
    uow.session.add(event)
    uow.session.flush()
    announce_outage(uow, outage, event)
    return event
