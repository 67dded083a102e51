"""The form of DATABASE_URL."""

from pydantic import SecretStr
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

EXPECTED = "expected sqlite:///path or postgresql://user:password@host/name"
UNESCAPED = "in the user name and the password write @ as %40, : as %3A and / as %2F"
# What other programs call PostgreSQL; psycopg 3 speaks to it in any case.
POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2")


def database_url(value: SecretStr) -> SecretStr:
    """The URL as SQLAlchemy needs it. Raises `ValueError` without it."""
    try:
        url = make_url(value.get_secret_value())
    except (ArgumentError, ValueError):
        raise ValueError(EXPECTED) from None
    if url.drivername in POSTGRESQL:
        return SecretStr(_postgresql(url))
    if url.drivername.startswith("postgresql+"):
        raise ValueError(f"another driver than psycopg 3 is not supported: {EXPECTED}")
    if url.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise ValueError(EXPECTED)
    if url.host:  # sqlite://var/guichet.db
        raise ValueError("a path follows three slashes, an absolute one four: sqlite:///var/guichet.db")
    return value


def _postgresql(url: URL) -> str:
    # A host or a name with the end of a password would be quoted when it is not found.
    if "@" in f"{url.host or ''}{url.database or ''}":
        raise ValueError(UNESCAPED)
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
