"""Puts a needle into every text column that the table of personal data names, so that new columns add theirs
by existing; and lists the ids by which rows lead to a person or into Slack."""

from collections.abc import Iterator

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Table,
    func,
    literal,
    select,
    true,
    update,
)

from models.base import Base
from models.personal_data.columns import PERSONAL
from models.personal_data.rules import Column, Data, Fate
from tests.personal_data.needles import Needles

TABLES = Base.metadata.tables
LENGTH = 16  # of a needle, with a space before


def plant(connection: Connection, needles: Needles, person_id: int, ticket_id: int | None = None) -> None:
    """Write a needle behind what stands in each column of words, in the rows about this person; or only about
    one ticket."""
    for table, name, said in _texts():
        if said.data is not Data.WORDS or said.fate is Fate.KEEP:
            continue
        column = table.c[name]
        kept = column if column.type.length is None else func.substr(column, 1, column.type.length - LENGTH)
        new = func.coalesce(kept, "") + literal(f" {needles.alone(f'{table.name}.{name}')}")
        connection.execute(update(table).where(about(table, person_id, ticket_id)).values({name: new}))


def places(connection: Connection, person_id: int) -> dict[str, set[str]]:
    """What leads to this person's things, by column: ids in Slack, keys of files. Without what others have as
    well."""
    found = {
        f"{table.name}.{name}": _values(connection, table, name, person_id)
        for table, name, said in _texts()
        if said.data in {Data.PLACE, Data.IDENTITY, Data.FILE} and said.fate is not Fate.KEEP
    }
    return {column: values for column, values in found.items() if values}


def about(table: Table, person_id: int, ticket_id: int | None = None) -> ColumnElement[bool]:
    """Whether a row is about the person: theirs, or of a ticket of theirs; or about this ticket only."""
    ticket = TABLES["ticket"]
    is_own = ticket.c.requester_id == person_id if ticket_id is None else ticket.c.id == ticket_id
    own = select(ticket.c.id).where(is_own)
    if table.name == "ticket":
        return is_own
    if "ticket_id" in table.c:
        return table.c.ticket_id.in_(own)
    if table.name == "person" or "person_id" in table.c:
        column = table.c.id if table.name == "person" else table.c.person_id
        return column == person_id if ticket_id is None else ~true()
    for key in table.foreign_keys:
        if "ticket_id" in key.column.table.c:
            parent: FromClause = key.column.table
            return key.parent.in_(select(key.column).where(parent.c.ticket_id.in_(own)))
    return ~true()


def _texts() -> Iterator[tuple[Table, str, Column]]:
    """The columns of text with personal data."""
    for table, columns in PERSONAL.items():
        for name, said in columns.items():
            column = TABLES[table].c[name]
            if isinstance(column.type, String) and not column.foreign_keys:
                yield TABLES[table], name, said


def _values(connection: Connection, table: Table, name: str, person_id: int) -> set[str]:
    column = table.c[name]
    theirs = set(connection.scalars(select(column).where(about(table, person_id), column != "")))
    return theirs - set(connection.scalars(_shared(table, name, person_id)))


def _shared(table: Table, name: str, person_id: int) -> Select[str]:
    """What others have as well: the workspace, a team's channel."""
    if table.name == "person":
        return select(table.c[name]).where(table.c.id != person_id)
    return select(TABLES["team"].c.channel_id)
