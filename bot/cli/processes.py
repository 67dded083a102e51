"""Subcommands that run until they are stopped: demo, local-slack, run, socket, web, worker."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.apps import app
from bot.cli.apps import settings as read_settings
from bot.observability import logs
from bot.observability.liveness.heartbeat import registered
from bot.signals import on_stop
from bot.temporary import temporary_folder

if TYPE_CHECKING:
    from bot.settings import Settings


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the web page; if it is taken, a free one.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Run the help desk in a local Slack with a web page. Needs no configuration."""
    with _packages_of_the_demo():
        from bot.demo import run_demo

    stopped = _stop_event()
    with registered("demo", host, None):
        run_demo(host, port, until=stopped.wait)


@app.command("local-slack")
def local_slack(
    over_http: Annotated[
        bool, typer.Option("--http", help="Send requests to PUBLIC_URL instead of over Socket Mode.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 8765,
    smtp_port: Annotated[int, typer.Option(help="Port of the mail server.")] = 8025,
    smtp_certificate: Annotated[
        Path | None, typer.Option(help="PEM, with its key: mail then needs STARTTLS and --smtp-login.")
    ] = None,
    smtp_login: Annotated[str | None, typer.Option(metavar="USER:PASSWORD")] = None,
) -> None:
    """Open the local Slack alone, to try an installation with. Nothing is kept when it stops."""
    with _packages_of_the_demo():
        from bot.local_slack import run_local_slack

    run_local_slack(
        read_settings(),
        over_http=over_http,
        ports=(port, smtp_port),
        certificate=smtp_certificate,
        login=smtp_login,
    )


@app.command()
def run() -> None:
    """Run the whole bot in one process: over Socket Mode, or over HTTP without SLACK_APP_TOKEN."""
    from bot.ops.release import prepare
    from bot.settings import required

    settings = read_settings()
    required(settings, "slack_bot_token")
    if settings.slack_app_token is None:
        required(settings, "slack_signing_secret")
    prepare(settings)
    if settings.slack_app_token is None:
        _serve(settings, with_worker=True)
    else:
        _work(settings, connected=True, working=True)


@app.command()
def socket() -> None:
    """Handle Slack's requests over Socket Mode. `guichet worker` sends the messages."""
    _work(read_settings(), connected=True, working=False)


@app.command()
def web() -> None:
    """Handle Slack's requests over HTTP, on HOST and PORT. `guichet worker` sends the messages."""
    _serve(read_settings(), with_worker=False)


@app.command()
def worker() -> None:
    """Send messages and e-mails. Any number of workers may run."""
    _work(read_settings(), connected=False, working=True)


@contextmanager
def _packages_of_the_demo() -> Iterator[None]:
    """Raises `SettingsError` when one that the block imports is not installed."""
    from bot.settings import SettingsError

    try:
        yield
    except ModuleNotFoundError as missing:
        raise SettingsError(
            f"the local Slack needs packages that production does not have, such as {missing.name}: install "
            "requirements/demo.txt, with `make demo` or `pip install -r requirements/demo.txt`"
        ) from None


def _serve(settings: "Settings", *, with_worker: bool) -> None:
    from bot.http.garbage import not_collected

    with not_collected():
        from bot.ops.database import require_this_version
        from bot.settings import required

    required(settings, "slack_bot_token", "slack_signing_secret")
    logs.configure(settings.log_format, settings.log_level)
    require_this_version(settings)
    process = registered("run" if with_worker else "web", settings.host, settings.port)
    with process, temporary_folder("guichet-metrics-") as folder:
        # Where the server's processes share their metrics; prometheus_client reads it once, when imported.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        try:
            with not_collected():
                from bot.bootstrap import require_attachments
                from bot.http.server import serve

            if with_worker:
                require_attachments(settings)
            serve(settings, with_worker=with_worker)
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


def _work(settings: "Settings", *, connected: bool, working: bool) -> None:
    from bot.bootstrap import create_desk, find_channels, make_search_index, require_attachments
    from bot.http.probes import ProbeServer
    from bot.observability.ready_line import log_ready
    from bot.ops.database import require_this_version
    from bot.running.slack_at_start import SlackAtStart, Stopped
    from bot.running.socket_connection import SocketConnection
    from bot.running.watch import Watch
    from bot.running.worker_threads import WorkerThreads
    from bot.settings import required

    logs.configure(settings.log_format, settings.log_level)
    required(settings, "slack_bot_token", *(["slack_app_token"] if connected else []))
    stop = _stop_event()
    desk = create_desk(settings)
    require_this_version(settings)
    if working:
        require_attachments(settings)
    with suppress(Stopped), ExitStack() as stack:

        def work() -> None:
            if working:
                stack.enter_context(WorkerThreads(desk))

        mode = _mode(connected=connected, working=working)
        stack.enter_context(registered(mode.partition(" ")[0], settings.host, settings.metrics_port))
        if settings.metrics_port:
            stack.enter_context(ProbeServer(desk, settings.metrics_port))
        stack.enter_context(Watch(desk))
        if connected:
            make_search_index(desk)
            start = SlackAtStart(desk, stop, work)
            connection = stack.push(SocketConnection(desk, start))  # closed, connected or not
            start.identify()
            connection.connect()
        else:
            find_channels(desk)
            work()
        log_ready(mode, settings)
        stop.wait()


def _mode(*, connected: bool, working: bool) -> str:
    """What such a process is, in its `ready` line."""
    if not connected:
        return "worker"
    return "run over Socket Mode" if working else "socket"


def _stop_event() -> threading.Event:
    """An event that the first SIGINT or SIGTERM from now on sets, instead of ending the process."""
    stop = threading.Event()
    on_stop(lambda _number: stop.set())
    return stop
