"""The HTTP door: Slack's signed requests, under a WSGI server."""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess

from granian import Granian
from granian.constants import Interfaces
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.bootstrap import Desk, Working, create_desk, find_channels
from bot.http.probes import watched
from bot.http.verification import guarded
from bot.http.wsgi import Wsgi
from bot.observability import logs
from bot.settings import Settings, load_settings, required
from bot.signals import STOP, on_stop

PATH = "/slack/events"
THREADS = 8
AGAIN = 0.5  # seconds
STOPPING = 30  # seconds for what is in hand; longer than any one call that a worker makes
# Granian's own lines go the way of ours.
LOGS = {"handlers": {}, "formatters": {}, "loggers": {"_granian": {"propagate": True}}}


def serve(settings: Settings, *, with_worker: bool) -> None:
    """Serve on HOST and PORT until SIGTERM. Raises `SettingsError` without a signing secret."""
    required(settings, "slack_bot_token", "slack_signing_secret")
    target = "bot.http.server:application_with_worker" if with_worker else "bot.http.server:application"
    server = Granian(
        target,
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        # On SQLite, writers of one process take turns (`bot.db.sqlite_write_lock`); those of two would sleep
        # and try again.
        workers=1 if with_worker or settings.on_sqlite else 2,
        blocking_threads=THREADS,
        log_dictconfig=LOGS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING,
    )
    server.on_startup(lambda: on_stop(_stop_parent))
    server.serve()


def _stop_parent(number: int) -> None:
    """End it and its children; again, since Granian forgets what comes while it replaces a child."""
    while callable(handler := signal.getsignal(number)):
        handler(number, None)
        time.sleep(AGAIN)


def _stop_child(number: int) -> None:
    """Finish what is in hand; nothing is before Granian has said what it does on this signal."""
    handler = signal.getsignal(number)
    if not callable(handler):
        os._exit(0)
    handler(number, None)


def application() -> Wsgi:
    """The WSGI application of one process."""
    desk = _open()
    return create_wsgi(desk)


def application_with_worker() -> Wsgi:
    """The same, with the worker beside it; the process's end waits for what the worker has in hand."""
    desk = _open()
    Working(desk).until_main_thread_ends()
    return create_wsgi(desk)


def _open() -> Desk:
    for number in STOP:
        signal.signal(number, signal.SIG_DFL)  # A fork inherits what its parent does.
    on_stop(_stop_child)
    _end_with_parent()
    settings = load_settings()
    logs.configure(settings.log_format)
    desk = create_desk(settings)
    find_channels(desk)
    return desk


def _end_with_parent() -> None:
    """Let nobody answer on the port once the process that started us was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), name="parent", daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def create_wsgi(desk: Desk) -> Wsgi:
    """Slack's requests under `/slack/events`; the rest is for whoever watches."""
    slack: Wsgi = SlackRequestHandler(desk.app, path=PATH)  # type: ignore[assignment] # wsgiref's protocol
    secret = desk.settings.slack_signing_secret
    return watched(desk, guarded(slack, secret.get_secret_value() if secret else None, PATH))
