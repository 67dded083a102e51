"""In which channels an outage is announced: those of its sites, unless it is confidential.

Imports nothing of Slack.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from models.announcements.announcement import Announcement, AnnouncementChannel
from models.catalogue import Service, Site, Team
from models.fields import Field, FieldReason, FieldRefused
from models.tickets.outage import Outage, OutageDraft


def offered(
    session: Session, *, team_id: str | None, site_ids: Sequence[str], service_ids: Sequence[str]
) -> Sequence[AnnouncementChannel]:
    """The fit channels of these sites, of all sites when there is none; none at all when the team or a
    service is confidential. A team's own channel is none of them, whatever the file calls it."""
    if is_confidential(session, team_id, service_ids):
        return ()
    sites = select(Site.announce).where(~Site.archived).order_by(Site.position)
    if site_ids:
        sites = sites.where(Site.id.in_(site_ids))
    names = list(dict.fromkeys(name for each in session.scalars(sites) for name in each))
    if not names:
        return ()
    of_teams = set(session.scalars(select(Team.channel_id).where(Team.channel_id.is_not(None))))
    places = session.scalars(select(AnnouncementChannel).where(AnnouncementChannel.name.in_(names))).all()
    fit = {
        place.channel_id: place
        for place in sorted(places, key=lambda place: names.index(place.name), reverse=True)
        if place.is_fit and place.channel_id not in of_teams
    }
    return sorted(fit.values(), key=lambda place: names.index(place.name))


def is_confidential(session: Session, team_id: str | None, service_ids: Sequence[str]) -> bool:
    """Whether the team or a service is confidential, or a service's team is."""
    if team_id is not None and session.scalar(select(Team.is_confidential).where(Team.id == team_id)):
        return True
    if not service_ids:
        return False
    found = select(Service.id).where(Service.id.in_(service_ids), Service.has_confidential_tickets)
    return session.scalar(found.limit(1)) is not None


def is_kept_back(session: Session, outage: Outage) -> bool:
    """Whether what the outage says may not be announced."""
    return is_confidential(session, outage.team_id, outage.service_ids)


def places_of(session: Session, outage: Outage) -> Sequence[Announcement]:
    """Its announcements, whether they were posted or not."""
    found = select(Announcement).where(Announcement.outage_id == outage.id).order_by(Announcement.id)
    return session.scalars(found).all()


def begin(uow: UnitOfWork, outage: Outage) -> None:
    """Have the outage announced in the channels of its sites in which it is not yet. What was posted in those
    of a site that it no longer concerns is edited to the end all the same: people have read it."""
    places = places_of(uow.session, outage)
    known = {each.channel_name for each in places}
    channels = {each.place.channel_id for each in places}  # the file may call one by its id and by its name
    for place in offered(
        uow.session, team_id=outage.team_id, site_ids=outage.site_ids, service_ids=outage.service_ids
    ):
        if place.name not in known and place.channel_id not in channels:
            uow.session.add(Announcement(outage_id=outage.id, channel_name=place.name))
    uow.session.flush()


def check(session: Session, outage: Outage, draft: OutageDraft) -> None:
    """Raise `FieldRefused` for a confidential service that would be added to what is announced."""
    new = set(draft.service_ids) - set(outage.service_ids)
    if new and places_of(session, outage) and is_confidential(session, None, list(new)):
        raise FieldRefused(Field.SERVICES, FieldReason.ANNOUNCED)
