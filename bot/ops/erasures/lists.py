"""Approved lists of retention in the file of erasures."""

from sqlalchemy import Engine

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions, transact
from bot.ops.erasures.file import RETENTION, Entry, erasures_of
from bot.services.retention.restoring import remembered, restore
from bot.settings import Settings
from models.base import utc_now
from models.retention.retention_list import RetentionList


def remember_list(settings: Settings, made: RetentionList) -> None:
    """Add a list that has just been approved, unless there is no file. Raises `SettingsError` when that
    fails."""
    file = erasures_of(settings)
    if file is not None:
        file.append(RETENTION, made.approved_at or utc_now(), **remembered(made))


def restore_list(engine: Engine, entry: Entry) -> None:
    """Approve a list again that a restored database does not know as approved."""
    transact(Sessions(engine), lambda session: restore(UnitOfWork(session, utc_now()), entry.values))
