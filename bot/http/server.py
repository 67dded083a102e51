"""Slack's requests over HTTP, under an ASGI server (Granian)."""

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from multiprocessing.process import BaseProcess

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import MPServer, MTServer
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.bootstrap import Desk, create_desk, make_search_index
from bot.http import garbage
from bot.http.asgi import Asgi, in_threads
from bot.http.probes import respond, with_probes
from bot.http.verification import verified
from bot.http.wsgi import Environ, StartResponse, Wsgi
from bot.observability import logs
from bot.observability.metrics import REQUESTS, forget_ended_processes
from bot.observability.ready_line import log_ready
from bot.running.listening import require_free
from bot.running.slack_at_start import SlackAtStart
from bot.running.watch import Watch
from bot.settings import Settings, SettingsError, load_settings, required
from bot.signals import STOP, on_stop

logger = logging.getLogger(__name__)
PATH = "/slack/events"
HEAD_SECONDS = 5  # for the head of a request, counted from the connection or the last response
SIGNAL_SECONDS = 0.5  # between two attempts to stop the parent
STOP_SECONDS = 30  # for work in progress; longer than any one call of a worker
# Granian's own records go to our handler.
LOGS = {"handlers": {}, "formatters": {}, "loggers": {"_granian": {"propagate": True}}}


def serve(settings: Settings, *, with_worker: bool) -> None:
    """Serve on HOST and PORT until SIGTERM. Raises `SettingsError` without a signing secret, or when
    HOST and PORT cannot be listened on."""
    required(settings, "slack_bot_token", "slack_signing_secret")
    require_free(settings.host, settings.port)
    target = "bot.http.server:application_with_worker" if with_worker else "bot.http.server:application"
    # On SQLite the writers of one process queue for a lock (`bot.db.sqlite_write_lock`); those of two would
    # poll.
    processes = 1 if with_worker or settings.on_sqlite else settings.web_processes
    server = create_server(target, settings.host, settings.port, processes=processes)
    garbage.share_with_children()
    server.on_startup(lambda: on_stop(_stop_parent))
    server.serve()


def create_server(
    target: str, host: str, port: int, *, processes: int, head_seconds: int = HEAD_SECONDS
) -> MPServer | MTServer:
    """A server of the ASGI application that the factory `target` (`module:function`) returns."""
    return Granian(
        target,
        factory=True,
        interface=Interfaces.ASGINL,
        # Only HTTP/1 has a deadline for the head of a request.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=head_seconds * 1000),
        websockets=False,
        address=host,
        port=port,
        workers=processes,
        log_dictconfig=LOGS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )


def _stop_parent(number: int) -> None:
    """Stop it and its children. Repeated: Granian loses a signal that arrives while it replaces a child."""
    while callable(handler := signal.getsignal(number)):
        handler(number, None)
        time.sleep(SIGNAL_SECONDS)


def _stop_child(loop: asyncio.AbstractEventLoop, number: int) -> None:
    """Stop after the work in progress. Before Granian has installed its handler there is none."""
    if not callable(signal.getsignal(number)):
        os._exit(0)
    loop.call_soon_threadsafe(_deliver, number)


def _deliver(number: int) -> None:
    """Unblock the signal in the event loop's thread, which this is, and raise it."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [number])
    signal.raise_signal(number)


def application() -> Asgi:
    """The ASGI application of one process."""
    return create_asgi(_start("web"))


def application_with_worker() -> Asgi:
    """The same with a worker; the process ends once the worker has finished the work in progress."""
    from bot.running.worker_threads import WorkerThreads

    return create_asgi(_start("run over HTTP", lambda desk: WorkerThreads(desk).until_main_thread_ends()))


def _start(mode: str, then: Callable[[Desk], object] = lambda _desk: None) -> Desk:
    """Start one process of the server. `then` is called unless Slack refuses the token; while it does,
    requests are not handled."""
    for number in STOP:
        signal.signal(number, signal.SIG_DFL)  # a fork inherits its parent's handlers
    on_stop(partial(_stop_child, asyncio.get_event_loop()))
    _end_with_parent()
    forget_ended_processes()
    logs.configure()
    try:
        settings = load_settings()
        logs.configure(settings.log_format, settings.log_level)
        desk = create_desk(settings)
    except SettingsError as error:  # the parent read the settings; they were changed since
        for line in str(error).splitlines():
            logger.error("%s", line)
        os._exit(2)  # the parent starts another child in a few seconds
    garbage.collect_between_requests()
    make_search_index(desk)
    Watch(desk).start()
    threading.Thread(target=_meet_slack, args=(desk, mode, then), name="start", daemon=True).start()
    return desk


def _meet_slack(desk: Desk, mode: str, then: Callable[[Desk], object]) -> None:
    def work() -> None:
        if threading.main_thread().is_alive():  # else it was stopped meanwhile
            then(desk)

    try:
        SlackAtStart(desk, threading.Event(), work).identify()
        log_ready(f"{mode} on port {desk.settings.port}", desk.settings)
    except Exception:
        logger.exception("the start failed")
        os._exit(2)  # the parent starts another child


def _end_with_parent() -> None:
    """Stop once the parent process was killed, so that the port is freed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_stop_after, args=(parent,), name="parent", daemon=True).start()


def _stop_after(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def create_asgi(desk: Desk) -> Asgi:
    """The whole HTTP application, as ASGI."""
    return in_threads(create_wsgi(desk), PATH, at_rest=garbage.collect_at_rest)


def create_wsgi(desk: Desk) -> Wsgi:
    """Slack's requests under `/slack/events`, and the probes."""
    slack: Wsgi = SlackRequestHandler(desk.app, path=PATH)  # type: ignore[assignment] # wsgiref's protocol
    secret = desk.settings.slack_signing_secret
    handled = _unless_refused(desk, slack)
    return with_probes(desk, verified(handled, secret.get_secret_value() if secret else None, PATH))


def _unless_refused(desk: Desk, slack: Wsgi) -> Wsgi:
    """`slack`, which is asked nothing while Slack refuses the token since the start: what people would write
    into a form that cannot be answered would be lost. Slack repeats events (docs.slack.dev, "Events API")."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if desk.readiness.refused is None:
            return slack(environ, start_response)
        REQUESTS.labels("other", "not_ready").inc()
        return respond(start_response, "503 Service Unavailable", "text/plain", b"")

    return answer
