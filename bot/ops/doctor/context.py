"""What the checks share: the settings, and what earlier checks found usable."""

from datetime import datetime
from functools import cached_property
from types import TracebackType

from slack_sdk import WebClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.articles.contents import Contents, read_contents
from bot.db.session import Sessions
from bot.settings import Settings
from models.base import utc_now


class CheckContext:
    """The settings, and what can be used of a help desk."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sessions: Sessions | None = None
        """Set by the database's check when it can be read and is of this version."""
        self.client: WebClient | None = None
        """Set by Slack's check when Slack accepts the bot's token."""
        self._engine: Engine | None = None

    def __enter__(self) -> "CheckContext":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if self._engine is not None:
            self._engine.dispose()

    def has_database(self, engine: Engine) -> None:
        """The database can be used."""
        self._engine, self.sessions = engine, Sessions(engine)

    @property
    def engine(self) -> Engine | None:
        """Of the database, when it can be used."""
        return self._engine

    def read(self) -> Session | None:
        """A session for reading; `None` when the database cannot be used, which its check has said."""
        return self.sessions() if self.sessions else None

    @cached_property
    def contents(self) -> Contents:
        """The catalogue's file and the articles, read once. Raises `CatalogueError`."""
        return read_contents(self.settings.catalogue, self.settings.articles)

    @property
    def now(self) -> datetime:
        """This machine's time; the database's check says when it is wrong."""
        return utc_now()
