"""A small desk with attachments, a folder of backups, and an empty database to restore into."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from bot.bootstrap import create_store
from bot.db.revisions import newest
from bot.ops.backup.folder import BackupFolder
from bot.ops.backup.making import back_up
from bot.ops.backup.restoring import Wish, restore_backup
from bot.ops.backup.stopping import Stop
from bot.settings import Settings
from models.tickets.attachment import Attachment, AttachmentState, key_of
from tests.conftest import CATALOGUE, ROOT
from tests.support.databases import open_small_desk
from tests.support.factories import make_attachment
from tests.support.postgres import server_programs
from tests.support.use_case_desk import SmallDesk


@dataclass(frozen=True)
class BackedUp:
    """A desk, its settings, and the folder of its backups."""

    desk: SmallDesk
    settings: Settings
    folder: BackupFolder

    def attach(self, name: str, content: bytes = b"abc") -> str:
        """A file of a new ticket, kept in the store. Returns its name there."""
        ticket = self.desk.open(self.desk.draft(name))
        with self.desk.sessions.begin() as session:
            file = make_attachment(name, ticket_id=ticket.id, state=AttachmentState.KEPT, size=len(content))
            session.add(file)
            session.flush()
            file.key = key_of(file)
            create_store(self.settings).put(file.key, content)
            return file.key

    def take_back(self, key: str) -> None:
        """Delete a file, as its author does."""
        with self.desk.sessions.begin() as session:
            session.delete(session.scalars(select(Attachment).where(Attachment.key == key)).one())
        create_store(self.settings).delete(key)

    def back_up(self, keep: int = 14, stop: Stop | None = None) -> str:
        """As `guichet backup` does. Returns the backup's name."""
        said = list[str]()
        back_up(self.settings, self.folder, keep, stop or Stop(), said.append)
        self.said[:] = said
        return self.folder.names()[-1]

    def restore(self, into: Settings, wish: Wish | None = None, stop: Stop | None = None) -> list[str]:
        """As `guichet restore` does. Returns what it says."""
        self.desk.sessions.kw["bind"].dispose()
        said = list[str]()
        restore_backup(into, self.folder, wish or Wish(), stop or Stop(), said.append)
        return said

    @property
    def said(self) -> list[str]:
        """What the last backup said."""
        return _said


_said: list[str] = []


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs of the server's version."""
    monkeypatch.setenv("PATH", f"{server_programs()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def backed_up(tables_url: str, tmp_path: Path) -> Iterator[BackedUp]:
    """A desk whose database has a revision, as a migrated one."""
    settings = Settings(
        _env_file=None,
        database_url=SecretStr(tables_url),
        attachments_url=str(tmp_path / "attachments"),
        catalogue=CATALOGUE,
        articles=ROOT / "articles",
    )
    with open_small_desk(tables_url) as desk:
        engine = desk.sessions.kw["bind"]
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"))
            connection.execute(text(f"INSERT INTO alembic_version VALUES ('{newest()}')"))
        yield BackedUp(desk, settings, BackupFolder(tmp_path / "backups"))
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


@pytest.fixture
def elsewhere(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """The settings of another machine: an empty database, an empty store."""
    url = f"sqlite:///{tmp_path}/elsewhere/guichet.db"
    if database == "postgresql":
        url = request.getfixturevalue("empty_postgresql_url")
    return Settings(
        _env_file=None,
        database_url=SecretStr(url),
        attachments_url=str(tmp_path / "elsewhere" / "attachments"),
        catalogue=CATALOGUE,
        articles=ROOT / "articles",
    )
