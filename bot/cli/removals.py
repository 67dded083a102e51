"""`guichet removals`: what is being deleted in Slack, and what is left to people."""

import json
from datetime import timedelta
from typing import Annotated

import typer

from bot.cli.apps import NUMBER_MAX, removals_app, settings


@removals_app.callback(invoke_without_command=True)
def removals(
    context: typer.Context,
    listing: Annotated[
        bool, typer.Option("--list", help="List what people have to delete, and what Slack refused.")
    ] = False,
    ticket: Annotated[int | None, typer.Option(min=1, max=NUMBER_MAX, help="Only of this ticket.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """How far the deletion of forgotten tickets in Slack is; or, with --list, what no app may delete."""
    if context.invoked_subcommand is not None:
        return
    from bot.db.session import Sessions
    from bot.observability.removals.progress import listed, progress
    from bot.ops.database import open_database
    from bot.ops.removals.listing import Workspace, as_object, lines_of, progress_lines
    from models.base import utc_now

    read = settings()
    with open_database(read) as engine, Sessions(engine)() as session:
        if not listing and ticket is None:
            for line in progress_lines(progress(session, utc_now())):
                typer.echo(line)
            return
        workspace = Workspace.of(read)
        for removal in listed(session, ticket):
            found = as_object(session, removal, workspace)
            typer.echo(json.dumps(found, ensure_ascii=False) if as_json else lines_of(found))


@removals_app.command("done")
def done(
    ids: Annotated[
        list[int] | None,
        typer.Argument(min=1, max=NUMBER_MAX, help="Ids of entries, as --list has them."),
    ] = None,
    ticket: Annotated[
        int | None, typer.Option(min=1, max=NUMBER_MAX, help="All entries of this ticket.")
    ] = None,
    older: Annotated[
        int | None,
        typer.Option(
            "--older-than", min=1, max=36_500, help="Days of Slack's own retention: what is older is gone."
        ),
    ] = None,
) -> None:
    """Tick off entries that were deleted in Slack, or that are to stay."""
    from bot.db.session import Sessions
    from bot.ops.database import open_database
    from bot.services.removals.gone import tick_off, tick_off_older, tick_off_ticket
    from models.base import utc_now

    if not ids and ticket is None and older is None:
        raise typer.BadParameter("name ids, --ticket or --older-than")
    with open_database(settings()) as engine, Sessions(engine).begin() as session:
        gone = tick_off(session, ids) if ids else set[int]()
        count = len(gone)
        if ticket is not None:
            count += tick_off_ticket(session, ticket)
        if older is not None:
            count += tick_off_older(session, utc_now() - timedelta(days=older))
    typer.echo(f"entries ticked off: {count}")
    if unknown := sorted({*(ids or ())} - gone):
        typer.echo(f"not in the list: {', '.join(map(str, unknown))}", err=True)
        raise typer.Exit(1)


@removals_app.command("retry")
def retry() -> None:
    """Have a worker try again what Slack has refused."""
    from bot.db.session import Sessions
    from bot.ops.database import open_database
    from bot.services.removals.gone import try_again
    from models.base import utc_now

    with open_database(settings()) as engine, Sessions(engine).begin() as session:
        count = try_again(session, now=utc_now())
    typer.echo(f"queued again: {count}")
