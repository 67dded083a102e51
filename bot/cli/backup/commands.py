"""`guichet backup` and `guichet restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.apps import app, settings
from bot.signals import on_stop

if TYPE_CHECKING:
    from bot.ops.backup.stopping import Stop

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the backups.")]


@app.command()
def backup(
    folder: Folder,
    keep: Annotated[int, typer.Option(min=1, help="How many backups stay; older ones are removed.")] = 14,
) -> None:
    """Back up the database, the attachments and the catalogue, while Guichet runs."""
    from bot.ops.backup.folder import BackupFolder
    from bot.ops.backup.making import back_up

    with _explained("nothing was written; the backups that are there are as they were") as stop:
        back_up(settings(), BackupFolder(folder), keep, stop, typer.echo)


@app.command()
def restore(
    folder: Folder,
    at: Annotated[
        str | None, typer.Option("--at", metavar="NAME", help="The backup's name; the newest by default.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a database with tickets, which is moved away first.")
    ] = False,
    delete_others: Annotated[
        bool,
        typer.Option("--delete-others", help="Delete the attachments that belong to no ticket."),
    ] = False,
) -> None:
    """Restore a backup, while no process of Guichet runs. If it is interrupted, run it again."""
    from bot.ops.backup.folder import BackupFolder
    from bot.ops.backup.restoring import Wish, restore_backup

    with _explained("run it again before you start Guichet") as stop:
        wish = Wish(at, replace=replace, delete_others=delete_others)
        restore_backup(settings(), BackupFolder(folder), wish, stop, typer.echo)


@contextmanager
def _explained(interrupted: str) -> Iterator["Stop"]:
    """What SIGINT and SIGTERM end; a problem is a line on standard error, and exit status 1."""
    from bot.ops.backup.problem import BackupProblem, Interrupted
    from bot.ops.backup.stopping import Stop

    stop = Stop()
    on_stop(lambda _number: stop.set())
    try:
        yield stop
    except Interrupted:
        typer.echo(f"guichet: interrupted: {interrupted}", err=True)
        raise typer.Exit(1) from None
    except BackupProblem as problem:
        typer.echo(f"guichet: {problem}", err=True)
        raise typer.Exit(1) from None
