"""A connection pooler, such as PgBouncer, between Guichet and PostgreSQL.

Guichet sets time limits and listens for notifications per session, and psycopg prepares statements: it needs
a pooler's session mode, where a client keeps its server connection (pgbouncer.org, "SQL feature map for
pooling modes").
"""

from sqlalchemy import Connection, Engine, text

from bot.settings import SettingsError

ATTEMPTS = 10  # a pooler may pass a server connection on in turn
REFUSAL = (
    "DATABASE_URL: this is a connection pooler, such as PgBouncer, that passes server connections on after "
    "each transaction: set pool_mode=session for this database, or name PostgreSQL itself"
)


def require_session_pooling(engine: Engine) -> None:
    """Raise `SettingsError` behind a pooler in transaction or statement mode. Asks once without a pooler."""
    if engine.dialect.name == "postgresql" and passes_connections_on(engine):
        raise SettingsError(REFUSAL)


def passes_connections_on(engine: Engine) -> bool:
    """Whether a second client is served by the server connection of a first one that is still connected."""
    with engine.connect() as first:
        raw = first.connection.dbapi_connection
        assert raw is not None
        # A pooler gives its clients another number than the server's process has.
        if raw.info.backend_pid == _server_process(first):
            return False
        own = _server_process(first)
        with engine.connect() as second:
            return any(_server_process(second) == own for _attempt in range(ATTEMPTS))


def _server_process(connection: Connection) -> int:
    """The server's process, in a transaction of its own."""
    number = connection.scalar(text("SELECT pg_backend_pid()"))
    connection.rollback()
    return int(number or 0)
