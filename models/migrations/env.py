"""Alembic's environment: runs the migrations on the connection that `bot.ops.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

import models  # noqa: F401 (registers the tables)
from models.base import Base
from models.search.index import is_modelled


def as_in_sql(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """How a new migration says a type of ours: as what it is in the database, so that it imports nothing."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_name=lambda name, _sort, _parents: is_modelled(name),
    render_as_batch=True,  # SQLite alters a table by making it anew
    render_item=as_in_sql,
)
with context.begin_transaction():
    context.run_migrations()
