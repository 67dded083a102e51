"""Restores one backup: the attachments first, then the database, which is the last thing that changes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from bot.bootstrap import create_store
from bot.db.revisions import known
from bot.ops.backup.attachments import GIVEN, Copies
from bot.ops.backup.databases.after_restore import is_restored
from bot.ops.backup.databases.restoring_postgresql import PostgresTarget
from bot.ops.backup.databases.restoring_sqlite import SqliteTarget
from bot.ops.backup.databases.taken import attachments_in
from bot.ops.backup.databases.target import NOT_EMPTY, Say, Source, Target
from bot.ops.backup.folder import AWAY, BackupFolder
from bot.ops.backup.making import Making, in_one_sentence
from bot.ops.backup.manifest import content_of, read_manifest
from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.saying import say_what_remains
from bot.ops.backup.stopping import Stop
from bot.ops.database import open_engine
from bot.settings import Settings
from bot.storage.base import StoreUnavailable
from models.base import utc_now


@dataclass(frozen=True)
class Wish:
    """What is to be restored, and what may be done for it."""

    name: str | None = None
    """Of the backup; the newest by default."""
    replace: bool = False
    """A database with tickets or people is replaced."""
    delete_others: bool = False
    """Attachments that belong to no ticket are deleted."""


def restore_backup(settings: Settings, folder: BackupFolder, wish: Wish, stop: Stop, say: Say) -> None:
    """`guichet restore`. Raises `BackupProblem`; run again, it does everything again."""
    with in_one_sentence(stop), folder.locked():
        source = _source(settings, folder.find(wish.name), stop)
        with _target(settings) as target:
            target.require_unused()
            there = target.contents()
            in_doubt = None
            if any(there.values()) and not wish.replace and is_restored(settings, source.manifest):
                say(f"{source.folder.name} is restored already; --replace undoes what changed since")
            else:
                _require_leave(there, wish)
                if any(there.values()) and isinstance(target, PostgresTarget):
                    _move_away(settings, folder, stop, say)
                _put_back(Copies(folder.attachments, create_store(settings), stop), source, say)
                in_doubt = target.restore(source, say)
                say(f"restored: {source.folder.name}, tickets up to no. {source.manifest.highest_ticket}")
        _look_after_others(settings, source, wish, say)
        say_what_remains(settings, source, in_doubt, say)


@contextmanager
def _target(settings: Settings) -> Iterator[Target]:
    if settings.on_sqlite:
        yield SqliteTarget(Path(make_url(settings.database_url.get_secret_value()).database or ""))
        return
    with open_engine(settings) as engine:
        yield PostgresTarget(engine)


def _source(settings: Settings, folder: Path, stop: Stop) -> Source:
    """The backup in this folder, whose files are sound. Raises `BackupProblem`."""
    manifest = read_manifest(folder)
    kind = "sqlite" if settings.on_sqlite else "postgresql"
    if manifest.database != kind:
        raise BackupProblem(
            f"{folder} is of {manifest.database}, and DATABASE_URL names {kind}: a backup is restored into a "
            "database of its own kind"
        )
    if manifest.revision not in known():
        raise BackupProblem(
            f"{folder} was made by a newer Guichet ({manifest.guichet}, revision {manifest.revision}): "
            "install that version, or take an older backup with --at NAME"
        )
    for name, content in manifest.files.items():
        path = folder / name
        if not path.is_file() or content_of(path, stop) != content:
            raise BackupProblem(f"{path} is damaged or missing: take another backup, with --at NAME")
    return Source(folder, manifest, stop)


def _require_leave(there: Mapping[str, int], wish: Wish) -> None:
    if any(there.values()) and not wish.replace:
        raise BackupProblem(
            f"DATABASE_URL: the database is not empty (tickets: {there['ticket']}, "
            f"people: {there['person']}): {NOT_EMPTY}"
        )


def _move_away(settings: Settings, folder: BackupFolder, stop: Stop, say: Say) -> None:
    """Back up what is there, under a name that is no backup's."""
    with open_engine(settings) as engine:
        name = folder.new_name(utc_now(), AWAY)
        Making(settings, engine, folder, stop).make(name)
    say(f"what was in the database is {name} in {folder.path} (kept for 7 days; --at {name} restores it)")


def _put_back(copies: Copies, source: Source, say: Say) -> None:
    """Store the attachments that the store lacks, while the database still is as it was."""
    wanted = source.manifest.attachments
    put, gone, damaged = copies.put_back(wanted)
    say(f"attachments: {len(wanted)}, of which {put} were not in {copies.store}")
    if gone:
        say(f"  deleted since that backup, and not restored: {len(gone)}")
    if damaged:
        say(f"  damaged copies, not restored: {len(damaged)} ({', '.join(damaged[:5])}, …)")
    if gone or damaged:
        say("  what people still need of these, Guichet fetches from Slack, where Slack still has it")


def _look_after_others(settings: Settings, source: Source, wish: Wish, say: Say) -> None:
    """The files of Guichet's in the store that no row of the database leads to: nothing would ever delete
    them. The database may have been used since it was restored."""
    store = create_store(settings)
    with open_engine(settings) as engine, engine.connect() as connection:
        wanted = attachments_in(connection)
    try:
        others = [key for key in store.list_keys() if key not in wanted and GIVEN.fullmatch(key)]
        for key in others if wish.delete_others else ():
            source.stop.check()
            store.delete(key)
    except StoreUnavailable as error:
        raise BackupProblem(f"ATTACHMENTS_URL: {store}: {error.reason}") from error
    if wish.delete_others:
        say(f"attachments of no ticket: {len(others)} deleted")
    elif others:
        say(
            f"attachments of no ticket, which nothing will delete: {len(others)}; to delete them, run this "
            "again with --delete-others before you start Guichet"
        )
