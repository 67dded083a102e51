"""The parts of a running help desk, made from the settings."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from urllib.parse import urljoin

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.app import create_app
from bot.db.clock import DatabaseClock
from bot.db.engine import WORKER_TIMEOUT, create_db
from bot.db.session import Sessions
from bot.delivery.attempt import Senders
from bot.delivery.errors import Retryable
from bot.delivery.senders.files import SlackFiles
from bot.delivery.senders.mail import ConsoleMailer, Mailer
from bot.delivery.senders.slack import SlackSender
from bot.delivery.senders.smtp import SmtpMailer
from bot.delivery.wakeup import Wakeup, listen
from bot.delivery.worker import Worker
from bot.settings import Settings, required
from bot.slack import alarm
from bot.slack.client import UNANSWERED, ListenerClient, worker_client
from bot.slack.directory import Directory
from bot.slack.identity import Identity
from bot.slack.people.profiles import Served
from bot.storage.base import Store
from bot.storage.folder import FolderStore
from bot.storage.s3 import ObjectStore
from bot.storage.url import read_store_url
from bot.timeouts import Timeouts

logger = logging.getLogger(__name__)
LINK_REST = 60.0  # seconds


@dataclass(frozen=True)
class Desk:
    """The bot's own parts: for listeners and for the worker, each with its own patience."""

    settings: Settings
    app: App
    directory: Directory
    """The listeners' own: it gives up soon."""
    worker_directory: Directory
    sessions: Sessions
    worker: Worker
    clock: Callable[[], datetime]
    worker_engine: Engine
    wakeup: Wakeup

    def disconnect(self) -> None:
        """Close the database's idle connections; whoever asks for one later gets a new one."""
        for engine in (self.worker_engine, self.sessions.kw["bind"]):
            engine.dispose()


def create_desk(
    settings: Settings, clock: Callable[[], datetime] | None = None, timeouts: Timeouts | None = None
) -> Desk:
    """Everything wired, nothing started; by the database's clock unless another is given. Raises
    `SettingsError` without a bot token."""
    timeouts = timeouts or Timeouts()
    required(settings, "slack_bot_token")
    assert settings.slack_bot_token is not None
    wakeup = Wakeup()
    sessions = Sessions(create_db(settings.database_url, timeout=timeouts.database))
    clock = clock or DatabaseClock(sessions.kw["bind"])
    worker_engine = create_db(settings.database_url, timeout=WORKER_TIMEOUT)
    worker_sessions = Sessions(worker_engine)
    for each in (sessions, worker_sessions):
        wakeup.connect(each)
    token = settings.slack_bot_token.get_secret_value()
    served = Served(settings.default_locale, settings.default_time_zone, settings.serve_organisation)
    quick = ListenerClient(token, settings.slack_api_url, timeouts.payload)
    client = worker_client(token, settings.slack_api_url)
    people = Directory(sessions, quick, clock, served=served, timeouts=timeouts)
    patient = Directory(worker_sessions, client, clock, served=served)
    app = create_app(settings, sessions, people, clock, timeouts)
    senders = Senders(
        slack=SlackSender(client),
        files=SlackFiles(client),
        store=create_store(settings),
        mailer=create_mailer(settings),
        settings=settings,
        link=app_link(quick, settings.slack_api_url, people.identity),
        directory=patient,
        people=people,
    )
    worker = Worker(worker_sessions, senders, clock)
    return Desk(settings, app, people, patient, sessions, worker, clock, worker_engine, wakeup)


def find_channels(desk: Desk) -> None:
    """Ask Slack at the start who we are, and for the teams' channels; one line names those that the bot is
    not in."""
    directory = desk.worker_directory
    try:
        desk.directory.identity.known = directory.identity.installation()
        missing = directory.resolve_channels()
    except UNANSWERED as error:
        logger.error("the teams' channels were not looked up: %s", type(error).__name__)
        if refused := alarm.refusal(error):
            alarm.sound(desk.sessions, desk.clock, refused)
        return
    if missing:
        logger.warning("invite the bot to: %s", ", ".join(missing))


def app_link(client: WebClient, api_url: str, identity: Identity | None = None) -> Callable[[], str]:
    """The address that opens the app in Slack (docs.slack.dev, "Deep linking"), asked of Slack until it has
    answered once; once a minute while it does not. The function raises `Retryable` then."""
    asked = identity or Identity(client)
    known = list[str]()
    in_vain = [-LINK_REST]

    def link() -> str:
        if known:
            return known[0]
        if monotonic() - in_vain[0] < LINK_REST:
            raise Retryable("no link to Slack", reached=False)
        try:
            who = asked.installation() if asked.known and asked.known.bot_id else asked.ask()
            app_id = client.bots_info(bot=str(who.bot_id))["bot"]["app_id"]
        except UNANSWERED as error:
            in_vain[0] = monotonic()
            raise Retryable(f"no link to Slack: {type(error).__name__}", reached=False) from error
        known.append(urljoin(api_url, f"/app_redirect?app={app_id}&team={who.team_id}"))
        return known[0]

    return link


class Working:
    """The worker's thread, and the one that listens for PostgreSQL's notifications."""

    def __init__(self, desk: Desk) -> None:
        self._stop = threading.Event()
        self._wakeup = desk.wakeup
        self._threads = [
            threading.Thread(target=desk.worker.run, args=(self._stop, desk.wakeup), name="worker")
        ]
        if desk.worker_engine.dialect.name == "postgresql":
            arguments = (desk.worker_engine, desk.wakeup, self._stop)
            self._threads.append(threading.Thread(target=listen, args=arguments, name="listen"))

    def __enter__(self) -> "Working":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._wakeup.set()
        for thread in self._threads:
            thread.join()

    def until_main_thread_ends(self) -> None:
        """Work beside a server that owns the main thread. The interpreter joins these threads at its end."""
        self.__enter__()
        threading.Thread(target=self._end_with_main_thread, name="end").start()

    def _end_with_main_thread(self) -> None:
        threading.main_thread().join()
        self.__exit__()


class Connected:
    """The Socket Mode connection. Raises `SettingsError` without an app token."""

    def __init__(self, desk: Desk) -> None:
        required(desk.settings, "slack_app_token")
        assert desk.settings.slack_app_token is not None
        token = desk.settings.slack_app_token.get_secret_value()
        self._handler = SocketModeHandler(
            desk.app, token, web_client=WebClient(token=token, base_url=desk.settings.slack_api_url)
        )

    def __enter__(self) -> "Connected":
        self._handler.connect()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *_error: object) -> None:
        """Hang up once what was taken is acknowledged: slack_sdk itself hangs up first."""
        client = self._handler.client
        client.closed = True
        client.message_processor.shutdown()  # type: ignore[no-untyped-call]
        client.message_workers.shutdown()
        self._handler.close()  # type: ignore[no-untyped-call]


def create_store(settings: Settings) -> Store:
    """The store that the settings ask for. Raises `SettingsError` for one half of a pair of keys."""
    place = read_store_url(settings.attachments_url)
    if isinstance(place, Path):
        return FolderStore(place)
    key_id, secret = settings.aws_access_key_id, settings.aws_secret_access_key
    if key_id is None and secret is None:
        return ObjectStore(place)
    required(settings, "aws_access_key_id", "aws_secret_access_key")
    assert key_id is not None
    assert secret is not None
    return ObjectStore(place, keys=(key_id.get_secret_value(), secret.get_secret_value()))


def create_mailer(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    return SmtpMailer(settings.smtp_url.get_secret_value()) if settings.smtp_url else ConsoleMailer()
