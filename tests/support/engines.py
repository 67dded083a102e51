"""Engines that outlive a desk: compiling every statement anew took a fifth of its test's time."""

from functools import cache

from sqlalchemy import Engine

from bot.db.engine import LISTENER_PATIENCE, create_db


@cache
def shared_engine(url: str, *, patience: float = LISTENER_PATIENCE) -> Engine:
    """The engine of a database that the next desk finds as new; what it compiled is kept, its connections
    are closed by each desk."""
    return create_db(url, patience=patience)
