"""Finding tickets by their words, in the actor's teams only. Imports nothing of Slack.

A common word is found among the newest tickets, at a constant cost; a rare one by the full-text index, which
would sort all tickets with a common word.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from bot.context.actor import Actor
from bot.services.handed_over import handed_over
from bot.services.paging import read_page, ticket_rows
from models.pages import TicketsFound
from models.search.conditions import fts5, holds, tsquery, without_common, words_of
from models.search.index import NAME, VECTOR
from models.search.query import Condition, Word, query_of
from models.search.ticket_numbers import ticket_numbers
from models.tickets.ticket import Ticket

PAGE_MAX = 20  # the last one: a further word narrows the search
NEWEST = 500  # tickets that are looked at one by one, whatever the words
SAMPLE = 200  # of these: a word that is in more than a tenth of them is common
INPUT_MAX = 150  # characters
# Memory for a common word's bitmap: with less, PostgreSQL keeps only the pages of the tickets, and compares
# the words of each. 64 bytes a page, enough for ten million tickets.
WORK_MEM = "64MB"
# What a team's search compares, with a blank on both sides of each word.
WORDS: ColumnElement[str] = literal(" ") + Ticket.search_text + " " + Ticket.internal_search_text + " "


def search(session: Session, actor: Actor, words: str, *, page: int, size: int) -> TicketsFound:
    """Page `page` (from 0) of the tickets of the actor's teams that have all of these words, in any of their
    forms and writings, in what `models.search.text` composes; newest first, after those that the words name
    by their numbers.
    """
    page = min(max(page, 0), PAGE_MAX)
    query = " ".join(words.split())[:INPUT_MAX]
    numbers, beside = ticket_numbers(query)
    through = (page + 1) * size + 1 + len(numbers)
    named = _numbered(session, actor, numbers)
    found = [*named, *_matching(session, actor, query_of(beside).parts, through)]
    shown = read_page(list(dict.fromkeys(found))[page * size : (page + 1) * size + 1], page, size)
    has_more = shown.has_more and page < PAGE_MAX
    elsewhere = handed_over(session, actor, numbers) if page == 0 else ()
    return TicketsFound(query, ticket_rows(session, shown.items), page, has_more, elsewhere)


def _numbered(session: Session, actor: Actor, numbers: Sequence[int]) -> Sequence[int]:
    """Those of the numbers that are tickets of the actor's teams, in their order."""
    if not numbers or not actor.teams:
        return []
    mine = Ticket.team_id.in_(sorted(actor.teams))
    known = set(session.scalars(select(Ticket.id).where(Ticket.id.in_(numbers), mine)))
    return [number for number in numbers if number in known]


def _matching(session: Session, actor: Actor, wanted: Sequence[Condition], most: int) -> Sequence[int]:
    """The newest `most` tickets, at most, that have all the words."""
    if not wanted or not actor.teams:
        return []
    teams = sorted(actor.teams)
    depth = max(NEWEST // len(teams), 1)
    since = _since(session, teams, depth)
    newest = _among_the_newest(session, teams, wanted, depth, since, most)
    if since == 0 or len(newest) == most:
        return newest
    in_the_index = without_common(wanted, _common(session, teams, wanted))
    beside = [] if in_the_index == wanted else wanted
    if session.get_bind().dialect.name == "sqlite":
        return session.scalars(_on_sqlite(teams, in_the_index, beside).limit(most)).all()
    session.execute(text(f"SET LOCAL work_mem = '{WORK_MEM}'"))
    return session.scalars(_on_postgresql(teams, in_the_index, beside).limit(most)).all()


def _since(session: Session, teams: Sequence[str], depth: int) -> int:
    """The lowest number from which on no team has more than `depth` tickets; 0 when that is all of them."""
    parts = [
        select(Ticket.id)
        .where(Ticket.team_id == team_id)
        .order_by(Ticket.id.desc())
        .offset(depth - 1)
        .limit(1)
        .subquery()
        for team_id in teams
    ]
    return max(session.scalars(union_all(*(select(part.c.id) for part in parts))), default=0)


def _among_the_newest(
    session: Session, teams: Sequence[str], wanted: Sequence[Condition], depth: int, since: int, most: int
) -> Sequence[int]:
    parts = []
    for team_id in teams:
        newest = _newest(team_id, depth).where(Ticket.id >= since).subquery()
        has_all = [holds(newest.c.words, each) for each in wanted]
        parts.append(select(newest.c.id).where(*has_all).order_by(newest.c.id.desc()).limit(most).subquery())
    whole = union_all(*(select(part) for part in parts)).subquery()
    return session.scalars(select(whole.c.id).order_by(whole.c.id.desc()).limit(most)).all()


def _common(session: Session, teams: Sequence[str], wanted: Sequence[Condition]) -> Collection[Word]:
    """The words that more than a tenth of the newest tickets have. The index is not asked for them when there
    are others: it would read all tickets that have a common word, to find those with both."""
    words = list(dict.fromkeys(words_of(wanted)))
    if len(words) == 1:
        return ()
    depth = max(SAMPLE // len(teams), 1)
    parts = [_newest(team_id, depth).subquery() for team_id in teams]
    sample = union_all(*(select(part) for part in parts)).subquery()
    has = [func.sum(case((holds(sample.c.words, word), 1), else_=0)) for word in words]
    found = session.execute(select(*has)).one()
    return {word for word, count in zip(words, found, strict=True) if count > SAMPLE // 10}


def _newest(team_id: str, depth: int) -> Select[int, str]:
    tickets = select(Ticket.id, WORDS.label("words"))
    return tickets.where(Ticket.team_id == team_id).order_by(Ticket.id.desc()).limit(depth)


# From the full-text index, which has the team too, to read fewer rows; the row's team counts.


def _on_sqlite(teams: Sequence[str], wanted: Sequence[Condition], beside: Sequence[Condition]) -> Select[int]:
    """Its index returns the newest first, up to the limit."""
    match = text(f"SELECT rowid AS id FROM {NAME} WHERE {NAME} MATCH :query")
    hit = match.bindparams(query=fts5(teams, wanted)).columns(Ticket.id).subquery("hit")
    rows = select(Ticket.id).join_from(hit, Ticket, Ticket.id == hit.c.id)
    has_others = [holds(WORDS, each) for each in beside]
    return rows.where(Ticket.team_id.in_(teams), *has_others).order_by(hit.c.id.desc())


def _on_postgresql(
    teams: Sequence[str], wanted: Sequence[Condition], beside: Sequence[Condition]
) -> Select[int]:
    """Materialised: the planner would else read the tickets one by one, the newest first, and compare."""
    has_all = text(f"{VECTOR} @@ CAST(:query AS tsquery)").bindparams(query=tsquery(teams, wanted))
    has_others = [holds(WORDS, each) for each in beside]
    hit = select(Ticket.id, Ticket.team_id).where(has_all, *has_others).cte("hit").prefix_with("MATERIALIZED")
    return select(hit.c.id).where(hit.c.team_id.in_(teams)).order_by(hit.c.id.desc())
