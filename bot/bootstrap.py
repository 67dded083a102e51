"""The parts of a running help desk, made from the settings."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from slack_bolt import App
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.app import create_app
from bot.catalogue_search.loaded import make_index
from bot.db.clock import DatabaseClock
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.refusals import refusal
from bot.db.session import Sessions
from bot.delivery.wakeup import Wakeup
from bot.observability.readiness import Readiness
from bot.services.audit.readings import Readings
from bot.settings import Settings, SettingsError, required
from bot.slack import access, unanswered
from bot.slack.client import UNANSWERED, ListenerClient, worker_client
from bot.slack.directory import Directory
from bot.slack.people.profiles import DirectoryDefaults
from bot.storage.base import Store
from bot.storage.folder import FolderStore
from bot.storage.url import read_store_url
from bot.timeouts import Timeouts

logger = logging.getLogger(__name__)
INDEX_SECONDS = 2.0
"""From the start of a process until it makes the search's index: the first requests are answered before."""


@dataclass(frozen=True)
class Desk:
    """The parts of the bot. Those of listeners have short timeouts, those of the worker long ones."""

    settings: Settings
    app: App
    directory: Directory
    """The listeners'."""
    worker_directory: Directory
    sessions: Sessions
    worker_sessions: Sessions
    clock: Callable[[], datetime]
    worker_engine: Engine
    wakeup: Wakeup
    readiness: Readiness
    readings: Readings

    def disconnect(self) -> None:
        """Write what waits, and close the database's idle connections; new ones are opened when needed."""
        self.readings.close()
        for engine in (self.worker_engine, self.sessions.kw["bind"]):
            engine.dispose()


def create_desk(
    settings: Settings, clock: Callable[[], datetime] | None = None, timeouts: Timeouts | None = None
) -> Desk:
    """Wire all parts; nothing is started. `clock`: the database's by default.

    Raises `SettingsError` without a bot token.
    """
    timeouts = timeouts or Timeouts()
    required(settings, "slack_bot_token")
    assert settings.slack_bot_token is not None
    wakeup = Wakeup()
    sessions = Sessions(create_db(settings.database_url.get_secret_value(), timeout=timeouts.database))
    clock = clock or DatabaseClock(sessions.kw["bind"])
    worker_engine = create_db(settings.database_url.get_secret_value(), timeout=WORKER_TIMEOUT)
    worker_sessions = Sessions(worker_engine)
    for each in (sessions, worker_sessions):
        wakeup.connect(each)
    token = settings.slack_bot_token.get_secret_value()
    defaults = directory_defaults(settings)
    listener_client = ListenerClient(token, settings.slack_api_url, timeouts.payload)
    client = worker_client(token, settings.slack_api_url)
    directory = Directory(sessions, listener_client, clock, defaults=defaults, timeouts=timeouts)
    worker_directory = Directory(worker_sessions, client, clock, defaults=defaults)
    readings = Readings(sessions)
    app = create_app(settings, sessions, directory, clock, timeouts, readings)
    return Desk(
        settings,
        app,
        directory,
        worker_directory,
        sessions,
        worker_sessions,
        clock,
        worker_engine,
        wakeup,
        Readiness(sessions),
        readings,
    )


def directory_defaults(settings: Settings) -> DirectoryDefaults:
    """The settings that the directory needs."""
    return DirectoryDefaults(
        settings.default_locale,
        settings.default_time_zone,
        settings.serve_organisation,
        settings.manager_field,
    )


def find_channels(desk: Desk) -> None:
    """Read the app's identity and the teams' channels from Slack at the start. Channels that the bot is not
    in are logged."""
    directory = desk.worker_directory
    try:
        desk.directory.identity.known = directory.identity.installation()
        missing = directory.resolve_channels()
    except UNANSWERED as error:
        logger.error("the teams' channels could not be read: %s", unanswered.explain(error))
        if refused := access.refusal(error):
            access.report(desk.sessions, desk.clock, refused)
        return
    except SQLAlchemyError as error:  # readiness says so until it answers
        logger.error("the teams' channels could not be read: %s", refusal(error))
        return
    if missing:
        logger.warning("the bot is not in these channels, invite it: %s", ", ".join(missing))


def make_search_index(desk: Desk) -> None:
    """Make the index of the catalogue's search in a thread, in `INDEX_SECONDS`; whoever searches before makes
    it."""
    thread = threading.Timer(INDEX_SECONDS, make_index, (desk.sessions.kw["bind"],))
    thread.name, thread.daemon = "search-index", True
    thread.start()


def create_store(settings: Settings) -> Store:
    """The store of ATTACHMENTS_URL. Raises `SettingsError` when only one of the two keys is set."""
    location = read_store_url(settings.attachments_url)
    if isinstance(location, Path):
        return FolderStore(location)
    from bot.storage.s3 import ObjectStore

    key_id, secret = settings.aws_access_key_id, settings.aws_secret_access_key
    if key_id is None and secret is None:
        return ObjectStore(location)
    required(settings, "aws_access_key_id", "aws_secret_access_key")
    assert key_id is not None
    assert secret is not None
    return ObjectStore(location, keys=(key_id.get_secret_value(), secret.get_secret_value()))


def require_attachments(settings: Settings) -> None:
    """Raise `SettingsError` when ATTACHMENTS_URL is a folder that this user cannot write."""
    store = create_store(settings)
    if isinstance(store, FolderStore) and (mistake := store.mistake()):
        raise SettingsError(
            f"ATTACHMENTS_URL: {store} cannot be written by this user: {mistake}: give the folder to this "
            "user, or name another one"
        )
