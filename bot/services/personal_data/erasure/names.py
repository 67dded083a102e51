"""Their name, e-mail address and Slack id in what others wrote, and in what Guichet wrote about others."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import JSON, Integer, RowMapping, Table, Text, and_, column, func, literal, or_, select, table
from sqlalchemy.types import String, TypeDecorator

from bot.context.unit_of_work import UnitOfWork
from bot.services.personal_data.erasure.erased import Erased, Step
from bot.services.personal_data.erasure.rewriting import Rewriting
from bot.services.personal_data.erasure.rewritten import show_rewritten
from models.base import Base
from models.personal_data.columns import PERSONAL
from models.personal_data.rules import Data
from models.search.text import update_search_texts

WINDOW = 2_000
"""Rows that are looked through in one transaction."""
# People, and rows that go as a whole; the list of what others are to delete in Slack needs its owners.
_APART = frozenset({"person", "audit_entry", "channel_member", "delivery", "removal"})
_COMPOSED = frozenset({"search_text", "internal_search_text"})


def rewriting_steps() -> Iterator[Step]:
    """A step for each table with columns that may name people."""
    for name in PERSONAL:
        rows = _Rows(Base.metadata.tables[name])
        if name not in _APART and rows.columns:
            yield rows.rewrite


class _Rows:
    """The rows of a table, as the database stores them."""

    def __init__(self, of: Table) -> None:
        self.of, self.keys = of, [each.name for each in of.primary_key]

    @cached_property
    def columns(self) -> Mapping[str, bool]:
        """The columns with words, names or Slack ids, each with whether it is JSON."""
        found = {}
        for name, rule in PERSONAL[self.of.name].items():
            kind: Any = self.of.c[name].type
            kind = kind.impl if isinstance(kind, TypeDecorator) else kind
            is_text = isinstance(kind, JSON | String) and rule.data in {Data.WORDS, Data.IDENTITY}
            if is_text and name not in _COMPOSED:
                found[name] = isinstance(kind, JSON)
        return found

    def rewrite(self, uow: UnitOfWork, erased: Erased, after: int) -> int | None:
        """Look through a window of the rows."""
        rewriting, rows = Rewriting.of(erased), self._raw
        found = or_(*(rewriting.condition(rows.c[name], is_json) for name, is_json in self.columns.items()))
        query = select(rows).where(found)
        if self._is_numbered:
            query = query.where(rows.c.id > after, rows.c.id <= after + WINDOW)
        changed = uow.session.execute(query.with_for_update()).mappings().all()
        for row in changed:
            self._write(uow, rewriting, row)
        self._find_anew(uow, changed)
        show_rewritten(uow, erased, self.of.name, changed)
        last = uow.session.scalar(select(func.max(rows.c.id))) or 0 if self._is_numbered else 0
        return after + WINDOW if after + WINDOW < last else None

    @property
    def _raw(self) -> Any:
        raw = {name: column(name, JSON if is_json else Text) for name, is_json in self.columns.items()}
        numbers = {*self.keys, "ticket_id"} & {*self.of.c.keys()}
        return table(self.of.name, *raw.values(), *(column(name) for name in numbers if name not in raw))

    @property
    def _is_numbered(self) -> bool:
        return self.keys == ["id"] and isinstance(self.of.c.id.type, Integer)

    def _write(self, uow: UnitOfWork, rewriting: Rewriting, row: RowMapping) -> None:
        rows = self._raw
        values = {}
        for name, is_json in self.columns.items():
            now = rewriting.rewritten(row[name])
            if now != row[name]:
                values[name] = literal(now, JSON if is_json else Text)
        if values:
            is_it = and_(*(rows.c[key] == row[key] for key in self.keys))
            uow.session.execute(rows.update().where(is_it).values(values))

    def _find_anew(self, uow: UnitOfWork, changed: Sequence[RowMapping]) -> None:
        """Compose the search texts of the tickets that the rows belong to."""
        key = "id" if self.of.name == "ticket" else "ticket_id"
        numbers = {row[key] for row in changed if row.get(key) is not None}
        if numbers:
            update_search_texts(uow.session.connection(), sorted(numbers))
