"""Searching the catalogue and the articles, and the searches that found nothing. Imports nothing of Slack."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.catalogue_search.entries import EntryKind
from bot.catalogue_search.loaded import index_at_hand
from bot.catalogue_search.ranking import KINDS, Match, rank
from bot.catalogue_search.words import without_addresses, words_of
from bot.context.unit_of_work import UnitOfWork
from bot.services.catalogue import group_paths
from bot.services.paging import page_of
from models.article import Article
from models.catalogue import CatalogueState, Group, OutOfScope, Service
from models.pages import SearchHit, SearchPage
from models.search.gap import KEPT, PEOPLE_MIN, WORDS_MAX, SearchGap

Found = Group | Service | Article
Row = TypeVar("Row", Group, Service, Article)

FOUND = 0.15  # from this score on, an entry answers the query
OF_BEST = 0.6  # a result has at least this part of the best one's score
NEAR, NEAR_MAX = 0.05, 3  # what is shown when nothing answers: from which score on, and how many


def search(session: Session, words: str, *, page: int, size: int) -> SearchPage:
    """Page `page` (from 0) of the groups, services and articles that answer these words, the best first.

    When none does, the nearest ones. What the help desk does not serve comes beside them."""
    matches = rank(index_at_hand(session), words)
    found, outside = answers(matches), _outside(session, matches)
    near = [] if outside else [each for each in _in_scope(matches) if each.score >= NEAR]
    hits = list(_hits(session, found or near[:NEAR_MAX]))
    shown = page_of(hits, page, size)
    return SearchPage(words, shown.items, len(hits), shown.number, shown.has_more, not found, outside)


def answers(matches: Sequence[Match]) -> Sequence[Match]:
    """Those that answer the query."""
    within = _in_scope(matches)
    least = max(FOUND, OF_BEST * max((each.score for each in matches), default=0))
    return [each for each in within if each.score >= least * KINDS[each.entry.kind]]


def _in_scope(matches: Sequence[Match]) -> Sequence[Match]:
    return [each for each in matches if each.entry.kind is not EntryKind.OUT_OF_SCOPE]


def _outside(session: Session, matches: Sequence[Match]) -> OutOfScope | None:
    """What the help desk does not serve, when that answers best."""
    best = next(iter(matches), None)
    if best is None or best.entry.kind is not EntryKind.OUT_OF_SCOPE or best.score < FOUND:
        return None
    state = session.get_one(CatalogueState, 1)
    return next((each for each in state.out_of_scope if each.id == best.entry.id), None)


def _hits(session: Session, matches: Sequence[Match]) -> Iterator[SearchHit]:
    """The rows that were found, without those that have left the catalogue, or stand in a group that has."""
    paths, rows = group_paths(session), _rows(session, matches)
    for match in matches:
        row = rows.get((match.entry.kind, match.entry.id))
        match row:
            case Group() if row.id in paths:
                yield SearchHit(row, paths[row.id][:-1])
            case Service() if row.group_id in paths:
                yield SearchHit(row, paths[row.group_id])
            case Article():
                yield SearchHit(row, ())


def _rows(session: Session, matches: Sequence[Match]) -> Mapping[tuple[EntryKind, str], Found]:
    def of(kind: EntryKind, model: type[Row]) -> Mapping[tuple[EntryKind, str], Row]:
        ids = [match.entry.id for match in matches if match.entry.kind is kind]
        rows = session.scalars(select(model).where(model.id.in_(ids), ~model.archived)) if ids else ()
        return {(kind, row.id): row for row in rows}

    return {
        **of(EntryKind.GROUP, Group),
        **of(EntryKind.SERVICE, Service),
        **of(EntryKind.ARTICLE, Article),
    }


def finds_nothing(uow: UnitOfWork, words: str) -> bool:
    """Whether a search answers nothing at all, and has words that can be kept."""
    matches = rank(index_at_hand(uow.session), words)
    return bool(kept_words(words)) and not answers(matches) and _outside(uow.session, matches) is None


def keep_gap(uow: UnitOfWork, words: str) -> None:
    """Keep a search that found nothing, once for each person."""
    uow.session.merge(SearchGap(words=kept_words(words), person_id=uow.actor.id, at=uow.now))


def kept_words(words: str) -> str:
    """The words of a search as they are kept: without digits, addresses, accents or case."""
    plain = (word.text for word in words_of(without_addresses(words)))
    return " ".join(word for word in plain if not any(map(str.isdigit, word)))[:WORDS_MAX].rstrip()


def gaps(session: Session, now: datetime) -> Sequence[tuple[str, int]]:
    """The searches that found nothing for `PEOPLE_MIN` people or more during `KEPT`, with how many people
    made them; the most frequent first."""
    people = func.count()
    query = select(SearchGap.words, people).where(SearchGap.at > now - KEPT).group_by(SearchGap.words)
    rows = session.execute(query.having(people >= PEOPLE_MIN).order_by(people.desc(), SearchGap.words))
    return [(words, count) for words, count in rows]


def forget_gaps(session: Session, now: datetime) -> None:
    """Delete the searches that are older than `KEPT`."""
    session.execute(
        delete(SearchGap).where(SearchGap.at <= now - KEPT), execution_options={"synchronize_session": False}
    )
