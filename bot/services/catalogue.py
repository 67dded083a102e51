"""The catalogue of services: browsed; what forms offer of it.

Imports nothing of Slack. A use case raises a `HelpDeskError` and never commits.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.actor import Actor
from bot.services import articles
from bot.services.paging import page_of
from models.catalogue import Group, Service, Site, Team
from models.errors import ServiceNotFound, TechniciansOnly
from models.lifecycle import Kind
from models.pages import CatalogueItem, CataloguePage, ServicePage
from models.tickets.draft import TicketDraft
from models.words.search_words import normalise_spelling

Path = tuple[Group, ...]


def browse(session: Session, group_id: str | None, *, page: int, size: int) -> CataloguePage:
    """Page `page` (from 0) of what a group holds, or of the top; past its end, its last page.

    Raises `ServiceNotFound` when the group is not in the catalogue.
    """
    paths = group_paths(session)
    path = _path(paths, group_id) if group_id is not None else ()
    items: list[CatalogueItem] = [path[-1] for path in paths.values() if path[-1].parent_id == group_id]
    items += session.scalars(
        select(Service).where(Service.group_id == group_id, ~Service.archived).order_by(Service.position)
    )
    shown = page_of(items, page, size)
    return CataloguePage(path[-1] if path else None, path[:-1], shown.items, shown.number, shown.has_more)


def services_named(session: Session, words: str, *, limit: int = 99) -> Sequence[Service]:
    """The services with these words, in the order of the file; the first ones without words."""
    query = select(Service).where(~Service.archived)
    for word in normalise_spelling(words).split():
        query = query.where(Service.search_text.contains(word, autoescape=True))
    return session.scalars(query.order_by(Service.position, Service.id).limit(limit)).all()


def service_page(session: Session, service_id: str) -> ServicePage:
    """A service with its team and articles. Raises `ServiceNotFound` when it is not in the catalogue."""
    service = session.get(Service, service_id)
    if service is None or service.archived:
        raise ServiceNotFound
    above = _path(group_paths(session), service.group_id)
    return ServicePage(service, service.team, above, articles.of_service(session, service.id))


def offered_service(session: Session, service_id: str, kind: Kind) -> Service:
    """A service that offers this kind of ticket. Raises `ServiceNotFound` for any other."""
    service = session.get(Service, service_id)
    if service is None or not is_offered(service, kind):
        raise ServiceNotFound
    return service


def is_offered(service: Service, kind: Kind) -> bool:
    """Whether the service offers this kind of ticket, and has not left the catalogue."""
    offers = service.offers_request if kind is Kind.REQUEST else service.offers_incident
    return offers and not service.archived


def draft_for(session: Session, service_id: str, kind: Kind, *, submission: str, locale: str) -> TicketDraft:
    """A ticket form filled in for this service. Raises `ServiceNotFound` when it does not offer that."""
    service = offered_service(session, service_id, kind)
    _path(group_paths(session), service.group_id)
    return TicketDraft(
        submission=submission, kind=kind, service_id=service.id, title=service.name.in_(locale)
    )


def group_paths(session: Session) -> Mapping[str, Path]:
    """Each group with those above it; not those under an archived one."""
    held: defaultdict[str | None, list[Group]] = defaultdict(list)
    for group in session.scalars(select(Group).where(~Group.archived).order_by(Group.position)):
        held[group.parent_id].append(group)
    paths: dict[str, Path] = {}
    waiting: list[Path] = [(group,) for group in held[None]]
    for path in waiting:
        paths[path[-1].id] = path
        waiting += [(*path, group) for group in held[path[-1].id]]
    return paths


def _path(paths: Mapping[str, Path], group_id: str) -> Path:
    if group_id not in paths:
        raise ServiceNotFound
    return paths[group_id]


def sites(session: Session) -> Sequence[Site]:
    """The sites that a form offers."""
    return session.scalars(select(Site).where(~Site.archived).order_by(Site.position)).all()


_DEFAULT_TEAM = select(Team).where(Team.is_default, ~Team.archived)


def default_team(session: Session) -> Team:
    """The team of tickets without a service."""
    return session.scalars(_DEFAULT_TEAM).one()


def own_teams(session: Session, actor: Actor) -> Sequence[Team]:
    """The teams that the actor is in. Raises `TechniciansOnly` when there is none."""
    teams = session.scalars(
        select(Team).where(Team.id.in_(actor.teams), ~Team.archived).order_by(Team.position)
    ).all()
    if not teams:
        raise TechniciansOnly
    return teams


def teams(session: Session) -> Sequence[Team]:
    """The teams that a ticket can be handed to."""
    return session.scalars(select(Team).where(~Team.archived).order_by(Team.position)).all()


def offered_services(session: Session) -> Sequence[tuple[Group, Sequence[Service]]]:
    """The services that an outage may concern, by the group that holds them; no confidential ones, since
    everybody reads of an outage."""
    rows = session.scalars(
        select(Service)
        .join(Group, Group.id == Service.group_id)
        .where(~Service.archived, ~Service.has_confidential_tickets)
        .order_by(Group.position, Group.id, Service.position)
    )
    groups: dict[str, tuple[Group, list[Service]]] = {}
    for service in rows:
        groups.setdefault(service.group_id, (service.group, []))[1].append(service)
    return list(groups.values())
