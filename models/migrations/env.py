"""Alembic's environment: runs the migrations on the connection that `bot.ops.migrate` hands over."""

from alembic import context

import models  # noqa: F401 (registers the tables)
from models.base import Base
from models.search_index import is_modelled

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_name=lambda name, _sort, _parents: is_modelled(name),
    render_as_batch=True,  # SQLite alters a table by making it anew
    user_module_prefix="models.base.",
)
with context.begin_transaction():
    context.run_migrations()
