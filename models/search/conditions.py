"""A query's conditions, as each database reads them."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, and_, or_

from models.search.query import AllOf, AnyOf, Condition, Word


def holds(text: ColumnElement[str], condition: Condition) -> ColumnElement[bool]:
    """Whether `text`, whose words have a blank on both sides, fulfils the condition."""
    if isinstance(condition, Word):
        patterns = [] if condition.prefix is None else [f"% {condition.prefix}%"]
        return or_(*(text.like(each) for each in [*patterns, *(f"% {word} %" for word in condition.whole)]))
    parts = [holds(text, part) for part in condition.parts]
    return or_(*parts) if isinstance(condition, AnyOf) else and_(*parts)


def fts5(teams: Sequence[str], conditions: Sequence[Condition]) -> str:
    """Source: sqlite.org, "FTS5", "Full-text Query Syntax"."""
    of = " OR ".join('"' + team.replace('"', '""') + '"' for team in teams)
    words = " AND ".join(_fts5(each) for each in conditions)
    return f"({{team_id}} : ({of})) AND ({{search_text internal_search_text}} : ({words}))"


def _fts5(condition: Condition) -> str:
    if isinstance(condition, Word):
        begins = [] if condition.prefix is None else [f'"{condition.prefix}" *']
        return "(" + " OR ".join([*begins, *(f'"{word}"' for word in condition.whole)]) + ")"
    operator = " OR " if isinstance(condition, AnyOf) else " AND "
    return "(" + operator.join(_fts5(part) for part in condition.parts) + ")"


def tsquery(teams: Sequence[str], conditions: Sequence[Condition]) -> str:
    """Source: postgresql.org, "tsquery" under "Text Search Types"."""
    return " & ".join(_tsquery(teams, each) for each in conditions)


def _tsquery(teams: Sequence[str], condition: Condition) -> str:
    if isinstance(condition, Word):
        begins = [] if condition.prefix is None else [f"{condition.prefix}':*"]
        written = [*begins, *(f"{word}'" for word in condition.whole)]
        return "(" + " | ".join(f"'{team}/{each}" for team in teams for each in written) + ")"
    operator = " | " if isinstance(condition, AnyOf) else " & "
    return "(" + operator.join(_tsquery(teams, part) for part in condition.parts) + ")"


def words_of(conditions: Sequence[Condition]) -> Iterator[Word]:
    """Every word of the conditions."""
    for each in conditions:
        if isinstance(each, Word):
            yield each
        else:
            yield from words_of(each.parts)


def without_common(conditions: Sequence[Condition], common: Collection[Word]) -> Sequence[Condition]:
    """Conditions that every text fulfils that fulfils these, without the common words, wherever others have
    to be there as well."""
    rare = [_without_common(each, common) for each in conditions if not _is_common(each, common)]
    return rare or conditions


def _without_common(condition: Condition, common: Collection[Word]) -> Condition:
    if isinstance(condition, AllOf):
        return AllOf(tuple(without_common(condition.parts, common)))
    if isinstance(condition, AnyOf):
        return AnyOf(tuple(_without_common(part, common) for part in condition.parts))
    return condition


def _is_common(condition: Condition, common: Collection[Word]) -> bool:
    if isinstance(condition, Word):
        return condition in common
    each_is = (_is_common(part, common) for part in condition.parts)
    return any(each_is) if isinstance(condition, AnyOf) else all(each_is)
