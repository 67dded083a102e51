"""The index of what is loaded: made at the start of a process, and anew after a load."""

import logging
from threading import Lock, Thread
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.catalogue_search.entries import Rows, entries
from bot.catalogue_search.index import Index
from bot.db.refusals import refusal
from models.article import Article
from models.catalogue import CatalogueState, Group, Service

logger = logging.getLogger(__name__)


class _Kept:
    """An index, and the fingerprint of what it was made of."""

    def __init__(self, fingerprint: str, index: Index) -> None:
        self.fingerprint, self.index = fingerprint, index


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_lock = Lock()  # one index is made at a time


def loaded_index(session: Session) -> Index:
    """The index of the catalogue and the articles in the database, as the last load left them.

    Rows that no load has put there are read at each call.
    """
    state = session.get(CatalogueState, 1, populate_existing=True)
    if state is None:
        return Index(entries(_rows(session)))
    engine = session.get_bind().engine
    with _lock:
        same = next((each for each in _kept.values() if each.fingerprint == state.fingerprint), None)
        kept = same or _Kept(state.fingerprint, Index(entries(_rows(session, state))))
        _kept[engine] = kept
    return kept.index


def index_at_hand(session: Session) -> Index:
    """The same for somebody who waits: after a load the former one, while a thread makes the next."""
    engine = session.get_bind().engine
    kept = _kept.get(engine)
    if kept is None:
        return loaded_index(session)
    if kept.fingerprint != session.scalar(select(CatalogueState.fingerprint)) and not _lock.locked():
        Thread(target=make_index, args=(engine,), name="search-index", daemon=True).start()
    return kept.index


def make_index(engine: Engine) -> None:
    """Make the index of what is loaded, before somebody waits for it."""
    try:
        with Session(engine) as session:
            loaded_index(session)
    except SQLAlchemyError as error:  # the next search makes it
        logger.warning("the search's index was not made: %s", refusal(error))


def _rows(session: Session, state: CatalogueState | None = None) -> Rows:
    return Rows(
        session.scalars(select(Group).where(~Group.archived)).all(),
        session.scalars(select(Service).where(~Service.archived)).all(),
        session.scalars(select(Article).where(~Article.archived)).all(),
        state.out_of_scope if state else (),
    )
