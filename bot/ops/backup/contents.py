"""What is in a backup besides the database and the attachments, and where it may lie."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url

from bot.ops.backup.folder import ATTACHMENTS
from bot.ops.backup.manifest import Content, content_of
from bot.ops.backup.problem import BackupProblem
from bot.ops.backup.stopping import Stop
from bot.settings import Settings
from bot.storage.url import read_store_url


def refuse_place(settings: Settings, path: Path) -> None:
    """Raise `BackupProblem` for a folder that holds, or lies in, what is backed up or has to be apart."""
    here = path.resolve()
    store = read_store_url(settings.attachments_url)
    if isinstance(store, Path):
        kept = store.absolute().resolve()
        if here.is_relative_to(kept):
            raise BackupProblem(f"{path} is in the folder of ATTACHMENTS_URL: name a folder elsewhere")
        copies = (here / ATTACHMENTS).resolve()
        if copies.is_relative_to(kept) or kept.is_relative_to(copies):
            raise BackupProblem(
                f"{path / ATTACHMENTS} is the folder of ATTACHMENTS_URL, where the copies would be: name a "
                "folder elsewhere"
            )
    erasures = settings.erasures_file
    if erasures is not None and erasures.absolute().resolve().is_relative_to(here):
        raise BackupProblem(
            f"ERASURES_FILE: {erasures} is in {path}: keep it apart from the backups, or a restore would "
            "bring back an old copy of it"
        )


def require_database(settings: Settings) -> None:
    """Raise `BackupProblem` when there is no SQLite file, which connecting would make."""
    path = Path(make_url(settings.database_url.get_secret_value()).database or "")
    if settings.on_sqlite and not path.is_file():
        raise BackupProblem(f"DATABASE_URL: there is no file {path}: correct the path")


def copy_catalogue(settings: Settings, part: Path) -> None:
    """Copy the catalogue's file and the articles. What is not there is left out: the database has them."""
    if settings.catalogue.is_file():
        write(part / "catalogue.yaml", settings.catalogue.read_bytes())
    if settings.articles.is_dir():
        (part / "articles").mkdir(mode=0o700)
        for article in sorted(settings.articles.glob("*.md")):
            write(part / "articles" / article.name, article.read_bytes())


def contents_of(part: Path, stop: Stop) -> Mapping[str, Content]:
    """Of each file of a backup, by its path there."""
    files = sorted(each for each in part.rglob("*") if each.is_file())
    return {str(each.relative_to(part)): content_of(each, stop) for each in files}


def write(path: Path, content: bytes | str) -> None:
    """Write a file that only this user can read."""
    raw = content.encode() if isinstance(content, str) else content
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(raw)
