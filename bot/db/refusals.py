"""Why the database refused a transaction: a reason to count, and its own words for a log line.

The codes: sqlite.org, "Result and Error Codes"; PostgreSQL's manual, appendix "Error Codes".
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError


class RefusalReason(StrEnum):
    """What kind of refusal it was. The values are those of the label `reason` of
    `guichet_failed_writes_total`."""

    FULL = "full"
    """No space is left where the database is."""
    READ_ONLY = "read_only"
    """The file, its folder or the server takes no writes."""
    LOCKED = "locked"
    """Others were writing for longer than we wait, or were faster each time."""
    TIMEOUT = "timeout"
    """A statement took too long, or all connections of this process were in use."""
    UNREACHABLE = "unreachable"
    """No connection, or it broke."""
    DENIED = "denied"
    """The server refuses the user, the password or the permission."""
    OTHER = "other"


@dataclass(frozen=True)
class Refusal:
    """A refusal. `str()` gives its words."""

    reason: RefusalReason
    words: str
    """The database's own, one line: without SQL, parameters, password, or anything that a person wrote."""

    def __str__(self) -> str:
        return self.words


def refusal(error: SQLAlchemyError) -> Refusal:
    """What an error of the database means."""
    match error:
        case PoolTimeout():
            return Refusal(RefusalReason.TIMEOUT, "all connections of this process are in use")
        case StaleDataError():
            return Refusal(RefusalReason.LOCKED, "another transaction changed the same row")
        case DBAPIError(orig=BaseException() as original):
            name = getattr(original, "sqlite_errorname", None)
            code = getattr(original, "sqlstate", None)
            if name or type(original).__module__ == "sqlite3":
                return _of_sqlite(error, name or "", own_words(original))
            return _of_postgresql(code, original) if code else _of_connection(error, own_words(original))
    return Refusal(RefusalReason.OTHER, "an unexpected error")


# The beginnings of SQLite's names: an extended code begins with its primary one (SQLITE_READONLY_DIRECTORY).
_SQLITE = {
    "SQLITE_FULL": RefusalReason.FULL,
    "SQLITE_READONLY": RefusalReason.READ_ONLY,
    "SQLITE_BUSY": RefusalReason.LOCKED,
    "SQLITE_LOCKED": RefusalReason.LOCKED,
    "SQLITE_INTERRUPT": RefusalReason.TIMEOUT,
    "SQLITE_CANTOPEN": RefusalReason.UNREACHABLE,
    "SQLITE_PERM": RefusalReason.DENIED,
    "SQLITE_AUTH": RefusalReason.DENIED,
    "SQLITE_IOERR": RefusalReason.OTHER,
    "SQLITE_CORRUPT": RefusalReason.OTHER,
    "SQLITE_NOTADB": RefusalReason.OTHER,
    "SQLITE_CONSTRAINT": RefusalReason.OTHER,
}
_MISSING = re.compile(r"no such (table|column): [\w.]+")


def _of_sqlite(error: DBAPIError, name: str, words: str) -> Refusal:
    if not name and words == "database is locked":  # raised by `bot.db.sqlite_write_lock`
        return Refusal(RefusalReason.LOCKED, words)
    for beginning, reason in _SQLITE.items():
        if name.startswith(beginning):
            return Refusal(reason, words)
    # Any other text may quote what a person wrote: "fts5: syntax error near …".
    missing = _MISSING.fullmatch(words)
    return Refusal(RefusalReason.OTHER, missing[0] if missing else name or "an error without a code")


# By SQLSTATE, or its class; the longest beginning counts.
_POSTGRESQL = {
    "08": RefusalReason.UNREACHABLE,
    "23": RefusalReason.OTHER,
    "25006": RefusalReason.READ_ONLY,
    "28": RefusalReason.DENIED,
    "3D000": RefusalReason.UNREACHABLE,  # no such database
    "40": RefusalReason.LOCKED,  # 40001 serialization_failure, 40P01 deadlock_detected
    "42501": RefusalReason.DENIED,  # insufficient_privilege
    "42703": RefusalReason.OTHER,  # undefined_column
    "42P01": RefusalReason.OTHER,  # undefined_table
    "53": RefusalReason.UNREACHABLE,  # out of memory, of connections
    "53100": RefusalReason.FULL,
    "55P03": RefusalReason.LOCKED,  # lock_not_available: lock_timeout
    "57014": RefusalReason.TIMEOUT,  # query_canceled: statement_timeout
    "57P": RefusalReason.UNREACHABLE,  # shut down, or starting
    "58": RefusalReason.OTHER,  # system_error, io_error
    "XX": RefusalReason.OTHER,  # internal_error, data_corrupted
}


def _of_postgresql(code: str, original: BaseException) -> Refusal:
    for length in range(len(code), 1, -1):
        if reason := _POSTGRESQL.get(code[:length]):
            return Refusal(reason, own_words(original))
    # Any other text may quote a value or a statement: 22P02, "invalid input syntax for type integer: …".
    return Refusal(RefusalReason.OTHER, f"SQLSTATE {code}")


_DENIED = re.compile(
    r"authentication failed|no pg_hba\.conf entry|role \S+ (does not|is not)|permission denied"
)


def _of_connection(error: DBAPIError, words: str) -> Refusal:
    """An error of psycopg or libpq: there is no code when the server gave no answer, nor for a connection
    that was refused."""
    if _DENIED.search(words):
        return Refusal(RefusalReason.DENIED, words)
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return Refusal(RefusalReason.UNREACHABLE, words)
    return Refusal(RefusalReason.OTHER, "an error without a code")


def own_words(original: BaseException) -> str:
    """What the database's driver says, in one line. PostgreSQL's next lines have values and statements
    (DETAIL, LINE 1)."""
    lines = [line.strip() for line in str(original).strip().splitlines() if line.strip()]
    if not lines:
        return "no reason is given"
    # psycopg lists the attempts of a host with several addresses below such a line.
    said = lines[-1].removeprefix("- ") if lines[0].startswith("multiple connection attempts") else lines[0]
    return said.replace("FATAL:  ", "").replace("connection is bad: ", "").removeprefix("connection failed: ")
