"""The rows of one table, while a file is loaded into it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Generic, TypeVar

from sqlalchemy import false, select, update
from sqlalchemy.orm import Session

from bot.catalogue.changes import How, Loaded, RowChange
from models.article import Article
from models.catalogue import Group, Service, Site, Team

Row = TypeVar("Row", Site, Team, Group, Service, Article)


class Table(Generic[Row]):
    """The rows of one table, while a file is loaded into it: those that it does not name are archived."""

    def __init__(self, session: Session, model: type[Row]) -> None:
        self._session = session
        self._model: type[Row] = model
        self._rows: dict[str, Row] = {row.id: row for row in session.scalars(select(model))}
        self._named: set[str] = set()
        self.changes: list[RowChange] = []

    def row(self, row_id: str) -> Row | None:
        return self._rows.get(row_id)

    def put(self, row_id: str, **values: object) -> None:
        self._named.add(row_id)
        values["archived"] = False
        row = self.row(row_id)
        if row is None:
            self._rows[row_id] = self._model(id=row_id, **values)
            self._session.add(self._rows[row_id])
            self._session.flush()  # later rows may refer to it
            self._note(How.ADDED, self._rows[row_id])
            return
        old = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
        for name in old:
            setattr(row, name, values[name])
        if old:
            self._note(How.CHANGED, row, old)

    def archive_the_rest(self) -> None:
        for row in self._rows.values():
            if row.id not in self._named and not row.archived:
                row.archived = True
                self._note(How.ARCHIVED, row)

    def _note(self, how: How, row: Row, old: Mapping[str, object] = MappingProxyType({})) -> None:
        """`old`: the values that the row had before."""
        channels = (str(old["channel"]), row.channel) if isinstance(row, Team) and "channel" in old else None
        self.changes.append(RowChange(how, self._model, row.id, _name(row), tuple(old), channels))


def loaded(rows: Sequence[RowChange]) -> Loaded:
    """All of these changes, counted."""
    count = Counter(change.how for change in rows)
    return Loaded(count[How.ADDED], count[How.CHANGED], count[How.ARCHIVED], rows)


def _name(row: Row) -> str:
    return row.title.fr if isinstance(row, Article) else row.name.fr


def lock_teams(session: Session) -> None:
    """Lock the teams until this transaction ends, against another load and against updates of their channels.

    On PostgreSQL new tickets do not wait (postgresql.org, "Row-Level Locks": FOR NO KEY UPDATE).
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(update(Team).where(false()).values(position=0))
    session.execute(select(Team.id).order_by(Team.id).with_for_update(key_share=True)).all()
