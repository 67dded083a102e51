"""The tables and their rules. Knows SQLAlchemy and nothing else of ours."""

from models import (  # noqa: F401 (registers the tables)
    attachment,
    catalogue,
    comment,
    delivery,
    event,
    handled,
    outage,
    person,
    search_index,
    ticket,
)
