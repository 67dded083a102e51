"""The `guichet` command.

What a command needs is imported when it runs: `--help` and a wrong option are answered at once.
"""

import json
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.observability import logs
from bot.signals import on_stop

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    help="Guichet: the help desk of a university's IT department, inside Slack.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
catalogue_app = typer.Typer(help="Check or load catalogue.yaml.", no_args_is_help=True, rich_markup_mode=None)
deliveries_app = typer.Typer(
    help="See and requeue messages that did not leave.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(deliveries_app, name="deliveries")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a wrong setting or file is a clear line and exit status 2, never a traceback."""
    logs.configure()
    try:
        app(args=arguments)
    except Exception as error:
        words = _words_of(error)
        if words is None:
            raise
        _complain(words)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Of the page; another free one when it is taken.")] = 8765,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
) -> None:
    """Open the help desk in a local Slack with a web page: nothing to set up."""
    from bot.demo import run_demo

    run_demo(host, port, until=_told_to_stop().wait)


@app.command()
def run() -> None:
    """The whole bot in one process: Socket Mode, or HTTP with SLACK_SIGNING_SECRET alone, and the worker."""
    from bot.ops.release import prepare
    from bot.settings import required

    settings = _settings()
    required(settings, "slack_bot_token")
    prepare(settings)
    if settings.slack_app_token is None:
        _serve(settings, with_worker=True)
        return
    _work(settings, connected=True, working=True)


@app.command()
def socket() -> None:
    """Answer people over Socket Mode; messages leave by `guichet worker`."""
    _work(_settings(), connected=True, working=False)


@app.command()
def web() -> None:
    """Answer people over HTTP, on HOST and PORT; messages leave by `guichet worker`."""
    _serve(_settings(), with_worker=False)


@app.command()
def worker() -> None:
    """Send messages and e-mails. Any number of workers may run."""
    _work(_settings(), connected=False, working=True)


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="`head`, or a revision.")] = "head",
    drop_all_data: Annotated[
        bool,
        typer.Option("--drop-all-data", help="With `base`: take all tables away, and all that they hold."),
    ] = False,
) -> None:
    """Bring the database to the newest tables: all of it or nothing, whatever happens on the way."""
    from bot.ops.migrate import migrate as migrate_to
    from bot.ops.release import open_engine
    from bot.settings import SettingsError

    if (revision == "base") != drop_all_data:
        raise SettingsError(
            "migrate base takes every table away, and every ticket with them; "
            "if that is what you want: `guichet migrate base --drop-all-data`"
        )

    with open_engine(_settings()) as engine:
        migrate_to(engine, revision)


@app.command()
def manifest(
    over_http: Annotated[
        bool, typer.Option("--http", help="For HTTP at PUBLIC_URL; by default for Socket Mode.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML.")] = False,
) -> None:
    """Print the app's manifest, to create the app in Slack from."""
    from bot.slack.manifest import manifest as app_manifest

    address = f"{_settings().public_url}slack/events" if over_http else None
    content = app_manifest(request_url=address)
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        import yaml

        typer.echo(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), nl=False)


@app.command()
def doctor() -> None:
    """Say what is wrong: settings, database, Slack, channels, e-mail. Exit status 1 when something is."""
    from bot.ops.doctor import examine

    settings = _settings()
    wrong = False
    for finding in examine(settings):
        wrong = wrong or not finding.ok
        typer.echo(f"{'ok ' if finding.ok else 'NO '} {finding.words}")
    raise typer.Exit(1 if wrong else 0)


@catalogue_app.command("check")
def catalogue_check(
    path: Annotated[Path | None, typer.Argument(help="The file; by default CATALOGUE.")] = None,
) -> None:
    """Say what is wrong with the catalogue: file, line, and what to do."""
    from bot.catalogue.file import read_catalogue

    read = read_catalogue(path or _settings().catalogue)
    services = len(list(read.all_services()))
    typer.echo(f"{len(read.sites)} sites, {len(read.teams)} teams, {services} services: all well")


@catalogue_app.command("load")
def catalogue_load(
    yes: Annotated[bool, typer.Option("--yes", help="Archive what has open tickets, too.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would change, and which open tickets it touches.")
    ] = False,
) -> None:
    """Put the catalogue into the database; what disappeared from the file is archived. A team's channel that
    is public, shared with another organisation or read-only is refused; so is, without --yes, to archive a
    team, service, group or site that has open tickets: exit status 2."""
    from bot.ops.release import load_checked

    load_checked(_settings(), yes=yes, dry_run=dry_run)


@deliveries_app.command("list")
def deliveries_list() -> None:
    """The messages that wait, and those that were given up, with the reason."""
    from bot.db.session import Sessions
    from bot.delivery import outbox
    from bot.ops.release import open_database
    from models.outbox.kinds import DeliveryState

    with open_database(_settings()) as engine, Sessions(engine)() as session:
        for row in outbox.unsettled(session, [DeliveryState.DEAD, DeliveryState.PENDING]):
            typer.echo(
                f"{row.id}\t{row.state}\t{row.kind}\tticket {row.ticket_id}\t{row.recipient}\t"
                f"attempt {row.attempt}\t{row.reason or ''}"
            )


@deliveries_app.command("retry")
def deliveries_retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Which; all the dead ones by default.")] = None,
) -> None:
    """Queue dead messages again."""
    from bot.db.session import Sessions
    from bot.notifications.requeue import requeue_dead
    from bot.ops.release import open_database
    from models.base import utc_now

    with open_database(_settings()) as engine, Sessions(engine).begin() as session:
        count = requeue_dead(session, now=utc_now(), ids=ids or ())
    typer.echo(f"{count} queued again")


def _serve(settings: "Settings", *, with_worker: bool) -> None:
    from bot.ops.release import require_this_version
    from bot.settings import required

    required(settings, "slack_bot_token", "slack_signing_secret")
    logs.configure(settings.log_format)
    require_this_version(settings)
    with tempfile.TemporaryDirectory(prefix="guichet-metrics-") as folder:
        # Where the server's processes add up their figures: prometheus_client looks once, at its import.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        try:
            from bot.http.server import serve

            serve(settings, with_worker=with_worker)
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


def _work(settings: "Settings", *, connected: bool, working: bool) -> None:
    from bot.bootstrap import Connected, Working, create_desk, find_channels
    from bot.http.probes import ProbeServer
    from bot.ops.release import require_this_version

    logs.configure(settings.log_format)
    stop = _told_to_stop()
    desk = create_desk(settings)
    require_this_version(settings)
    with ExitStack() as stack:
        if settings.metrics_port:
            stack.enter_context(ProbeServer(desk, settings.metrics_port))
        find_channels(desk)
        if connected:
            stack.enter_context(Connected(desk))
        if working:
            stack.enter_context(Working(desk))
        stop.wait()


def _told_to_stop() -> threading.Event:
    """What the first SIGINT or SIGTERM from now on sets, instead of ending the process."""
    stop = threading.Event()
    on_stop(lambda _number: stop.set())
    return stop


def _settings() -> "Settings":
    from bot.settings import load_settings

    return load_settings()


def _words_of(error: Exception) -> str | None:
    """What is said of an error that an administrator can mend; `None` for any other."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.catalogue.file import CatalogueError
    from bot.settings import SettingsError

    if isinstance(error, SettingsError | CatalogueError):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        reason = str(getattr(error, "orig", error)).strip().splitlines()
        return f"DATABASE_URL: the database cannot be used: {reason[0] if reason else error}"
    return None


def _complain(words: str) -> None:
    sys.stderr.write("".join(f"guichet: {line}\n" for line in words.splitlines()))
    sys.exit(2)
