"""The screens that show a catalogue: what an administrator writes into `catalogue.yaml` is on them."""

from collections.abc import Iterator

from sqlalchemy import select

from blocks.catalogue.state import CatalogueState
from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import REQUESTER, TECHNICIAN
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.screen import Screen
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import file
from bot.services.catalogue import is_offered
from bot.views.catalogue import catalogue_view
from bot.views.outages import declare_form
from bot.views.queue import own_queue
from bot.views.tickets import new_ticket
from bot.views.tickets.comments import reply_form
from bot.views.tickets.triage import menu_form
from models.article import Article
from models.catalogue import Group, Service, Site, Team
from models.lifecycle import Action, Kind
from models.pages import QueueState
from models.tickets.ticket import Ticket


def catalogue_screens(desk: SampleDesk) -> Iterator[Screen]:
    """Each group, service and article; the forms that list sites, teams and services."""
    with desk.sessions() as session:
        groups = session.scalars(select(Group).where(~Group.archived).order_by(Group.position)).all()
        services = session.scalars(select(Service).where(~Service.archived).order_by(Service.id)).all()
        articles = session.scalars(select(Article).where(~Article.archived).order_by(Article.position)).all()
    top = CatalogueState()
    yield from _page(desk, "the top of the catalogue", top)
    for group in groups:
        yield from _page(desk, f"the group “{group.id}” of the catalogue", top.to_group(group.id))
    for service in services:
        yield from _service(desk, service)
    for article in articles:
        yield from _page(desk, f"the article “{article.id}”", top.to_article(article.id))
    yield from _choices(desk)


def _page(desk: SampleDesk, title: str, state: CatalogueState) -> Iterator[Screen]:
    return desk.draw(title, REQUESTER, catalogue_view, state)


def _service(desk: SampleDesk, service: Service) -> Iterator[Screen]:
    """Its page, and the form of its requests when that asks something."""
    name, group = f"the service “{service.id}”", CatalogueState().to_group(service.group_id)
    yield from _page(desk, f"the page of {name}", group.to_service(service.id))
    if service.questions and is_offered(service, Kind.REQUEST):
        yield from desk.draw(
            f"the form of {name}",
            REQUESTER,
            new_ticket.service_form,
            service.id,
            Kind.REQUEST,
        )


def _choices(desk: SampleDesk) -> Iterator[Screen]:
    """What lists the sites, the teams, the services, and the ready-made phrases of each team."""
    with desk.sessions() as session:
        site = session.scalars(select(Site.id).where(~Site.archived).order_by(Site.position)).first()
        teams = session.scalars(select(Team).where(~Team.archived).order_by(Team.position)).all()
    draft = new_ticket.new_draft()
    yield from desk.draw("the ticket form", REQUESTER, new_ticket.new_form, draft)
    yield from desk.draw("the form of a new outage", TECHNICIAN, declare_form)
    case = file(desk, texts.incident(site_id=site))
    yield from desk.draw("the queue", TECHNICIAN, own_queue, QueueState())
    yield from desk.draw(
        "the form that reclassifies a ticket",
        TECHNICIAN,
        menu_form,
        case.number,
        Action.REQUALIFY,
        None,
    )
    for team in teams:
        desk.do(None, _hand_over, case.number, team.id)
        title = f"the form of a reply by the team “{team.id}”"
        yield from desk.draw(title, TECHNICIAN, reply_form, case.number, None)


def _hand_over(uow: UnitOfWork, number: int, team_id: str) -> None:
    uow.session.get_one(Ticket, number).team_id = team_id
