"""`guichet audit`: who read a ticket, or a requester's data."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from bot.cli.apps import NUMBER_MAX, app, member_id
from bot.cli.apps import settings as read_settings


@app.command()
def audit(
    ticket: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=NUMBER_MAX, help="A ticket's number.")
    ] = None,
    requester: Annotated[
        str | None,
        typer.Option(
            metavar="ID", parser=member_id, help="A requester's Slack member ID, such as U012AB3CD."
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only from this day on."),
    ] = None,
    locale: Annotated[
        Literal["fr", "en"] | None, typer.Option(help="The language; DEFAULT_LOCALE by default.")
    ] = None,
) -> None:
    """Print who read a ticket, or a requester's tickets and data, and when. Recorded itself.

    There is no option for one technician: the trail is not there to supervise how people work.
    """
    from bot.ops.audit.report import Wanted, report
    from bot.ops.database import open_database
    from bot.settings import SettingsError

    if (ticket is None) == (requester is None):
        raise SettingsError("give either --ticket N or --requester ID")
    settings = read_settings()
    wanted = Wanted(
        ticket,
        requester,
        since.date() if since else None,
        locale or settings.default_locale,
        settings.default_time_zone,
        settings.audit_months,
    )
    with open_database(settings) as engine:
        for line in report(engine, wanted):
            typer.echo(line)
