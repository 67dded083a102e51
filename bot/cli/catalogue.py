"""`guichet catalogue`: check and load catalogue.yaml."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.apps import catalogue_app, settings


@catalogue_app.command("check")
def check(
    path: Annotated[Path | None, typer.Argument(help="The file; CATALOGUE by default.")] = None,
) -> None:
    """Check the catalogue. Each problem is printed with its file, line, and how to fix it."""
    from bot.catalogue.file import read_catalogue

    file = read_catalogue(path or settings().catalogue)
    services = len(list(file.all_services()))
    typer.echo(f"{len(file.sites)} sites, {len(file.teams)} teams, {services} services: no problems")


@catalogue_app.command("load")
def load(
    yes: Annotated[bool, typer.Option("--yes", help="Also archive entries that have open tickets.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would change, with the open tickets affected.")
    ] = False,
) -> None:
    """Load the catalogue into the database; entries that are no longer in the file are archived.

    Fails with exit status 2 if a team's channel is public, shared with another organisation or read-only;
    and, without --yes, if a team, service, group or site with open tickets would be archived.
    """
    from bot.ops.release import load_checked

    load_checked(settings(), yes=yes, dry_run=dry_run)
