"""`guichet catalogue`: check and load catalogue.yaml and the articles."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.apps import catalogue_app, settings


@catalogue_app.command("check")
def check(
    path: Annotated[Path | None, typer.Argument(help="The file; CATALOGUE by default.")] = None,
) -> None:
    """Check the catalogue and the articles. Each problem is printed with its file, line and remedy."""
    from bot.articles.contents import read_contents

    given = settings()
    contents = read_contents(path or given.catalogue, given.articles)
    file, services = contents.catalogue, len(list(contents.catalogue.all_services()))
    counts = f"{len(file.sites)} sites, {len(file.teams)} teams, {services} services"
    typer.echo(f"{counts}, {len(contents.articles)} articles: no problems")
    if not given.articles.exists():
        typer.echo(f"there is no folder of articles, {given.articles} (setting ARTICLES)")


@catalogue_app.command("load")
def load(
    yes: Annotated[bool, typer.Option("--yes", help="Also archive entries that have open tickets.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would change, with the open tickets affected.")
    ] = False,
) -> None:
    """Load the catalogue and the articles into the database; what is no longer there is archived.

    Fails with exit status 2 if a team's channel is public, shared with another organisation or read-only;
    and, without --yes, if a team, service, group or site with open tickets would be archived.
    """
    from bot.ops.release import load_checked

    load_checked(settings(), yes=yes, dry_run=dry_run)
