"""Whether a backup is of the database whose backups the folder has: those of another one would delete the
attachments of all, and in time the backups."""

from collections.abc import Collection, Mapping

from sqlalchemy import Engine, inspect

from bot.db.session import Sessions
from bot.observability.last_heard import RESTORE, last_heard
from bot.ops.backup.databases.taken import Counted
from bot.ops.backup.manifest import Manifest
from bot.ops.backup.problem import BackupProblem


def require_same(engine: Engine, counted: Counted, last: Manifest) -> None:
    """Raise `BackupProblem` for another database than the last backup's: it is of another kind, has other
    attachments, or lower numbers, which are never given twice, though no backup was restored."""
    if engine.dialect.name != last.database:
        raise BackupProblem(
            f"DATABASE_URL names {engine.dialect.name}, and the last backup is of {last.database}: correct "
            "it, or name another folder"
        )
    lower = counted.highest_ticket < last.highest_ticket and not _was_restored(engine)
    if lower or _of_another(counted, last):
        raise BackupProblem(
            f"DATABASE_URL: the database (tickets up to no. {counted.highest_ticket}) is not the one of the "
            f"last backup (up to no. {last.highest_ticket}): correct it, restore that one, or name another "
            "folder"
        )


def attachments_of(counted: Counted, last: Manifest | None) -> Mapping[str, str | None]:
    """Those to copy: none that would take the place of another database's copy."""
    others = _of_another(counted, last) if last else ()
    return {key: sha for key, sha in counted.attachments.items() if key not in others}


def _of_another(counted: Counted, last: Manifest) -> Collection[str]:
    """The attachments that the last backup has with another content. Files never change."""
    there = last.attachments
    return {
        key for key, sha in counted.attachments.items() if sha and key in there and sha != there[key].sha256
    }


def _was_restored(engine: Engine) -> bool:
    if not inspect(engine).has_table("last_heard"):
        return False
    with Sessions(engine)() as session:
        return RESTORE in last_heard(session)
