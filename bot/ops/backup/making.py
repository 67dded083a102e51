"""Makes one backup: the database first, the attachments second, the manifest last."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import create_store
from bot.db.mistakes import explain
from bot.db.session import Sessions, transact
from bot.observability.last_heard import BACKUP
from bot.ops.backup.attachments import Copied, Copies
from bot.ops.backup.contents import contents_of, copy_catalogue, refuse_place, require_database, write
from bot.ops.backup.databases import postgresql, sqlite
from bot.ops.backup.databases.taken import Taken
from bot.ops.backup.databases.target import Say
from bot.ops.backup.folder import BackupFolder
from bot.ops.backup.manifest import NAME, Content, Manifest, read_manifest
from bot.ops.backup.problem import BackupProblem, in_words
from bot.ops.backup.same_database import attachments_of, require_same
from bot.ops.backup.saying import say_what_is_not_there, tell
from bot.ops.backup.stopping import Stop
from bot.ops.database import open_engine
from bot.settings import Settings
from bot.version import version
from models.base import utc_now
from models.outbox.health import LastHeard


@dataclass(frozen=True)
class Making:
    """What a backup is made of, and where."""

    settings: Settings
    engine: Engine
    folder: BackupFolder
    stop: Stop

    def make(self, name: str | None = None) -> tuple[Manifest, Copied]:
        """Make one backup, named by its time unless it is given a name. Nothing stays of one that fails."""
        last = self._last()
        module = sqlite if self.settings.on_sqlite else postgresql
        with self.folder.part(name or self.folder.new_name(utc_now())) as part:
            taken = module.take(self.engine, part, self.stop)
            if last and name is None:
                require_same(self.engine, taken.counted, last)
            copy_catalogue(self.settings, part)
            files = contents_of(part, self.stop)
            store = create_store(self.settings)
            copies = Copies(self.folder.attachments, store, self.stop)
            copied = copies.take(attachments_of(taken.counted, last), last.attachments if last else {})
            manifest = _manifest(self.settings, taken, files, copied)
            write(part / NAME, manifest.as_json())
            os.sync()  # thousands of files, each of which would be waited for
            self.stop.check()
        return manifest, copied

    def note(self, manifest: Manifest) -> None:
        """Remember in the database when the backup was taken; in the place of a time that is still to come,
        which a wrong clock gave and which would hide that no backup is made."""
        if inspect(self.engine).has_table("last_heard"):
            row = LastHeard(kind=BACKUP, at=manifest.taken_at)
            transact(Sessions(self.engine), lambda session: session.merge(row))

    def _last(self) -> Manifest | None:
        """Of the newest backup whose manifest is sound. What it does not name is copied again."""
        for name in reversed(self.folder.names()):
            with suppress(BackupProblem):
                return read_manifest(self.folder.path / name)
        return None


def back_up(settings: Settings, folder: BackupFolder, keep: int, stop: Stop, say: Say) -> None:
    """`guichet backup`. Raises `BackupProblem`."""
    refuse_place(settings, folder.path)
    require_database(settings)
    folder.create()
    with in_one_sentence(stop), folder.locked(), open_engine(settings) as engine:
        began = monotonic()
        making = Making(settings, engine, folder, stop)
        manifest, copied = making.make()
        copies = Copies(folder.attachments, create_store(settings), stop)
        removed = folder.prune(keep, manifest.taken_at)
        deleted = copies.delete_others({*manifest.attachments, *copied.missing, *folder.away_attachments()})
        tell(say, folder, manifest, monotonic() - began)
        say(
            f"attachments: {len(manifest.attachments)}, of which {copied.new} are new; {deleted} were deleted"
        )
        if copied.missing:
            say(f"  not in the store, and left out: {len(copied.missing)} (listed in {NAME})")
        say(
            f"kept: {len(folder.names())} backups, the oldest of {folder.names()[0]}; removed: {len(removed)}"
        )
        say_what_is_not_there(settings, say)
        try:
            making.note(manifest)
        except SQLAlchemyError as error:
            raise BackupProblem(
                f"the backup is complete, but the database does not take note of it: {explain(error)}"
            ) from error


@contextmanager
def in_one_sentence(stop: Stop) -> Iterator[None]:
    """Raise what files and databases refuse as a `BackupProblem`."""
    try:
        yield
    except OSError as error:
        stop.check()
        raise BackupProblem(in_words(error)) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        stop.check()
        own = getattr(error, "orig", error)
        if "disk is full" in str(own) or "disk I/O" in str(own):
            raise BackupProblem(f"SQLite could not write the copy: {own}: free some space") from error
        raise BackupProblem(explain(error) if isinstance(error, SQLAlchemyError) else str(error)) from error


def _manifest(settings: Settings, taken: Taken, files: Mapping[str, Content], copied: Copied) -> Manifest:
    counted = taken.counted
    return Manifest(
        guichet=version(),
        revision=counted.revision,
        taken_at=taken.at,
        database="sqlite" if settings.on_sqlite else "postgresql",
        made_by=taken.made_by,
        rows=counted.rows,
        highest_ticket=counted.highest_ticket,
        files=files,
        attachments=copied.contents,
        missing=tuple(copied.missing),
    )
