"""The index of what is loaded: made at the first search, and anew after a load."""

from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.articles.contents import Contents
from bot.articles.loader import articles_of
from bot.catalogue.loader import groups_of, out_of_scope, services_of
from bot.catalogue_search.entries import Rows, entries
from bot.catalogue_search.index import Index
from models.article import Article
from models.catalogue import CatalogueState, Group, Service

_built: dict[str, Index] = {}  # the last one, by the fingerprint of what it was made of
_lock = Lock()  # one index is made at a time


def loaded_index(session: Session) -> Index:
    """The index of the catalogue and the articles in the database.

    It is kept until a load changes them; the thread that sees this first makes the next one, while the others
    search the former. Rows that no load has put there are read at each call.
    """
    state = session.get(CatalogueState, 1, populate_existing=True)
    if state is None:
        return Index(entries(_rows(session)))
    former = next(iter(_built.values()), None)
    if state.fingerprint in _built or not _lock.acquire(blocking=former is None):
        return _built.get(state.fingerprint) or former or Index(entries(_rows(session, state)))
    try:
        index = _built.get(state.fingerprint) or Index(entries(_rows(session, state)))
        _built.clear()
        _built[state.fingerprint] = index
    finally:
        _lock.release()
    return index


def _rows(session: Session, state: CatalogueState | None = None) -> Rows:
    return Rows(
        session.scalars(select(Group).where(~Group.archived)).all(),
        session.scalars(select(Service).where(~Service.archived)).all(),
        session.scalars(select(Article).where(~Article.archived)).all(),
        state.out_of_scope if state else (),
    )


def index_of(contents: Contents) -> Index:
    """The index of files that are not loaded."""
    file = contents.catalogue
    services = [service for group in file.all_groups() for service in services_of(group)]
    return Index(entries(Rows(groups_of(file), services, articles_of(contents), out_of_scope(file))))
