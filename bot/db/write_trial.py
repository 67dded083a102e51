"""Whether the database can be written to: a row is written and deleted, in one transaction."""

import secrets

from sqlalchemy import delete, insert
from sqlalchemy.exc import SQLAlchemyError

from bot.db.mistakes import lost_file
from bot.db.refusals import Refusal, RefusalReason, refusal
from bot.db.session import Sessions
from models.outbox.health import WriteTrial

SIZE = 5_000  # bytes, written as twice as many digits: a page of PostgreSQL has 8 kB, one of SQLite 4


def filler() -> str:
    """`2 * SIZE` characters."""
    return secrets.token_hex(SIZE)


def try_to_write(sessions: Sessions) -> Refusal | None:
    """Write, delete and commit. The database's refusal, or `None`. A full disk on which the database has free
    pages of its own takes the trial, as it takes what people send."""
    number = secrets.randbelow(2**31)  # our own: a sequence would be changed by each trial
    try:
        with sessions.begin() as session:
            session.execute(insert(WriteTrial).values(id=number, filler=filler()))
            session.execute(delete(WriteTrial).where(WriteTrial.id == number))
            lost = lost_file(session.connection())
    except SQLAlchemyError as error:
        return refusal(error)
    return Refusal(RefusalReason.UNREACHABLE, lost) if lost else None
