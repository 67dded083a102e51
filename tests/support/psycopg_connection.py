"""PostgreSQL without SQLAlchemy, for what a test does behind the help desk's back."""

import psycopg
from sqlalchemy import URL, make_url


def connect(url: str | URL, database: str | None = None) -> psycopg.Connection:
    """A connection of its own that commits each statement; to another database if one is named."""
    plain = make_url(url).set(drivername="postgresql")
    plain = plain.set(database=database or plain.database)
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)
