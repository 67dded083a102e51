"""Makes one backup: the database first, the attachments second, the manifest last."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import create_store
from bot.db.mistakes import explain
from bot.db.session import Sessions, transact
from bot.observability.last_heard import BACKUP, save
from bot.ops.backup import postgresql, sqlite
from bot.ops.backup.attachments import Copied, Copies
from bot.ops.backup.folder import BackupFolder
from bot.ops.backup.manifest import NAME, Content, Manifest, content_of, read_manifest
from bot.ops.backup.problem import BackupProblem, in_words
from bot.ops.backup.stopping import Stop
from bot.ops.backup.taken import Taken
from bot.ops.database import open_engine
from bot.settings import Settings
from bot.storage.url import read_store_url
from bot.version import version
from models.base import utc_now

Say = Callable[[str], object]


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
            _copy_catalogue(self.settings, part)
            files = {each: content_of(part / each, self.stop) for each in _files(part)}
            store = create_store(self.settings)
            copies = Copies(self.folder.attachments, store, self.stop)
            copied = copies.take(taken.counted.attachments, last.attachments if last else {})
            manifest = _manifest(self.settings, taken, files, copied)
            _write(part / NAME, manifest.as_json())
            os.sync()  # thousands of files, each of which would be waited for
            self.stop.check()
        return manifest, copied

    def note(self, manifest: Manifest) -> None:
        """Remember in the database when the backup was taken."""
        if inspect(self.engine).has_table("last_heard"):
            transact(Sessions(self.engine), lambda session: save(session, BACKUP, manifest.taken_at))

    def _last(self) -> Manifest | None:
        names = self.folder.names()
        try:
            return read_manifest(self.folder.path / names[-1]) if names else None
        except BackupProblem:  # all attachments are copied again
            return None


def back_up(settings: Settings, folder: BackupFolder, keep: int, stop: Stop, say: Say) -> None:
    """`guichet backup`. Raises `BackupProblem`."""
    _refuse_place(settings, folder.path)
    folder.create()
    with in_one_sentence(stop), folder.locked(writing=True), open_engine(settings) as engine:
        began = monotonic()
        making = Making(settings, engine, folder, stop)
        manifest, copied = making.make()
        copies = Copies(folder.attachments, create_store(settings), stop)
        deleted = copies.delete_others({*manifest.attachments, *copied.missing})
        removed = folder.prune(keep, manifest.taken_at)
        _tell(say, folder, manifest, monotonic() - began)
        say(
            f"attachments: {len(manifest.attachments)}, of which {copied.new} are new; {deleted} were deleted"
        )
        if copied.missing:
            say(f"  not in the store, and left out: {len(copied.missing)} (listed in {NAME})")
        say(
            f"kept: {len(folder.names())} backups, the oldest of {folder.names()[0]}; removed: {len(removed)}"
        )
        _say_what_is_not_there(settings, say)
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


def _refuse_place(settings: Settings, path: Path) -> None:
    """Raise `BackupProblem` for a folder that holds, or lies in, what is backed up or has to be apart."""
    here = path.resolve()
    store = read_store_url(settings.attachments_url)
    if isinstance(store, Path) and here.is_relative_to(store.absolute().resolve()):
        raise BackupProblem(f"{path} is in the folder of ATTACHMENTS_URL: name a folder elsewhere")
    erasures = settings.erasures_file
    if erasures is not None and erasures.absolute().resolve().is_relative_to(here):
        raise BackupProblem(
            f"ERASURES_FILE: {erasures} is in {path}: keep it apart from the backups, or a restore would "
            "bring back an old copy of it"
        )


def _copy_catalogue(settings: Settings, part: Path) -> None:
    """Copy the catalogue's file and the articles. What is not there is left out: the database has them."""
    if settings.catalogue.is_file():
        _write(part / "catalogue.yaml", settings.catalogue.read_bytes())
    if settings.articles.is_dir():
        (part / "articles").mkdir(mode=0o700)
        for article in sorted(settings.articles.glob("*.md")):
            _write(part / "articles" / article.name, article.read_bytes())


def _files(part: Path) -> list[str]:
    return sorted(str(each.relative_to(part)) for each in part.rglob("*") if each.is_file())


def _write(path: Path, content: bytes | str) -> None:
    raw = content.encode() if isinstance(content, str) else content
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:  # noqa: PTH123
        file.write(raw)


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


def _tell(say: Say, folder: BackupFolder, manifest: Manifest, seconds: float) -> None:
    size = sum(each.size for each in manifest.files.values()) / 1e6
    say(
        f"backup {folder.names()[-1]} in {folder.path}: {manifest.made_by}, tickets up to no. "
        f"{manifest.highest_ticket}, {size:,.1f} MB, in {seconds:.1f} s"
    )


def _say_what_is_not_there(settings: Settings, say: Say) -> None:
    say("not in it, to be kept elsewhere: the settings and secrets (.env)")
    if settings.erasures_file is not None:
        say(
            f"not in it, and never to be restored with it: ERASURES_FILE: copy {settings.erasures_file} by "
            "itself, whenever somebody was erased"
        )
