"""The catalogue's file and the articles, what of them is loaded, and the tickets of what is archived."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.catalogue.file import CatalogueError
from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, warning, well, wrong
from bot.services import articles
from models.article import Article
from models.catalogue import Service, Site, Team
from models.lifecycle import Status
from models.tickets.ticket import Ticket

ARCHIVABLE = ((Team, Ticket.team_id), (Service, Ticket.service_id), (Site, Ticket.site_id))


def check_catalogue(context: CheckContext) -> Iterator[Finding]:
    """The files, then the database."""
    settings = context.settings
    try:
        contents = context.contents
    except CatalogueError as error:
        yield from map(wrong, error.problems)
    else:
        services = len(list(contents.catalogue.all_services()))
        yield well(f"catalogue: {settings.catalogue}: {services} services, {len(contents.articles)} articles")
        if not settings.articles.exists():
            yield warning(f"ARTICLES: there is no folder {settings.articles}: people read no articles")
    session = context.read()
    if session is None:
        return
    with session:
        if session.scalar(select(Team.id).where(~Team.archived).limit(1)) is None:
            yield wrong("catalogue: none is loaded: run `guichet catalogue load`")
        yield from _archived_in_use(session)
        yield from map(_to_review, articles.past_review(session, context.now.date()))


def _archived_in_use(session: Session) -> Iterator[Finding]:
    for table, column in ARCHIVABLE:
        rows = session.execute(
            select(table.id, func.count(Ticket.id), func.min(Ticket.id))
            .join(Ticket, column == table.id)
            .where(table.archived, Ticket.status != Status.CLOSED)
            .group_by(table.id)
            .order_by(table.id)
        )
        for archived, count, oldest in rows:
            yield warning(
                f"{table.__tablename__} {archived} is archived and has open tickets: {count}, the oldest is "
                f"{oldest}: transfer or reclassify them, or close them"
            )


def _to_review(article: Article) -> Finding:
    return warning(
        f"article {article.id} ({article.title.fr}): review due since {article.review_on}, by {article.owner}"
    )
