"""What is wrong with DATABASE_URL, and what to do: a sentence for administrators, without the URL."""

import os
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.db.refusals import own_words, refusal

UNOPENED = "unable to open database file"
OPENED = "guichet_file"  # in `info` of a connection to SQLite: which file it opened
# What SQLite, PostgreSQL, libpq or psycopg say, and what to do. The first that fits is taken.
_ADVICE = (
    ("file is not a database", "name another file in DATABASE_URL, or put a backup in its place"),
    ("malformed", "the file is damaged: put the newest backup in its place"),
    ("readonly", "this user must be allowed to write the file and its folder, on a disk that can be written"),
    ("read-only", "DATABASE_URL must name the server that can be written to, not a replica"),
    ("disk is full", "free some space"),
    ("No space left", "free some space on the database's server"),
    ("disk I/O error", "the disk is full, or it fails: free some space, or see the system's log"),
    ("database is locked", "another program holds it: end that program"),
    ("password authentication failed", "correct the user or the password in DATABASE_URL"),
    ("no password supplied", "put the password into DATABASE_URL"),
    (
        "relation ",
        "a table is missing: restore a backup, or correct the name of the database in DATABASE_URL",
    ),
    ("no such table", "a table is missing: restore a backup, or correct the path in DATABASE_URL"),
    ("does not exist", "create it on the server, or correct the name in DATABASE_URL"),
    ("pg_hba.conf", "the server does not admit this machine, user or database: ask who runs it"),
    ("not permitted to log in", "give the user the right: ALTER ROLE … LOGIN"),
    ("permission denied", "the user of DATABASE_URL must own the database's tables"),
    ("too many clients", "raise the server's max_connections"),
    ("too many connections for", "raise the user's or the database's CONNECTION LIMIT"),
    ("remaining connection slots", "raise the server's max_connections"),
    ("resolve host", "correct the host in DATABASE_URL"),
    ("translate host name", "correct the host in DATABASE_URL"),
    ("Connection refused", "start the server, or correct host and port in DATABASE_URL"),
    ("No such file or directory", "start the server, or correct the socket's folder in DATABASE_URL"),
    ("timeout expired", "start the server, or correct host and port in DATABASE_URL"),
    ("startup parameter", "PgBouncer does not pass it on: remove it from DATABASE_URL"),
    ("no more connections allowed", "raise PgBouncer's max_client_conn"),
    ("invalid connection option", "correct what follows the question mark in DATABASE_URL"),
    ("lock timeout", "another program holds it: end that program, or wait for it"),
    ("statement timeout", "the server is slow, or another program holds a table: see pg_stat_activity"),
    ("starting up", "wait until the server is ready"),
    ("shutting down", "start the server again"),
    ("accepting connections", "wait until the server is ready, or ask who runs it"),
    ("invalid response", "no PostgreSQL answers there: correct host and port in DATABASE_URL"),
    ("does not support SSL", "remove sslmode from DATABASE_URL, or enable SSL on the server"),
    ("certificate", "correct sslmode or sslrootcert in DATABASE_URL, or the server's certificate"),
    ("sslmode", "correct what follows the question mark in DATABASE_URL"),
)


def explain(error: SQLAlchemyError) -> str:
    """`DATABASE_URL: the database cannot be used: …: what to do`, in one line."""
    own = getattr(error, "orig", None)  # SQLAlchemy's own message may hold a statement
    words = own_words(own) if own is not None else refusal(error).words
    return f"DATABASE_URL: the database cannot be used: {advised(words)}"


def advised(reason: str) -> str:
    """What the database says, and what to do, if that is known."""
    advice = next((what for words, what in _ADVICE if words in reason), None)
    return f"{reason}: {advice}" if advice else reason


def at(path: Path, reason: str) -> str:
    """What SQLite says of the file at `path`, completed by what is there."""
    return f"{reason}: {_what_is_there(path)}" if reason == UNOPENED else reason


def name_what_is_there(engine: Engine) -> None:
    """Complete SQLite's "unable to open database file" by what is at the path, and what to do."""

    @event.listens_for(engine, "handle_error")
    def replace(context: ExceptionContext) -> None:
        error = context.original_exception
        if error is not None and error.args and error.args[0] == UNOPENED:
            error.args = (at(Path(engine.url.database or ""), UNOPENED),)


def _what_is_there(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a folder: name a file in it"
    parent = path.parent
    while not parent.exists() and parent != parent.parent:
        parent = parent.parent
    if not parent.is_dir():
        return f"{parent} is no folder: correct the path in DATABASE_URL"
    if parent != path.parent or not os.access(parent, os.W_OK | os.X_OK):
        return f"{parent} cannot be written by this user: give it to this user, or name another folder"
    return f"{path} cannot be read and written by this user: give it to this user"


def remember_file(engine: Engine, path: Path) -> None:
    """Note with each connection which file it opened: a process still writes to one that was removed."""
    there = path.absolute()

    @event.listens_for(engine, "connect")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[OPENED] = (there, _identity(there))


def lost_file(connection: Connection) -> str | None:
    """Why what this connection writes is lost, in words; `None` when it is not."""
    path, opened = connection.info.get(OPENED, (None, None))
    if opened is None or _identity(path) == opened:
        return None
    return f"{path} was removed or replaced while it was in use: put it back, and restart"


def _identity(path: Path) -> tuple[int, int] | None:
    """The same as long as it is the same file (stat(2)); `None` for none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
