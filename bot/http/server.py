"""The HTTP door: Slack's signed requests, under an ASGI server."""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from functools import partial
from multiprocessing.process import BaseProcess

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import MPServer, MTServer
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.bootstrap import Desk, Working, create_desk, find_channels
from bot.http.asgi import Asgi, in_threads
from bot.http.probes import with_probes
from bot.http.verification import verified
from bot.http.wsgi import Wsgi
from bot.observability import logs
from bot.settings import Settings, load_settings, required
from bot.signals import STOP, on_stop

PATH = "/slack/events"
HEAD_SECONDS = 5  # for the head of a request, counted from the connection or the last answer
AGAIN = 0.5  # seconds
STOPPING = 30  # seconds for what is in hand; longer than any one call that a worker makes
# Granian's own lines go the way of ours.
LOGS = {"handlers": {}, "formatters": {}, "loggers": {"_granian": {"propagate": True}}}


def serve(settings: Settings, *, with_worker: bool) -> None:
    """Serve on HOST and PORT until SIGTERM. Raises `SettingsError` without a signing secret."""
    required(settings, "slack_bot_token", "slack_signing_secret")
    target = "bot.http.server:application_with_worker" if with_worker else "bot.http.server:application"
    # On SQLite, writers of one process take turns (`bot.db.sqlite_write_lock`); those of two would sleep
    # and try again.
    processes = 1 if with_worker or settings.on_sqlite else 2
    server = create_server(target, settings.host, settings.port, processes=processes)
    server.on_startup(lambda: on_stop(_stop_parent))
    server.serve()


def create_server(
    target: str, host: str, port: int, *, processes: int, head_seconds: int = HEAD_SECONDS
) -> MPServer | MTServer:
    """A server of the ASGI application that this factory makes."""
    return Granian(
        target,
        factory=True,
        interface=Interfaces.ASGINL,
        # Only HTTP/1 has a deadline for those who connect and say nothing.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=head_seconds * 1000),
        websockets=False,
        address=host,
        port=port,
        workers=processes,
        log_dictconfig=LOGS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING,
    )


def _stop_parent(number: int) -> None:
    """End it and its children; again, since Granian forgets what comes while it replaces a child."""
    while callable(handler := signal.getsignal(number)):
        handler(number, None)
        time.sleep(AGAIN)


def _stop_child(loop: asyncio.AbstractEventLoop, number: int) -> None:
    """Finish what is in hand; nothing is before Granian has said what its loop does on this signal."""
    if not callable(signal.getsignal(number)):
        os._exit(0)
    loop.call_soon_threadsafe(_let_in, number)


def _let_in(number: int) -> None:
    """Have the loop, whose thread this is, receive a signal that is blocked."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [number])
    signal.raise_signal(number)


def application() -> Asgi:
    """The ASGI application of one process."""
    return create_asgi(_open())


def application_with_worker() -> Asgi:
    """The same, with the worker beside it; the process's end waits for what the worker has in hand."""
    desk = _open()
    Working(desk).until_main_thread_ends()
    return create_asgi(desk)


def _open() -> Desk:
    for number in STOP:
        signal.signal(number, signal.SIG_DFL)  # A fork inherits what its parent does.
    on_stop(partial(_stop_child, asyncio.get_event_loop()))
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


def create_asgi(desk: Desk) -> Asgi:
    """All of the door: what is not answered at once is answered from threads."""
    return in_threads(create_wsgi(desk), PATH)


def create_wsgi(desk: Desk) -> Wsgi:
    """Slack's requests under `/slack/events`; the rest is for whoever watches."""
    slack: Wsgi = SlackRequestHandler(desk.app, path=PATH)  # type: ignore[assignment] # wsgiref's protocol
    secret = desk.settings.slack_signing_secret
    return with_probes(desk, verified(slack, secret.get_secret_value() if secret else None, PATH))
